/** The proof for the guide's claims: recordings as pages, which readers find with a filter and through the claims. */
import { expect, type Page, test } from '@playwright/test';
import { recorded } from '../../playground/demo-project/contract/recordings.ts';
import { decisiveCall } from '../../src/proof/decisive.ts';
import { callsOf, recordingOf } from '../../src/proof/recordings.ts';
import { guideUrl } from '../support/guide.ts';
import { canBeChecked, claims, claimsIn, unproved } from './claims.ts';

const refused = 'recovery-session-cannot-change-password';

const all = recorded().map((path) => path.replace(/.*\//, ''));

test('a scenario that was not recorded is no proof', () => {
  expect(recordingOf('recovery-session-cannot-change-password').group).toBe('recover');
  expect(() => recordingOf('recovery-session-can-change-password')).toThrow(
    'No scenario is called "recovery-session-can-change-password"',
  );
});

/** Returns the names of the scenarios that the Proof page shows. */
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
    "A recovery session is at aal1: with a verified factor, it can't set a password",
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

const noFactor = 'no-factor-recovery-session-may-change';

test('a mark leads to its recording, and the recording back to the claim', async ({ page }) => {
  await page.goto(guideUrl('questions/'));
  const heading = page.getByRole('heading', { level: 3, name: 'Why does it work in my tests?' });
  const id = await heading.getAttribute('id');
  const mark = page.locator(`main a.proof[href$="/proof/${noFactor}/"]`);
  await expect(mark).toHaveAccessibleName('evidence');
  await mark.click();
  await expect(page).toHaveURL(guideUrl(`proof/${noFactor}/`));

  const cited = page.getByRole('list').filter({ has: page.locator(`a[href$="/questions/#${id}"]`) });
  await expect(cited).toHaveCount(1);
  await cited.locator(`a[href$="/questions/#${id}"]`).click();
  await expect(heading).toBeInViewport();
});

test('a paragraph with several proofs has one mark, which leads to all of them', async ({ page }) => {
  await page.goto(guideUrl('questions/'));
  const paragraphs = page.locator('main :is(p, li, tr):has(a.proof)');
  expect(await paragraphs.count()).toBeGreaterThan(20);
  const several = await paragraphs.evaluateAll((all) =>
    all.filter((one) => one.querySelectorAll('a.proof').length > 1).map(({ textContent }) => textContent),
  );
  expect(several).toEqual([]);

  const three = [
    'recovery-session-cannot-change-password',
    'enrol-with-a-verified-factor-needs-aal2',
    'unenrol-a-verified-factor-needs-aal2',
  ];
  await page.locator(`main a.proof[href*="of=${three.join('+')}"]`).click();
  await expect(page.getByRole('search').getByRole('status')).toHaveText('3 scenarios');
  expect((await shown(page)).sort()).toEqual(three.toSorted());
  await page.getByRole('button', { name: 'Show all scenarios' }).click();
  await expect(page.getByRole('search').getByRole('status')).toHaveText(`${all.length} scenarios`);
  await expect(page).toHaveURL(guideUrl('proof/'));
});

test('the answer that a claim rests on is marked', async ({ page }) => {
  await page.goto(guideUrl(`proof/${refused}/`));
  const decisive = page.locator('pre[data-decisive]');
  expect((await decisive.allInnerTexts()).filter((text) => text.startsWith('401\n'))).toHaveLength(1);
  await expect(page.getByText('This answer shows it:').first()).toBeVisible();
});

const decisive: [what: string, claim: string, scenario: string, call: string][] = [
  ['a code', 'You get `insufficient_aal`.', 'recovery-session-cannot-change-password', 'PUT /user 401'],
  ['a level', 'The session is at aal1.', 'recovery-session-cannot-change-password', 'POST /token 200'],
  ['nothing: the first refusal', 'It does not work.', 'recovery-session-cannot-change-password', 'PUT /user 401'],
  ['a method', '`updateUser()` goes through.', 'no-factor-recovery-session-may-change', 'PUT /user 200'],
];

for (const [what, claim, scenario, call] of decisive) {
  test(`the decisive answer is found by ${what}`, () => {
    const recording = recordingOf(scenario);
    const { request, response } = callsOf(recording)[decisiveCall(recording, claim) ?? -1] ?? {};
    expect(`${request?.method} ${request?.path.replace(/\?.*/, '')} ${response?.status}`).toBe(call);
  });
}

test('marks can be switched off, everywhere and without moving anything, and on again', async ({ page }) => {
  await page.goto(guideUrl('questions/'));
  const marks = page.locator('main a.proof');
  await expect(marks.first()).toBeVisible();
  const height = () => page.evaluate(() => document.documentElement.scrollHeight);
  const before = await height();
  await page.getByRole('checkbox', { name: 'Show evidence marks' }).uncheck();
  await expect(marks.filter({ visible: true })).toHaveCount(0);
  expect(await height()).toBe(before);

  await page.goto(guideUrl('lost-factor/'));
  await expect(page.getByRole('checkbox', { name: 'Show evidence marks' })).not.toBeChecked();
  await expect(marks.first()).toBeHidden();
  await page.getByRole('checkbox', { name: 'Show evidence marks' }).check();
  await expect(marks.first()).toBeVisible();
  await page.reload();
  await expect(marks.first()).toBeVisible();
});

test('without JavaScript the marks are shown, and nothing claims to switch them', async ({ browser }) => {
  const page = await browser.newPage({ javaScriptEnabled: false });
  await page.goto(guideUrl('questions/'));
  await expect(page.locator('main a.proof').first()).toBeVisible();
  await expect(page.getByText('Show evidence marks')).toBeHidden();
  await page.close();
});

test('a mark is as large as a fingertip needs, on a phone too', async ({ browser }) => {
  const page = await browser.newPage({ viewport: { width: 375, height: 800 } });
  await page.goto(guideUrl('questions/'));
  const sizes = await page.locator('main a.proof').evaluateAll((all) =>
    all.map((mark) => {
      const { width, height } = mark.getBoundingClientRect();
      return Math.min(width, height);
    }),
  );
  expect(sizes.length).toBeGreaterThan(20);
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(24);
  await page.close();
});

test('every mark names a recording that has what its claim names', () => {
  const all = claims();
  expect(all.filter(canBeChecked).length, 'claims that name something').toBeGreaterThan(all.length / 2);
  expect(all.flatMap((claim) => unproved(claim).map((what) => ({ ...claim, lacks: what })))).toEqual([]);
});

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
  [
    'a password that nobody sets there',
    'It can set a password.',
    'recover-unknown-address',
    ['what /\\bsets? (?:a|the|a new|the first) password\\b/i is about'],
  ],
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
