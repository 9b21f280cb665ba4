/** The code of the page "The user lost the factor". */
import { expect, test } from '@playwright/test';
import type { SupabaseClient } from '@supabase/supabase-js';
import { TOTP } from 'otpauth';
import { startDemoProject } from './demo-project.ts';
import { removeLostFactors } from './remove-lost-factors.ts';
import { dataOf, userWithMfa } from './user-with-mfa.ts';

const password = 'the new password';
const hour = 60 * 60 * 1000;
const identityCheckedBy = 'grace';

/** A project with a user whose factor is lost, and an administrator. */
async function setUp() {
  const project = await startDemoProject();
  const admin = project.client(project.keys.service);
  const browser = project.client();
  const user = await userWithMfa(browser);
  const { id } = dataOf(await browser.auth.getUser()).user;
  const openLink = async (supabase: SupabaseClient) => {
    const { properties } = dataOf(await admin.auth.admin.generateLink({ type: 'recovery', email: user.email }));
    dataOf(await supabase.auth.verifyOtp({ type: 'recovery', token_hash: properties.hashed_token }));
  };
  return Object.assign(project, { admin, user: { ...user, id }, openLink });
}

test('nothing is removed before the delay is over, or if nobody has checked who asks', async () => {
  await using project = await setUp();
  const { admin, user } = project;
  const askedAt = new Date(Date.now() - 71 * hour);
  await expect(removeLostFactors(admin, { userId: user.id, askedAt, identityCheckedBy })).rejects.toThrow(
    `Wait until ${new Date(askedAt.getTime() + 72 * hour).toISOString()}: the user may still object.`,
  );
  const unchecked = { userId: user.id, askedAt: new Date(0), identityCheckedBy: '' };
  await expect(removeLostFactors(admin, unchecked)).rejects.toThrow('Say who has checked the identity of this user.');
  expect(dataOf(await admin.auth.admin.mfa.listFactors({ userId: user.id })).factors).toMatchObject([
    { id: user.factorId, status: 'verified' },
  ]);
  dataOf(await project.client().auth.signInWithPassword(user));
});

test('a session that waited and the old password are worth nothing then, and a new link lets the user start again', async () => {
  await using project = await setUp();
  const { admin, user, openLink } = project;
  const stranger = project.client();
  await openLink(stranger);
  expect((await stranger.auth.updateUser({ password: 'of the stranger' })).error?.code).toBe('insufficient_aal');

  const askedAt = new Date(Date.now() - 72 * hour);
  expect(await removeLostFactors(admin, { userId: user.id, askedAt, identityCheckedBy })).toMatchObject([
    { id: user.factorId, factor_type: 'totp' },
  ]);
  expect((await stranger.auth.updateUser({ password: 'of the stranger' })).error?.name).toBe('AuthSessionMissingError');
  expect((await project.client().auth.signInWithPassword(user)).error?.code).toBe('invalid_credentials');

  const browser = project.client();
  await openLink(browser);
  dataOf(await browser.auth.updateUser({ password }));
  const { id, totp } = dataOf(await browser.auth.mfa.enroll({ factorType: 'totp', friendlyName: 'New phone' }));
  const code = new TOTP({ secret: totp.secret }).generate();
  dataOf(await browser.auth.mfa.challengeAndVerify({ factorId: id, code }));
  expect(dataOf(await browser.auth.mfa.getAuthenticatorAssuranceLevel()).currentLevel).toBe('aal2');
});

test('it may be run again', async () => {
  await using project = await setUp();
  const removal = { userId: project.user.id, askedAt: new Date(0), identityCheckedBy };
  expect(await removeLostFactors(project.admin, removal)).toHaveLength(1);
  expect(await removeLostFactors(project.admin, removal)).toEqual([]);
});

test('a user who is none is an error', async () => {
  await using project = await setUp();
  const removal = { userId: crypto.randomUUID(), askedAt: new Date(0), identityCheckedBy };
  await expect(removeLostFactors(project.admin, removal)).rejects.toMatchObject({ code: 'user_not_found' });
});
