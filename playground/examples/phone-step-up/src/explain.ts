import type { AuthError } from '@supabase/supabase-js';
import { isSessionGone } from './session-gone';

const unclear =
  'This code no longer works: it’s too old, it was already used, or your connection has changed since you asked for it. Get a new code.';

/** What to tell the user, by `error.code`, or by the error's name if it has no code. */
const explanations: Record<string, string> = {
  invalid_credentials: 'Email or password is wrong.',
  otp_expired:
    'This link has already been used, or it’s too old. Each link works once, and only the newest email counts. Ask for a new link.',
  over_sms_send_rate_limit:
    'We sent a code a moment ago, and it still works. Wait a minute before you ask for another.',
  mfa_verification_failed:
    'That’s not the right code. Use the code in the newest message, or the code that your authenticator shows now.',
  mfa_ip_address_mismatch: unclear,
  mfa_challenge_expired: unclear,
  // Auth says this about a factor that was removed, and about a challenge that expired and was deleted.
  mfa_factor_not_found:
    'This code is too old, or its phone was removed from your account. Get a new one, or reload the page to choose again.',
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
