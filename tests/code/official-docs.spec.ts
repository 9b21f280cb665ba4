/** Runs the code of the patches for the official docs as a reader of those docs would use it. */
import { expect } from '@playwright/test';
import type { Factor, SupabaseClient } from '@supabase/supabase-js';
import { test as base, tokenHash } from './project.ts';
import { challengeFactor, factorsToVerify, verifyFactor } from './reset-password-with-mfa.ts';
import { dataOf, userWithMfa } from './user-with-mfa.ts';

const password = 'the new password';

const test = base.extend<{
  recovered: (email: string) => Promise<SupabaseClient>;
  codeFor: (phone: string) => Promise<string>;
}>({
  /** A browser in the session of a recovery link. */
  recovered: async ({ project, newClient }, use) => {
    await use(async (email) => {
      const browser = newClient();
      dataOf(await browser.auth.resetPasswordForEmail(email));
      dataOf(await browser.auth.verifyOtp({ type: 'recovery', token_hash: await tokenHash(project, email) }));
      return browser;
    });
  },

  /** Returns the code in the newest text message to a phone. */
  codeFor: async ({ project }, use) => {
    const sms = process.env['SUPABASE_SMS_URL'] ?? `${project.url}/sms`;
    await use(async (phone) => {
      const texts: { sms: { otp: string; phone: string } }[] = await (await fetch(sms)).json();
      return texts.findLast((text) => text.sms.phone === phone)?.sms.otp ?? `no text message to ${phone}`;
    });
  },
});

/** Signs up a user and returns them. The client has the session from then on. */
async function signUp(client: SupabaseClient) {
  const user = { email: `${crypto.randomUUID()}@example.com`, password: 'the old password' };
  dataOf(await client.auth.signUp(user));
  return user;
}

/** Enrolls a phone for this client's user and verifies it. */
async function verifyPhone(client: SupabaseClient, phone: string, codeFor: (phone: string) => Promise<string>) {
  const friendlyName = 'phone';
  const { id: factorId } = dataOf(await client.auth.mfa.enroll({ factorType: 'phone', phone, friendlyName }));
  const { id: challengeId } = dataOf(await client.auth.mfa.challenge({ factorId }));
  dataOf(await client.auth.mfa.verify({ factorId, challengeId, code: await codeFor(phone) }));
  return factorId;
}

/** Returns a number that no other test uses. */
const newPhone = () =>
  `1555${String(crypto.getRandomValues(new Uint32Array(1))[0])
    .padStart(10, '0')
    .slice(-7)}`;

/** Challenges a phone factor as soon as Auth sends it another message: there's a rate limit. */
async function challengePhone(client: SupabaseClient, factor: Factor): Promise<{ id: string }> {
  let challenge = { id: '' };
  await expect(async () => {
    challenge = await challengeFactor(client, factor);
  }).toPass();
  return challenge;
}

function only(factors: Factor[]): Factor {
  const [factor, ...others] = factors;
  if (!factor || others.length > 0) throw new Error(`There are ${factors.length} factors`);
  return factor;
}

test('a user with an authenticator app enters its code, then sets the password', async ({ newClient, recovered }) => {
  const { email, factorId, code } = await userWithMfa(newClient());
  const browser = await recovered(email);
  expect(await browser.auth.updateUser({ password })).toMatchObject({
    error: { status: 401, code: 'insufficient_aal' },
  });

  const factor = only(await factorsToVerify(browser));
  expect(factor.id).toBe(factorId);
  await verifyFactor(browser, factor, await challengeFactor(browser, factor), code());
  dataOf(await browser.auth.updateUser({ password }));

  dataOf(await newClient().auth.signInWithPassword({ email, password }));
  expect(await factorsToVerify(browser)).toEqual([]);
});

test('a user with only a phone gets the code that the challenge sent', async ({ newClient, recovered, codeFor }) => {
  const client = newClient();
  const { email } = await signUp(client);
  const phone = newPhone();
  const phoneFactor = await verifyPhone(client, phone, codeFor);
  const browser = await recovered(email);

  const factor = only(await factorsToVerify(browser));
  expect(factor.id).toBe(phoneFactor);
  await verifyFactor(browser, factor, await challengePhone(browser, factor), await codeFor(phone));
  dataOf(await browser.auth.updateUser({ password }));
  dataOf(await newClient().auth.signInWithPassword({ email, password }));
});

test('a user with several factors can choose each of them', async ({ newClient, recovered, codeFor }) => {
  const client = newClient();
  const { email, factorId: app } = await userWithMfa(client);
  const phone = newPhone();
  const phoneFactor = await verifyPhone(client, phone, codeFor);
  const browser = await recovered(email);

  const choices = await factorsToVerify(browser);
  expect(choices.map(({ id }) => id).sort()).toEqual([app, phoneFactor].sort());
  const chosen = only(choices.filter(({ id }) => id === phoneFactor));
  await verifyFactor(browser, chosen, await challengePhone(browser, chosen), await codeFor(phone));
  dataOf(await browser.auth.updateUser({ password }));
});

test('a wrong code changes nothing', async ({ newClient, recovered }) => {
  const user = await userWithMfa(newClient());
  const browser = await recovered(user.email);
  const factor = only(await factorsToVerify(browser));
  const attempt = verifyFactor(browser, factor, await challengeFactor(browser, factor), 'wrong');
  await expect(attempt).rejects.toMatchObject({ code: 'mfa_verification_failed' });
  expect(await browser.auth.updateUser({ password })).toMatchObject({ error: { code: 'insufficient_aal' } });
  dataOf(await newClient().auth.signInWithPassword(user));
});

for (const factor of ['no factor', 'an unverified factor']) {
  test(`a user with ${factor} is asked for no code`, async ({ newClient, recovered }) => {
    const client = newClient();
    const { email } = await signUp(client);
    if (factor === 'an unverified factor') dataOf(await client.auth.mfa.enroll({ factorType: 'totp' }));
    const browser = await recovered(email);
    expect(await factorsToVerify(browser)).toEqual([]);
    dataOf(await browser.auth.updateUser({ password }));
    dataOf(await newClient().auth.signInWithPassword({ email, password }));
  });
}

test('without a session, no factor is listed', async ({ newClient }) => {
  await expect(factorsToVerify(newClient())).rejects.toMatchObject({ name: 'AuthSessionMissingError' });
});
