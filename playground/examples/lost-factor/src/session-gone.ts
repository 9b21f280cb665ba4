import { type AuthError, isAuthSessionMissingError } from '@supabase/supabase-js';

const codes = new Set<string | undefined>([
  // `mfa.*` without a session, such as after signing out in another tab: supabase-js then
  // sends the API key, not a token.
  'bad_jwt',
  'session_expired',
  'refresh_token_not_found',
  'refresh_token_already_used',
]);

/**
 * Whether the session has ended, so that trying again can't help. supabase-js turns Auth's `session_not_found` into an
 * `AuthSessionMissingError` without a code. A call without a session causes the same error.
 */
export function isSessionGone(error: AuthError): boolean {
  return isAuthSessionMissingError(error) || codes.has(error.code);
}
