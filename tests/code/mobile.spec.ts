/** The code of the page "Mobile and deep links", with a storage that outlives the app. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { codeIn, newestMail } from './mail.ts';
import { Recovery, screenFor } from './mobile.ts';
import { test } from './project.ts';
import { askForCode } from './typed-code.ts';
import { dataOf, userWithMfa } from './user-with-mfa.ts';

test.use({ recoveryMail: readFileSync(join(import.meta.dirname, 'recovery-code.html'), 'utf8') });

/** What a phone keeps while no app runs. */
function phone() {
  const values = new Map<string, string>();
  return {
    getItem: async (key: string) => values.get(key) ?? null,
    setItem: async (key: string, value: string) => void values.set(key, value),
    removeItem: async (key: string) => void values.delete(key),
  };
}

test('from the code on, no event leads away from the reset; a restart comes back to it', async ({
  project,
  newClient,
}) => {
  const user = await userWithMfa(newClient());
  const storage = phone();
  const supabase = newClient();
  const recovery = new Recovery(supabase, storage);
  const screens: string[] = [];
  supabase.auth.onAuthStateChange((event, session) => {
    // Not awaited in the callback: the client waits for what it returns.
    void screenFor(session, recovery).then((screen) => screens.push(`${event} ${screen}`));
  });
  await expect.poll(() => screens).toEqual(['INITIAL_SESSION sign-in']);

  expect(await askForCode(supabase, user.email)).toBeNull();
  expect(await recovery.start(user.email, codeIn(await newestMail(project.inbox, user.email)))).toBeNull();
  dataOf(await supabase.auth.mfa.challengeAndVerify({ factorId: user.factorId, code: user.code() }));
  dataOf(await supabase.auth.refreshSession());
  await expect
    .poll(() => screens.slice(1))
    .toEqual(['PASSWORD_RECOVERY reset', 'MFA_CHALLENGE_VERIFIED reset', 'TOKEN_REFRESHED reset']);

  const { session } = dataOf(await supabase.auth.getSession());
  expect(await screenFor(session, new Recovery(newClient(), storage)), 'after a restart').toBe('reset');

  dataOf(await supabase.auth.updateUser({ password: 'the new password' }));
  await recovery.finish();
  expect(await screenFor(session, recovery)).toBe('home');
});

test('a wrong code starts no reset', async ({ newClient }) => {
  const supabase = newClient();
  const recovery = new Recovery(supabase, phone());
  expect(await recovery.start('nobody@example.com', '000000')).toMatchObject({ code: 'otp_expired' });
  expect(await recovery.isOn()).toBe(false);
});

test('giving up ends the session', async ({ project, newClient }) => {
  const user = await userWithMfa(newClient());
  const supabase = newClient();
  const recovery = new Recovery(supabase, phone());
  expect(await askForCode(supabase, user.email)).toBeNull();
  expect(await recovery.start(user.email, codeIn(await newestMail(project.inbox, user.email)))).toBeNull();
  const { session } = dataOf(await supabase.auth.getSession());
  await recovery.cancel();
  expect(await recovery.isOn()).toBe(false);
  expect((await newClient().auth.getUser(session?.access_token)).error).toMatchObject({
    name: 'AuthSessionMissingError',
  });
});
