/** Which endpoint each method of supabase-js calls. The guide's table has to say the same. */
import { expect, test } from '@playwright/test';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { calls } from '../../src/book/calls.ts';
import { endpointOf } from '../../src/proof/endpoints.ts';

const id = '0b1f3b9e-1f7c-4f7e-9a59-8f5d7e1c2b3a';
const email = 'ada@example.com';
const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
const token = `${encoded({ alg: 'HS256' })}.${encoded({ sub: id, exp: 4e9, aal: 'aal1', session_id: id })}.c2ln`;
const session = { access_token: token, refresh_token: 'abc', token_type: 'bearer', expires_in: 3600, user: { id } };

/** Calls each method to see which endpoint it leads to. */
const tried: { [call: string]: (auth: SupabaseClient['auth']) => Promise<unknown> } = {
  'resetPasswordForEmail()': (auth) => auth.resetPasswordForEmail(email),
  'verifyOtp()': (auth) => auth.verifyOtp({ type: 'recovery', token_hash: 'abc' }),
  'exchangeCodeForSession()': (auth) => auth.exchangeCodeForSession('abc'),
  'signInWithPassword()': (auth) => auth.signInWithPassword({ email, password: 'any' }),
  'refreshSession()': (auth) => auth.refreshSession({ refresh_token: 'abc' }),
  'getUser()': (auth) => auth.getUser(token),
  'mfa.listFactors()': (auth) => auth.mfa.listFactors(),
  'updateUser()': (auth) => auth.updateUser({ password: 'any' }),
  'mfa.enroll()': (auth) => auth.mfa.enroll({ factorType: 'totp' }),
  'mfa.challenge()': (auth) => auth.mfa.challenge({ factorId: id }),
  'mfa.verify()': (auth) => auth.mfa.verify({ factorId: id, challengeId: id, code: '123456' }),
  'mfa.unenroll()': (auth) => auth.mfa.unenroll({ factorId: id }),
  'reauthenticate()': (auth) => auth.reauthenticate(),
  'signOut()': (auth) => auth.signOut(),
  'signInWithOtp()': (auth) => auth.signInWithOtp({ email }),
  'resend()': (auth) => auth.resend({ type: 'signup', email }),
  'signUp()': (auth) => auth.signUp({ email, password: 'any' }),
  'unlinkIdentity()': (auth) =>
    auth.unlinkIdentity({ id, identity_id: id, user_id: id, provider: 'github', identity_data: {} }),
  'linkIdentity()': (auth) => auth.linkIdentity({ provider: 'github', options: { skipBrowserRedirect: true } }),
  'signInWithSSO()': (auth) => auth.signInWithSSO({ domain: 'example.com' }),
  'admin.createUser()': (auth) => auth.admin.createUser({ email }),
  'admin.listUsers()': (auth) => auth.admin.listUsers(),
  'admin.getUserById()': (auth) => auth.admin.getUserById(id),
  'admin.updateUserById()': (auth) => auth.admin.updateUserById(id, { password: 'any' }),
  'admin.deleteUser()': (auth) => auth.admin.deleteUser(id),
  'admin.generateLink()': (auth) => auth.admin.generateLink({ type: 'recovery', email }),
  'admin.inviteUserByEmail()': (auth) => auth.admin.inviteUserByEmail(email),
  'admin.mfa.listFactors()': (auth) => auth.admin.mfa.listFactors({ userId: id }),
  'admin.mfa.deleteFactor()': (auth) => auth.admin.mfa.deleteFactor({ id, userId: id }),
};

/** These aren't methods: people and browsers do them. */
const noMethods = ['the link in an email', 'signing in with a passkey', 'registering a passkey'];

test('every method in the table is called', () => {
  expect(Object.keys(calls).sort()).toEqual([...Object.keys(tried), ...noMethods].sort());
});

for (const [call, run] of Object.entries(tried)) {
  test(`${call} calls the endpoint that the table names`, async () => {
    const called: string[] = [];
    const stored = new Map([
      ['session', JSON.stringify({ ...session, expires_at: 4e9 })],
      ['session-code-verifier', JSON.stringify('a-verifier')],
    ]);
    const { auth } = createClient('http://localhost', 'any key', {
      global: {
        fetch: async (input, init) => {
          const { pathname, search } = new URL(String(input));
          const path = `${pathname.replace('/auth/v1', '')}${search}`;
          called.push(endpointOf({ method: init?.method ?? 'GET', path }));
          return Response.json({ id, factors: [], identities: [], ...session });
        },
      },
      auth: {
        autoRefreshToken: false,
        flowType: call === 'exchangeCodeForSession()' ? 'pkce' : 'implicit',
        storageKey: 'session',
        storage: {
          getItem: (key) => stored.get(key) ?? null,
          setItem: (key, value) => void stored.set(key, value),
          removeItem: (key) => void stored.delete(key),
        },
      },
    });
    await run(auth);
    expect(called).toContain(calls[call as keyof typeof calls]);
  });
}
