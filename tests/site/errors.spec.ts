/** The Errors page: a dozen errors in full and the others folded. Readers find an error by whatever text they have. */
import { expect, type Page } from '@playwright/test';
import { type Entry, errors } from '../../src/book/errors.ts';
import { disagreements } from '../../src/book/recorded.ts';
import { callsOf, errorOf, recordings } from '../../src/proof/recordings.ts';
import { violations } from '../support/axe.ts';
import { guideUrl } from '../support/guide.ts';
import { test } from '../support/open-once.ts';

const refused = 'AAL2 session is required to update email or password when MFA is enabled.';

const dozen = [
  'insufficient_aal',
  'mfa_verification_failed',
  'mfa_ip_address_mismatch',
  'mfa_challenge_expired',
  'otp_expired',
  'flow_state_expired',
  'pkce_code_verifier_not_found',
  'AuthSessionMissingError',
  'bad_jwt',
  'same_password',
  'weak_password',
  'over_email_send_rate_limit',
];

/** Returns the codes of the visible errors, in the page's order. */
async function shown(page: Page): Promise<(string | undefined)[]> {
  const all = page.locator('[data-error]').filter({ visible: true });
  return all.evaluateAll((some) => some.map((error) => (error as HTMLElement).dataset['error']));
}

test('the dozen errors of a reset are shown in full, even without JavaScript', async ({ browser }) => {
  const page = await browser.newPage({ javaScriptEnabled: false });
  await page.goto(guideUrl('errors/'));
  expect(await shown(page)).toEqual(dozen);
  await expect(page.locator('article.known-error h3')).toHaveText(dozen.map((code) => new RegExp(`^${code}`)));
  await expect(page.getByRole('searchbox')).toBeHidden();
  await page.close();
});

test('each of the dozen links to its fix and has code that tests run, or names the error that has it', async ({
  openOnce,
}) => {
  const page = await openOnce('errors/');
  for (const code of dozen) {
    const error = page.locator(`article#${code}`);
    const links = await error
      .getByRole('link')
      .evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
    expect(links.filter((href) => /^\/(?!proof\/)/.test(href)).length, `a link of ${code} to a page`).toBeGreaterThan(
      0,
    );
    const code_ = error.locator('pre');
    if ((await code_.count()) === 0) await expect(error.getByText('Code: the same as for')).toBeVisible();
    else expect(await code_.textContent(), code).toMatch(/^\/\*\* .* \*\/\s*export (async )?function /s);
  }
});

test('every recorded error is on the page, and an unknown one would be noticed', () => {
  const recorded = recordings.flatMap(callsOf).flatMap(({ response }) => errorOf(response) ?? []);
  expect(new Set(recorded.map(({ code }) => code)).size).toBeGreaterThan(60);
  expect(recorded.filter(({ code }) => !Object.hasOwn(errors, code))).toEqual([]);

  const known: { [code: string]: Entry } = {
    known: { cause: '', fix: '', messages: { said: { cause: '', fix: '' } } },
  };
  const said = { code: 'known', message: 'said' };
  expect(disagreements(known, [said])).toEqual([]);
  expect(disagreements(known, [said, { code: 'new', message: 'any' }])).toEqual([
    "A recording has the error new, which src/book/errors.ts doesn't explain.",
  ]);
  expect(disagreements(known, [{ code: 'known', message: 'other' }])).toEqual([
    'No recording has the error known said, and src/book/errors.ts names no source.',
  ]);
  expect(disagreements(known, [])).toEqual([
    'No recording has the error known, and src/book/errors.ts names no source.',
    'No recording has the error known said, and src/book/errors.ts names no source.',
  ]);
  const documented = { known: { cause: '', fix: '', source: 'https://example.com' } };
  expect(disagreements(documented, [])).toEqual([]);
  expect(disagreements(documented, [said])).toEqual([
    'src/book/errors.ts calls known untested, but a recording has it.',
  ]);
});

test('errors that no recording shows are marked, with their source', async ({ page }) => {
  await page.goto(guideUrl('errors/#user_sso_managed'));
  const badge = page
    .locator('[data-error="user_sso_managed"]')
    .getByRole('link', { name: 'documented, not tested here' });
  await expect(badge).toBeVisible();
  await expect(badge).toHaveAttribute(
    'href',
    'https://github.com/supabase/auth/blob/v2.196.0/internal/api/user.go#L130',
  );
  const both = page.locator('[data-error]:has(a.untested):has(a.proof)');
  await expect(both).toHaveCount(0);
});

test('texts are short: at most two sentences for the cause and for the fix', () => {
  const sentences = (text: string) => text.replaceAll(/`[^`]*`/g, 'code').match(/[.?!](?=\s|$)/g)?.length ?? 0;
  const all = Object.entries(errors as { [code: string]: Entry }).flatMap(([code, entry]) =>
    [entry, ...Object.values(entry.messages ?? {})].flatMap(({ cause, fix }) => [
      { code, text: cause },
      { code, text: fix },
    ]),
  );
  expect(all.length).toBeGreaterThan(200);
  const long = all.filter(({ text }) => sentences(text) > 2 || sentences(text) === 0 || text.length > 240);
  expect(long).toEqual([]);
});

test('no error describes what only a test sends', async ({ openOnce }) => {
  const page = await openOnce('errors/');
  expect(await page.locator('main').textContent()).not.toContain('nonsense');
});

const pasted: [what: string, text: string, codes: string[]][] = [
  ['a message', refused, ['insufficient_aal']],
  ['the body of an answer', `{"code":"insufficient_aal","message":"${refused}"}`, ['insufficient_aal']],
  [
    'a line of the log',
    `{"component":"api","error":"401: ${refused}","error_code":"insufficient_aal","level":"warning","msg":"request completed"}`,
    ['insufficient_aal'],
  ],
  [
    'a message that is never the same',
    'A factor with the friendly name \\"My phone\\" for this user already exists',
    ['mfa_factor_name_conflict'],
  ],
  [
    'what the address says after a link',
    '#error=access_denied&error_code=flow_state_not_found&error_description=No+associated+flow+state',
    ['flow_state_not_found'],
  ],
  ['words', 'qr code', ['unexpected_failure']],
  [
    'an error of supabase-js in the console',
    'AuthSessionMissingError: Auth session missing!',
    ['AuthSessionMissingError'],
  ],
  ['something else', 'the dog ate it', []],
];

for (const [what, text, codes] of pasted) {
  test(`finds ${what}`, async ({ openOnce }) => {
    const page = await openOnce('errors/');
    await page.getByRole('searchbox', { name: 'Paste a code, a message or a log line' }).fill(text);
    expect(await shown(page)).toEqual(codes);
    await expect(page.locator('error-search').getByRole('status')).toHaveText(
      codes.length === 1 ? '1 error' : `${codes.length} errors`,
    );
    for (const code of codes) await expect(page.locator(`[data-error="${code}"] p`).first()).toBeVisible();
  });
}

test('clearing the field shows everything again, folded', async ({ page }) => {
  await page.goto(guideUrl('errors/?find=phone_exists'));
  expect(await shown(page)).toEqual(['phone_exists']);
  await page.getByRole('searchbox').fill('');
  expect(await shown(page)).toEqual(dozen);
  await expect(page).toHaveURL(/\/errors\/$/);
});

for (const javaScriptEnabled of [true, false]) {
  test(`a short address leads to a folded error and opens it, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async ({
    browser,
  }) => {
    const page = await browser.newPage({ javaScriptEnabled });
    await page.goto(guideUrl('errors/#phone_exists'));
    await expect(page.getByText('Another user has that phone number.')).toBeInViewport();
    await page.close();
  });
}

/** What the page has to say about the errors that a reset can meet. */
const explained: [code: string, cause: string, fix: string][] = [
  [
    'insufficient_aal',
    'This user has a verified factor, and the session is at aal1.',
    'Verify a factor in this same session',
  ],
  ['mfa_verification_failed', 'more than one period of 30 seconds off', 'Let the user type the next code.'],
  ['mfa_ip_address_mismatch', 'this challenge was already used', 'Create a new challenge for each try.'],
  ['mfa_challenge_expired', 'more than five minutes old', 'Create a new challenge'],
  ['otp_expired', 'a newer email replaced it', 'open the newest one'],
  ['flow_state_expired', 'More than five minutes passed.', 'Ask for a new email.'],
  ['pkce_code_verifier_not_found', 'This browser didn’t request the email', 'call verifyOtp()'],
  ['AuthSessionMissingError', 'Auth has ended it', 'ask for a new link'],
  ['bad_jwt', 'Nobody is signed in.', 'Check for a session first.'],
  ['same_password', 'The new password is the same as the old password.', 'The session stays at aal2.'],
  ['weak_password', 'it can hide insufficient_aal', 'Show error.reasons'],
  ['over_email_send_rate_limit', 'auth.email.max_frequency', 'only existing accounts get this error'],
  ['session_not_found', 'turns this into AuthSessionMissingError, without a code', 'ask for a new link'],
  ['bad_code_verifier', 'holds the verifier of another request', 'The link is used up'],
  ['mfa_verification_rejected', 'Auth has ended every session of the user.', 'Show the message'],
  ['session_expired', 'stayed at aal1 longer than your project allows', 'enter the code within that time'],
  ['reauthentication_needed', 'more than 24 hours old', 'It doesn’t replace the second factor.'],
  ['current_password_required', 'A recovery session doesn’t need it.', 'updateUser({ password, current_password })'],
  ['mfa_webauthn_enroll_not_enabled', 'The code says "enroll", but enrollment may be on.', 'verify_enabled'],
];

for (const [code, cause, fix] of explained) {
  test(`says why ${code} comes and what to do`, async ({ openOnce }) => {
    const page = await openOnce('errors/');
    const text = (await page.locator(`[data-error="${code}"]`).textContent())?.replaceAll(/\s+/g, ' ');
    expect(text).toContain(cause);
    expect(text).toContain(fix);
  });
}

test('on a phone the page is at most 8,000 pixels long, folded', async ({ browser }) => {
  const page = await browser.newPage({ viewport: { width: 375, height: 800 } });
  await page.goto(guideUrl('errors/'));
  expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThanOrEqual(8000);
  await page.close();
});

test('the unfolded page meets WCAG 2.2 AA, in light and dark', async ({ page }) => {
  test.slow();
  await page.goto(guideUrl('errors/'));
  await page.locator('main details').evaluateAll((all) => {
    for (const one of all) (one as HTMLDetailsElement).open = true;
  });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
    expect(await violations(page, colorScheme, (axe) => axe.setLegacyMode().include('main details'))).toEqual([]);
  }
});
