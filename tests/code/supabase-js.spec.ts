/** The methods of supabase-js that the guide uses, on the demo project or on the project that SUPABASE_URL names: what they answer and tell. */
import { mock } from 'node:test';
import { expect } from '@playwright/test';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { codeIn, linkIn, newestMail } from './mail.ts';
import { test, tokenHash } from './project.ts';
import { lockAccount, removeLostFactors } from './remove-lost-factors.ts';
import { removeUnverifiedFactors } from './remove-unverified-factors.ts';
import { dataOf, userWithMfa } from './user-with-mfa.ts';

/** What this client tells from now on. */
function listen({ auth }: SupabaseClient): string[] {
  const events: string[] = [];
  auth.onAuthStateChange((event) => events.push(event));
  return events;
}

test('the reset: refused, lifted, saved', async ({ project, newClient }) => {
  const user = await userWithMfa(newClient());
  const waiting = newClient();
  dataOf(await waiting.auth.signInWithPassword(user));

  const supabase = newClient();
  const events = listen(supabase);
  expect(await supabase.auth.resetPasswordForEmail(user.email)).toEqual({ data: {}, error: null });
  const token_hash = await tokenHash(project, user.email);
  dataOf(await supabase.auth.verifyOtp({ type: 'recovery', token_hash }));
  expect((await supabase.auth.verifyOtp({ type: 'recovery', token_hash })).error?.code).toBe('otp_expired');
  expect((await supabase.auth.updateUser({ password: 'the new password' })).error).toMatchObject({
    status: 401,
    code: 'insufficient_aal',
    message: 'AAL2 session is required to update email or password when MFA is enabled.',
  });

  const { data: levels } = await supabase.auth.mfa.getAuthenticatorAssuranceLevel();
  expect(levels).toMatchObject({ currentLevel: 'aal1', nextLevel: 'aal2' });
  const { totp } = dataOf(await supabase.auth.mfa.listFactors());
  expect(totp.map(({ id }) => id)).toEqual([user.factorId]);
  const { id: challengeId } = dataOf(await supabase.auth.mfa.challenge({ factorId: user.factorId }));
  dataOf(await supabase.auth.mfa.verify({ factorId: user.factorId, challengeId, code: user.code() }));
  expect((await waiting.auth.getUser()).error?.name, 'sessions at aal1 end').toBe('AuthSessionMissingError');
  dataOf(await supabase.auth.refreshSession());
  dataOf(await supabase.auth.updateUser({ password: 'the new password' }));
  dataOf(await supabase.auth.mfa.unenroll({ factorId: user.factorId }));
  expect(await supabase.auth.signOut()).toEqual({ error: null });
  expect(events).toEqual([
    'INITIAL_SESSION',
    'PASSWORD_RECOVERY',
    'MFA_CHALLENGE_VERIFIED',
    'TOKEN_REFRESHED',
    'USER_UPDATED',
    'SIGNED_OUT',
  ]);
});

test('the level is read from what is stored, the factors are asked of Auth', async ({ newClient }) => {
  const user = await userWithMfa(newClient());
  const [here, elsewhere] = [newClient(), newClient()];
  dataOf(await here.auth.signInWithPassword(user));
  dataOf(await elsewhere.auth.signInWithPassword(user));
  dataOf(await elsewhere.auth.mfa.challengeAndVerify({ factorId: user.factorId, code: user.code() })); // ends the session here
  const levels = { currentLevel: 'aal1', nextLevel: 'aal2' };
  expect(dataOf(await here.auth.mfa.getAuthenticatorAssuranceLevel())).toMatchObject(levels);
  expect((await here.auth.mfa.listFactors()).error?.name).toBe('AuthSessionMissingError');
});

test('a PKCE link, and a code by mail', async ({ project, newClient }) => {
  const auth = { flowType: 'pkce', persistSession: false, autoRefreshToken: false } as const;
  const supabase = createClient(project.url, project.key, { auth });
  const events = listen(supabase);
  const { email } = await userWithMfa(newClient());
  dataOf(await supabase.auth.resetPasswordForEmail(email));
  const { headers } = await fetch(linkIn(await newestMail(project.inbox, email)), { redirect: 'manual' });
  const code = new URL(headers.get('location') ?? '').searchParams.get('code') ?? '';
  dataOf(await supabase.auth.exchangeCodeForSession(code));
  expect((await supabase.auth.updateUser({ password: 'the new password' })).error?.code).toBe('insufficient_aal');

  dataOf(await supabase.auth.reauthenticate());
  const nonce = codeIn(await newestMail(project.inbox, email));
  const withNonce = await supabase.auth.updateUser({ password: 'the new password', nonce });
  expect(withNonce.error?.code, 'a nonce is no second factor').toBe('insufficient_aal');
  expect(events).toEqual(['INITIAL_SESSION', 'PASSWORD_RECOVERY']);
});

test('at enrollment, what nobody verified is removed, of every type', async ({ newClient }) => {
  const supabase = newClient();
  const user = await userWithMfa(supabase);
  dataOf(await supabase.auth.mfa.enroll({ factorType: 'phone', phone: '+15550003333', friendlyName: 'of a stranger' }));
  dataOf(await supabase.auth.mfa.enroll({ factorType: 'totp', friendlyName: 'not finished' }));
  const factors = async () => dataOf(await supabase.auth.mfa.listFactors()).all.map(({ id, status }) => [id, status]);
  expect(await factors()).toHaveLength(3);
  await removeUnverifiedFactors(supabase);
  expect(await factors()).toEqual([[user.factorId, 'verified']]);
  dataOf(await supabase.auth.updateUser({ password: 'the new password' }));
});

test('what an administrator calls', async ({ project, newClient }) => {
  const auth = { persistSession: false, autoRefreshToken: false };
  const service = createClient(project.url, project.secretKey, { auth });
  const { admin } = service.auth;
  const supabase = newClient();
  const user = await userWithMfa(supabase);
  const userId = dataOf(await supabase.auth.getUser()).user.id;
  const { properties } = dataOf(await admin.generateLink({ type: 'recovery', email: user.email }));
  const recovery = newClient();
  dataOf(await recovery.auth.verifyOtp({ type: 'recovery', token_hash: properties.hashed_token }));
  expect(dataOf(await admin.mfa.listFactors({ userId })).factors).toMatchObject([{ id: user.factorId }]);

  const removal = { userId, askedAt: new Date(), objections: [], identityCheckedBy: 'grace' };
  const hour = 60 * 60 * 1000;
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 72 * hour });
  const lockedAt = await lockAccount(service, removal);
  mock.timers.setTime(Date.now() + hour);
  await removeLostFactors(service, { ...removal, lockedAt });
  mock.timers.reset();
  expect(dataOf(await admin.mfa.listFactors({ userId })).factors).toEqual([]);
  expect((await recovery.auth.getUser()).error?.name, 'every session has ended').toBe('AuthSessionMissingError');
  dataOf(await admin.updateUserById(userId, { password: 'set by an administrator' }));
  dataOf(await newClient().auth.signInWithPassword({ email: user.email, password: 'set by an administrator' }));
});
