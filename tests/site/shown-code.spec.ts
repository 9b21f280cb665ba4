/** The code on each page shows what the page is about. Finds a region that ends too early, or a file that lost a call. */
import { expect, test } from '@playwright/test';
import { guideUrl } from '../support/guide.ts';

/** For each page, in reading order: the title of a block, and the lines that readers came for. */
const shown: Record<string, [title: string, ...lines: string[]][]> = {
  'reset-a-password-with-mfa/': [
    ['tests/code/reset-page.ts', 'await supabase.auth.resetPasswordForEmail(email, {', 'redirectTo:'],
    [
      'tests/code/reset-page.ts',
      'await supabase.auth.initialize();',
      'await supabase.auth.mfa.listFactors();',
      'await supabase.auth.mfa.getAuthenticatorAssuranceLevel();',
      "factors.all.filter(({ status }) => status === 'verified');",
      "level.currentLevel !== 'aal2'",
    ],
    ['tests/code/reset-page.ts', 'return isAuthSessionMissingError(error)'],
    [
      'tests/code/reset-page.ts',
      'history.replaceState(',
      'await supabase.auth.setSession({ access_token, refresh_token });',
    ],
    ['tests/code/reset-page.ts', 'await supabase.auth.updateUser({ password });'],
    ['tests/code/auth-listener.ts', 'await supabase.auth.updateUser({ password: newPassword() });'],
    ['tests/code/auth-listener.ts', "if (event === 'PASSWORD_RECOVERY') showResetPage();"],
  ],
  'sms-factor/': [
    [
      'playground/examples/phone-step-up/src/step-up.ts',
      'await supabase.auth.mfa.listFactors();',
      '[...data.phone, ...data.totp]',
      "needed: hasVerifiedFactor && level.currentLevel !== 'aal2'",
    ],
    [
      'playground/examples/phone-step-up/src/recovery.ts',
      "if (factor.factor_type === 'phone') await sendMessage(factor.id);",
      "error.code === 'over_sms_send_rate_limit'",
      'newestMessage()?.factorId !== factor.id',
    ],
  ],
};

test('the home page has the whole reset in one function, and its tabs the same on a server', async ({ page }) => {
  await page.goto(guideUrl());
  const code = page.locator('main code-tabs').getByRole('tabpanel').locator('pre');
  await expect(code).toHaveText(
    /supabase\.auth\.initialize\(\).*mfa\.listFactors\(\).*mfa\.challenge\(\{ factorId \}\).*mfa\.verify\(.*updateUser\(\{ password \}\)/s,
  );
  await page.getByRole('tab', { name: 'Server' }).click();
  await expect(code).toHaveText(/verifyOtp\(.*challengeAndVerify\(.*updateUser\(/s);
});

test('each tab for a phone creates a challenge by text message, and verifies its code', async ({ page }) => {
  await page.goto(guideUrl('sms-factor/'));
  const code = page.locator('main code-tabs').getByRole('tabpanel').locator('pre');
  for (const name of ['TypeScript', 'Web standard', 'Next.js', 'SvelteKit']) {
    await page.getByRole('tab', { name, exact: true }).click();
    await expect(code, name).toHaveText(/mfa\.challenge\(\{[^}]*channel: 'sms'/);
    await expect(code, name).toContainText('mfa.verify(');
  }
});

for (const [path, blocks] of Object.entries(shown)) {
  test(`the code of the examples on /${path} has the calls that the page is about`, async ({ page }) => {
    await page.goto(guideUrl(path));
    const figures = page.locator('main .expressive-code figure', { hasText: /playground\/|tests\/code\// });
    await expect(figures.locator('figcaption .title')).toHaveText(blocks.map(([title]) => title));
    for (const [index, [, ...lines]] of blocks.entries()) {
      const code = await figures.nth(index).locator('pre').innerText();
      expect(lines.filter((line) => !code.includes(line))).toEqual([]);
    }
  });
}
