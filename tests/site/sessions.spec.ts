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

const rows: [call: string, session: string, others: string, spent: string][] = [
  ['signInWithPassword()', 'begins at aal1, amr password', 'Stay.', 'New access and refresh token.'],
  [
    'exchangeCodeForSession()',
    'begins at aal1, amr recovery',
    '',
    'New access and refresh token. The auth code is used up.',
  ],
  [
    'mfa.verify()',
    'goes on at aal2, amr totp, otp',
    'Those at aal1 end, those at aal2 stay.',
    'The challenge is used up',
  ],
  ['updateUser({ password })', 'goes on', 'End, those at aal2 too.', 'A recovery link that waits is dead.'],
  ["signOut({ scope: 'local' })", 'ends', 'Stay.', ''],
  ["signOut({ scope: 'others' })", 'goes on', 'End.', ''],
  ['admin.updateUserById(id, { password })', 'none needed', 'End, all of them.', ''],
];

test('calls do to sessions and tokens what was recorded', async ({ page }) => {
  await page.goto(guideUrl('sessions-and-tokens/'));
  for (const [call, session, others, spent] of rows) {
    const row = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: call, exact: true }) });
    const cells = row.getByRole('cell');
    await expect(cells.nth(0), call).toContainText(session);
    await expect(cells.nth(1), call).toContainText(others);
    await expect(cells.nth(2), call).toContainText(spent);
    await expect(cells.nth(0).getByRole('link', { name: /^proof: / }), call).toBeVisible();
  }
});
