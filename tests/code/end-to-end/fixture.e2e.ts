import { expect } from '@playwright/test';
import { test } from 'unofficial-supabase-auth-test-double/playwright';

// The URL that your app passes to createClient.
const { SUPABASE_URL = 'http://127.0.0.1:54321' } = process.env;
test.use({ demoProjectOptions: { url: SUPABASE_URL } });

test('email, code, new password', async ({ page, demoProject }) => {
  const user = demoProject.createUser({
    email: 'ada@example.com',
    password: 'the old password',
    factors: [{ type: 'totp' }],
  });
  await page.goto('/');
  await page.getByRole('form', { name: 'Forgot your password?' }).getByLabel('Email').fill(user.email);
  await page.getByRole('button', { name: 'Send reset link' }).click();
  await expect(page.getByText('we sent an email with a link')).toBeVisible();

  await page.goto(demoProject.mails(user.email)[0]?.link ?? '');
  await page.getByLabel('Code', { exact: true }).fill(await demoProject.code(user.email));
  await page.getByRole('button', { name: 'Verify' }).click();
  await page.getByLabel('New password').fill('the new password');
  await page.getByRole('button', { name: 'Save new password' }).click();
  await expect(page.getByRole('heading', { name: 'Your password was changed' })).toBeVisible();
});
