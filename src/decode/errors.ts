/**
 * Why an error comes and what to do, by its code; errors that supabase-js makes itself have no code and stand under their name.
 * `messages` are what Auth says with that code: old log entries and pasted sentences have nothing else. Codes and messages are those of
 * recordings (tests/site/decode.spec.ts holds them to that).
 */
import type { Link } from './finding.ts';

export interface Cause {
  messages?: string[];
  why: string;
  todo: string;
  link?: Link;
}

const fix: Link = { path: '', text: 'The error and the fix' };
const reset = (anchor: string, text: string): Link => ({ path: `reset-a-password-with-mfa/#${anchor}`, text });
const whyAal1 = (anchor: string, text: string): Link => ({ path: `why-a-recovery-session-is-aal1/#${anchor}`, text });
const freshChallenge = reset('using-a-challenge-twice', 'Using a challenge twice');
const waysIn = (anchor: string, text: string): Link => ({ path: `links-codes-and-tokens/#${anchor}`, text });
const breaks = waysIn('what-breaks-where', 'What breaks where');
const endedSession = reset('a-session-that-ends-on-the-way', 'A session that ends on the way');

export const causes: Record<string, Cause> = {
  insufficient_aal: {
    messages: [
      'AAL2 session is required to update email or password when MFA is enabled.',
      'AAL2 required to enroll a new factor',
      'AAL2 required to unenroll verified factor',
      'AAL2 session is required to manage passkeys when MFA is enabled',
    ],
    why: 'The user has a verified factor, and the session is at aal1: a password, a mailed link or a typed code is one factor. Password, email address, phone number, factors and passkeys need aal2.',
    todo: 'Verify a factor in this same session, then repeat the call. `setSession()`, `refreshSession()` and a new sign-in do not lift it.',
    link: fix,
  },
  otp_expired: {
    messages: ['Email link is invalid or has expired', 'Token has expired or is invalid'],
    why: 'The link or code was used already (link scanners of mail programs open links too), replaced by a newer mail, mistyped, or is too old.',
    todo: 'Ask for a new mail. If it happens at once and always, mail a code to type, or a link to a page of yours with a button.',
    link: breaks,
  },
  flow_state_expired: {
    messages: ['invalid flow state, flow state has expired'],
    why: 'In the PKCE flow a recovery mail has to be asked for, opened and exchanged within five minutes, whatever the life of the link.',
    todo: 'Ask for a new mail. To be free of that window, mail the `token_hash` or the code and use `verifyOtp()`.',
    link: breaks,
  },
  flow_state_not_found: {
    messages: ['invalid flow state, no valid flow state found'],
    why: 'The `code` of the PKCE flow was exchanged already, or is not one that Auth gave out.',
    todo: 'Look for a second exchange: `detectSessionInUrl` does it by itself, so do not call `exchangeCodeForSession()` as well. Otherwise ask for a new mail.',
    link: breaks,
  },
  bad_code_verifier: {
    messages: ['code challenge does not match previously saved code verifier'],
    why: 'The browser holds the verifier of another request: a newer email was asked for, even one that was refused as too early. supabase-js has now deleted that verifier, and the link is used up.',
    todo: 'Ask for a new email, and open its link in the browser that asks. Keep the button disabled while a request is running.',
    link: breaks,
  },
  pkce_code_verifier_not_found: {
    why: 'The link was opened in another browser or on another device than the one that asked for it, or an exchange failed before: supabase-js then deletes the verifier.',
    todo: 'The link is used up, but the address with `?code=` still works in the browser that asked. Otherwise ask for a new email. To be free of this, mail the `token_hash` or the code and use `verifyOtp()`, which works anywhere.',
    link: breaks,
  },
  mfa_verification_failed: {
    messages: ['Invalid TOTP code entered', 'Invalid MFA Phone code entered'],
    why: 'The code is wrong, of another account, or more than one period of 30 seconds old. A clock that is wrong by a minute does that too.',
    todo: 'Let the user type the next code; the challenge may be used again. Compare the clock of the phone.',
    link: reset('3-verify-a-factor-then-save-the-password', 'Verify a factor, then save the password'),
  },
  mfa_ip_address_mismatch: {
    messages: ['Challenge and verify IP addresses mismatch.'],
    why: 'Mostly: this challenge was verified already. Otherwise challenge and verify came from two IP addresses, such as your server and the browser.',
    todo: 'Take a new challenge, and do both from the same place.',
    link: { path: 'server-side/#challenge-and-verify-from-one-address', text: 'Challenge and verify from one address' },
  },
  mfa_challenge_expired: {
    messages: ['verify against another challenge or create a new challenge.'],
    why: 'A challenge lives for five minutes.',
    todo: 'Take a new challenge and verify the next code against it.',
    link: freshChallenge,
  },
  mfa_factor_not_found: {
    messages: ['MFA factor with the provided challenge ID not found', 'Factor not found'],
    why: 'There is no such factor of this user, or no such challenge of that factor; one that expired is deleted.',
    todo: 'Call `mfa.listFactors()` again, then take a new challenge.',
    link: freshChallenge,
  },
  mfa_factor_name_conflict: {
    messages: ['A factor with the friendly name'],
    why: 'The user has a factor of that name, perhaps one never verified. Two without a name clash as well.',
    todo: 'Give each factor a name of its own, and unenrol the ones that were never verified.',
  },
  mfa_totp_verify_not_enabled: {
    messages: ['MFA verification is disabled for TOTP'],
    why: 'The project has TOTP verification switched off. Verified factors count all the same, so nobody who has one can change a password.',
    todo: "Switch it on in the project's MFA settings (`[auth.mfa.totp] verify_enabled` in `config.toml`).",
  },
  mfa_totp_enroll_not_enabled: {
    messages: ['MFA enroll is disabled for TOTP'],
    why: 'The project has TOTP enrolment switched off.',
    todo: "Switch it on in the project's MFA settings (`[auth.mfa.totp] enroll_enabled` in `config.toml`).",
  },
  mfa_phone_verify_not_enabled: {
    messages: ['MFA verification is disabled for Phone'],
    why: 'The project has verification by text message switched off. Verified phone factors count all the same.',
    todo: "Switch it on in the project's MFA settings (`[auth.mfa.phone] verify_enabled` in `config.toml`).",
  },
  mfa_phone_enroll_not_enabled: {
    messages: ['MFA enroll is disabled for Phone'],
    why: 'The project has phone factors switched off.',
    todo: "Switch them on in the project's MFA settings (`[auth.mfa.phone] enroll_enabled` in `config.toml`).",
  },
  session_not_found: {
    messages: ['Session from session_id claim in JWT does not exist'],
    why: 'The session has ended: by signing out, by a password change elsewhere, by an administrator, or, if it was aal1, because the user verified a factor on another device. supabase-js turns this into `AuthSessionMissingError`, status 400, without a code.',
    todo: 'Sign in again; in the middle of a reset, ask for a new link.',
    link: endedSession,
  },
  AuthSessionMissingError: {
    messages: ['Auth session missing!'],
    why: 'The client has no session, or Auth has ended the one it has (`session_not_found`). Verifying a factor or changing the password on another device does that.',
    todo: 'In the middle of a reset, ask for a new link. On a server, look whether the cookies reach it.',
    link: endedSession,
  },
  session_expired: {
    messages: ['Invalid Refresh Token: Session Expired'],
    why: 'The project limits sessions, by age, inactivity, number, or aal1 time. "Low AAL" in the message: an aal1 session of a user with a verified factor has passed its limit.',
    todo: 'Sign in again; in the middle of a reset, ask for a new link and enter the code in time.',
    link: endedSession,
  },
  refresh_token_not_found: {
    messages: ['Invalid Refresh Token: Refresh Token Not Found'],
    why: 'The refresh token belongs to no living session, as after a sign-out, a step-up or a password change on another device.',
    todo: 'Sign in again; in the middle of a reset, ask for a new link.',
    link: endedSession,
  },
  refresh_token_already_used: {
    messages: ['Invalid Refresh Token: Already Used'],
    why: 'An older refresh token came back: two stores (tabs, server and browser, cookies) hold different ones.',
    todo: 'Store the tokens that verifying a factor returns everywhere at once. Then sign in again.',
  },
  bad_jwt: {
    messages: ['invalid JWT: unable to parse or verify signature', 'invalid claim: missing sub claim'],
    why: 'The token is expired, cut, or of another project. Or nobody is signed in: the `mfa` methods then send the API key, and the message is "missing sub claim" or "invalid number of segments".',
    todo: 'If there is no session, sign in again; in the middle of a reset, ask for a new link. Refresh a token that has expired.',
    link: endedSession,
  },
  no_authorization: {
    messages: ['This endpoint requires a valid Bearer token'],
    why: 'The request has no `Authorization: Bearer …` header. supabase-js always sends one, so this request was made without it. Or the user is anonymous: anonymous users cannot have factors.',
    todo: 'Send the access token of the session.',
  },
  same_password: {
    messages: ['New password should be different from the old password.'],
    why: 'The new password is the old one. Auth looks at this after the second factor, so the session was good enough.',
    todo: 'Keep the page open and let the user choose another one: the session stays as it is.',
    link: reset('4-afterwards', 'Afterwards'),
  },
  weak_password: {
    messages: ['Password should be at least', 'Password should contain at least one character of each'],
    why: 'The password is too short or too simple for the project. This is checked before the second factor, so it hides `insufficient_aal`.',
    todo: 'Check the length in the form too, and expect `insufficient_aal` next if the session is aal1.',
    link: whyAal1('what-the-server-checks', 'What the server checks'),
  },
  current_password_required: {
    messages: ['Current password required when setting new password.'],
    why: 'The project wants the current password with a new one, and this is no recovery session.',
    todo: 'Send `current_password`. In a recovery session, or one from a magic link, it is not asked for.',
    link: { path: 'other-changes/#the-current-password', text: 'The current password' },
  },
  current_password_invalid: {
    why: 'The `current_password` that was sent is wrong.',
    todo: 'Let the user type it again, or reset the password by a link.',
  },
  reauthentication_needed: {
    messages: ['Password update requires reauthentication'],
    why: 'The project wants a fresh proof for a password change in a session older than 24 hours.',
    todo: 'Call `reauthenticate()`, which mails a code, and send that as `nonce`. It does not replace the second factor.',
    link: { path: 'other-changes/#the-code-by-email-nonce', text: 'The code by mail (nonce)' },
  },
  reauthentication_not_valid: {
    messages: ['Nonce has expired or is invalid'],
    why: 'The `nonce` is wrong, too old, or spent: one try uses it up, even if the password is then refused.',
    todo: 'Call `reauthenticate()` again for a new one.',
    link: { path: 'other-changes/#the-code-by-email-nonce', text: 'The code by mail (nonce)' },
  },
  over_email_send_rate_limit: {
    messages: ['For security purposes, you can only request this after', 'email rate limit exceeded'],
    why: 'An email was sent to this user a moment ago. Or, with "email rate limit exceeded", the project has sent as many emails as it may in an hour.',
    todo: 'Wait, with the button disabled. Show the same words as for success: only existing accounts get this error. For the project limit, use your own SMTP server and raise it.',
    link: reset('1-send-the-link', 'Send the link'),
  },
  email_address_not_authorized: {
    messages: ['cannot be used as it is not authorized'],
    why: 'The project sends email only to addresses on a list. The built-in email service does that: it writes only to members of your team.',
    todo: 'Set up your own SMTP server. Show the same words as for success: only existing accounts get this error.',
  },
  email_address_invalid: {
    why: 'The project checks addresses before it sends email, and this one cannot get any, such as one at `example.com`.',
    todo: 'Show the same words as for success: only existing accounts get this error. Test with an address that exists.',
  },
  captcha_failed: {
    messages: ['captcha protection: request disallowed'],
    why: 'The project has captcha protection on, and the call has no captcha token, or a bad one.',
    todo: 'Send a fresh token: `resetPasswordForEmail(email, { captchaToken })`.',
  },
  over_request_rate_limit: {
    messages: ['Request rate limit reached'],
    why: 'Too many requests of this kind came from one IP address. On your server, all users may share one.',
    todo: 'Wait a moment, with the button disabled. The challenge and the link are still good until they expire.',
  },
  mfa_verification_rejected: {
    why: 'The MFA verification hook of the project rejected this try. The message is the hook’s. Every session of the user has ended.',
    todo: 'Show the message, and let the user sign in again or ask for a new link.',
    link: endedSession,
  },
  mfa_verified_factor_exists: {
    messages: ['A verified phone factor already exists'],
    why: 'The user has a verified phone factor with this number. There can be one for each number.',
    todo: 'Use that factor, or enroll another number.',
  },
  mfa_webauthn_enroll_not_enabled: {
    messages: ['MFA enroll is disabled for WebAuthn'],
    why: 'The project has WebAuthn factors switched off. If the message says "verification", enrollment can be on: `verify_enabled` is off, and Auth uses the wrong code.',
    todo: "Switch it on in the project's MFA settings (`[auth.mfa.web_authn]` in `config.toml`): `enroll_enabled` for enrollment, `verify_enabled` for verification.",
  },
  mfa_webauthn_verify_not_enabled: {
    messages: ['MFA verification is disabled for WebAuthn'],
    why: 'The project has verification of WebAuthn factors switched off.',
    todo: "Switch it on in the project's MFA settings (`[auth.mfa.web_authn] verify_enabled` in `config.toml`).",
  },
  bad_json: {
    messages: ['Could not parse request body as JSON'],
    why: 'A field has the wrong type, or an id is empty. The usual one is a code or a password that is a number.',
    todo: 'Send text: `code: String(code)`.',
  },
  conflict: {
    why: 'Another request kept the session locked for five seconds.',
    todo: 'Try again. Let one client refresh the session.',
  },
  unexpected_failure: {
    messages: ['Unexpected failure, please check server logs for more information', 'Error generating QR Code'],
    why: 'Something that the server did not expect. supabase-js turns this into `AuthRetryableFetchError`, without a code.',
    todo: 'Look into the Auth log, which says more. "Error generating QR Code": the user has no email address.',
  },
  AuthRetryableFetchError: {
    why: 'Auth answered with a status of 500 or more (`unexpected_failure`), or could not be reached.',
    todo: 'Try again once. If it happens again, look into the Auth log.',
  },
  over_sms_send_rate_limit: {
    why: 'A text message was sent for this factor a moment ago.',
    todo: 'Wait, with the button disabled, then ask for the next.',
  },
  invalid_credentials: {
    messages: ['Invalid login credentials'],
    why: 'No such user, no password, or a wrong one: Auth does not say which.',
    todo: 'Let the user try again or reset the password.',
  },
  email_not_confirmed: {
    messages: ['Email not confirmed'],
    why: 'The user has never opened the confirmation mail.',
    todo: 'Send it again with `resend()`. A recovery link confirms the address as well.',
  },
  user_banned: {
    messages: ['User is banned'],
    why: 'An administrator has banned the user. Recovery mails still go out; their links are then refused.',
    todo: 'Lift the ban, or say so to the user.',
  },
  user_not_found: {
    messages: ['User from sub claim in JWT does not exist'],
    why: 'The token is good, but its user was deleted.',
    todo: 'Sign out on this device.',
  },
  not_admin: {
    messages: ['User not allowed'],
    why: 'An `admin` method was called without the service key.',
    todo: 'Call it on a server, with the service key. Never put that key into a page.',
  },
  '42501': {
    messages: ['permission denied for table', 'new row violates row-level security policy'],
    why: 'This is the database, not Auth: the role of the request has no grant on a table, or a row level security policy refuses the row.',
    todo: 'If the table is `mfa_factors`, a policy reads it as the user. Read it in a SECURITY DEFINER function instead.',
    link: { path: 'protect-data/', text: 'Keep a recovery session away from data' },
  },
};

/** The key in `causes` of an error that has nothing but its message; undefined when no such message is known. */
export function codeOfMessage(message: string): string | undefined {
  return Object.keys(causes).find((code) => causes[code]?.messages?.some((known) => message.includes(known)));
}
