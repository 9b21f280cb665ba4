import { onSubmit } from './form.ts';
import { find, show } from './page.ts';
import { supabase } from './supabase.ts';

/** The reset is done: without the mark in the URL, a reload leads to the start. The user can stay signed in here, or not. */
export function showChanged(): void {
  history.replaceState(null, '', location.pathname);
  onSubmit(find(show('changed'), 'form'), async () => {
    // #region sign-out
    const { error } = await supabase.auth.signOut({ scope: 'local' }); // this session only
    if (error) return error;
    // #endregion
    show('signed-out');
    return null;
  });
}
