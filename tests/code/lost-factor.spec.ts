/** The code of the page "The user lost the factor". */
import { expect, test } from '@playwright/test';
import { TOTP } from 'otpauth';
import { type DemoProject, data, startDemoProject } from './demo-project.ts';
import { removeLostFactors } from './remove-lost-factors.ts';

const [email, oldPassword, password] = ['ada@example.com', 'old-password-ada', 'the new password'];
const hour = 60 * 60 * 1000;
const identityCheckedBy = 'grace';

/** Somebody's client in a session of Ada's: by a recovery link that an administrator made, or by the password. */
async function inSessionOfAda(project: DemoProject, way: 'link' | 'password') {
  const supabase = project.client();
  if (way === 'password') {
    data(await supabase.auth.signInWithPassword({ email, password: oldPassword }));
  } else {
    const admin = project.client(project.keys.service);
    const { properties } = data(await admin.auth.admin.generateLink({ type: 'recovery', email }));
    data(await supabase.auth.verifyOtp({ type: 'recovery', token_hash: properties.hashed_token }));
  }
  const { user } = data(await supabase.auth.getUser());
  return { supabase, userId: user.id };
}

test('nothing is removed before the delay is over or unless somebody has checked who asks', async () => {
  await using project = await startDemoProject();
  const admin = project.client(project.keys.service);
  const { supabase, userId } = await inSessionOfAda(project, 'password');
  const askedAt = new Date(Date.now() - 71 * hour);
  await expect(removeLostFactors(admin, { userId, askedAt, identityCheckedBy })).rejects.toThrow(
    `Wait until ${new Date(askedAt.getTime() + 72 * hour).toISOString()}: the user may still object.`,
  );
  await expect(removeLostFactors(admin, { userId, askedAt: new Date(0), identityCheckedBy: '' })).rejects.toThrow(
    'Say who has checked the identity of this user.',
  );
  expect(data(await supabase.auth.mfa.listFactors()).totp).toHaveLength(1);
});

test('afterwards nobody is signed in, the old password is worth nothing, and a new link lets the user start again', async () => {
  await using project = await startDemoProject();
  const admin = project.client(project.keys.service);
  const { supabase: stranger, userId } = await inSessionOfAda(project, 'link');
  expect((await stranger.auth.updateUser({ password: 'theirs' })).error).toMatchObject({ code: 'insufficient_aal' });

  const removed = await removeLostFactors(admin, {
    userId,
    askedAt: new Date(Date.now() - 72 * hour),
    identityCheckedBy,
  });
  expect(removed).toMatchObject([{ friendly_name: 'Authenticator app', factor_type: 'totp' }]);
  expect((await stranger.auth.updateUser({ password: 'theirs' })).error).toMatchObject({
    name: 'AuthSessionMissingError',
  });
  expect((await project.client().auth.signInWithPassword({ email, password: oldPassword })).error).toMatchObject({
    code: 'invalid_credentials',
  });

  const { supabase } = await inSessionOfAda(project, 'link');
  data(await supabase.auth.updateUser({ password }));
  const factor = data(await supabase.auth.mfa.enroll({ factorType: 'totp', friendlyName: 'New phone' }));
  const code = new TOTP({ secret: factor.totp.secret }).generate();
  data(await supabase.auth.mfa.challengeAndVerify({ factorId: factor.id, code }));
  expect(data(await supabase.auth.mfa.getAuthenticatorAssuranceLevel()).currentLevel).toBe('aal2');
});

test('it may be run again', async () => {
  await using project = await startDemoProject();
  const admin = project.client(project.keys.service);
  const { userId } = await inSessionOfAda(project, 'password');
  const removal = { userId, askedAt: new Date(0), identityCheckedBy };
  expect(await removeLostFactors(admin, removal)).toHaveLength(1);
  expect(await removeLostFactors(admin, removal)).toEqual([]);
});

test('a user who is none is an error', async () => {
  await using project = await startDemoProject();
  const admin = project.client(project.keys.service);
  const userId = '00000000-0000-4000-8000-000000000000';
  await expect(removeLostFactors(admin, { userId, askedAt: new Date(0), identityCheckedBy })).rejects.toMatchObject({
    code: 'user_not_found',
  });
});
