/** Whoever pastes what they have into the site's search is led to the right page. */
import { expect, test } from '@playwright/test';
import { guideUrl } from '../support/guide.ts';

const searches: [query: string, page: string][] = [
  ['AAL2 session is required to update email or password when MFA is enabled.', ''],
  ['insufficient_aal', ''],
  ['resetPasswordForEmail + MFA: Cannot update password due to AAL2 requirement', ''],
  ['AAL1 session', 'why-a-recovery-session-is-aal1/'],
  ['MFA reset password supabase', 'reset-a-password-with-mfa/'],
  ['lost authenticator', 'lost-factor/'],
  ['passkey aal1', 'passkeys-and-aal/'],
  ['RLS policy aal', 'protect-data/'],
  ['SMS code', 'sms-factor/'],
];

for (const [query, path] of searches) {
  test(`"${query}" leads to /${path}`, async ({ page }) => {
    await page.goto(guideUrl('playground/'));
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByPlaceholder('Search').fill(query);
    await expect(page.locator('.pagefind-ui__result-link').first()).toHaveAttribute('href', `/${path}`);
  });
}
