/** WebAuthn in a browser: supabase-js and the demo project, with Chromium's virtual authenticator as the user's security key. */
import { join } from 'node:path';
import { expect, type JSHandle, type Page, test } from '@playwright/test';
import type { SupabaseClient } from '@supabase/supabase-js';
import { profiles } from '../../playground/demo-project/contract/profiles.ts';
import { createDemoProject } from '../../playground/demo-project/src/index.ts';

declare const supabase: typeof import('@supabase/supabase-js');

/** supabase-js as one script. */
const library = join(import.meta.dirname, '../../node_modules/@supabase/supabase-js/dist/umd/supabase.js');

/** The address of the page and the project, which the profile's settings allow. */
const origin = 'http://localhost:4200';

const ada = { email: 'ada@example.com', password: 'the old password' };

/**
 * Opens a supabase-js client in the page, on a new demo project. The user has a security
 * key, and touches it when asked to.
 */
async function open(page: Page): Promise<JSHandle<SupabaseClient>> {
  const project = createDemoProject({ url: origin, config: profiles.webauthn.config });
  await page.route(`${origin}/**`, async (route) => {
    const request = route.request();
    if (request.url() === `${origin}/`) return route.fulfill({ contentType: 'text/html', body: '<!doctype html>' });
    const [method, headers, body] = [request.method(), await request.allHeaders(), request.postData()];
    const answer = await project.fetch(new Request(request.url(), { method, headers, body }));
    const { status } = answer;
    return route.fulfill({ status, headers: Object.fromEntries(answer.headers), body: await answer.text() });
  });
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const key = { protocol: 'ctap2', transport: 'usb', hasResidentKey: true } as const;
  const user = { hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
  await devtools.send('WebAuthn.addVirtualAuthenticator', { options: { ...key, ...user } });
  await page.goto(origin);
  await page.addScriptTag({ path: library });
  return page.evaluateHandle(async () => {
    const { anon } = await (await fetch('/keys')).json();
    return supabase.createClient(location.origin, anon, { auth: { experimental: { passkey: true } } });
  });
}

/** Returns the session's level, the level that the user can reach, and how the session was created. */
async function level(client: JSHandle<SupabaseClient>) {
  const { data, error } = await client.evaluate(({ auth }) => auth.mfa.getAuthenticatorAssuranceLevel());
  if (!data) throw error;
  const { currentLevel, nextLevel, currentAuthenticationMethods } = data;
  const methods = currentAuthenticationMethods.map((entry) => (typeof entry === 'string' ? entry : entry.method));
  return { currentLevel, nextLevel, methods: methods.sort() };
}

const changePassword = (client: JSHandle<SupabaseClient>) =>
  client.evaluate(async ({ auth }) => (await auth.updateUser({ password: 'the new password' })).error?.code);

test('a security key raises a recovery session to aal2, which can then change the password', async ({ page }) => {
  const client = await open(page);
  await client.evaluate(async ({ auth }, ada) => void (await auth.signUp(ada)), ada);
  expect(await level(client)).toEqual({ currentLevel: 'aal1', nextLevel: 'aal1', methods: ['password'] });
  expect(await client.evaluate(({ auth }) => auth.mfa.webauthn.register({ friendlyName: 'key' }))).toMatchObject({
    data: { user: { factors: [{ factor_type: 'webauthn', status: 'verified', friendly_name: 'key' }] } },
    error: null,
  });
  expect(await level(client)).toEqual({
    currentLevel: 'aal2',
    nextLevel: 'aal2',
    methods: ['mfa/webauthn', 'password'],
  });

  await client.evaluate(async ({ auth }, { email }) => {
    await auth.signOut();
    await auth.resetPasswordForEmail(email);
    const { messages } = await (await fetch('/inbox/api/v1/messages')).json();
    const mail = await (await fetch(`/inbox/api/v1/message/${messages[0].ID}`)).json();
    const token_hash = /token=(\w+)/.exec(mail.HTML)?.[1] ?? '';
    await auth.verifyOtp({ type: 'recovery', token_hash });
  }, ada);
  expect(await level(client)).toEqual({ currentLevel: 'aal1', nextLevel: 'aal2', methods: ['otp'] });
  expect(await changePassword(client)).toBe('insufficient_aal');
  expect(
    await client.evaluate(async ({ auth }) => {
      const { data } = await auth.mfa.listFactors();
      return (await auth.mfa.webauthn.authenticate({ factorId: data?.webauthn[0]?.id ?? '' })).error;
    }),
  ).toBeNull();
  expect(await level(client)).toEqual({ currentLevel: 'aal2', nextLevel: 'aal2', methods: ['mfa/webauthn', 'otp'] });
  expect(await changePassword(client)).toBeUndefined();
});

test('a passkey signs in at aal1, even if the user has a second factor', async ({ page }) => {
  const client = await open(page);
  await client.evaluate(async ({ auth }, ada) => void (await auth.signUp(ada)), ada);
  expect(await client.evaluate(({ auth }) => auth.registerPasskey())).toMatchObject({
    data: { friendly_name: 'Passkey' },
    error: null,
  });
  const signIn = () =>
    client.evaluate(async ({ auth }) => {
      await auth.signOut();
      return (await auth.signInWithPasskey()).error;
    });
  expect(await signIn()).toBeNull();
  expect(await level(client)).toEqual({ currentLevel: 'aal1', nextLevel: 'aal1', methods: ['passkey'] });

  await client.evaluate(({ auth }) => auth.mfa.webauthn.register({ friendlyName: 'key' }));
  expect(await level(client)).toEqual({
    currentLevel: 'aal2',
    nextLevel: 'aal2',
    methods: ['mfa/webauthn', 'passkey'],
  });
  expect(await signIn()).toBeNull();
  expect(await level(client)).toEqual({ currentLevel: 'aal1', nextLevel: 'aal2', methods: ['passkey'] });
  expect(await changePassword(client)).toBe('insufficient_aal');
});
