import { AuthWeakPasswordError } from '@supabase/supabase-js';
import { onSubmit } from './form.ts';
import { find, show } from './page.ts';
import { isSessionGone } from './session-gone.ts';
import { savePassword } from './step-up.ts';

/** As in the project's settings; Auth itself takes no less than 6. */
const minimumLength = 6;
const rule = `Use at least ${minimumLength} characters.`;

/**
 * Asks for a new password until one is saved (`true`), or until Auth wants a factor verified first (`false`).
 * Throws the `AuthError` when the session is gone meanwhile.
 */
export function newPassword(): Promise<boolean> {
  const form = find<HTMLFormElement>(show('new-password'), 'form');
  find(form, '#rule').textContent = rule;

  return new Promise((resolve, reject) => {
    onSubmit(form, async (fields) => {
      const password = String(fields.get('password'));
      // Auth checks this before it asks for aal2: a weak password would hide that refusal.
      if (password.length < minimumLength) return new AuthWeakPasswordError(rule, 422, ['length']);
      const error = await savePassword(password);
      if (error && isSessionGone(error)) reject(error);
      else if (error?.code === 'insufficient_aal') resolve(false);
      else if (error) return error;
      else resolve(true);
      return null;
    });
  });
}
