/** The proof of what the guide claims: recordings as pages, found by filter and from the claims themselves. */
import { expect, type Page, test } from '@playwright/test';
import { recorded } from '../../playground/demo-project/contract/recordings.ts';
import { recordingOf } from '../../src/proof/recordings.ts';
import { guideUrl } from '../support/guide.ts';
import { canBeChecked, claims, claimsIn, unproved } from './claims.ts';

const all = recorded().map((path) => path.replace(/.*\//, ''));

test('a scenario that was not recorded is no proof', () => {
  expect(recordingOf('recovery-session-cannot-change-password').group).toBe('recover');
  expect(() => recordingOf('recovery-session-can-change-password')).toThrow(
    'No scenario is called "recovery-session-can-change-password"',
  );
});

/** The names of the scenarios that the page Proof shows. */
async function shown(page: Page): Promise<string[]> {
  const links = page.locator('proof-filter li a').filter({ visible: true });
  return links.evaluateAll((all) =>
    all.map((link) => new URL((link as HTMLAnchorElement).href).pathname.split('/')[2] ?? ''),
  );
}

test('every scenario is listed, without JavaScript too', async ({ browser }) => {
  const page = await browser.newPage({ javaScriptEnabled: false });
  await page.goto(guideUrl('proof/'));
  expect((await shown(page)).sort()).toEqual(all.sort());
  await expect(page.getByRole('searchbox', { name: 'Words' })).toBeHidden();
  await page.close();
});

test('scenarios are found by endpoint, error code and words', async ({ page }) => {
  await page.goto(guideUrl('proof/'));
  const count = page.getByRole('search').getByRole('status');
  await expect(count).toHaveText(`${all.length} scenarios`);

  await page.getByRole('combobox', { name: 'Endpoint' }).selectOption('GET /reauthenticate');
  await page.getByRole('combobox', { name: 'Error code' }).selectOption('insufficient_aal');
  expect(await shown(page)).toEqual(['reauthenticate']);
  await expect(count).toHaveText('1 scenario');
  await expect(page.getByRole('heading', { level: 2 }).filter({ visible: true })).toHaveCount(1);

  await page.getByRole('combobox', { name: 'Endpoint' }).selectOption('any');
  await page.getByRole('searchbox', { name: 'Words' }).fill('PKCE recovery');
  expect(await shown(page)).toEqual([
    'pkce-recovery-session-cannot-change-password',
    'verified-factor-pkce-recovery-session-at-aal1-may-not-change',
  ]);

  await page.getByRole('searchbox', { name: 'Words' }).fill('nothing has this title');
  expect(await shown(page)).toEqual([]);
  await expect(count).toHaveText('0 scenarios');
});

test('a link can lead to filtered scenarios, and so does the address after filtering', async ({ page }) => {
  await page.goto(guideUrl('proof/?code=mfa_ip_address_mismatch'));
  await expect(page.getByRole('combobox', { name: 'Error code' })).toHaveValue('mfa_ip_address_mismatch');
  const found = await shown(page);
  expect(found).toContain('challenge-and-verify-from-different-addresses');
  expect(found).not.toContain('recovery-session-cannot-change-password');

  await page.getByRole('searchbox', { name: 'Words' }).fill('another ip');
  await expect(page).toHaveURL(/\/proof\/\?words=another\+ip&code=mfa_ip_address_mismatch$/);
});

test('the page of a scenario shows what was recorded', async ({ page }) => {
  await page.goto(guideUrl('proof/recovery-session-cannot-change-password/'));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    'A recovery session is aal1: with a verified factor it may not set a password',
  );
  const main = page.getByRole('main');
  await expect(main).toContainText('v2.196.0-bc32168e');
  await expect(main).toContainText('Given: ada has signed up with a password and verified a TOTP factor.');
  await expect(page.getByRole('heading', { level: 2 })).toHaveText([
    '1. POST /recover',
    '2. GET /verify aal1',
    '3. PUT /user 401 insufficient_aal',
    '4. GET /user',
    '5. POST /token aal1',
  ]);
  const refused = page.locator('#call-3 ~ pre');
  expect(await refused.nth(0).innerText()).toBe(`PUT /user
authorization: Bearer <aal1 token of session 1>
x-supabase-api-version: 2024-01-01
content-type: application/json

{ "password": "a new password" }`);
  expect(await refused.nth(1).innerText()).toBe(`401
content-type: application/json
vary: Origin
x-sb-error-code: insufficient_aal
x-supabase-api-version: 2024-01-01

{ "code": "insufficient_aal", "message": "AAL2 session is required to update email or password when MFA is enabled." }`);
});

test('a claim names its proof and leads to it', async ({ page }) => {
  await page.goto(guideUrl('why-a-recovery-session-is-aal1/'));
  const claim = page.getByRole('listitem').filter({ hasText: 'Factors that were never verified' });
  const title = 'Only verified factors count: with an unverified one the recovery session may set a password';
  await claim
    .getByRole('link', { name: `proof: ${title} (recorded from Supabase Auth v2.196.0)`, exact: true })
    .click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
});

test('a claim with several proofs leads to each', async ({ page }) => {
  await page.goto(guideUrl('why-a-recovery-session-is-aal1/'));
  const claim = page.getByRole('listitem').filter({ hasText: 'a different email address' });
  const links = claim.getByRole('link');
  await expect(links).toHaveText(['proof', '2']);
  expect(
    await links.evaluateAll((all) => all.map((link) => new URL((link as HTMLAnchorElement).href).pathname)),
  ).toEqual([
    new URL(guideUrl('proof/verified-factor-recovery-session-at-aal1-may-not-change/')).pathname,
    new URL(guideUrl('proof/no-op-changes-need-no-aal2/')).pathname,
  ]);
});

test('every mark names a recording that has what its claim names', () => {
  const all = claims();
  expect(all.filter(canBeChecked).length, 'claims that name something').toBeGreaterThan(all.length / 2);
  expect(all.flatMap((claim) => unproved(claim).map((what) => ({ ...claim, lacks: what })))).toEqual([]);
});

const refused = 'recovery-session-cannot-change-password';
const wrongMarks: [what: string, sentence: string, scenario: string, lacks: string[]][] = [
  ['a status', 'It answers 401.', 'logout-scope-local', ['status 401']],
  ['a code', 'You get `otp_expired`.', refused, ['otp_expired']],
  [
    'a status with another code',
    'That is 422 `insufficient_aal`.',
    'an-expired-challenge',
    ['insufficient_aal', '422 with insufficient_aal'],
  ],
  ['a level', 'The session is at aal2.', 'recover-unknown-address', ['aal2']],
  ['a shown level', 'It is at <Aal level="2" />.', 'recover-unknown-address', ['aal2']],
  [
    'a method',
    '`mfa.unenroll()` removes it.',
    refused,
    ['mfa.unenroll()', 'what /\\bunenroll?(?:ed|ing|s)?\\b/i is about'],
  ],
  ['an endpoint', '`DELETE /factors` removes it.', refused, ['DELETE /factors']],
  ['a setting', 'Set `timebox`.', 'sessions-inactivity', ['setting timebox']],
  ['what it is about', 'A passkey does not count.', refused, ['what /\\bpasskey/i is about']],
];

for (const [what, sentence, scenario, lacks] of wrongMarks) {
  test(`a mark of another scenario is noticed by ${what}`, () => {
    const [claim] = claimsIn(`It stands first. ${sentence}<Proof scenario="${scenario}" />`, 'a page');
    expect(claim && unproved(claim)).toEqual(lacks);
  });
}

test('a mark speaks for its cell and its row', () => {
  const row =
    '| `updateUser()` | 401<Proof scenario="recovery-session-cannot-change-password" /> | 403<Proof scenario="logout" /> |';
  expect(claimsIn(row, 'a page').map(unproved)).toEqual([[], ['updateUser()']]);
});
