/** The pages that help with an error: each page's path (without the site's base) and link text. */
export interface Page {
  path: string;
  text: string;
}

const reset = (anchor: string, text: string): Page => ({ path: `reset-a-password-with-mfa/#${anchor}`, text });

export const pages = {
  fix: { path: '', text: 'The error and the fix' },
  flow: { path: 'reset-a-password-with-mfa/', text: 'Reset a password with MFA, step by step' },
  send: reset('1-send-the-reset-email', 'Send the reset link'),
  needed: reset('count-verified-factors-only', 'Find out if this user needs a code'),
  stepUp: reset('3-check-a-code', 'Check a code, then save the password'),
  afterwards: reset('afterwards', 'What happens after the reset'),
  usedChallenge: reset('create-a-new-challenge-for-each-attempt', 'Create a new challenge for each attempt'),
  oldPassword: reset('let-the-user-correct-the-password', 'When the old password comes back as the new password'),
  endedSession: reset('expect-the-session-to-end-on-the-way', 'When the session ends during the reset'),
  whoHasAccount: reset('dont-reveal-who-has-an-account', 'Don’t reveal who has an account'),
  serverChecks: { path: 'why-a-recovery-session-is-aal1/#what-the-server-checks', text: 'What the server checks' },
  whatBreaks: { path: 'links-codes-and-tokens/#what-breaks-where', text: 'What breaks reset links, and what works' },
  tokenHash: { path: 'links-codes-and-tokens/#a-link-with-a-button', text: 'Email a link with a token hash' },
  emailService: {
    path: 'links-codes-and-tokens/#hosted-projects-with-the-built-in-email-service',
    text: 'Before your first email',
  },
  oneAddress: {
    path: 'server-side/#challenge-and-verify-from-one-address',
    text: 'Challenge and verify from one IP address',
  },
  verificationHook: {
    path: 'server-side/#stop-guessing-with-the-mfa-verification-hook',
    text: 'Stop guessing with the MFA verification hook',
  },
  factors: { path: 'other-changes/#factors', text: 'Enroll and remove factors' },
  otherChanges: { path: 'other-changes/', text: 'Other changes that need aal2' },
  currentPassword: { path: 'other-changes/#the-current-password', text: 'The current password' },
  nonce: { path: 'other-changes/#the-code-by-email-nonce', text: 'The code by email (nonce)' },
  addressAndNumber: {
    path: 'other-changes/#email-address-and-phone-number',
    text: 'Change an email address or phone number',
  },
  lostFactor: { path: 'lost-factor/', text: 'When the user lost the factor' },
  stuck: { path: 'lost-factor/#why-the-user-is-stuck', text: 'Why the user is stuck' },
  sms: { path: 'sms-factor/', text: 'Reset with a code by text message' },
  smsTooSoon: { path: 'sms-factor/#dont-send-again-too-soon', text: 'Asking for another text message too soon' },
  passkeys: { path: 'passkeys-and-aal/', text: 'Passkeys and aal' },
  timeLimits: { path: 'sessions-and-tokens/#what-time-does', text: 'What ends a session over time' },
  server: { path: 'server-side/', text: 'Reset a password on the server' },
  policies: { path: 'protect-data/', text: 'Keep a recovery session away from data' },
  errors: { path: 'errors/', text: 'All errors' },
  versions: { path: 'versions/', text: 'Which version does what' },
} as const satisfies { [name: string]: Page };
