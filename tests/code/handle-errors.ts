/**
 * How an app handles the errors that can occur in a reset. Each function returns what to tell the
 * user, or `null` if all is well.
 */

import type { AuthError, SupabaseClient } from '@supabase/supabase-js';
import { AuthWeakPasswordError, isAuthSessionMissingError } from '@supabase/supabase-js';

// #region step-up
/** Saves the new password. If the user has MFA, asks for a code and tries again. Returns the error, if any. */
export async function savePassword(
  supabase: SupabaseClient,
  password: string,
  factorId: string,
  askForCode: () => Promise<string>,
): Promise<AuthError | null> {
  const { error } = await supabase.auth.updateUser({ password });
  if (error?.code !== 'insufficient_aal') return error;
  const code = await askForCode();
  const { error: codeError } = await supabase.auth.mfa.challengeAndVerify({ factorId, code });
  return codeError ?? savePassword(supabase, password, factorId, askForCode);
}
// #endregion

// #region code
/** Checks a code. Each try creates its own challenge, so a used or expired challenge can't get in the way. */
export async function checkCode(supabase: SupabaseClient, factorId: string, code: string): Promise<string | null> {
  const { error } = await supabase.auth.mfa.challengeAndVerify({ factorId, code });
  if (error?.code === 'mfa_verification_failed') return 'That code is wrong. Type the next one.';
  if (error) throw error;
  return null;
}
// #endregion

// #region link
/** Reads what's wrong with the reset link from the address of the page that it opened. */
export function linkProblem(page: URL): string | null {
  const error = new URLSearchParams(page.hash.slice(1)).get('error_code') ?? page.searchParams.get('error_code');
  return error && 'This link no longer works. Ask for a new email and open the newest one.';
}
// #endregion

// #region token-hash
/** Starts the reset from a link with a token hash when the user presses a button. Works in any browser. */
export async function startReset(supabase: SupabaseClient, page: URL): Promise<AuthError | null> {
  const token_hash = page.searchParams.get('token_hash') ?? '';
  const { error } = await supabase.auth.verifyOtp({ type: 'recovery', token_hash });
  return error;
}
// #endregion

// #region session
/** Whether the session has ended, so that only a new link helps. */
export function isSessionGone(error: AuthError): boolean {
  const ended = ['bad_jwt', 'session_expired', 'refresh_token_not_found', 'refresh_token_already_used'];
  return isAuthSessionMissingError(error) || ended.includes(error.code ?? '');
}
// #endregion

// #region password
/** Explains why the new password was refused. The session stays as it is, so keep the form open. */
export function passwordProblem(error: AuthError): string {
  if (error.code === 'same_password') return 'That’s your old password. Choose another one.';
  if (error instanceof AuthWeakPasswordError) return `That password is too weak: ${error.message}`;
  throw error;
}
// #endregion

// #region email
/** Sends the reset email. Some errors occur only for existing accounts, so the user always reads the same text. */
export async function sendResetEmail(supabase: SupabaseClient, email: string, redirectTo: string): Promise<string> {
  const { error } = await supabase.auth.resetPasswordForEmail(email, { redirectTo });
  if (error?.status === 0 || error?.code === 'validation_failed' || error?.code === 'over_request_rate_limit')
    throw error; // occurs with or without an account
  return 'If that address has an account, a reset link is on its way. It can take a few minutes.';
}
// #endregion
