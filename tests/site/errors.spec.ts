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
