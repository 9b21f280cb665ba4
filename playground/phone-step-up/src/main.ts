import { type AuthError, isAuthError, isAuthRetryableFetchError } from '@supabase/supabase-js';
import { confirmFactor } from './confirm-factor.ts';
import { showError } from './form.ts';
import { newPassword } from './new-password.ts';
import { find, show } from './page.ts';
import { isResetPage, requestReset } from './request-reset.ts';
import { signIn } from './sign-in.ts';
import { findStepUp } from './step-up.ts';
import { supabase } from './supabase.ts';
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

/** The reset is done: without the mark in the URL, a reload leads to the start. */
function showChanged(): void {
  history.replaceState(null, '', location.pathname);
  show('changed');
}

/** A reload tries again: the session is kept, or its tokens are still in the URL. */
function showUnreachable(): void {
  find(show('unreachable'), 'button').addEventListener('click', () => location.reload());
}

try {
  const { error } = await supabase.auth.initialize(); // takes the session, or the error, out of the URL
  if (error) throw error;
  if (isResetPage()) await resetPassword();
  else showStart();
} catch (error) {
  if (!isAuthError(error)) throw error;
  if (isAuthRetryableFetchError(error)) showUnreachable();
  else showStart(error);
}
