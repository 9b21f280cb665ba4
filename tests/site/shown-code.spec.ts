/** The code on the pages has what the page is for: a region that ends early, or a file that lost a call, is seen here. */
import { expect, test } from '@playwright/test';
import { guideUrl } from '../support/guide.ts';

/** By page, in reading order: the title of a block, and the lines that a reader came for. */
const shown: Record<string, [title: string, ...lines: string[]][]> = {
  '': [
    [
      'playground/examples/totp-step-up/src/step-up.ts',
      'await supabase.auth.mfa.challengeAndVerify({ factorId, code });',
      'await supabase.auth.updateUser({ password });',
    ],
  ],
  'reset-a-password-with-mfa/': [
    [
      'playground/examples/totp-step-up/src/link.ts',
      'await supabase.auth.resetPasswordForEmail(email, {',
      'redirectTo: new URL(resetPage, location.href).href,',
      "if (status === 0 || code === 'validation_failed' || code === 'over_request_rate_limit') throw error;",
      'If there is an account with this address, we sent an email with a link to it.',
    ],
    [
      'playground/examples/totp-step-up/src/step-up.ts',
      'await supabase.auth.mfa.listFactors();',
      'await supabase.auth.mfa.getAuthenticatorAssuranceLevel();',
      "factors.all.some((factor) => factor.status === 'verified');",
      "needed: hasVerifiedFactor && level.currentLevel !== 'aal2'",
    ],
    [
      'playground/examples/totp-step-up/src/step-up.ts',
      'await supabase.auth.mfa.challengeAndVerify({ factorId, code });',
      'await supabase.auth.updateUser({ password });',
    ],
    [
      'playground/examples/totp-step-up/src/recovery.ts',
      'if (isAuthError(error) && isSessionGone(error))',
      'await needsStepUp();',
      "if (!needed && !refused) return { name: 'password' };",
      "authenticators.length > 0 ? { name: 'code', authenticators } : { name: 'other-factor' };",
    ],
    [
      'playground/examples/totp-step-up/src/recovery.ts',
      'await verifyCode(factorId, code).catch((error) => {',
      "if (error.code !== 'mfa_ip_address_mismatch' && error.code !== 'mfa_challenge_expired') throw error;",
      'return verifyCode(factorId, code);',
    ],
  ],
  'sms-factor/': [
    [
      'playground/examples/phone-step-up/src/text-message.ts',
      "await supabase.auth.mfa.challenge({ factorId, channel: 'sms' });",
      'challengeId: data.id',
      'await supabase.auth.mfa.verify({ factorId, challengeId, code });',
    ],
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

for (const [path, blocks] of Object.entries(shown)) {
  test(`the code of the examples on /${path} has the calls that the page is about`, async ({ page }) => {
    await page.goto(guideUrl(path));
    const figures = page.locator('main .expressive-code figure', { hasText: 'playground/' });
    await expect(figures.locator('figcaption .title')).toHaveText(blocks.map(([title]) => title));
    for (const [index, [, ...lines]] of blocks.entries()) {
      const code = await figures.nth(index).locator('pre').innerText();
      expect(lines.filter((line) => !code.includes(line))).toEqual([]);
    }
  });
}
