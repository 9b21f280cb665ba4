/** The page Errors: what was recorded, found by whatever one has got. */
import { expect, type Page, test } from '@playwright/test';
import { errors } from '../../src/errors/errors.ts';
import { guideUrl } from '../support/guide.ts';

const refused = 'AAL2 session is required to update email or password when MFA is enabled.';

/** The rows that the table shows: code, status, message and methods. */
async function shown(page: Page): Promise<string[][]> {
  const rows = page.locator('error-table tbody tr').filter({ visible: true });
  return rows.evaluateAll((all) =>
    all.map((row) =>
      [...row.children].slice(0, 4).map((cell) => (cell as HTMLElement).innerText.replaceAll('\n', ' ')),
    ),
  );
}

test('one code comes with three statuses', () => {
  const insufficient = errors.filter(({ code }) => code === 'insufficient_aal');
  expect(insufficient.map(({ status, callers }) => [status, ...callers])).toEqual([
    [401, 'updateUser()'],
    [403, 'mfa.enroll()'],
    [422, 'mfa.unenroll()'],
  ]);
});

test('every error is in the table, without JavaScript too', async ({ browser }) => {
  const page = await browser.newPage({ javaScriptEnabled: false });
  await page.goto(guideUrl('errors/'));
  expect(await shown(page)).toEqual(
    errors.map(({ code, status, message, callers }) => [code, `${status}`, message, callers.join(' ')]),
  );
  await expect(page.getByRole('searchbox')).toBeHidden();
  await page.close();
});

const pasted: [what: string, text: string, rows: string[][]][] = [
  ['a message', refused, [['insufficient_aal', '401', refused, 'updateUser()']]],
  [
    'the body of an answer',
    `{"code":"insufficient_aal","message":"${refused}"}`,
    [['insufficient_aal', '401', refused, 'updateUser()']],
  ],
  [
    'a line of the log',
    `{"component":"api","error":"401: ${refused}","error_code":"insufficient_aal","level":"warning","msg":"request completed"}`,
    [['insufficient_aal', '401', refused, 'updateUser()']],
  ],
  [
    'a message that is never the same',
    'A factor with the friendly name \\"My phone\\" for this user already exists',
    [
      [
        'mfa_factor_name_conflict',
        '422',
        'A factor with the friendly name "…" for this user already exists',
        'mfa.enroll()',
      ],
    ],
  ],
  [
    'what the address says after a link',
    '#error=access_denied&error_code=flow_state_not_found&error_description=No+associated+flow+state',
    [
      [
        'flow_state_not_found',
        '303',
        'No associated flow state found. 422: No valid flow state found for user.',
        'the link in a mail',
      ],
      ['flow_state_not_found', '404', 'invalid flow state, no valid flow state found', 'exchangeCodeForSession()'],
    ],
  ],
  ['words', 'qr code', [['unexpected_failure', '500', 'Error generating QR Code', 'mfa.enroll()']]],
  [
    'an error of supabase-js in the console',
    'AuthSessionMissingError: Auth session missing!',
    [
      [
        'AuthSessionMissingError',
        '400',
        'Auth session missing!',
        'getUser() updateUser() refreshSession() reauthenticate() mfa.listFactors()',
      ],
    ],
  ],
  ['something else', 'the dog ate it', []],
];

for (const [what, text, rows] of pasted) {
  test(`finds ${what}`, async ({ page }) => {
    await page.goto(guideUrl('errors/'));
    const table = page.locator('error-table');
    await table.getByRole('searchbox').fill(text);
    expect(await shown(page)).toEqual(rows);
    await expect(table.getByRole('status')).toHaveText(rows.length === 1 ? '1 error' : `${rows.length} errors`);
  });
}

/** What the table must say of the errors that a reset meets: each phrase stands in that row and in no other. */
const explained: [code: string, message: string, cause: string, fix: string][] = [
  [
    'insufficient_aal',
    refused,
    'has a verified factor and this session is at aal1',
    'Verify a factor in this same session',
  ],
  [
    'insufficient_aal',
    'AAL2 required to enroll a new factor',
    'has a verified factor already',
    'Verify a factor in this same session',
  ],
  [
    'insufficient_aal',
    'AAL2 required to unenroll verified factor',
    'Removing a verified factor asks for aal2',
    'Who has lost the factor',
  ],
  [
    'mfa_verification_failed',
    'Invalid TOTP code entered',
    'more than one period of 30 seconds off',
    'type the next code',
  ],
  [
    'mfa_verification_failed',
    'Invalid MFA Phone code entered',
    'sent for another challenge',
    'the code of the newest message',
  ],
  ['mfa_challenge_expired', 'MFA challenge', 'more than 5 minutes old', 'Take a new challenge'],
  [
    'mfa_ip_address_mismatch',
    'Challenge and verify IP addresses mismatch.',
    'from another IP address',
    'Call both from the same place',
  ],
  ['mfa_factor_not_found', 'Factor not found', 'has no such factor', 'Take the id from mfa.listFactors()'],
  [
    'mfa_factor_not_found',
    'MFA factor with the provided',
    'The challenge is of another factor',
    'Take a new challenge',
  ],
  ['mfa_verified_factor_exists', 'A verified phone factor', 'one for each number', 'enroll another number'],
  [
    'mfa_webauthn_enroll_not_enabled',
    'MFA verification is disabled',
    'verification of WebAuthn factors switched off',
    'auth.mfa.web_authn.verify_enabled',
  ],
  [
    'mfa_webauthn_enroll_not_enabled',
    'MFA enroll is disabled',
    'enrollment of WebAuthn factors switched off',
    'auth.mfa.web_authn.enroll_enabled',
  ],
  ['otp_expired', 'Email link is invalid or has expired', 'replaced by a newer mail', 'open the newest one'],
  [
    'otp_expired',
    'Token has expired or is invalid',
    'The code is wrong, used, too old',
    'A wrong try does not use it up',
  ],
  ['same_password', 'New password', 'The new password is the present one', 'The session is still at aal2'],
  ['weak_password', 'Password should', 'can hide that a step-up is needed', 'error.reasons'],
  [
    'session_not_found',
    'Session from session_id',
    'into AuthSessionMissingError: Auth session missing!, status 400, without a code',
    'error.name',
  ],
  ['AuthSessionMissingError', 'Auth session missing!', 'The client has no session and asks nobody', 'Check error.name'],
  ['session_expired', 'Low AAL', 'has been at aal1 for longer', 'verify a factor within that time'],
  [
    'refresh_token_not_found',
    'Refresh Token Not Found',
    'its session has ended and took it along',
    'ask for a new link',
  ],
  ['refresh_token_already_used', 'Already Used', 'after the reuse interval', 'one client that refreshes them'],
  ['bad_jwt', 'missing sub claim', 'Nobody is signed in', 'Look for a session first'],
  ['bad_jwt', 'token is expired', 'The access token has expired', 'Refresh the session'],
  ['no_authorization', 'This endpoint requires', 'no Authorization: Bearer', 'Send the access token'],
  ['over_email_send_rate_limit', 'For security purposes', 'auth.email.max_frequency', 'Wait, and say the same'],
  ['over_email_send_rate_limit', 'email rate limit exceeded', 'auth.rate_limit.email_sent', 'raise the limit'],
  ['email_address_not_authorized', 'cannot be used', 'writes only to members of your team', 'your own SMTP server'],
  ['email_address_invalid', 'is invalid', 'such as one at example.com', 'Test with an address that exists'],
  ['captcha_failed', 'no captcha_token found', 'has captcha protection on', 'captchaToken'],
  ['over_request_rate_limit', 'Request rate limit reached', 'came from one IP address', 'Wait a moment'],
  ['mfa_verification_rejected', 'Too many wrong codes.', 'Every session of the user has ended', 'Show the message'],
  ['flow_state_expired', 'has expired', 'More than 5 minutes have passed', 'Ask for a new mail'],
  ['flow_state_not_found', 'invalid flow state', 'The code was exchanged before', 'detectSessionInUrl'],
  [
    'bad_code_verifier',
    'code challenge',
    'The code verifier is not the one of the request',
    'still works in the browser that asked',
  ],
  ['pkce_code_verifier_not_found', 'PKCE code verifier', 'deletes it when an exchange fails', 'use verifyOtp()'],
  ['user_banned', 'Refresh Token: User Banned', 'An administrator has banned the user', 'can lift the ban'],
  ['reauthentication_needed', 'requires reauthentication', 'secure_password_change', 'updateUser({ password, nonce })'],
  ['reauthentication_not_valid', 'Nonce has expired', 'The nonce is wrong, used or too old', 'for a new one'],
  ['current_password_required', 'Current password', 'A recovery session is not asked for it', 'current_password'],
  ['current_password_invalid', 'Current password', 'The current password is wrong', 'type it again'],
  ['bad_json', 'as JSON', 'a code or a password that is a number', 'String(code)'],
  ['conflict', 'Too many concurrent', 'locked for five seconds', 'Let one client refresh'],
  ['unexpected_failure', 'check server logs', 'into AuthRetryableFetchError, without a code', 'Look into the Auth log'],
];

test('each error of a reset has its own cause and fix', async ({ page }) => {
  await page.goto(guideUrl('errors/'));
  const rows = await page
    .locator('error-table tbody tr')
    .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => (cell as HTMLElement).innerText)));
  for (const [code, message, cause, fix] of explained) {
    const found = rows.filter(([itsCode, , itsMessage]) => itsCode === code && itsMessage?.includes(message));
    expect(found.length, `${code} ${message}`).toBeGreaterThan(0);
    for (const row of found) {
      const [itsCause, itsFix] = row[4]?.split('\n\n') ?? [];
      expect(itsCause, `${code} ${message}`).toContain(cause);
      expect(itsFix, `${code} ${message}`).toContain(fix);
    }
  }
});

test('who gets an error is as tried with supabase-js', () => {
  const callersOf = (code: string, message = '') =>
    errors.filter((error) => error.code === code && error.message.includes(message)).map(({ callers }) => callers);
  expect(callersOf('no_authorization', 'Bearer')).toEqual([['a request you make yourself']]);
  expect(callersOf('bad_jwt', 'missing sub')).toEqual([
    ['mfa.enroll()', 'mfa.challenge()', 'mfa.verify()', 'mfa.unenroll()'],
  ]);
  expect(callersOf('AuthSessionMissingError')).toEqual([
    ['getUser()', 'updateUser()', 'refreshSession()', 'reauthenticate()', 'mfa.listFactors()'],
  ]);
  expect(callersOf('session_not_found').flat()).not.toContain('signOut()');
});

test('a link can lead to what is looked for', async ({ page }) => {
  await page.goto(guideUrl('errors/?find=same_password'));
  expect((await shown(page)).map(([code]) => code)).toEqual(['same_password']);
});

test('is sorted by the column that is pressed, and back', async ({ page }) => {
  await page.goto(guideUrl('errors/'));
  const statuses = async () => (await shown(page)).map(([, status]) => Number(status));
  const heading = page.getByRole('columnheader', { name: 'Status' });
  await heading.getByRole('button').click();
  await expect(heading).toHaveAttribute('aria-sort', 'ascending');
  const ascending = errors.map(({ status }) => status).sort();
  expect(await statuses()).toEqual(ascending);
  await heading.getByRole('button').click();
  await expect(heading).toHaveAttribute('aria-sort', 'descending');
  expect(await statuses()).toEqual(ascending.reverse());
});
