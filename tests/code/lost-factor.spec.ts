/**
 * The code of the page "The user lost the factor". The tests control one clock, for the
 * code, the project, and supabase-js.
 */
import { mock } from 'node:test';
import { expect, test } from '@playwright/test';
import type { SupabaseClient } from '@supabase/supabase-js';
import { TOTP } from 'otpauth';
import {
  lockAccount,
  type Removal,
  removeLostFactors,
} from '../../playground/examples/lost-factor/server/remove-lost-factors.ts';
import { startDemoProject } from './demo-project.ts';
import { dataOf, userWithMfa } from './user-with-mfa.ts';

const hour = 60 * 60 * 1000;
const second = 1000;

test.beforeEach(() => mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 0, 5, 9) }));
test.afterEach(() => mock.timers.reset());

const pass = (milliseconds: number) => mock.timers.setTime(Date.now() + milliseconds);
const inTime = (milliseconds: number) => new Date(Date.now() + milliseconds).toISOString();

/**
 * A project with an administrator, and a user who has just asked to remove a lost factor. The
 * user's identity has been checked.
 */
async function setUp() {
  const project = await startDemoProject();
  const admin = project.client(project.keys.service);
  const browser = project.client();
  const user = await userWithMfa(browser);
  const { id } = dataOf(await browser.auth.getUser()).user;
  const openLink = async (supabase: SupabaseClient) => {
    const { properties } = dataOf(await admin.auth.admin.generateLink({ type: 'recovery', email: user.email }));
    return supabase.auth.verifyOtp({ type: 'recovery', token_hash: properties.hashed_token });
  };
  const factors = async () =>
    dataOf(await admin.auth.admin.mfa.listFactors({ userId: id })).factors.map(({ factor_type, status }) => [
      factor_type,
      status,
    ]);
  pass(second);
  const removal: Removal = { userId: id, askedAt: new Date(), objections: [], identityCheckedBy: 'grace' };
  return Object.assign(project, { admin, user: { ...user, id }, openLink, factors, removal });
}

test('nothing happens before the delay is over, or while nobody has checked who asks', async () => {
  await using project = await setUp();
  const { admin, user, removal } = project;
  pass(72 * hour - 1);
  await expect(lockAccount(admin, removal)).rejects.toThrow(`Wait until ${inTime(1)}: the user may still object.`);
  pass(1);
  const { identityCheckedBy: _, ...unchecked } = removal;
  await expect(lockAccount(admin, unchecked)).rejects.toThrow('Say who has checked the identity of this user.');
  dataOf(await project.client().auth.signInWithPassword(user));
  await lockAccount(admin, removal);
  expect((await project.client().auth.signInWithPassword(user)).error?.code).toBe('user_banned');
});

test('the factor stays until every access token from before the lock has expired', async () => {
  await using project = await setUp();
  const { admin, removal, openLink, factors } = project;
  pass(72 * hour);
  const stranger = project.client();
  const token = dataOf(await openLink(stranger)).session?.access_token;
  const { exp } = JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString());

  await expect(removeLostFactors(admin, removal)).rejects.toThrow('Lock the account first.');
  const locked = { ...removal, lockedAt: await lockAccount(admin, removal) };
  expect((await stranger.auth.updateUser({ password: 'of the stranger' })).error?.name).toBe('AuthSessionMissingError');
  pass(hour - 1);
  expect(exp * second, 'the token of the ended session has not expired').toBeGreaterThan(Date.now());
  await expect(removeLostFactors(admin, locked)).rejects.toThrow(
    `Wait until ${inTime(1)}: access tokens from before the lock are still valid.`,
  );
  expect(await factors()).toEqual([['totp', 'verified']]);
  pass(1);
  expect(exp * second, 'it has now').toBeLessThanOrEqual(Date.now());
  await removeLostFactors(admin, locked);
  expect(await factors()).toEqual([]);
});

test('while the account is locked the mailbox opens nothing; after the removal a new link lets the user start again', async () => {
  await using project = await setUp();
  const { admin, user, removal, openLink, factors } = project;
  const stranger = project.client();
  dataOf(await openLink(stranger));
  dataOf(await stranger.auth.mfa.listFactors());
  pass(72 * hour);
  const locked = { ...removal, lockedAt: await lockAccount(admin, removal) };
  expect((await openLink(project.client())).error?.code).toBe('user_banned');
  expect((await stranger.auth.refreshSession()).error?.code).toBe('refresh_token_not_found');
  pass(hour);
  expect((await openLink(project.client())).error?.code).toBe('user_banned');
  expect(await removeLostFactors(admin, locked)).toMatchObject([{ id: user.factorId, factor_type: 'totp' }]);

  expect((await project.client().auth.signInWithPassword(user)).error?.code).toBe('invalid_credentials');
  const browser = project.client();
  dataOf(await openLink(browser));
  dataOf(await browser.auth.updateUser({ password: 'the new password' }));
  const { id, totp } = dataOf(await browser.auth.mfa.enroll({ factorType: 'totp', friendlyName: 'New phone' }));
  const code = new TOTP({ secret: totp.secret }).generate();
  dataOf(await browser.auth.mfa.challengeAndVerify({ factorId: id, code }));
  expect(dataOf(await browser.auth.mfa.getAuthenticatorAssuranceLevel()).currentLevel).toBe('aal2');
  expect(await factors()).toEqual([['totp', 'verified']]);
});

test('it removes factors of every type, unverified ones too', async () => {
  await using project = await setUp();
  const { admin, user, removal, factors } = project;
  const browser = project.client();
  dataOf(await browser.auth.signInWithPassword(user));
  dataOf(await browser.auth.mfa.challengeAndVerify({ factorId: user.factorId, code: user.code() }));
  dataOf(await browser.auth.mfa.enroll({ factorType: 'phone', phone: '+15550001111', friendlyName: 'phone' }));
  dataOf(await browser.auth.mfa.enroll({ factorType: 'totp', friendlyName: 'tablet' }));
  expect(await factors()).toEqual([
    ['totp', 'verified'],
    ['phone', 'unverified'],
    ['totp', 'unverified'],
  ]);
  pass(second);
  const later = { ...removal, askedAt: new Date() };
  pass(72 * hour);
  const locked = { ...later, lockedAt: await lockAccount(admin, later) };
  pass(hour);
  expect(await removeLostFactors(admin, locked)).toHaveLength(3);
  expect(await factors()).toEqual([]);
});

test('it stops if the factor was used after the request, not before', async () => {
  await using project = await setUp();
  const { admin, user, removal, factors } = project;
  pass(24 * hour);
  const browser = project.client();
  dataOf(await browser.auth.signInWithPassword(user));
  dataOf(await browser.auth.mfa.challenge({ factorId: user.factorId }));
  const stop = `Stop: factor ${user.factorId} was challenged at ${new Date().toISOString().replace('.000Z', 'Z')}.`;
  pass(48 * hour);
  await expect(lockAccount(admin, removal)).rejects.toThrow(stop);
  await expect(removeLostFactors(admin, { ...removal, lockedAt: removal.askedAt })).rejects.toThrow(stop);
  expect(await factors()).toEqual([['totp', 'verified']]);
  dataOf(await project.client().auth.signInWithPassword(user));

  const askedAgain = { ...removal, askedAt: new Date() };
  pass(72 * hour);
  await lockAccount(admin, askedAgain);
});

test('an objection stops it, before the lock and after', async () => {
  await using project = await setUp();
  const { admin, user, removal, factors } = project;
  pass(72 * hour);
  const contested = { ...removal, objections: [{ from: 'ada, by phone', at: new Date() }] };
  const stop = `Stop: ada, by phone objected at ${new Date().toISOString()}.`;
  await expect(lockAccount(admin, contested)).rejects.toThrow(stop);
  dataOf(await project.client().auth.signInWithPassword(user));
  const lockedAt = await lockAccount(admin, removal);
  pass(hour);
  await expect(removeLostFactors(admin, { ...contested, lockedAt })).rejects.toThrow(stop);
  expect(await factors()).toEqual([['totp', 'verified']]);
  expect((await project.client().auth.signInWithPassword(user)).error?.code, 'still locked').toBe('user_banned');
});

test('it can run again', async () => {
  await using project = await setUp();
  pass(72 * hour);
  const locked = { ...project.removal, lockedAt: await lockAccount(project.admin, project.removal) };
  pass(hour);
  expect(await removeLostFactors(project.admin, locked)).toHaveLength(1);
  expect(await removeLostFactors(project.admin, locked)).toEqual([]);
});

test('an unknown user is an error', async () => {
  await using project = await setUp();
  const unknown = { ...project.removal, userId: crypto.randomUUID() };
  pass(72 * hour);
  await expect(lockAccount(project.admin, unknown)).rejects.toMatchObject({ code: 'user_not_found' });
});
