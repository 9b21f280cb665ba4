/** The code of the page "For the official docs". */
import { expect } from '@playwright/test';
import type { SupabaseClient } from '@supabase/supabase-js';
import { test as base, tokenHash } from './project.ts';
import { resetPassword } from './reset-password-with-mfa.ts';
import { dataOf, userWithMfa } from './user-with-mfa.ts';

const password = 'the new password';

const test = base.extend<{ recovered: (email: string) => Promise<SupabaseClient> }>({
  /** A browser in the session of a recovery link. */
  recovered: async ({ project, newClient }, use) => {
    await use(async (email) => {
      const browser = newClient();
      dataOf(await browser.auth.resetPasswordForEmail(email));
      dataOf(await browser.auth.verifyOtp({ type: 'recovery', token_hash: await tokenHash(project, email) }));
      return browser;
    });
  },
});

const nobodyIsAsked = () => {
  throw new Error('asked for a code');
};

test('a user with MFA is asked for a code once, and the password is changed', async ({ newClient, recovered }) => {
  const { email, code } = await userWithMfa(newClient());
  const browser = await recovered(email);
  await resetPassword(browser, password, async () => code());
  dataOf(await newClient().auth.signInWithPassword({ email, password }));
  await resetPassword(browser, 'another password', nobodyIsAsked);
  dataOf(await newClient().auth.signInWithPassword({ email, password: 'another password' }));
});

test('a wrong code changes nothing', async ({ newClient, recovered }) => {
  const user = await userWithMfa(newClient());
  const attempt = resetPassword(await recovered(user.email), password, async () => 'wrong');
  await expect(attempt).rejects.toMatchObject({ code: 'mfa_verification_failed' });
  dataOf(await newClient().auth.signInWithPassword(user));
});

for (const factor of ['no factor', 'an unverified factor']) {
  test(`a user with ${factor} is asked for no code`, async ({ newClient, recovered }) => {
    const email = `${crypto.randomUUID()}@example.com`;
    const browser = newClient();
    dataOf(await browser.auth.signUp({ email, password: 'the old password' }));
    if (factor === 'an unverified factor') dataOf(await browser.auth.mfa.enroll({ factorType: 'totp' }));
    await resetPassword(await recovered(email), password, nobodyIsAsked);
    dataOf(await newClient().auth.signInWithPassword({ email, password }));
  });
}
