import { onSubmit } from './form.ts';
import { observe } from './observe.ts';
import { find, show } from './page.ts';
import { supabase } from './supabase.ts';

/** Asks for the new password and saves it with the session that the recovery link gave: what fails for a user with MFA. */
export function newPassword(): void {
  const step = show('new-password');
  const form = find<HTMLFormElement>(step, 'form');
  onSubmit(form, async (fields) => {
    // #region failing
    const { error } = await supabase.auth.updateUser({ password: String(fields.get('password')) });
    if (error) return error; // 401 insufficient_aal
    // #endregion
    show('changed');
    return null;
  });
  observe(find(step, '#observe'), form);
}
