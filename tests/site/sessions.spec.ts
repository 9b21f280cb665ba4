/** The page "Sessions and tokens": what calls do, as recorded. */
import { expect, test } from '@playwright/test';
import { effectOf } from '../../src/book/sessions.ts';
import { guideUrl } from '../support/guide.ts';

test('a call that the recording does not have is no proof', () => {
  expect(() => effectOf({ call: 'signOut()', scenario: 'recovery-session-cannot-change-password' })).toThrow(
    'has no POST /logout that succeeded',
  );
});

test('a call that was refused is not what a call does', () => {
  expect(() => effectOf({ call: 'updateUser()', scenario: 'recovery-session-cannot-change-password' })).toThrow(
    'has no PUT /user that succeeded',
  );
});

const pair = 'New access and refresh tokens.';
const outside = 'Outside of Auth, their access tokens work until they expire.';

/** The full text of each cell: what happens to this session, to others, and to links, codes, and tokens. */
const rows: [call: string, session: string, others: string, spent: string][] = [
  [
    'signInWithPassword()',
    'starts at aal1, amr password',
    'Stay signed in. If your project allows one session for each user, only the newest one can be refreshed.',
    pair,
  ],
  ['resetPasswordForEmail()', 'not needed', '', 'Earlier reset links and magic links stop working.'],
  [
    'a reset link, implicit flow',
    'starts at aal1, amr otp',
    'Stay signed in.',
    `${pair} The link is used up, and so are the links of an unfinished email change. A code from reauthenticate() still works.`,
  ],
  [
    'exchangeCodeForSession()',
    'starts at aal1, amr recovery',
    '',
    `${pair} The auth code is used up. A wrong verifier doesn’t use it up.`,
  ],
  [
    'verifyOtp({ token_hash, type })',
    'starts at aal1, amr otp',
    '',
    `${pair} The hash is used up, and so is the link it came from.`,
  ],
  [
    'verifyOtp({ email, token, type })',
    'starts at aal1, amr otp',
    '',
    `${pair} The code is used up. Wrong tries don’t use it up.`,
  ],
  ['a magic link, implicit flow', 'starts at aal1, amr otp', '', pair],
  ['signing in with a passkey', 'starts at aal1, amr passkey', '', pair],
  ['mfa.enroll()', 'continues', '', ''],
  ['mfa.challenge()', 'continues', '', ''],
  [
    'mfa.verify()',
    'continues at aal2, amr totp, otp',
    `Sessions at aal1 end. Sessions at aal2 stay signed in. ${outside}`,
    `${pair} The challenge is used up, but a wrong code doesn’t use it up. Auth treats the old access token as aal2, and the old refresh token gives the new pair. With version 2 refresh tokens, that works only within the reuse interval. After that Auth refuses it and ends the session.`,
  ],
  [
    'refreshSession()',
    'continues at aal2, amr totp, otp',
    '',
    `${pair} The old refresh token is used up. It works again while the new token is unused, or within the reuse interval: ten seconds in the Supabase CLI, 0 in Auth itself.`,
  ],
  [
    'mfa.unenroll()',
    'continues',
    'Stay signed in. Sessions that this factor raised fall to aal1, this one too: right away on the server, in the token at the next refresh. If the session also verified a factor of another type, its token stays at aal2 after each refresh. Verify the remaining factor again, or sign in again.',
    '',
  ],
  ['updateUser({ password })', 'continues', `End, even at aal2. ${outside}`, 'An unused reset link stops working.'],
  [
    'updateUser({ email })',
    'continues',
    'Stay signed in. The link in the email starts a new session at aal1. If both addresses must confirm, only the second link does.',
    '',
  ],
  [
    'reauthenticate()',
    'continues',
    '',
    'Sends a nonce that works once. It’s used up even if Auth then refuses the new password because it’s the old password.',
  ],
  ["signOut({ scope: 'local' })", 'ends', 'Stay signed in.', ''],
  ["signOut({ scope: 'others' })", 'continues', `End. ${outside}`, ''],
  ['signOut()', 'ends', `End. ${outside}`, ''],
  ['admin.updateUserById(id, { password })', 'not needed', `All of them end. ${outside}`, ''],
  [
    'admin.mfa.deleteFactor()',
    'not needed',
    'Stay signed in. Sessions that the factor raised fall to aal1. If it was the last factor, a recovery session at aal1 can now set the password.',
    '',
  ],
  ['admin.deleteUser()', 'not needed', `All of them end. ${outside}`, ''],
];

test('calls do to sessions and tokens what was recorded', async ({ page }) => {
  await page.goto(guideUrl('sessions-and-tokens/'));
  const shown = await page.locator('main table tbody tr').evaluateAll((all) =>
    all.map((row) =>
      [...row.children].map((cell) => {
        const copy = cell.cloneNode(true) as HTMLElement;
        for (const mark of copy.querySelectorAll('.proof')) mark.remove();
        return copy.textContent.replaceAll(/\s+/g, ' ').trim();
      }),
    ),
  );
  expect(shown).toEqual(rows);
});

test('every row has one mark, which leads to its recordings', async ({ page }) => {
  await page.goto(guideUrl('sessions-and-tokens/'));
  const marks = await page
    .locator('main table tbody tr')
    .evaluateAll((all) => all.map((row) => row.querySelectorAll('a.proof').length));
  expect(marks).toEqual(rows.map(() => 1));
  await expect(page.getByRole('row', { name: "signOut({ scope: 'local' })" }).getByRole('link')).toHaveAttribute(
    'href',
    /\/proof\/logout-scope-local\/$/,
  );
});
