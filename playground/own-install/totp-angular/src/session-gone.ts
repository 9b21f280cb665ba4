import { type AuthError, isAuthSessionMissingError } from '@supabase/supabase-js';

const codes = new Set<string | undefined>([
  // `mfa.*` without a session, as after signing out in another tab: supabase-js then sends the API key in place of a token.
  'bad_jwt',
  'session_expired',
  'refresh_token_not_found',
  'refresh_token_already_used',
]);

/**
 * Whether the session has ended, so that another try can't help. Auth's `session_not_found` has no code in supabase-js:
 * it comes as an `AuthSessionMissingError`, as does a call that needs a session and finds none.
 */
export function isSessionGone(error: AuthError): boolean {
  return isAuthSessionMissingError(error) || codes.has(error.code);
}
