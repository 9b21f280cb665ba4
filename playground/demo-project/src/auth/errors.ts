/** The errors of Supabase Auth. Any other error is a bug in the demo project. */

/** The error codes of the demo project. Some of them are missing from `@supabase/auth-js`. */
export type ErrorCode =
  | 'anonymous_provider_disabled'
  | 'bad_code_verifier'
  | 'bad_json'
  | 'bad_jwt'
  | 'current_password_invalid'
  | 'current_password_required'
  | 'email_exists'
  | 'email_not_confirmed'
  | 'email_provider_disabled'
  | 'feature_disabled'
  | 'flow_state_expired'
  | 'flow_state_not_found'
  | 'insufficient_aal'
  | 'invalid_credentials'
  | 'manual_linking_disabled'
  | 'mfa_challenge_expired'
  | 'mfa_factor_name_conflict'
  | 'mfa_factor_not_found'
  | 'mfa_ip_address_mismatch'
  | `mfa_${'totp' | 'phone' | 'webauthn'}_${'enroll' | 'verify'}_not_enabled`
  | 'mfa_verification_failed'
  | 'mfa_verified_factor_exists'
  | 'no_authorization'
  | 'not_admin'
  | 'otp_disabled'
  | 'otp_expired'
  | 'over_email_send_rate_limit'
  | 'over_sms_send_rate_limit'
  | 'passkey_disabled'
  | 'phone_exists'
  | 'phone_not_confirmed'
  | 'phone_provider_disabled'
  | 'reauthentication_needed'
  | 'reauthentication_not_valid'
  | 'refresh_token_already_used'
  | 'refresh_token_not_found'
  | 'request_entity_too_large'
  | 'same_password'
  | 'saml_provider_disabled'
  | 'session_expired'
  | 'session_not_found'
  | 'signup_disabled'
  | 'too_many_enrolled_mfa_factors'
  | 'too_many_passkeys'
  | 'unexpected_failure'
  | 'user_already_exists'
  | 'user_banned'
  | 'user_not_found'
  | 'validation_failed'
  | 'weak_password'
  | 'webauthn_challenge_expired'
  | 'webauthn_challenge_not_found'
  | 'webauthn_verification_failed';

/** A constraint violation, as Postgres reports it. */
export interface Constraint {
  code: string;
  message: string;
  detail: string;
}

interface Details {
  /** More keys for the body: `weak_password`. */
  body?: object;
  /** The underlying error, for the log. */
  cause?: string;
  /** Replaces status and message in the log. */
  reason?: string;
  /** The violated database constraint. Callers that send no API version get this instead of the error. */
  constraint?: Constraint;
}

/** An error response of Supabase Auth. Both body formats are made from `status`, `error_code`, and message. */
export class AuthError extends Error {
  readonly status: number;
  readonly code: ErrorCode;
  readonly body: object;
  /** How the log names it. */
  readonly reason: string;
  /** The underlying error in the log. */
  override readonly cause: string;
  readonly constraint: Constraint | undefined;

  constructor(status: number, code: ErrorCode, message: string, details: Details = {}) {
    const { body = {}, reason = `${status}: ${message}`, cause = reason, constraint } = details;
    super(message);
    this.status = status;
    this.code = code;
    this.body = body;
    this.reason = reason;
    this.cause = cause;
    this.constraint = constraint;
  }
}

/** An error that Auth doesn't handle, such as an error of its database. Only the log shows `message`. */
export class UnhandledError extends Error {}

/** A panic in one of Auth's handlers. */
export class Panic extends Error {}

export const invalid = (message: string): AuthError => new AuthError(400, 'validation_failed', message);

/** A failure that Auth handles and names. */
export const failure = (message: string, details?: Details): AuthError =>
  new AuthError(500, 'unexpected_failure', message, details);
