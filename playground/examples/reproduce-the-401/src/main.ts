import { type AuthError, isAuthError } from '@supabase/supabase-js';
import { showChanged } from './changed.ts';
import { showError } from './form.ts';
import { newPassword } from './new-password.ts';
import { find, show } from './page.ts';
import { isResetPage, requestReset } from './request-reset.ts';
import { sessionFromLink } from './session-from-link.ts';
import { signIn } from './sign-in.ts';
import './style.css';

function showStart(error?: AuthError): void {
  const start = show('start');
  const resetForm = find<HTMLFormElement>(start, '#request-reset');
  requestReset(resetForm);
  signIn(find(start, '#sign-in'));
  if (error) showError(resetForm, error);
}

async function resetPassword(): Promise<void> {
  await newPassword();
  showChanged();
}

try {
  await sessionFromLink();
  if (isResetPage()) await resetPassword();
  else showStart();
} catch (error) {
  if (!isAuthError(error)) throw error;
  showStart(error);
}
