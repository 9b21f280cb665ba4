import type { AuthError } from '@supabase/supabase-js';
import { isSessionGone } from './session-gone';

const unclear =
  'We couldn’t check your code. Stay on one connection (switching networks or a VPN gets in the way) and try again.';

/** What to tell the user, by `error.code`, or by the error's name if it has no code. */
const explanations: Record<string, string> = {
  invalid_credentials: 'Email or password is wrong.',
  otp_expired:
    'This link has already been used, or it’s too old. Each link works once, and only the newest email counts. Ask for a new link.',
  mfa_verification_failed:
    'That’s not the current code. If this happens again, let your phone set its clock automatically.',
  mfa_ip_address_mismatch: unclear,
  mfa_challenge_expired: unclear,
  mfa_factor_not_found: 'This authenticator was removed from your account. Reload the page to go on.',
  user_banned: 'Your account is locked for now. We tell you when to ask for a new link.',
  same_password: 'That’s your old password. Choose another one.',
  over_request_rate_limit: 'Too many tries. Wait a minute, then try again.',
  AuthRetryableFetchError: 'We couldn’t reach the server. Check your connection and try again.',
};

/**
 * Returns the sentence for an error. Without a better one, it's Auth's own message: for `weak_password`,
 * that names the project's rules.
 */
export function explain(error: AuthError): string {
  if (isSessionGone(error))
    return 'Your session has ended. It took too long, or you ended it in another tab or on another device. Ask for a new link.';
  return explanations[codeOf(error)] ?? error.message;
}

/** Returns an error's code, from a response or a link, or the error's name if it has no code. */
export function codeOf(error: AuthError): string {
  return error.code ?? error.name;
}
