/** The errors that a reset can meet, in the order in which they can occur, with the code that handles them. */
import type { ErrorCode } from './errors.ts';

/** A region of tests/code/handle-errors.ts, which is tested, or the error whose code also handles this error. */
type Handled = { region: string } | { as: ErrorCode };

export const first: readonly [ErrorCode, Handled][] = [
  ['insufficient_aal', { region: 'step-up' }],
  ['mfa_verification_failed', { region: 'code' }],
  ['mfa_ip_address_mismatch', { as: 'mfa_verification_failed' }],
  ['mfa_challenge_expired', { as: 'mfa_verification_failed' }],
  ['otp_expired', { region: 'link' }],
  ['flow_state_expired', { as: 'otp_expired' }],
  ['pkce_code_verifier_not_found', { region: 'token-hash' }],
  ['AuthSessionMissingError', { region: 'session' }],
  ['bad_jwt', { as: 'AuthSessionMissingError' }],
  ['same_password', { region: 'password' }],
  ['weak_password', { as: 'same_password' }],
  ['over_email_send_rate_limit', { region: 'email' }],
];
