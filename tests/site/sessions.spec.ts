/** The page Sessions and tokens: what calls do, as recorded. */
import { expect, test } from '@playwright/test';
import { effectOf } from '../../src/sessions/calls.ts';
import { guideUrl } from '../support/guide.ts';

test('a call that the recording does not have is no proof', () => {
  const call = { name: 'signOut()', endpoint: 'POST /logout', scenario: 'recovery-session-cannot-change-password' };
  expect(() => effectOf(call)).toThrow('has no POST /logout that succeeded');
});

test('a call that was refused is not what a call does', () => {
  const call = { name: 'updateUser()', endpoint: 'PUT /user', scenario: 'recovery-session-cannot-change-password' };
  expect(() => effectOf(call)).toThrow('has no PUT /user that succeeded');
});

const pair = 'New access and refresh token.';
const outside = 'Outside Auth, their access tokens work until they expire.';

/** The whole of each cell: what becomes of this session, of others, and of links, codes and tokens. */
const rows: [call: string, session: string, others: string, spent: string][] = [
  [
    'signInWithPassword()',
    'begins at aal1, amr password',
    'Stay. Where the project allows one session per user, only the newest can be refreshed.',
    pair,
  ],
  ['resetPasswordForEmail()', 'none needed', '', 'Links of earlier recovery mails and magic links are dead.'],
  [
    'a recovery link, implicit flow',
    'begins at aal1, amr otp',
    'Stay.',
    `${pair} The link is used up, and so are the links of an email change that is under way; a code of reauthenticate() is not.`,
  ],
  [
    'exchangeCodeForSession()',
    'begins at aal1, amr recovery',
    '',
    `${pair} The auth code is used up. A wrong verifier does not use it up.`,
  ],
  [
    'verifyOtp({ token_hash, type })',
    'begins at aal1, amr otp',
    '',
    `${pair} The hash is used up, like the link that it is from.`,
  ],
  [
    'verifyOtp({ email, token, type })',
    'begins at aal1, amr otp',
    '',
    `${pair} The code is used up. Wrong tries do not use it up.`,
  ],
  ['a magic link, implicit flow', 'begins at aal1, amr otp', '', pair],
  ['signing in with a passkey', 'begins at aal1, amr passkey', '', pair],
  ['mfa.enroll()', 'goes on', '', ''],
  ['mfa.challenge()', 'goes on', '', ''],
  [
    'mfa.verify()',
    'goes on at aal2, amr totp, otp',
    `Those at aal1 end, those at aal2 stay. ${outside}`,
    `${pair} The challenge is used up; a wrong code does not use it up. Of the tokens from before, the access token counts as aal2 for Auth, and the refresh token gives the new pair. With refresh tokens of version 2, it does so only within the reuse interval: after that it is refused, and the session ends.`,
  ],
  [
    'refreshSession()',
    'goes on at aal2, amr totp, otp',
    '',
    `${pair} The refresh token from before is used up, except for a repeat: as long as the new one is unused, or within the reuse interval, it is taken again. The interval is ten seconds in the Supabase CLI, and 0 in Auth itself.`,
  ],
  [
    'mfa.unenroll()',
    'goes on',
    'Stay. Those that this factor lifted fall to aal1, this one too: at once for the server, in the token at the next refresh. If the session also verified a factor of the other type, its token stays at aal2, refresh after refresh. Verify the remaining factor again, or sign in again.',
    '',
  ],
  ['updateUser({ password })', 'goes on', `End, those at aal2 too. ${outside}`, 'A recovery link that waits is dead.'],
  [
    'updateUser({ email })',
    'goes on',
    'Stay. The link in the email begins a new one at aal1. Where both addresses must confirm, only the second link does.',
    '',
  ],
  [
    'reauthenticate()',
    'goes on',
    '',
    'Sends a nonce, which works once. It is spent even if the new password is then refused as the old one.',
  ],
  ["signOut({ scope: 'local' })", 'ends', 'Stay.', ''],
  ["signOut({ scope: 'others' })", 'goes on', `End. ${outside}`, ''],
  ['signOut()', 'ends', `End. ${outside}`, ''],
  ['admin.updateUserById(id, { password })', 'none needed', `End, all of them. ${outside}`, ''],
  [
    'admin.mfa.deleteFactor()',
    'none needed',
    'Stay. Those that the factor lifted fall to aal1. If it was the last, a recovery session at aal1 may now set the password.',
    '',
  ],
  ['admin.deleteUser()', 'none needed', `End, all of them. ${outside}`, ''],
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

test('every call has a proof', async ({ page }) => {
  await page.goto(guideUrl('sessions-and-tokens/'));
  const bare = page.locator('main table tbody td:nth-child(2):not(:has(.proof a))');
  await expect(page.locator('main table tbody tr')).toHaveCount(rows.length);
  await expect(bare).toHaveCount(0);
});
