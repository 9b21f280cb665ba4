import { type AuthError, isAuthError, isAuthRetryableFetchError } from '@supabase/supabase-js';
import { showChanged } from './changed.ts';
import { confirmFactor } from './confirm-factor.ts';
import { showError } from './form.ts';
import { newPassword } from './new-password.ts';
import { find, show } from './page.ts';
import { isResetPage, requestReset } from './request-reset.ts';
import { sessionFromLink } from './session-from-link.ts';
import { signIn } from './sign-in.ts';
import { findStepUp } from './step-up.ts';
import './style.css';

// #region flow
/**
 * The reset, once a recovery link has given a session. Each load of the page finds its step from the session, so a reload
 * goes on where it was. `refused`: Auth wants a factor verified, whatever the token says.
 */
async function resetPassword(refused = false): Promise<void> {
  const { needed, factors } = await findStepUp();
  if (needed || refused) {
    if (factors.length === 0) return showOtherFactor();
    await confirmFactor(factors);
  }
  if (await newPassword()) showChanged();
  else await resetPassword(true);
}
// #endregion

function showStart(error?: AuthError): void {
  const start = show('start');
  const resetForm = find<HTMLFormElement>(start, '#request-reset');
  requestReset(resetForm);
  signIn(find(start, '#sign-in'));
  if (error) showError(resetForm, error);
}

/** This app knows phones and authenticators. A security key would lift the session in the same way: challenge, verify. */
function showOtherFactor(): void {
  show('other-factor');
}

/** Nothing is lost: the session is kept, or what the link brought. */
function showUnreachable(): void {
  find(show('unreachable'), 'button').addEventListener('click', start);
}

async function start(): Promise<void> {
  try {
    await sessionFromLink();
    if (isResetPage()) await resetPassword();
    else showStart();
  } catch (error) {
    if (!isAuthError(error)) throw error;
    if (isAuthRetryableFetchError(error)) showUnreachable();
    else showStart(error);
  }
}

await start();
