import { onSubmit } from './form.ts';
import { observe } from './observe.ts';
import { find, show } from './page.ts';
import { isSessionGone } from './session-gone.ts';
import { supabase } from './supabase.ts';

/**
 * Asks for the new password and saves it with the session that the recovery link gave: what fails for a user with MFA.
 * Throws the `AuthError` when there is no session, or when it's gone meanwhile.
 */
export async function newPassword(): Promise<void> {
  const { error } = await supabase.auth.getUser();
  if (error) throw error;

  const step = show('new-password');
  const form = find<HTMLFormElement>(step, 'form');
  observe(find(step, '#observe'), form);
  return new Promise((resolve, reject) => {
    onSubmit(form, async (fields) => {
      // #region failing
      const { error } = await supabase.auth.updateUser({ password: String(fields.get('password')) }); // 401 insufficient_aal
      // #endregion
      if (error && isSessionGone(error)) reject(error);
      else if (error) return error;
      else resolve();
      return null;
    });
  });
}
