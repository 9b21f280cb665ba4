/**
 * The book of errors: for each code, its cause, the fix, and the page that helps. Backticks mark code.
 *
 * The Errors page and Decode read it. The type keeps it complete: every code that auth-js knows has an entry. Loading
 * recorded.ts throws if a recorded code has no entry, or if an entry has neither a recording nor a source.
 */
import type { AuthError } from '@supabase/supabase-js';
import { type Page, pages } from './pages.ts';

/** What to tell somebody who got an error. */
export interface Advice {
  /** Why the error occurs, in at most two short sentences. */
  cause: string;
  /** What to do, in at most two short sentences. */
  fix: string;
  page?: Page;
  /** What gets this error, if that isn't the method that calls the endpoint. */
  callers?: readonly string[];
}

export interface Entry extends Advice {
  /**
   * Messages of this code that need other advice. "…" replaces what varies, as in the list of recorded messages. Each
   * message was recorded, unless `source` says where it's from.
   */
  messages?: { [message: string]: Advice };
  /** For an error that nothing here tests: where it's documented, or the line in Auth's source. */
  source?: string;
  /** For an error that no recording can have, because supabase-js or the database raises it: the spec that shows it. */
  tested?: string;
  /** What to call the message if each project has its own. */
  ownMessage?: string;
  /** The status and message of an error that no recording has. */
  unrecorded?: { status: number; message: string };
}

type Literal<Text> = Text extends string ? (string extends Text ? never : Text) : never;

/** The codes that auth-js knows. */
type KnownToAuthJs = Literal<AuthError['code']>;

/** Codes that Auth has and auth-js doesn't know. */
type OnlyInAuth =
  | 'current_password_invalid'
  | 'current_password_required'
  | 'custom_provider_not_found'
  | 'feature_disabled'
  | 'flow_state_already_used'
  | 'oauth_authorization_not_found'
  | 'oauth_client_not_found'
  | 'oauth_client_state_expired'
  | 'oauth_client_state_not_found'
  | 'oauth_consent_not_found'
  | 'oauth_dynamic_client_registration_disabled'
  | 'oauth_invalid_state'
  | 'over_custom_provider_quota'
  | 'passkey_disabled'
  | 'request_entity_too_large'
  | 'sso_provider_disabled'
  | 'too_many_passkeys'
  | 'web3_provider_disabled'
  | 'web3_unsupported_chain'
  | 'webauthn_challenge_not_found'
  | 'webauthn_credential_exists'
  | 'webauthn_verification_failed';

/** Errors that supabase-js raises itself. Errors without a code are listed by name. */
type OfSupabaseJs = 'AuthSessionMissingError' | 'AuthRetryableFetchError' | 'pkce_code_verifier_not_found';

/** Database errors, by their SQLSTATE. */
type OfTheDatabase = '23505' | '42501';

/** Every error that the book explains: a code, or the name of an error without a code. */
export type ErrorCode = KnownToAuthJs | OnlyInAuth | OfSupabaseJs | OfTheDatabase;

type Entries = { [Code in ErrorCode]?: Entry };

const auth = (file: string) => `https://github.com/supabase/auth/blob/v2.196.0/internal/api/${file}`;

const recoveryCodes = 'https://github.com/supabase/auth/releases/tag/v2.197.0';

const newChallenge = 'Create a new challenge for this factor. `challengeAndVerify()` does both in one call.';
const stepUp = 'Verify a factor in this same session, then call again.';
const sameAsSuccess = 'Show the same text as for success: only existing accounts get this error.';

function switchedOff(what: string, setting: string, page?: Page): Advice {
  return {
    cause: `Your project has ${what} turned off.`,
    fix: `Turn on \`${setting}\`, or don't offer it.`,
    ...(page && { page }),
  };
}

const factors = {
  insufficient_aal: {
    cause:
      'This user has a verified factor, and the session is at aal1. Every session starts there, by link, password or passkey.',
    fix: `${stepUp} \`setSession()\`, \`refreshSession()\` and a new sign-in don't raise the level.`,
    page: pages.fix,
    messages: {
      'AAL2 required to enroll a new factor': {
        cause: 'This user already has a verified factor, and the session is at aal1.',
        fix: stepUp,
        page: pages.factors,
      },
      'AAL2 required to unenroll verified factor': {
        cause: 'Removing a verified factor needs aal2 too.',
        fix: `${stepUp} If the user lost the factor, they need another factor or an administrator.`,
        page: pages.lostFactor,
      },
      'AAL2 session is required to manage passkeys when MFA is enabled': {
        cause: 'This user has a verified factor, and the session is at aal1. Adding or removing a passkey needs aal2.',
        fix: stepUp,
        page: pages.passkeys,
      },
    },
  },
  mfa_verification_failed: {
    cause:
      'The code is wrong, or more than one period of 30 seconds off. A phone whose clock is a minute off causes this too.',
    fix: 'Let the user type the next code. The challenge still works.',
    page: pages.stepUp,
    messages: {
      'Invalid MFA Phone code entered': {
        cause: 'The code is wrong, or it was sent for another challenge.',
        fix: 'Let the user type the code from the newest message. The challenge still works.',
        page: pages.sms,
      },
    },
  },
  mfa_challenge_expired: {
    cause: 'The challenge is more than five minutes old.',
    fix: newChallenge,
    page: pages.usedChallenge,
  },
  mfa_ip_address_mismatch: {
    cause:
      'Most often, this challenge was already used. Otherwise it was created from one IP address and verified from another.',
    fix: 'Create a new challenge for each try. Make both calls in the browser, or both on your server.',
    page: pages.oneAddress,
  },
  mfa_factor_not_found: {
    cause: 'The user of this session has no such factor.',
    fix: 'Take the id from `mfa.listFactors()`.',
    page: pages.needed,
    messages: {
      'MFA factor with the provided challenge ID not found': {
        cause:
          'The challenge belongs to another factor, or it has expired. Auth reports an expired challenge once and then deletes it.',
        fix: newChallenge,
        page: pages.usedChallenge,
      },
    },
  },
  mfa_factor_name_conflict: {
    cause:
      'Another factor of this user has that name, even if it was never verified. Two factors without a name clash as well.',
    fix: 'Choose another `friendlyName`, or remove the leftover factor with `mfa.unenroll()`.',
    page: pages.factors,
  },
  mfa_verified_factor_exists: {
    cause: 'The user has a verified phone factor with this number. Only one is allowed for each number.',
    fix: 'Use that factor, or enroll another number.',
    page: pages.sms,
  },
  too_many_enrolled_mfa_factors: {
    cause:
      'The user has as many factors as your project allows. Unverified factors count too, whatever the message says.',
    fix: 'Remove one with `mfa.unenroll()`.',
    page: pages.factors,
  },
  mfa_verification_rejected: {
    ownMessage: 'the message of your hook',
    cause:
      'Your project’s MFA verification hook rejected this try and wrote the message. Auth has ended every session of the user.',
    fix: 'Show the message, then let the user sign in again or ask for a new link.',
    page: pages.verificationHook,
  },
  mfa_totp_enroll_not_enabled: switchedOff(
    'enrollment of authenticator apps',
    'auth.mfa.totp.enroll_enabled',
    pages.factors,
  ),
  mfa_totp_verify_not_enabled: {
    cause:
      'Your project has codes from authenticator apps turned off. Factors that are already verified still count, so these users can’t change their password.',
    fix: 'Turn on `auth.mfa.totp.verify_enabled`.',
    page: pages.stuck,
  },
  mfa_phone_enroll_not_enabled: switchedOff('enrollment of phone factors', 'auth.mfa.phone.enroll_enabled', pages.sms),
  mfa_phone_verify_not_enabled: {
    cause: 'Your project has codes by text message turned off. Phone factors that are already verified still count.',
    fix: 'Turn on `auth.mfa.phone.verify_enabled`.',
    page: pages.sms,
  },
  mfa_webauthn_enroll_not_enabled: {
    ...switchedOff('enrollment of WebAuthn factors', 'auth.mfa.web_authn.enroll_enabled', pages.passkeys),
    messages: {
      'MFA verification is disabled for WebAuthn': {
        cause:
          'Your project has verification of WebAuthn factors turned off. The code says "enroll", but enrollment may be on.',
        fix: 'Turn on `auth.mfa.web_authn.verify_enabled`, or don’t offer it.',
        page: pages.passkeys,
      },
    },
  },
  mfa_webauthn_verify_not_enabled: switchedOff(
    'verification of WebAuthn factors',
    'auth.mfa.web_authn.verify_enabled',
    pages.passkeys,
  ),
  mfa_recovery_codes_enroll_not_enabled: {
    cause: 'Your project has recovery codes turned off. Only newer servers have them.',
    fix: 'Turn them on, or don’t offer them.',
    page: pages.lostFactor,
    source: recoveryCodes,
  },
  mfa_recovery_codes_verify_not_enabled: {
    cause: 'Your project has recovery codes turned off. Only newer servers have them.',
    fix: 'Turn them on, or use another factor.',
    page: pages.lostFactor,
    source: recoveryCodes,
  },
  mfa_recovery_codes_locked: {
    cause: 'Too many wrong recovery codes were tried, so Auth has locked them for a while.',
    fix: 'Let the user wait, or use another factor.',
    page: pages.lostFactor,
    source: 'https://supabase.com/docs/reference/javascript/auth-mfa-recovery-codes-verify',
  },
  mfa_recovery_codes_sole_factor: {
    cause: 'Recovery codes can never be a user’s only factor.',
    fix: 'Enroll another factor first.',
    page: pages.lostFactor,
    source: 'https://supabase.com/docs/reference/javascript/auth-mfa-recovery-codes-generate',
  },
} satisfies Entries;

const links = {
  otp_expired: {
    cause:
      'The link was already used, is too old, or a newer email replaced it. Email security scanners open links too, and that uses them up.',
    fix: 'Ask for a new email and open the newest one. If it always happens, email a code or a link to your own page.',
    page: pages.whatBreaks,
    messages: {
      'Token has expired or is invalid': {
        cause: 'The code is wrong, used, too old, or for another user, number or type.',
        fix: 'Let the user type the code from the newest message. A wrong try doesn’t use it up.',
        page: pages.whatBreaks,
      },
    },
  },
  flow_state_expired: {
    cause:
      'More than five minutes passed. For a reset they start when the email is requested, for a magic link when it’s opened.',
    fix: 'Ask for a new email. To avoid this limit, email the `token_hash` or a code and call `verifyOtp()`.',
    page: pages.whatBreaks,
  },
  flow_state_not_found: {
    cause: 'The code in the address was already exchanged, or Auth never issued it.',
    fix: 'Exchange it once. supabase-js does so when the page loads, so don’t call `exchangeCodeForSession()` as well.',
    page: pages.whatBreaks,
    messages: {
      'No associated flow state found. 422: No valid flow state found for user.': {
        cause: 'The link was opened with another `type` than it was made for.',
        fix: 'Leave `type` in the link as it is. The link still works.',
        page: pages.tokenHash,
      },
    },
  },
  bad_code_verifier: {
    cause:
      'This browser holds the verifier of another request. Most often a newer email was requested, even one that Auth refused as too early.',
    fix: 'The link is used up: ask for a new email and open it in the browser that asks. Disable the button while a request runs.',
    page: pages.whatBreaks,
  },
  pkce_code_verifier_not_found: {
    cause:
      'This browser didn’t request the email, or its verifier is gone. supabase-js deletes the verifier when an exchange fails.',
    fix: 'Ask for a new email and open its link in the same browser. Or email a `token_hash` and call `verifyOtp()`, which works in any browser.',
    page: pages.whatBreaks,
    callers: ['exchangeCodeForSession()'],
    tested: 'tests/code/supabase-js.spec.ts',
    unrecorded: { status: 400, message: 'PKCE code verifier not found in storage.' },
  },
  flow_state_already_used: {
    cause: 'This sign-in with another provider was already completed.',
    fix: 'Start the sign-in again.',
    source: auth('external.go#L239'),
  },
} satisfies Entries;

const sessions = {
  AuthSessionMissingError: {
    cause:
      'The client has no session, or Auth has ended it. Verifying a factor or changing the password on another device ends it.',
    fix: 'In a reset, ask for a new link. On a server, check that the cookies reach it.',
    page: pages.endedSession,
    callers: ['getUser()', 'updateUser()', 'refreshSession()', 'reauthenticate()', 'mfa.listFactors()'],
    tested: 'tests/code/supabase-js.spec.ts',
    unrecorded: { status: 400, message: 'Auth session missing!' },
  },
  session_not_found: {
    cause:
      'The session has ended: the user signed out, changed the password or verified a factor elsewhere. supabase-js turns this into `AuthSessionMissingError`, without a code.',
    fix: 'Check for `error.name === "AuthSessionMissingError"`. Sign in again, or ask for a new link.',
    page: pages.endedSession,
  },
  session_expired: {
    cause: 'The session is older than your project’s `auth.sessions.timebox`.',
    fix: 'Let the user sign in again.',
    page: pages.timeLimits,
    messages: {
      'Invalid Refresh Token: Session Expired (Inactivity)': {
        cause: 'The session wasn’t refreshed within your project’s `auth.sessions.inactivity_timeout`.',
        fix: 'Let the user sign in again.',
        page: pages.timeLimits,
      },
      'Invalid Refresh Token: Session Expired (Low AAL: User Needs MFA Verification)': {
        cause: 'The user has a verified factor, and the session stayed at aal1 longer than your project allows.',
        fix: 'Sign in again or ask for a new link, then enter the code within that time.',
        page: pages.timeLimits,
      },
      'Invalid Refresh Token: Session Expired (Revoked by Newer Login)': {
        cause: 'The user signed in somewhere else, and your project allows one session for each user.',
        fix: 'Let the user sign in again.',
        page: pages.timeLimits,
      },
    },
  },
  refresh_token_not_found: {
    cause: 'The refresh token is unknown, or its session has ended.',
    fix: 'Sign in again. In a reset, ask for a new link.',
    page: pages.endedSession,
  },
  refresh_token_already_used: {
    cause:
      'An older refresh token came back: two places, such as two tabs or server and browser, hold different tokens.',
    fix: 'Keep the tokens in one place, and let one client refresh them. Then sign in again.',
    page: pages.server,
  },
  bad_jwt: {
    cause: 'The access token is damaged, lacks a claim, or is signed with another project’s key.',
    fix: 'Send the session’s access token unchanged, to the project that issued it.',
    page: pages.endedSession,
    messages: {
      'invalid JWT: unable to parse or verify signature, token has invalid claims: token is expired': {
        cause:
          'The access token has expired. If your project limits the time at aal1, the token expires with that limit.',
        fix: 'Refresh the session, then call again. If the refresh fails, ask for a new link.',
        page: pages.timeLimits,
      },
      'invalid claim: missing sub claim': {
        cause: 'Nobody is signed in. The `mfa` methods then send your API key, which names no user.',
        fix: 'Check for a session first. In a reset, ask for a new link.',
        page: pages.endedSession,
        callers: ['mfa.enroll()', 'mfa.challenge()', 'mfa.verify()', 'mfa.unenroll()'],
      },
    },
  },
  no_authorization: {
    cause:
      'The request has no `Authorization: Bearer …` header. supabase-js always sends one, so something else made this request.',
    fix: 'Send the session’s access token.',
    callers: ['a request you make yourself'],
    messages: {
      'Anonymous user not allowed to perform these actions': {
        cause: 'Anonymous users can’t have factors.',
        fix: 'Give the user an email address or a phone number first.',
        page: pages.factors,
      },
    },
  },
  user_not_found: {
    cause: 'The user was deleted.',
    fix: 'Sign out in the app.',
    messages: {
      'User not found': { cause: 'No user has this id.', fix: 'Check the id.' },
      'User with this email not found': { cause: 'No user has this address.', fix: 'Create or invite the user first.' },
    },
  },
  user_banned: {
    cause: 'An administrator has banned the user. Reset emails are still sent, but their links are refused.',
    fix: 'Tell the user to contact you. An administrator can end the ban.',
  },
  conflict: {
    cause: 'Another request kept the session locked for five seconds.',
    fix: 'Try again, and let one client refresh the session.',
    callers: ['refreshSession()'],
    source: 'https://github.com/supabase/auth/blob/v2.196.0/internal/tokens/service.go#L653',
    unrecorded: {
      status: 409,
      message: 'Too many concurrent token refresh requests on the same session or refresh token',
    },
  },
} satisfies Entries;

const passwords = {
  same_password: {
    cause: 'The new password is the same as the old password. A user with MFA gets this only after the code.',
    fix: 'Let the user choose another password. The session stays at aal2.',
    page: pages.oldPassword,
  },
  weak_password: {
    cause:
      'The password is too short, or lacks a kind of character. Auth checks this before aal2, so it can hide `insufficient_aal`.',
    fix: 'Show `error.reasons` and let the user choose another password.',
    page: pages.serverChecks,
  },
  invalid_credentials: {
    cause: 'The address is unknown or the password is wrong. Auth doesn’t say which.',
    fix: 'Say the same to the user, and offer a reset.',
    messages: {
      unsupported_grant_type: {
        cause: 'The request to `/token` names a `grant_type` that Auth doesn’t know.',
        fix: 'Use supabase-js, or send `password`, `refresh_token` or `pkce`.',
      },
    },
  },
  email_not_confirmed: {
    cause: 'The user never confirmed this email address.',
    fix: 'Send the email again with `resend()`. A reset link confirms the address too.',
  },
  phone_not_confirmed: {
    cause: 'The user never confirmed this phone number.',
    fix: 'Send the message again with `resend()`.',
  },
  reauthentication_needed: {
    cause: 'Your project has `secure_password_change` on, and this session is more than 24 hours old.',
    fix: 'Call `reauthenticate()`, then send the emailed code: `updateUser({ password, nonce })`. It doesn’t replace the second factor.',
    page: pages.nonce,
  },
  reauthentication_not_valid: {
    cause: 'The nonce is wrong, used or too old. A correct one is used up even if the password is then refused.',
    fix: 'Call `reauthenticate()` for a new one.',
    page: pages.nonce,
  },
  reauth_nonce_missing: {
    cause: 'Older servers: the password change needs a nonce.',
    fix: 'Call `reauthenticate()`, then send the emailed code as `nonce`.',
    page: pages.nonce,
    source: 'https://supabase.com/docs/guides/auth/debugging/error-codes',
  },
  current_password_required: {
    cause: 'Your project asks for the current password. A recovery session doesn’t need it.',
    fix: 'Send it too: `updateUser({ password, current_password })`.',
    page: pages.currentPassword,
  },
  current_password_invalid: {
    cause: 'The current password is wrong, although the message says that it’s missing.',
    fix: 'Let the user type it again.',
    page: pages.currentPassword,
  },
  email_exists: {
    cause: 'Another user has that email address. A user with MFA gets this only at aal2.',
    fix: 'Let the user choose another address.',
    page: pages.addressAndNumber,
  },
  phone_exists: {
    cause: 'Another user has that phone number.',
    fix: 'Let the user choose another number.',
    page: pages.addressAndNumber,
  },
  user_already_exists: {
    cause: 'A user with this address or number has already signed up.',
    fix: 'Let the user sign in, or reset the password.',
  },
  not_admin: {
    cause: 'An admin endpoint was called without the service key.',
    fix: 'Call it on your server with the service key. Never put that key in a page.',
    messages: {
      'Updating app_metadata requires admin privileges': {
        cause: 'Users can’t write their own `app_metadata`.',
        fix: 'Write to `data` (`user_metadata`) instead. Or set `app_metadata` on your server.',
      },
    },
  },
  user_sso_managed: {
    cause: 'This user signs in with SSO, so the identity provider manages the account.',
    fix: 'Let the user change the password with their identity provider.',
    source: auth('user.go#L130'),
  },
} satisfies Entries;

const sending = {
  over_email_send_rate_limit: {
    cause:
      'An email was sent to this user less than `auth.email.max_frequency` ago. A reset for an unknown address never gets this answer.',
    fix: `Wait, with the button disabled. ${sameAsSuccess}`,
    page: pages.whoHasAccount,
    messages: {
      'email rate limit exceeded': {
        cause: 'Your project sent as many emails as it may in an hour: `auth.rate_limit.email_sent`.',
        fix: `Use your own SMTP server and raise the limit. ${sameAsSuccess}`,
        page: pages.emailService,
      },
    },
  },
  over_sms_send_rate_limit: {
    cause: 'A text message was sent less than `max_frequency` ago. Each factor has its own limit.',
    fix: 'Show how long to wait. The code that was sent still works.',
    page: pages.smsTooSoon,
  },
  over_request_rate_limit: {
    cause: 'Too many requests of this kind came from one IP address. On your server, all users may share one.',
    fix: 'Wait a moment, with the button disabled. The challenge and the link still work until they expire.',
    page: pages.flow,
  },
  email_address_not_authorized: {
    cause:
      'Your project may send email only to certain addresses. The built-in email service writes only to members of your team.',
    fix: `Set up your own SMTP server. ${sameAsSuccess}`,
    page: pages.emailService,
  },
  email_address_invalid: {
    cause:
      'Your project checks addresses before it sends email, and no email reaches this address. `example.com` is such a domain.',
    fix: `Test with an address that exists. ${sameAsSuccess}`,
    page: pages.whoHasAccount,
  },
  captcha_failed: {
    cause: 'Your project has captcha protection on, and the call has no captcha token or a bad one.',
    fix: 'Send a fresh token: `resetPasswordForEmail(email, { captchaToken })`.',
    page: pages.send,
  },
  sms_send_failed: {
    cause: 'The SMS provider refused the message or couldn’t be reached.',
    fix: 'Check the provider’s settings. The message has the provider’s own error.',
    page: pages.sms,
    source: auth('phone.go#L122'),
  },
  otp_disabled: {
    cause: 'Nobody has that address, and `shouldCreateUser` is false.',
    fix: 'Show the same text as for success.',
  },
  signup_disabled: {
    cause: 'Nobody has that address, and your project accepts no new users.',
    fix: 'Show the same text as for success.',
  },
  email_provider_disabled: switchedOff('signing in by email', 'auth.email.enable_signup'),
  phone_provider_disabled: switchedOff('signing in by phone', 'auth.sms.enable_signup'),
  anonymous_provider_disabled: {
    cause: 'Your project has anonymous users turned off. A sign-up without an address or number gets this too.',
    fix: 'Send an email address or a phone number, or turn on `auth.enable_anonymous_sign_ins`.',
  },
} satisfies Entries;

const requests = {
  validation_failed: {
    cause: 'A field is missing or has the wrong format. The message says which.',
    fix: 'Check the field in your form before you send it.',
    messages: {
      'Password cannot be longer than 72 characters': {
        cause: 'The password is longer than 72 bytes. A letter outside of ASCII takes two to four of them.',
        fix: 'Check the length in your form.',
      },
      'Unable to validate email address: invalid format': {
        cause: 'This isn’t an email address.',
        fix: 'Check the address in your form before you send it.',
      },
      'Invalid phone number format (E.164 required)': {
        cause: 'The phone number has no country code, or isn’t a number.',
        fix: 'Send it as `+15551234567`.',
      },
      'factor_id must be an UUID': {
        cause: 'The factor id is empty or isn’t an id.',
        fix: 'Take the id from `mfa.listFactors()`.',
        page: pages.needed,
      },
      'Code needs to be non-empty': {
        cause: 'The code is empty.',
        fix: 'Ask for the code before you call `mfa.verify()`.',
        page: pages.stepUp,
      },
      'Phone number required to enroll Phone factor': {
        cause: 'A phone factor needs a phone number.',
        fix: 'Send it: `mfa.enroll({ factorType: "phone", phone })`.',
        page: pages.sms,
      },
      'Only the token_hash and type should be provided': {
        cause: '`verifyOtp()` got a `token_hash` together with an address or a number.',
        fix: 'Send `{ token_hash, type }` and nothing else.',
        page: pages.tokenHash,
      },
      'Verify requires a verification type': {
        cause: 'The link or the call has no `type`.',
        fix: 'Send `type: "recovery"` for a reset.',
        page: pages.tokenHash,
      },
      'invalid request: both auth code and code verifier should be non-empty': {
        cause: 'The exchange has no auth code or no code verifier.',
        fix: 'Pass the `code` from the address to `exchangeCodeForSession()`, in the browser that asked for the email.',
        page: pages.whatBreaks,
      },
      'Refresh token is not valid': {
        cause: 'The refresh token is cut off, or isn’t one.',
        fix: 'Keep both tokens as supabase-js stores them. Then sign in again.',
        page: pages.endedSession,
      },
      'Updating password of an anonymous user without an email or phone is not allowed': {
        cause: 'This user is anonymous, and has no address to sign in with.',
        fix: 'Set an email address or a phone number first.',
      },
      'Passkey not found': {
        cause: 'The user has no such passkey.',
        fix: 'Take the id from the list of passkeys.',
        page: pages.passkeys,
      },
    },
  },
  bad_json: {
    cause: 'A field has the wrong type. Most often, a code or a password is a number.',
    fix: 'Send text: `code: String(code)`.',
    page: pages.stepUp,
  },
  unexpected_failure: {
    cause:
      'Something went wrong on the server. supabase-js turns a status of 500 into `AuthRetryableFetchError`, without a code.',
    fix: 'Look at the Auth log, which says more. A missing setting or a database trigger is a common reason.',
    messages: {
      'Error sending recovery email': {
        cause: 'Auth couldn’t send the reset email: your SMTP server refused it, or couldn’t be reached.',
        fix: `Check your SMTP settings and the Auth log. ${sameAsSuccess}`,
        page: pages.emailService,
      },
      'Error generating QR Code': {
        cause: 'A user without an email address enrolls an authenticator app.',
        fix: 'Give the user an email address first.',
        page: pages.factors,
      },
      'A valid session and a registered user are required to enroll a factor': {
        cause: 'The access token names no session, for example because you signed it yourself.',
        fix: 'Use the access token of a session.',
      },
      'A valid session and factor are required to unenroll a factor': {
        cause: 'The access token names no session, for example because you signed it yourself.',
        fix: 'Use the access token of a session.',
      },
      'Database error finding user from email link': {
        cause: 'The token in the link is damaged.',
        fix: 'Ask for a new email, and open its link unchanged.',
        page: pages.whatBreaks,
      },
      'Failed to validate WebAuthn MFA response': {
        cause: 'The answer of the security key doesn’t match the challenge.',
        fix: 'Create a new challenge and try again.',
        page: pages.passkeys,
      },
    },
  },
  AuthRetryableFetchError: {
    cause: 'Auth answered with a status of 500 or more, or couldn’t be reached.',
    fix: 'Try again once. If it happens again, look at the Auth log.',
    callers: ['any method'],
    tested: 'tests/code/supabase-js.spec.ts',
  },
  request_entity_too_large: {
    cause: 'The request is larger than one mebibyte.',
    fix: 'Keep `user_metadata` small. Store the rest in a table.',
  },
  request_timeout: {
    cause: 'Auth took too long to answer.',
    fix: 'Try again. If it happens again, look at the Auth log.',
    source: auth('middleware.go#L579'),
  },
  '42501': {
    cause:
      'The database refuses this, not Auth: the role has no rights on a table, or a row level security (RLS) policy refuses the row.',
    fix: 'If the table is `mfa_factors`, read it in a SECURITY DEFINER function instead.',
    page: pages.policies,
    callers: ['the Data API'],
    tested: 'tests/sql/rls.spec.ts',
    messages: {
      'permission denied for table …': {
        cause:
          'The role of the request has no rights on this table. A policy that reads `auth.mfa_factors` causes it too.',
        fix: 'Grant the right. If the table is `mfa_factors`, read it in a SECURITY DEFINER function instead.',
        page: pages.policies,
      },
      'new row violates row-level security policy …': {
        cause:
          'A row level security (RLS) policy refuses the new row. If the policy asks for aal2, the session is at aal1.',
        fix: stepUp,
        page: pages.policies,
      },
    },
  },
  '23505': {
    cause: 'This passkey is already registered.',
    fix: 'Let the user sign in with it, or register another passkey.',
    page: pages.passkeys,
  },
} satisfies Entries;

const hook = (cause: string, fix: string, file: string) => ({
  cause,
  fix,
  source: `https://github.com/supabase/auth/blob/v2.196.0/internal/hooks/hookshttp/hookshttp.go#${file}`,
});

const otherParts = {
  passkey_disabled: {
    cause: 'Your project has passkeys turned off.',
    fix: 'Turn them on, or don’t offer them.',
    page: pages.passkeys,
  },
  too_many_passkeys: {
    cause: 'The user has as many passkeys as Auth allows.',
    fix: 'Let the user remove one first.',
    page: pages.passkeys,
  },
  webauthn_challenge_expired: {
    cause: 'The user took too long with the passkey.',
    fix: 'Start again.',
    page: pages.passkeys,
  },
  webauthn_challenge_not_found: {
    cause: 'This passkey challenge was already used, or never existed.',
    fix: 'Start again, and use each challenge once.',
    page: pages.passkeys,
  },
  webauthn_verification_failed: {
    cause: 'The passkey’s answer doesn’t match: the wrong site, the wrong user, or a damaged answer.',
    fix: 'Check the project’s WebAuthn origins, then start again.',
    page: pages.passkeys,
  },
  webauthn_credential_exists: {
    cause: 'This passkey is already registered.',
    fix: 'Let the user sign in with it.',
    page: pages.passkeys,
    source: auth('passkey_registration.go#L201'),
  },
  manual_linking_disabled: switchedOff('linking of identities', 'auth.enable_manual_linking'),
  single_identity_not_deletable: {
    cause: 'This is the user’s only identity.',
    fix: 'Link another identity before you remove it.',
    source: auth('identity.go#L41'),
  },
  email_conflict_identity_not_deletable: {
    cause: 'Without this identity, the account would get an address that another user has.',
    fix: 'Change the email address of one of the accounts first.',
    source: auth('identity.go#L81'),
  },
  identity_already_exists: {
    cause: 'This identity is already linked, to this user or another user.',
    fix: 'Let the user sign in with it.',
    source: auth('identity.go#L183'),
  },
  identity_not_found: {
    cause: 'The user has no such identity.',
    fix: 'Take the identity from `getUserIdentities()`.',
    source: auth('identity.go#L52'),
  },
  unexpected_audience: {
    cause: 'The access token is for another audience than the request.',
    fix: 'Send no `X-JWT-AUD` header, or the audience of the token.',
    source: auth('identity.go#L36'),
  },
  invite_not_found: {
    cause: 'The invitation is unknown or was already accepted.',
    fix: 'Send a new invitation.',
    source: auth('external.go#L472'),
  },
  provider_email_needs_verification: {
    cause: 'The other provider hasn’t verified this email address.',
    fix: 'Let the user open the confirmation email that Auth has sent.',
    source: auth('external.go#L441'),
  },
  provider_disabled: {
    cause: 'Your project has this provider turned off.',
    fix: 'Turn it on, or don’t offer it.',
    source: auth('token_oidc.go#L185'),
  },
  oauth_provider_not_supported: {
    cause: 'Auth doesn’t know this provider.',
    fix: 'Check the name in `signInWithOAuth({ provider })`.',
    source: auth('external_oauth.go#L82'),
  },
  bad_oauth_callback: {
    cause: 'The provider’s answer lacks `state`.',
    fix: 'Start the sign-in again. Don’t open the callback address directly.',
  },
  bad_oauth_state: {
    cause: 'The `state` in the provider’s answer is damaged, unknown or too old.',
    fix: 'Start the sign-in again.',
    source: auth('external.go#L548'),
  },
  oauth_client_state_not_found: {
    cause: 'Auth doesn’t know the `state` of this sign-in.',
    fix: 'Start the sign-in again.',
    source: auth('external_oauth.go#L92'),
  },
  oauth_client_state_expired: {
    cause: 'The user took too long at the provider.',
    fix: 'Start the sign-in again.',
    source: auth('external_oauth.go#L102'),
  },
  oauth_invalid_state: {
    cause: 'The answer belongs to another provider, or its code verifier is missing.',
    fix: 'Start the sign-in again.',
    source: auth('external_oauth.go#L98'),
  },
  web3_provider_disabled: {
    cause: 'Your project has Web3 sign-ins turned off.',
    fix: 'Turn on the chain that you use.',
    source: auth('web3.go#L29'),
  },
  web3_unsupported_chain: {
    cause: 'Auth knows only Solana and Ethereum.',
    fix: 'Use one of these chains.',
    source: auth('web3.go#L49'),
  },
  saml_provider_disabled: {
    cause: 'Your project has SAML single sign-on (SSO) turned off.',
    fix: 'Turn it on, or don’t offer it.',
  },
  sso_provider_not_found: {
    cause: 'No SSO connection has this domain or id.',
    fix: 'Check the domain, or add the connection.',
    source: auth('sso.go#L60'),
  },
  sso_provider_disabled: {
    cause: 'This SSO connection is turned off.',
    fix: 'Turn the connection on.',
    source: auth('sso.go#L75'),
  },
  sso_domain_already_exists: {
    cause: 'Another SSO connection has this domain.',
    fix: 'Remove the domain from that connection first.',
    source: auth('ssoadmin.go#L267'),
  },
  saml_relay_state_not_found: {
    cause: 'Auth doesn’t know this SSO sign-in.',
    fix: 'Start the sign-in again.',
    source: auth('samlacs.go#L85'),
  },
  saml_relay_state_expired: {
    cause: 'The user took too long to sign in with SSO.',
    fix: 'Start the sign-in again.',
    source: auth('samlacs.go#L95'),
  },
  saml_idp_not_found: {
    cause: 'No SSO connection belongs to this identity provider.',
    fix: 'Add the connection to your project.',
    source: auth('samlacs.go#L160'),
  },
  saml_idp_already_exists: {
    cause: 'Your project already has a connection to this identity provider.',
    fix: 'Update that connection instead.',
    source: auth('ssoadmin.go#L234'),
  },
  saml_assertion_no_user_id: {
    cause: 'The identity provider sent no persistent id for the user.',
    fix: 'Map a persistent NameID in the identity provider.',
    source: auth('samlacs.go#L235'),
  },
  saml_assertion_no_email: {
    cause: 'The identity provider sent no email address.',
    fix: 'Map the email attribute in the identity provider.',
    source: auth('samlacs.go#L247'),
  },
  saml_metadata_fetch_failed: {
    cause: 'Auth couldn’t load the SAML metadata from its URL.',
    fix: 'Check that the URL answers with the metadata.',
    source: auth('ssoadmin.go#L199'),
  },
  saml_entity_id_mismatch: {
    cause: 'The new SAML metadata belongs to another identity provider.',
    fix: 'Add a new connection instead.',
    source: auth('ssoadmin.go#L322'),
  },
  feature_disabled: {
    cause: 'Your project has this feature turned off, such as the OAuth server.',
    fix: 'Turn the feature on, or don’t call it.',
  },
  oauth_client_not_found: {
    cause: 'No OAuth client has this id.',
    fix: 'Check `client_id`, or register the client.',
    source: auth('oauthserver/handlers.go#L96'),
  },
  oauth_authorization_not_found: {
    cause: 'Auth doesn’t know this authorization, or it has expired.',
    fix: 'Start the authorization again.',
    source: auth('oauthserver/authorize.go#L210'),
  },
  oauth_consent_not_found: {
    cause: 'The user has granted nothing to this client.',
    fix: 'Nothing to revoke: list the grants first.',
    source: auth('oauthserver/handlers.go#L607'),
  },
  oauth_dynamic_client_registration_disabled: {
    cause: 'Your project doesn’t let clients register themselves.',
    fix: 'Turn on dynamic client registration, or register the client yourself.',
    source: auth('oauthserver/handlers.go#L136'),
  },
  custom_provider_not_found: {
    cause: 'Your project has no such custom provider.',
    fix: 'Check its name, or add it.',
    source: auth('custom_oauth_admin.go#L130'),
  },
  over_custom_provider_quota: {
    cause: 'Your project already has the maximum number of custom providers.',
    fix: 'Remove one first.',
    source: auth('custom_oauth_admin.go#L188'),
  },
  hook_timeout: hook(
    'Your Auth hook took too long to answer.',
    'Make the hook faster, and do slow work after it has answered.',
    'L162',
  ),
  hook_timeout_after_retry: hook(
    'Your Auth hook failed on every try.',
    'Check that the hook’s address answers, and look at its log.',
    'L181',
  ),
  hook_payload_over_size_limit: hook('The answer of your Auth hook is too large.', 'Send back less.', 'L223'),
  hook_payload_invalid_content_type: hook(
    'The answer of your Auth hook isn’t JSON.',
    'Send it with the header `content-type: application/json`.',
    'L194',
  ),
} satisfies Entries;

/** All errors. The type makes sure that none is missing. */
export const errors: { [Code in ErrorCode]: Entry } = {
  ...factors,
  ...links,
  ...sessions,
  ...passwords,
  ...sending,
  ...requests,
  ...otherParts,
};

/** The same errors by topic, in the order in which they interest readers. */
export const topics: { [heading: string]: Entries } = {
  'Factors and their codes': factors,
  'Links and email codes': links,
  'Sessions and tokens': sessions,
  'Passwords and accounts': passwords,
  'Sending, and limits': sending,
  'Requests and servers': requests,
  'Passkeys, other providers, SSO and hooks': otherParts,
};
