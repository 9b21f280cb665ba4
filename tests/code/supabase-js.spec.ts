/**
 * The methods of supabase-js that the guide uses: what they answer and which events they fire. Runs on the demo
 * project, or on the project at SUPABASE_URL.
 */
import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mock } from 'node:test';
import { promisify } from 'node:util';
import { expect } from '@playwright/test';
import { type AuthError, createClient, type SupabaseClient } from '@supabase/supabase-js';
import { lockAccount, removeLostFactors } from '../../playground/examples/lost-factor/server/remove-lost-factors.ts';
import { nightly } from '../support/example.ts';
import { npmEnvironment } from '../support/npm.ts';
import { codeIn, linkIn, newestMail } from './mail.ts';
import { test, tokenHash } from './project.ts';
import { removeUnverifiedFactors } from './remove-unverified-factors.ts';
import { dataOf, userWithMfa } from './user-with-mfa.ts';

/** Returns an array that collects the events that this client fires from now on. */
function listen({ auth }: SupabaseClient): string[] {
  const events: string[] = [];
  auth.onAuthStateChange((event) => events.push(event));
  return events;
}

test('the reset: refused, raised to aal2, saved', async ({ project, newClient }) => {
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

test('the level comes from the stored token, the factors from Auth', async ({ newClient }) => {
  const user = await userWithMfa(newClient());
  const [here, elsewhere] = [newClient(), newClient()];
  dataOf(await here.auth.signInWithPassword(user));
  dataOf(await elsewhere.auth.signInWithPassword(user));
  dataOf(await elsewhere.auth.mfa.challengeAndVerify({ factorId: user.factorId, code: user.code() })); // ends the session here
  const levels = { currentLevel: 'aal1', nextLevel: 'aal2' };
  expect(dataOf(await here.auth.mfa.getAuthenticatorAssuranceLevel())).toMatchObject(levels);
  expect((await here.auth.mfa.listFactors()).error?.name).toBe('AuthSessionMissingError');
});

test('a PKCE link, and a code by email', async ({ project, newClient }) => {
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

test('enrolling removes unverified factors of every type', async ({ newClient }) => {
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

/** Returns what a caller of supabase-js can check in an error. */
function seen({ error }: { error: unknown }) {
  const { name, status, code, message } = error as AuthError;
  return { name, status, code, message };
}

const sessionMissing = {
  name: 'AuthSessionMissingError',
  status: 400,
  code: undefined,
  message: 'Auth session missing!',
};

/** The calls of a reset that need a session. */
const calls = (auth: SupabaseClient['auth'], factorId: string, challengeId: string) => ({
  'getUser()': () => auth.getUser(),
  'updateUser()': () => auth.updateUser({ password: 'the new password' }),
  'reauthenticate()': () => auth.reauthenticate(),
  'mfa.listFactors()': () => auth.mfa.listFactors(),
  'mfa.enroll()': () => auth.mfa.enroll({ factorType: 'totp' }),
  'mfa.challenge()': () => auth.mfa.challenge({ factorId }),
  'mfa.verify()': () => auth.mfa.verify({ factorId, challengeId, code: '123456' }),
  'mfa.unenroll()': () => auth.mfa.unenroll({ factorId }),
});

test("an ended session: Auth's session_not_found becomes an error without a code", async ({ newClient }) => {
  test.slow(); // sixteen sign-ins take a while on a busy server
  const user = await userWithMfa(newClient());
  for (const method of Object.keys(calls(newClient().auth, '', '')) as (keyof ReturnType<typeof calls>)[]) {
    const { auth } = newClient();
    dataOf(await auth.signInWithPassword(user));
    const { id } = dataOf(await auth.mfa.challenge({ factorId: user.factorId }));
    const elsewhere = newClient();
    dataOf(await elsewhere.auth.signInWithPassword(user));
    await elsewhere.auth.signOut({ scope: 'global' });
    expect(seen(await calls(auth, user.factorId, id)[method]()), method).toEqual(sessionMissing);
  }
});

test('without a session, some methods still call Auth, with the API key', async ({ newClient }) => {
  const { factorId } = await userWithMfa(newClient());
  const methods = calls(newClient().auth, factorId, factorId);
  const apiKeyRefused = {
    name: 'AuthApiError',
    status: 403,
    code: 'bad_jwt',
    message: 'invalid claim: missing sub claim',
  };
  const answers = Object.entries(methods).map(async ([method, call]) => [method, seen(await call())] as const);
  expect(Object.fromEntries(await Promise.all(answers))).toEqual({
    'getUser()': sessionMissing,
    'updateUser()': sessionMissing,
    'reauthenticate()': sessionMissing,
    'mfa.listFactors()': sessionMissing,
    'mfa.enroll()': apiKeyRefused,
    'mfa.challenge()': apiKeyRefused,
    'mfa.verify()': apiKeyRefused,
    'mfa.unenroll()': apiKeyRefused,
  });
  expect(seen(await newClient().auth.refreshSession())).toEqual(sessionMissing);
});

test('a number where text is expected', async ({ newClient }) => {
  const supabase = newClient();
  const { email, factorId } = await userWithMfa(supabase);
  const { id: challengeId } = dataOf(await supabase.auth.mfa.challenge({ factorId }));
  const digits = 123456 as unknown as string;
  for (const answer of [
    await supabase.auth.mfa.verify({ factorId, challengeId, code: digits }),
    await supabase.auth.mfa.verify({ factorId, challengeId: '', code: '123456' }),
    await supabase.auth.verifyOtp({ type: 'recovery', email, token: digits }),
    await supabase.auth.updateUser({ password: digits }),
  ])
    expect(seen(answer)).toMatchObject({ status: 400, code: 'bad_json' });
});

test("a server error: Auth's unexpected_failure becomes an error without a code", async ({ newClient }) => {
  const supabase = newClient();
  const phone = `1555${Math.floor(Math.random() * 1e7)}`;
  dataOf(await supabase.auth.signUp({ phone, password: 'a password' }));
  expect(seen(await supabase.auth.mfa.enroll({ factorType: 'totp' }))).toEqual({
    name: 'AuthRetryableFetchError',
    status: 500,
    code: undefined,
    message: 'Error generating QR Code',
  });
});

test('a PKCE code in another browser, with and without a verifier there', async ({ project, newClient }) => {
  const browser = () => {
    const auth = { flowType: 'pkce', persistSession: false, autoRefreshToken: false } as const;
    return createClient(project.url, project.key, { auth }).auth;
  };
  const { email } = await userWithMfa(newClient());
  const other = await userWithMfa(newClient());
  const [asked, askedForAnother, never] = [browser(), browser(), browser()];
  dataOf(await askedForAnother.resetPasswordForEmail(other.email));
  dataOf(await asked.resetPasswordForEmail(email));
  const link = linkIn(await newestMail(project.inbox, email));
  const open = async () => new URL((await fetch(link, { redirect: 'manual' })).headers.get('location') ?? '');
  const code = (await open()).searchParams.get('code') ?? '';

  const missing = { name: 'AuthPKCECodeVerifierMissingError', status: 400, code: 'pkce_code_verifier_not_found' };
  expect(seen(await never.exchangeCodeForSession(code))).toMatchObject(missing);
  expect(seen(await askedForAnother.exchangeCodeForSession(code))).toMatchObject({
    status: 400,
    code: 'bad_code_verifier',
  });
  expect(seen(await askedForAnother.exchangeCodeForSession(code)), 'its verifier is gone').toMatchObject(missing);
  expect((await open()).searchParams.get('error_code'), 'the link is spent').toBe('otp_expired');
  dataOf(await asked.exchangeCodeForSession(code));
});

test('the access token of an ended session is valid until it expires, unless you ask Auth', async ({ newClient }) => {
  const user = await userWithMfa(newClient());
  const [stays, ends] = [newClient().auth, newClient().auth];
  for (const auth of [stays, ends]) {
    dataOf(await auth.signInWithPassword(user));
    dataOf(await auth.mfa.challengeAndVerify({ factorId: user.factorId, code: user.code() }));
  }
  const { access_token = '' } = dataOf(await ends.getSession()).session ?? {};
  dataOf(await stays.updateUser({ password: 'the new password' }));
  expect(seen(await ends.getUser(access_token))).toEqual(sessionMissing);

  const [header, payload = '', signature] = access_token.split('.');
  const secret = process.env['SUPABASE_JWT_SECRET'] ?? 'super-secret-jwt-token-with-at-least-32-characters-long';
  expect(createHmac('sha256', secret).update(`${header}.${payload}`).digest('base64url')).toBe(signature);
  const { aal, exp } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { aal: string; exp: number };
  expect(aal).toBe('aal2');
  expect(exp - Date.now() / 1000).toBeGreaterThan(3500);
});

test("on Node 20, createClient() throws an error about WebSocket, and on Node 22 it doesn't", nightly, async () => {
  const create = "require('@supabase/supabase-js').createClient('http://localhost', 'key'); console.log('created')";
  const run = (node: string) =>
    promisify(execFile)('npm', ['exec', '--yes', `--package=node@${node}`, '--', 'node', '-e', create], {
      env: npmEnvironment(),
    });
  await expect(run('20')).rejects.toMatchObject({
    stderr: expect.stringContaining('Error: Node.js detected but native WebSocket not found.'),
  });
  expect((await run('22')).stdout).toBe('created\n');
});
