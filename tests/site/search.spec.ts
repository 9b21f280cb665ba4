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

test('without a connection the search says so, and works once there is one', async ({ context, page }) => {
  await page.goto(guideUrl('about/'), { waitUntil: 'networkidle' });
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page.getByRole('dialog').getByRole('alert')).toHaveText(
    'The search could not be loaded. Check your connection, then open the search again.',
  );
  await page.keyboard.press('Escape');
  await context.setOffline(false);
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page.getByPlaceholder('Search')).toBeVisible();
  await expect(page.getByRole('dialog').getByRole('alert')).toHaveCount(0);
});

test('what readers paste leads to the right page first', async ({ page }) => {
  await page.goto(guideUrl('playground/'));
  await page.getByRole('button', { name: 'Search' }).click();
  const field = page.getByPlaceholder('Search');
  const results = page.locator('.pagefind-ui__result-link');
  for (const [query, path] of searches) {
    await field.fill('');
    await expect(results).toHaveCount(0);
    await field.fill(query);
    await expect.soft(results.first(), query).toHaveAttribute('href', `/${path}`);
  }
});
