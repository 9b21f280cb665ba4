// #region test
import { createClient } from '@supabase/supabase-js';
import { test } from 'unofficial-supabase-auth-test-double/vitest';
import { expect } from 'vitest';

test('a reset link needs the second factor to change the password', async ({ demoProject }) => {
  const user = demoProject.createUser({
    email: 'ada@example.com',
    password: 'the old password',
    factors: [{ type: 'totp' }],
  });
  const { auth } = createClient(demoProject.url, demoProject.keys.anon, { global: { fetch: demoProject.fetch } });

  await auth.resetPasswordForEmail(user.email);
  const [mail] = demoProject.mails(user.email);
  await auth.verifyOtp({ type: 'recovery', token_hash: mail?.tokenHash ?? '' });
  const refused = await auth.updateUser({ password: 'the new password' });
  expect(refused.error?.code).toBe('insufficient_aal');

  const code = await demoProject.code(user.email);
  await auth.mfa.challengeAndVerify({ factorId: user.factors[0]?.id ?? '', code });
  const changed = await auth.updateUser({ password: 'the new password' });
  expect(changed.error).toBeNull();
});
// #endregion

// #region clock
test('a reset link is too old after an hour', async ({ demoProject }) => {
  const user = demoProject.createUser({ email: 'grace@example.com', password: 'the old password' });
  const { auth } = createClient(demoProject.url, demoProject.keys.anon, { global: { fetch: demoProject.fetch } });
  await auth.resetPasswordForEmail(user.email);
  const [mail] = demoProject.mails(user.email);
  demoProject.advance('61m');
  const late = await auth.verifyOtp({ type: 'recovery', token_hash: mail?.tokenHash ?? '' });
  expect(late.error?.code).toBe('otp_expired');
});
// #endregion
