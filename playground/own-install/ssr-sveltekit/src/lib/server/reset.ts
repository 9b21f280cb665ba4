import { type AuthError, isAuthSessionMissingError, type SupabaseClient } from '@supabase/supabase-js';
import { fail, redirect } from '@sveltejs/kit';
import type { Problem } from '$lib/problems';

// #region step
/** Returns the page that this session needs now, its account, and its verified factors. */
export async function findStep(supabase: SupabaseClient) {
  const { data, error } = await supabase.auth.getUser(); // asks Auth
  if (error) return { step: `/forgot-password?problem=${problemOf(error)}`, factors: [] };
  const { data: token } = await supabase.auth.getClaims(); // checks the token's signature
  const factors = (data.user.factors ?? []).filter(({ status }) => status === 'verified');
  const step = factors.length > 0 && token?.claims.aal !== 'aal2' ? '/enter-code' : '/new-password';
  return { step, email: data.user.email, factors };
}
// #endregion

const problemOfCode: Record<string, Problem> = {
  otp_expired: 'link',
  bad_jwt: 'session',
  session_expired: 'session',
  refresh_token_not_found: 'session',
  refresh_token_already_used: 'session',
  mfa_verification_rejected: 'locked',
  mfa_verification_failed: 'code',
  mfa_ip_address_mismatch: 'challenge',
  mfa_challenge_expired: 'challenge',
  same_password: 'same-password',
  weak_password: 'weak-password',
  over_request_rate_limit: 'too-often',
  over_sms_send_rate_limit: 'too-often',
};

export function problemOf(error: AuthError): Problem {
  return isAuthSessionMissingError(error) ? 'session' : (problemOfCode[error.code ?? ''] ?? 'other');
}

// #region refuse
/**
 * Handles an action's error: shows it in the form, or redirects to the code or to a new link.
 * Passes `fields` back to the page.
 */
export function refuse<Fields extends object>(error: AuthError, fields: Fields) {
  if (error.code === 'insufficient_aal') redirect(303, '/enter-code');
  const problem = problemOf(error);
  if (problem === 'session' || problem === 'locked' || problem === 'link')
    redirect(303, `/forgot-password?problem=${problem}`);
  return fail(400, { ...fields, problem });
}
// #endregion
