import { expect, test } from '@playwright/test';
import { createClient } from '@supabase/supabase-js';
import { linkIn, newestMail } from '../mail.ts';
import { userWithMfa } from '../user-with-mfa.ts';

const { SUPABASE_URL = 'http://127.0.0.1:54321', SUPABASE_PUBLISHABLE_KEY = 'any' } = process.env;
const { MAILPIT_URL = `${SUPABASE_URL}/inbox` } = process.env; // of a local Supabase stack: http://127.0.0.1:54324

const newClient = () => createClient(SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY, { auth: { persistSession: false } });

test('email, button, code, new password', async ({ page }) => {
  const user = await userWithMfa(newClient());
  await page.goto('/');
  await page.getByRole('form', { name: 'Forgot your password?' }).getByLabel('Email').fill(user.email);
  await page.getByRole('button', { name: 'Send reset link' }).click();
  await expect(page.getByText('we sent an email with a link')).toBeVisible();

  const { pathname, search } = new URL(linkIn(await newestMail(MAILPIT_URL, user.email)));
  await page.goto(`${pathname}${search}`); // of the app under test, whatever its port
  await page.getByRole('button', { name: 'Continue' }).click(); // only this uses the link up
  await page.getByLabel('Code', { exact: true }).fill(user.code());
  await page.getByRole('button', { name: 'Verify' }).click();
  await page.getByLabel('New password').fill('the new password');
  await page.getByRole('button', { name: 'Save new password' }).click();
  await expect(page.getByRole('heading', { name: 'Your password was changed' })).toBeVisible();

  const signIn = (password: string) => newClient().auth.signInWithPassword({ email: user.email, password });
  expect((await signIn(user.password)).error?.code).toBe('invalid_credentials');
  expect((await signIn('the new password')).error).toBeNull();
});
