/** The errors of Supabase Auth. Any other error is a fault of the demo project. */

/** The codes of the errors that the demo project answers with; `@supabase/auth-js` lacks some of them. */
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

/** A constraint of the database, as Postgres tells of it. */
export interface Constraint {
  code: string;
  message: string;
  detail: string;
}

interface Details {
  /** Further keys of the body: `weak_password`. */
  body?: object;
  /** The error behind it, which the log tells. */
  cause?: string;
  /** What it calls itself in the log, instead of status and message. */
  reason?: string;
  /** The constraint of the database that is behind it. Callers without an API version are told of that instead. */
  constraint?: Constraint;
}

/** A refusal of Supabase Auth: `status`, `error_code` and message, from which both body forms are made. */
export class AuthError extends Error {
  readonly status: number;
  readonly code: ErrorCode;
  readonly body: object;
  /** What the log calls it. */
  readonly reason: string;
  /** What the log tells about it. */
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

/** What Auth did not foresee, such as an error of its database: `message` stands in the log only. */
export class UnhandledError extends Error {}

/** What makes a handler of Auth fall over. */
export class Panic extends Error {}

export const invalid = (message: string): AuthError => new AuthError(400, 'validation_failed', message);

/** A failure that Auth foresees and names. */
export const failure = (message: string, details?: Details): AuthError =>
  new AuthError(500, 'unexpected_failure', message, details);
