import type { AuthError } from '@supabase/supabase-js';
import { isSessionGone } from './session-gone';

/** What to tell the user, by `error.code`, or by the error's name if it has no code. */
const explanations: Record<string, string> = {
  invalid_credentials: 'Email or password is wrong.',
  otp_expired:
    'This link has already been used, or it’s too old. Each link works once, and only the newest email counts. Ask for a new link.',
  insufficient_aal: 'Signing in with a passkey isn’t enough to change your password. Confirm with your security key.',
  NotAllowedError: 'Your browser got no answer from the right key. Try again, and touch the key that you added here.',
  mfa_challenge_expired: 'That took too long. Try again, and touch your key within five minutes.',
  mfa_factor_not_found: 'This key was removed from your account. Reload the page to go on.',
  mfa_webauthn_verify_not_enabled: 'This app doesn’t take security keys at the moment. Contact support.',
  passkey_disabled: 'This app doesn’t take passkeys at the moment. Sign in another way.',
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
