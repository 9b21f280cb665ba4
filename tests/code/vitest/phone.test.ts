import { createClient } from '@supabase/supabase-js';
import { test } from 'unofficial-supabase-auth-test-double/vitest';
import { expect } from 'vitest';

// #region sms
test('a code by text message raises the session to aal2', async ({ demoProject }) => {
  const user = demoProject.createUser({
    email: 'radia@example.com',
    password: 'the password',
    factors: [{ type: 'phone', phone: '+15551234567' }],
  });
  const { auth } = createClient(demoProject.url, demoProject.keys.anon, { global: { fetch: demoProject.fetch } });
  await auth.signInWithPassword(user);
  const factorId = user.factors[0]?.id ?? '';
  const { data: challenge } = await auth.mfa.challenge({ factorId });
  const [text] = demoProject.texts('+15551234567');
  await auth.mfa.verify({ factorId, challengeId: challenge?.id ?? '', code: text?.code ?? '' });
  const { data: level } = await auth.mfa.getAuthenticatorAssuranceLevel();
  expect(level?.currentLevel).toBe('aal2');
});
// #endregion

// #region settings
test.describe('in a project without sign-up', () => {
  test.override({ demoProjectOptions: { config: { auth: { enable_signup: false } } } });

  test('nobody can sign up', async ({ demoProject }) => {
    const { auth } = createClient(demoProject.url, demoProject.keys.anon, { global: { fetch: demoProject.fetch } });
    const { error } = await auth.signUp({ email: 'new@example.com', password: 'the password' });
    expect(error?.code).toBe('signup_disabled');
  });
});
// #endregion
