/**
 * Why each error of the flow comes, and what to do: prose beside what recordings say. Code stands between backticks. `messages` has those
 * messages of a code that have another reason than the rest.
 */
export interface Explanation {
  cause: string;
  fix: string;
  /** Who gets it, where that isn't the method that calls the endpoint. */
  callers?: string[];
}

const newChallenge = 'Take a new challenge of this factor. `challengeAndVerify()` does both at once.';
const stepUp = 'Verify a factor in this same session, then call again.';
const switchedOff = (what: string, setting: string): Explanation => ({
  cause: `The project has ${what} switched off.`,
  fix: `Switch on \`${setting}\`, or do not offer it.`,
});

export const explanations: { [code: string]: Explanation & { messages?: { [message: string]: Explanation } } } = {
  insufficient_aal: {
    cause:
      'The user has a verified factor and this session is at aal1, as every session is that a link, a password or a passkey began.',
    fix: stepUp,
    messages: {
      'AAL2 required to enroll a new factor': {
        cause: 'The user has a verified factor already, and this session is at aal1.',
        fix: stepUp,
      },
      'AAL2 required to unenroll verified factor': {
        cause: 'Removing a verified factor asks for aal2 as well.',
        fix: `${stepUp} Who has lost the factor needs another one, or an administrator.`,
      },
    },
  },
  mfa_verification_failed: {
    cause: 'The code is wrong, or more than one period of 30 seconds off.',
    fix: 'Let the user type the next code. The challenge is still good.',
    messages: {
      'Invalid MFA Phone code entered': {
        cause: 'The code is wrong, or was sent for another challenge.',
        fix: 'Let the user type the code of the newest message. The challenge is still good.',
      },
    },
  },
  mfa_challenge_expired: { cause: 'The challenge is more than 5 minutes old.', fix: newChallenge },
  mfa_ip_address_mismatch: {
    cause:
      'The challenge has been used already, or it was asked for from another IP address than the code was sent from.',
    fix: `${newChallenge} Call both from the same place: both in the browser, or both on the server.`,
  },
  mfa_factor_not_found: {
    cause: 'The user of this session has no such factor.',
    fix: 'Take the id from `mfa.listFactors()`.',
    messages: {
      'MFA factor with the provided challenge ID not found': {
        cause: 'The challenge is of another factor, or it is gone: an expired one is told once and then forgotten.',
        fix: newChallenge,
      },
    },
  },
  mfa_factor_name_conflict: {
    cause: 'Another factor of this user has that name, verified or not. No name at all is a name too.',
    fix: 'Choose another `friendlyName`, or remove the factor that was left over with `mfa.unenroll()`.',
  },
  mfa_verified_factor_exists: {
    cause: 'The user has a verified phone factor with this number. There can be one for each number.',
    fix: 'Use that factor, or enroll another number.',
  },
  too_many_enrolled_mfa_factors: {
    cause: 'The user has as many factors as the project allows. Unverified ones count, whatever the message says.',
    fix: 'Remove one with `mfa.unenroll()`.',
  },
  mfa_totp_enroll_not_enabled: switchedOff('enrolment of TOTP factors', 'auth.mfa.totp.enroll_enabled'),
  mfa_totp_verify_not_enabled: switchedOff('verification of TOTP factors', 'auth.mfa.totp.verify_enabled'),
  mfa_phone_enroll_not_enabled: switchedOff('enrolment of phone factors', 'auth.mfa.phone.enroll_enabled'),
  mfa_phone_verify_not_enabled: switchedOff('verification of phone factors', 'auth.mfa.phone.verify_enabled'),
  mfa_webauthn_enroll_not_enabled: {
    ...switchedOff('enrollment of WebAuthn factors', 'auth.mfa.web_authn.enroll_enabled'),
    messages: {
      'MFA verification is disabled for WebAuthn': {
        cause:
          'The project has verification of WebAuthn factors switched off. The code says "enroll", but enrollment can be on.',
        fix: 'Switch on `auth.mfa.web_authn.verify_enabled`, or do not offer it.',
      },
    },
  },
  mfa_webauthn_verify_not_enabled: switchedOff('verification of WebAuthn factors', 'auth.mfa.web_authn.verify_enabled'),
  otp_expired: {
    cause: 'The link has been used, is too old, was replaced by a newer mail, or the password was changed since.',
    fix: 'Ask for a new mail and open the newest one.',
    messages: {
      'Token has expired or is invalid': {
        cause: 'The code is wrong, used, too old, or of another user, number or type.',
        fix: 'Let the user type the code of the newest mail or message. A wrong try does not use it up.',
      },
    },
  },
  same_password: {
    cause: 'The new password is the present one. A user with MFA gets this only after the step-up.',
    fix: 'Let the user type another. The session is still at aal2.',
  },
  weak_password: {
    cause:
      'The password is too short or lacks a kind of character. This is looked at before aal2, so it can hide that a step-up is needed.',
    fix: 'Show `error.reasons`, and let the user type another.',
  },
  session_not_found: {
    cause:
      'The session has ended: a sign-out, a password change or a factor verified in another session, or an administrator.',
    fix: 'Check for `error.name === "AuthSessionMissingError"`. Sign in again, or ask for a new link.',
  },
  session_expired: {
    cause: 'The session is older than the project’s `auth.sessions.timebox`.',
    fix: 'Sign in again. Until it runs out, the access token in hand still works.',
    messages: {
      'Invalid Refresh Token: Session Expired (Inactivity)': {
        cause: 'The session was not refreshed for longer than the project’s `auth.sessions.inactivity_timeout`.',
        fix: 'Sign in again.',
      },
      'Invalid Refresh Token: Session Expired (Low AAL: User Needs MFA Verification)': {
        cause: 'The user has a verified factor, and the session has been at aal1 for longer than the project allows.',
        fix: 'Sign in again, or ask for a new link, and verify a factor within that time.',
      },
      'Invalid Refresh Token: Session Expired (Revoked by Newer Login)': {
        cause: 'The user signed in elsewhere, and the project allows one session per user.',
        fix: 'Sign in again.',
      },
    },
  },
  refresh_token_not_found: {
    cause: 'The token is unknown, or its session has ended and took it along.',
    fix: 'Sign in again, or ask for a new link.',
  },
  refresh_token_already_used: {
    cause: 'An older refresh token was used once more after the reuse interval.',
    fix: 'Keep tokens in one place, with one client that refreshes them. Sign in again.',
  },
  bad_jwt: {
    cause: 'The access token is damaged, lacks a claim, or is signed with another key than the project’s.',
    fix: 'Send the session’s access token as the client has it, to the project it is from.',
    messages: {
      'invalid JWT: unable to parse or verify signature, token has invalid claims: token is expired': {
        cause:
          'The access token has expired. Where the project limits the time at aal1, the token of such a session ends with that time.',
        fix: 'Refresh the session, then call again. If the refresh is refused, ask for a new link.',
      },
      'invalid claim: missing sub claim': {
        cause:
          'Nobody is signed in. The `mfa` methods then send the API key, and it names no user. With a key that starts with `sb_publishable_`, the message ends in "token contains an invalid number of segments".',
        fix: 'Look for a session first. In the middle of a reset, ask for a new link.',
        callers: ['mfa.enroll()', 'mfa.challenge()', 'mfa.verify()', 'mfa.unenroll()'],
      },
    },
  },
  no_authorization: {
    cause:
      'The request has no `Authorization: Bearer …` header. supabase-js always sends one: without a session it sends the API key, and the answer is `bad_jwt`.',
    fix: 'Send the access token of the session.',
    callers: ['a request you make yourself'],
    messages: {
      'Anonymous user not allowed to perform these actions': {
        cause: 'Anonymous users cannot have factors.',
        fix: 'Give the user an email address or a phone number first.',
      },
    },
  },
  user_not_found: { cause: 'The user of this token has been deleted.', fix: 'Sign out in the app.' },
  user_banned: {
    cause: 'An administrator has banned the user. Recovery mails are still sent, but their links are refused.',
    fix: 'Nothing that the app can do. An administrator can lift the ban.',
  },
  not_admin: {
    cause: '`app_metadata` is for administrators.',
    fix: 'Write to `data` (`user_metadata`), or use the admin API on a server.',
  },
  reauthentication_needed: {
    cause: 'The project has `secure_password_change` on, and the session is more than a day old.',
    fix: 'Call `reauthenticate()`, and send the code of the mail: `updateUser({ password, nonce })`.',
  },
  reauthentication_not_valid: {
    cause: 'The nonce is wrong, used or too old. A right one is spent even if the password is refused after it.',
    fix: 'Call `reauthenticate()` for a new one.',
  },
  current_password_required: {
    cause: 'The project asks for the current password. A recovery session is not asked for it.',
    fix: 'Send it along: `updateUser({ password, current_password })`.',
  },
  current_password_invalid: {
    cause: 'The current password is wrong, though the message reads as if it were missing.',
    fix: 'Let the user type it again.',
  },
  over_email_send_rate_limit: {
    cause:
      'Another such email went to this user less than `auth.email.max_frequency` ago. A reset for an unknown address never gets this answer.',
    fix: 'Wait, and say the same as after a success, so that nobody learns who has an account.',
    messages: {
      'email rate limit exceeded': {
        cause:
          'The project has sent as many emails as it may in an hour: `auth.rate_limit.email_sent`. A reset for an unknown address never gets this answer.',
        fix: 'Say the same as after a success. Use your own SMTP server and raise the limit.',
      },
    },
  },
  email_address_not_authorized: {
    cause:
      'The project sends email only to addresses on a list. The built-in email service does that: it writes only to members of your team. A reset for an unknown address never gets this answer.',
    fix: 'Set up your own SMTP server. Say the same as after a success.',
  },
  email_address_invalid: {
    cause:
      'The project checks addresses before it sends email, and this one cannot get any, such as one at `example.com`. A reset for an unknown address never gets this answer.',
    fix: 'Say the same as after a success. Test with an address that exists.',
  },
  captcha_failed: {
    cause: 'The project has captcha protection on, and the call has no captcha token, or a bad one.',
    fix: 'Send a fresh token: `resetPasswordForEmail(email, { captchaToken })`.',
  },
  over_request_rate_limit: {
    cause: 'Too many requests of this kind came from one IP address. On your server, all users may share one.',
    fix: 'Wait a moment, with the button disabled. The challenge and the link are still good until they expire.',
  },
  mfa_verification_rejected: {
    cause:
      'The MFA verification hook of the project rejected this try. The message is the hook’s. Every session of the user has ended.',
    fix: 'Show the message, and let the user sign in again or ask for a new link.',
  },
  over_sms_send_rate_limit: {
    cause: 'Another message was sent less than `max_frequency` ago. A factor has its own limit.',
    fix: 'Show how long to wait. The code that was sent is still good.',
  },
  flow_state_expired: {
    cause:
      'More than 5 minutes have passed: for a recovery since the mail was asked for, for a magic link since it was opened.',
    fix: 'Ask for a new mail.',
  },
  flow_state_not_found: {
    cause: 'The code was exchanged before, or is none.',
    fix: 'Exchange it once. supabase-js does so by itself when the page loads, unless `detectSessionInUrl` is off.',
    messages: {
      'No associated flow state found. 422: No valid flow state found for user.': {
        cause: 'The link of a PKCE mail was opened with another type than it was made for.',
        fix: 'Leave `type` in the link as it is. The link still works then.',
      },
    },
  },
  bad_code_verifier: {
    cause:
      'The code verifier is not the one of the request, as in another browser than the one that asked for the mail.',
    fix: 'Ask for a new email, and open its link in the browser that asks. The link is used up. The auth code is not: the address with `?code=` still works in the browser that asked.',
  },
  invalid_credentials: {
    cause: 'The address is unknown or the password wrong. The answer does not say which.',
    fix: 'Say the same to the user, and offer a reset.',
  },
  email_not_confirmed: {
    cause: 'The address was never confirmed.',
    fix: 'Send the mail again with `resend()`. A recovery link confirms the address too.',
  },
  phone_not_confirmed: { cause: 'The number was never confirmed.', fix: 'Send the message again with `resend()`.' },
  email_exists: {
    cause: 'Another user has that address. A user with MFA gets this only after the step-up.',
    fix: 'Let the user choose another address.',
  },
  phone_exists: { cause: 'Another user has that number.', fix: 'Let the user choose another number.' },
  email_provider_disabled: switchedOff('signing in by email', 'auth.email.enable_signup'),
  phone_provider_disabled: switchedOff('signing in by phone', 'auth.sms.enable_signup'),
  otp_disabled: {
    cause: 'Nobody has that address, and `shouldCreateUser` is false.',
    fix: 'Say the same as after a success.',
  },
  signup_disabled: {
    cause: 'Nobody has that address, and the project takes no new users.',
    fix: 'Say the same as after a success.',
  },
  validation_failed: {
    cause: 'The request lacks something, or has it in a form that does not pass. The message says what.',
    fix: 'Check it in the form, before it is sent.',
  },
  bad_json: {
    cause: 'A field has the wrong type, or an id is empty. The usual one is a code or a password that is a number.',
    fix: 'Send text: `code: String(code)`.',
  },
  unexpected_failure: {
    cause: 'Something that the server did not expect: a setting that is missing, or input that it does not check.',
    fix: 'Look into the Auth log, which says more.',
    messages: {
      'Error generating QR Code': {
        cause: 'A user without an email address enrolls a TOTP factor.',
        fix: 'Give the user an address first.',
      },
      'A valid session and a registered user are required to enroll a factor': {
        cause: 'The access token names no session, as one that you signed yourself.',
        fix: 'Use the token of a session.',
      },
      'A valid session and factor are required to unenroll a factor': {
        cause: 'The access token names no session, as one that you signed yourself.',
        fix: 'Use the token of a session.',
      },
    },
  },
};

/** Errors of the flow that no recording can have. */
export interface Unrecorded extends Explanation {
  /** Or its name, where supabase-js gives it no code. */
  code: string;
  status: number;
  message: string;
  callers: string[];
  /** Where Auth's source says so; errors without one are made by supabase-js and tried in tests/code/supabase-js.spec.ts. */
  source?: string;
}

export const unrecorded: Unrecorded[] = [
  {
    code: 'AuthSessionMissingError',
    status: 400,
    message: 'Auth session missing!',
    callers: ['getUser()', 'updateUser()', 'refreshSession()', 'reauthenticate()', 'mfa.listFactors()'],
    cause:
      'The client has no session and asks nobody, or Auth said `session_not_found`: then every method of a session gives this. It has no code.',
    fix: 'Check `error.name`. In the middle of a reset, ask for a new link. On a server, check that the cookies reach it.',
  },
  {
    code: 'pkce_code_verifier_not_found',
    status: 400,
    message: 'PKCE code verifier not found in storage.',
    callers: ['exchangeCodeForSession()'],
    cause:
      'This browser never asked for the email, or its verifier is gone: supabase-js deletes it when an exchange fails.',
    fix: 'Ask for a new email, and open its link in the browser that asks. Or mail the `token_hash` or the code, and use `verifyOtp()`.',
  },
  {
    code: 'conflict',
    status: 409,
    message: 'Too many concurrent token refresh requests on the same session or refresh token',
    callers: ['refreshSession()'],
    cause: 'Another request kept the session locked for five seconds.',
    fix: 'Try again. Let one client refresh the session.',
    source: 'https://github.com/supabase/auth/blob/v2.196.0/internal/tokens/service.go#L653',
  },
];

/** Codes that calls of the flow can get, but not from supabase-js. */
export const leftOut: { [code: string]: string } = {
  request_entity_too_large: 'comes with a body of more than a mebibyte',
};
