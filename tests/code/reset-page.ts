/** The reset step by step, for any framework: the functions on the page "Reset a password with MFA". */

// #region find-step
import type { Factor, SupabaseClient } from '@supabase/supabase-js';
import { AuthError, isAuthImplicitGrantRedirectError, isAuthSessionMissingError } from '@supabase/supabase-js';

/** What the reset page shows. */
type Step =
  | { show: 'ask-for-a-new-link' } // the link is used or expired, or the session has ended
  | { show: 'enter-code'; factors: Factor[] }
  | { show: 'new-password' };

/** Run this when the page loads and after each step. A reload continues where it left off. */
export async function findStep(supabase: SupabaseClient): Promise<Step> {
  // supabase-js turns the link into a session. Wait until it has.
  const { error: linkError } = await supabase.auth.initialize();
  if (isAuthImplicitGrantRedirectError(linkError)) return { show: 'ask-for-a-new-link' };
  if (linkError) throw linkError;

  const { data: factors, error } = await supabase.auth.mfa.listFactors(); // asks the server
  if (error && isSessionGone(error)) return { show: 'ask-for-a-new-link' };
  if (error) throw error;
  const { data: level, error: levelError } = await supabase.auth.mfa.getAuthenticatorAssuranceLevel();
  if (levelError) throw levelError;

  const verified = factors.all.filter(({ status }) => status === 'verified');
  if (verified.length > 0 && level.currentLevel !== 'aal2') return { show: 'enter-code', factors: verified };
  return { show: 'new-password' };
}
// #endregion

// #region send
/** Sends the reset email. Returns only errors that reveal nothing about the account. */
export async function sendResetEmail(supabase: SupabaseClient, email: string) {
  const { error } = await supabase.auth.resetPasswordForEmail(email, {
    redirectTo: `${location.origin}/reset-password`, // must be on your list of redirect URLs
  });
  const harmless = ['validation_failed', 'over_request_rate_limit'];
  return error && (error.status === 0 || harmless.includes(error.code ?? '')) ? error : null;
}
// #endregion

// #region check-code
/** Checks a code from the authenticator app. If there's no error, the session is now at aal2. */
export async function checkCode(supabase: SupabaseClient, factor: Factor, typed: string) {
  const code = typed.replace(/\s/g, ''); // some apps show "123 456"
  const { error } = await supabase.auth.mfa.challengeAndVerify({ factorId: factor.id, code });
  return error;
}
// #endregion

// #region save-password
/** Saves the password. After `insufficient_aal`, run findStep() again, because a code is missing. */
export async function savePassword(supabase: SupabaseClient, password: string) {
  const { error } = await supabase.auth.updateUser({ password });
  return error;
}
// #endregion

// #region session-gone
/** Whether the session has ended, so that only a new link helps. */
export function isSessionGone(error: AuthError): boolean {
  const codes = ['bad_jwt', 'session_expired', 'refresh_token_not_found', 'refresh_token_already_used'];
  return isAuthSessionMissingError(error) || codes.includes(error.code ?? '');
}
// #endregion

// #region open-link
/** Removes the tokens from the browser's history, then starts the session. After an error, offer a new link. */
export async function openLink(supabase: SupabaseClient): Promise<AuthError | null> {
  const link = new URLSearchParams(location.hash.slice(1));
  history.replaceState(history.state, '', location.pathname);
  const refused = link.get('error_code'); // used or expired
  if (refused) return new AuthError(link.get('error_description') ?? '', undefined, refused);
  const access_token = link.get('access_token');
  const refresh_token = link.get('refresh_token');
  if (!access_token || !refresh_token) return null; // a reload, for example
  const { error } = await supabase.auth.setSession({ access_token, refresh_token });
  return error;
}
// #endregion
