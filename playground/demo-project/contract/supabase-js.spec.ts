/** supabase-js against the demo project: the failing flow and the working flow, as a developer sees them. */
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { TOTP } from 'otpauth';
import { expect, test } from 'vitest';
import { createDemoProject, type DemoProject } from '../src/index.ts';

const url = 'http://127.0.0.1:54321';
const [oldPassword, newPassword] = ['the old password', 'the new password'];

/** Creates a client with its own storage, like a browser. `events` lists the events it received. */
function clientOf(project: DemoProject, key: string): { client: SupabaseClient; events: string[] } {
  const client = createClient(url, key, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    global: { fetch: (input, init) => project.fetch(new Request(input, init)) },
  });
  const events: string[] = [];
  client.auth.onAuthStateChange((event) => events.push(event));
  return { client, events };
}

/** Returns the data of a supabase-js response. Throws its error if it has one. */
function data<Answer extends { data: unknown; error: unknown }>(
  answer: Answer,
): Extract<Answer, { error: null }>['data'] {
  if (answer.error) throw answer.error;
  return answer.data as Extract<Answer, { error: null }>['data'];
}

/** Creates a user with a verified TOTP factor in a new demo project. */
async function setUp() {
  const project = createDemoProject({ url });
  const read = async (path: string) => (await project.fetch(new Request(url + path))).json();
  const { anon } = (await read('/keys')) as { anon: string };
  const email = 'ada@example.com';
  const { client } = clientOf(project, anon);
  data(await client.auth.signUp({ email, password: oldPassword }));
  const factor = data(await client.auth.mfa.enroll({ factorType: 'totp', friendlyName: 'Authenticator app' }));
  const totp = new TOTP({ secret: factor.totp.secret });
  data(await client.auth.mfa.challengeAndVerify({ factorId: factor.id, code: totp.generate() }));

  /** Creates a client for someone who opened the link in a new recovery email. */
  const recover = async () => {
    const browser = clientOf(project, anon);
    expect(
      await browser.client.auth.resetPasswordForEmail(email, { redirectTo: 'http://localhost:3000/reset' }),
    ).toEqual({ data: {}, error: null });
    const { messages } = (await read('/inbox/api/v1/messages')) as { messages: { ID: string }[] };
    const mail = (await read(`/inbox/api/v1/message/${messages[0]?.ID}`)) as { HTML: string };
    const link = /href="([^"]+)"/.exec(mail.HTML)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const opened = await project.fetch(new Request(link, { redirect: 'manual' }));
    const fragment = new URLSearchParams(new URL(opened.headers.get('location') ?? '').hash.slice(1));
    const [access_token = '', refresh_token = ''] = [
      fragment.get('access_token') ?? '',
      fragment.get('refresh_token') ?? '',
    ];
    data(await browser.client.auth.setSession({ access_token, refresh_token }));
    return browser;
  };
  const signIn = (password: string) => clientOf(project, anon).client.auth.signInWithPassword({ email, password });
  return { project, email, client, factor, totp, recover, signIn };
}

test("the recovery session of a user with MFA can't set a password", async () => {
  const { recover, signIn } = await setUp();
  const { client, events } = await recover();
  const level = data(await client.auth.mfa.getAuthenticatorAssuranceLevel());
  expect(level).toMatchObject({
    currentLevel: 'aal1',
    nextLevel: 'aal2',
    currentAuthenticationMethods: [{ method: 'otp' }],
  });

  const { data: nothing, error } = await client.auth.updateUser({ password: newPassword });
  expect(nothing).toEqual({ user: null });
  expect(error).toMatchObject({
    name: 'AuthApiError',
    status: 401,
    code: 'insufficient_aal',
    message: 'AAL2 session is required to update email or password when MFA is enabled.',
  });

  expect(data(await client.auth.getSession()).session, 'the session is kept').not.toBeNull();
  expect(events).toEqual(['INITIAL_SESSION', 'SIGNED_IN']);
  expect((await signIn(newPassword)).error).toMatchObject({ status: 400, code: 'invalid_credentials' });
  expect((await signIn(oldPassword)).error).toBeNull();
});

test('after verifying the factor, that session can', async () => {
  const { client: other, factor, totp, recover, signIn } = await setUp();
  const { client, events } = await recover();
  const { totp: verified } = data(await client.auth.mfa.listFactors());
  expect(verified).toMatchObject([{ id: factor.id, status: 'verified', friendly_name: 'Authenticator app' }]);

  const challenge = data(await client.auth.mfa.challenge({ factorId: factor.id }));
  data(await client.auth.mfa.verify({ factorId: factor.id, challengeId: challenge.id, code: totp.generate() }));
  expect(data(await client.auth.mfa.getAuthenticatorAssuranceLevel())).toMatchObject({
    currentLevel: 'aal2',
    nextLevel: 'aal2',
  });
  data(await client.auth.updateUser({ password: newPassword }));
  expect(events).toEqual(['INITIAL_SESSION', 'SIGNED_IN', 'MFA_CHALLENGE_VERIFIED', 'USER_UPDATED']);

  expect((await signIn(newPassword)).error).toBeNull();
  expect((await signIn(oldPassword)).error).toMatchObject({ code: 'invalid_credentials' });
  expect((await other.auth.getUser()).error, 'other sessions have ended').toMatchObject({
    name: 'AuthSessionMissingError',
    status: 400,
  });
  expect((await client.auth.getUser()).error, 'this one goes on').toBeNull();
});

test('the errors along the way, as supabase-js returns them', async () => {
  const { factor, totp, recover } = await setUp();
  const { client } = await recover();
  const weak = (await client.auth.updateUser({ password: 'short' })).error;
  expect(weak).toMatchObject({
    name: 'AuthWeakPasswordError',
    status: 422,
    code: 'weak_password',
    reasons: ['length'],
  });

  const { id: challengeId } = data(await client.auth.mfa.challenge({ factorId: factor.id }));
  const verify = (code: string) => client.auth.mfa.verify({ factorId: factor.id, challengeId, code });
  const wrong = totp.generate({ timestamp: 0 });
  expect((await verify(wrong)).error).toMatchObject({
    status: 422,
    code: 'mfa_verification_failed',
    message: 'Invalid TOTP code entered',
  });
  data(await verify(totp.generate()));
  expect((await verify(totp.generate())).error).toMatchObject({ status: 422, code: 'mfa_ip_address_mismatch' });
  expect((await client.auth.updateUser({ password: oldPassword })).error).toMatchObject({
    status: 422,
    code: 'same_password',
  });
});

test('verifyOtp() with a recovery code fires PASSWORD_RECOVERY', async () => {
  const { project, email } = await setUp();
  const { anon, service } = (await (await project.fetch(new Request(`${url}/keys`))).json()) as {
    anon: string;
    service: string;
  };
  const admin = clientOf(project, service).client;
  const { properties } = data(await admin.auth.admin.generateLink({ type: 'recovery', email }));
  const { client, events } = clientOf(project, anon);
  data(await client.auth.verifyOtp({ type: 'recovery', token_hash: properties.hashed_token }));
  expect(events).toContain('PASSWORD_RECOVERY');
  expect((await client.auth.updateUser({ password: newPassword })).error).toMatchObject({
    status: 401,
    code: 'insufficient_aal',
  });
});
