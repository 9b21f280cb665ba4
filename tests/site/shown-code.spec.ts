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
      'playground/examples/totp-step-up/src/request-reset.ts',
      "await supabase.auth.resetPasswordForEmail(String(fields.get('email')), {",
      'redirectTo: new URL(resetPage, location.href).href,',
      "if (httpStatus === 0 || code === 'validation_failed' || code === 'over_request_rate_limit') return error;",
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
      'playground/examples/totp-step-up/src/main.ts',
      'await findStepUp();',
      'if (totp.length === 0) return showOtherFactor();',
      'await enterCode(totp);',
      'if (await newPassword()) showChanged();',
      'else await resetPassword(true);',
    ],
    [
      'playground/examples/totp-step-up/src/enter-code.ts',
      'let error = await verifyCode(factorId, code);',
      "if (error?.code === 'mfa_ip_address_mismatch' || error?.code === 'mfa_challenge_expired') {",
      'error = await verifyCode(factorId, code);',
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
      'playground/examples/phone-step-up/src/choose-factor.ts',
      "factor.factor_type === 'phone' ? await sendMessage(factor.id) : null;",
      "error?.code === 'over_sms_send_rate_limit' && newestMessage()?.factorId === factor.id;",
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
