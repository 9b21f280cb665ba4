/** Postgres in the page: the policies of "Keep a recovery session away from data", run with the claims of recorded sessions. */
import { readFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { guideUrl } from '../support/guide.ts';

const lab = (page: Page) => page.locator('policy-lab');
const start = (page: Page) => lab(page).getByRole('button', { name: 'Start Postgres (7 MB)' });
const tasks = (page: Page) => lab(page).getByLabel('Policy or exercise');
const editor = (page: Page) => lab(page).getByLabel('SQL, run as your migrations are');
const status = (page: Page) => lab(page).getByRole('status');

const file = (name: string) => readFileSync(`tests/sql/${name}.sql`, 'utf8').trimEnd();

async function run(page: Page, sql?: string): Promise<void> {
  if (sql !== undefined) await editor(page).fill(sql);
  await lab(page).getByRole('button', { name: 'Run' }).click();
  await expect(status(page)).not.toHaveText('Running …');
}

/** Which session reaches whose note, a line for each: "Ada, after a reset link aal1: nothing | nothing". */
async function reach(page: Page): Promise<string[]> {
  const rows = lab(page).getByRole('group', { name: 'Which session reaches whose note?' }).locator('tbody tr');
  return rows.evaluateAll((all) =>
    all.map((row) => {
      const [label, ...cells] = [...row.querySelectorAll('label, td')].map(({ textContent }) =>
        textContent.replaceAll(/\s+/g, ' ').trim(),
      );
      return `${label}: ${cells.join(' | ')}`;
    }),
  );
}

/** What each session reaches, in the order of the page: of Ada's note, and of Grace's. */
function reached(
  none: string,
  recovery: string,
  aal2: string,
  removed: string,
  ended: string,
  grace: string,
): string[] {
  return [
    `No session: ${none}`,
    `Ada, after a reset link aal1: ${recovery}`,
    `Ada, after the step-up aal2: ${aal2}`,
    `Ada, after that factor was removed aal2: ${removed}`,
    `Ada, after the session ended aal2: ${ended}`,
    `Grace, who has no factor, after a reset link aal1: ${grace}`,
  ];
}

const nothing = 'nothing | nothing';
const error = 'error | error';
const all = 'read, add, change, delete';
const own = `${all} | nothing`;

test('a reader starts Postgres, sees what a policy lets through, and solves an exercise', async ({ page }) => {
  await page.goto(guideUrl('protect-data/'));
  await start(page).click();
  await expect(tasks(page)).toBeFocused();
  await expect(tasks(page)).toHaveValue('aal2-for-everyone');
  await expect(editor(page)).toHaveValue(file('aal2-for-everyone'));

  await run(page);
  await expect(status(page)).toHaveText('Ada at aal1: Ada’s note: nothing. Grace’s note: nothing.');
  expect(await reach(page)).toEqual(reached(error, nothing, own, own, own, nothing));
  const answers = lab(page).getByRole('table', { name: 'What Postgres answers: Ada, after a reset link' });
  const refusal = '42501 new row violates row-level security policy "Only at aal2" for table "notes"';
  await expect(answers.locator('tbody td')).toHaveText([
    'no rows, no error',
    'no rows, no error',
    refusal,
    refusal.replace(' "Only at aal2"', ''), // "Own notes" refuses it first
    ...Array(4).fill('no rows, no error'),
  ]);
  await lab(page).getByLabel('Ada, after the step-up').check();
  await expect(
    lab(page)
      .getByRole('table', { name: /^What Postgres answers/ })
      .locator('tbody td'),
  ).toHaveText([
    '1 row',
    'no rows, no error',
    '1 row',
    refusal.replace(' "Only at aal2"', ''),
    '1 row',
    'no rows, no error',
    '1 row',
    'no rows, no error',
  ]);

  await tasks(page).selectOption('The policy that opens the table');
  await run(page);
  await expect(status(page)).toHaveText('Not solved yet. Ada at aal1 can still read her own note.');
  expect((await reach(page))[2]).toBe(`Ada, after the step-up aal2: ${all} | leak: ${all}`);
  const sql = await editor(page).inputValue();
  await run(page, sql.replace('  to authenticated', '  as restrictive\n  to authenticated'));
  await expect(status(page)).toHaveText(/^solved A permissive policy adds rows, no matter who owns them\./);
});
