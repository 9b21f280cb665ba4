/** The code of the page "Mobile and deep links", with storage that survives the app. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { createClient, type Session, type SupabaseClient } from '@supabase/supabase-js';
import { codeIn, newestMail } from './mail.ts';
import { Recovery } from './mobile.ts';
import { type ProjectAccess, test } from './project.ts';
import { askForCode } from './typed-code.ts';
import { dataOf, userWithMfa } from './user-with-mfa.ts';

test.use({ recoveryMail: readFileSync(join(import.meta.dirname, 'recovery-code.html'), 'utf8') });

interface Fixtures {
  project: ProjectAccess;
  newClient: () => SupabaseClient;
}

/** What a phone stores while no app runs. */
function phone() {
  const values = new Map<string, string>();
  return {
    getItem: async (key: string) => values.get(key) ?? null,
    setItem: async (key: string, value: string) => void values.set(key, value),
    removeItem: async (key: string) => void values.delete(key),
  };
}

test('once a code was entered, no event leads away from the reset, and a restart comes back to it', async ({
  project,
  newClient,
}) => {
  const user = await userWithMfa(newClient());
  const storage = phone();
  const supabase = newClient();
  const recovery = new Recovery(supabase, storage);
  const screens: string[] = [];
  supabase.auth.onAuthStateChange((event, session) => {
    // Don't await this in the callback: the client waits for the promise that the callback returns.
    void recovery.screenFor(session).then((screen) => screens.push(`${event} ${screen}`));
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
  expect(await new Recovery(newClient(), storage).screenFor(session), 'after a restart').toBe('reset');

  dataOf(await supabase.auth.updateUser({ password: 'the new password' }));
  await recovery.finish();
  expect(await recovery.screenFor(session)).toBe('home');
});

/** A phone whose user has received a code by email. */
async function withCode({ project, newClient }: Fixtures) {
  const user = await userWithMfa(newClient());
  const storage = phone();
  const supabase = newClient();
  const recovery = new Recovery(supabase, storage);
  expect(await askForCode(supabase, user.email)).toBeNull();
  const code = codeIn(await newestMail(project.inbox, user.email));
  /** Returns the screen for this client's current session. */
  const screen = async () => recovery.screenFor((await supabase.auth.getSession()).data.session);
  return { user, storage, supabase, recovery, code, screen };
}

test('a wrong code starts no reset, not even at the next sign-in', async ({ project, newClient }) => {
  const { user, supabase, recovery, screen } = await withCode({ project, newClient });
  expect(await recovery.start(user.email, 'wrong')).toMatchObject({ code: 'otp_expired' });
  expect(await screen()).toBe('sign-in');
  dataOf(await supabase.auth.signInWithPassword(user));
  expect(await screen()).toBe('home');
});

test('giving up ends the session', async ({ project, newClient }) => {
  const { user, supabase, recovery, code, screen } = await withCode({ project, newClient });
  expect(await recovery.start(user.email, code)).toBeNull();
  const { session } = dataOf(await supabase.auth.getSession());
  await recovery.cancel();
  expect(await screen()).toBe('sign-in');
  expect((await newClient().auth.getUser(session?.access_token)).error).toMatchObject({
    name: 'AuthSessionMissingError',
  });
});

test('a double tap sends the code once', async ({ project, newClient }) => {
  const { user, recovery, code, screen } = await withCode({ project, newClient });
  expect(await Promise.all([recovery.start(user.email, code), recovery.start(user.email, code)])).toEqual([null, null]);
  expect(await screen()).toBe('reset');
});

test('a second tap after the answer changes nothing', async ({ project, newClient }) => {
  const { user, recovery, code, screen } = await withCode({ project, newClient });
  expect(await recovery.start(user.email, code)).toBeNull();
  expect(await recovery.start(user.email, code)).toMatchObject({ code: 'otp_expired' });
  expect(await screen()).toBe('reset');
});

test("checking a second code doesn't end the reset", async ({ project, newClient }) => {
  const { user, recovery, code, screen } = await withCode({ project, newClient });
  expect(await recovery.start(user.email, code)).toBeNull();
  const second = recovery.start(user.email, 'wrong');
  expect(await screen()).toBe('reset');
  expect((await second)?.code).toBe('otp_expired');
  expect(await screen()).toBe('reset');
});

test('the flag ends with its session: the next sign-in opens the home screen', async ({ project, newClient }) => {
  const { user, supabase, recovery, code, screen } = await withCode({ project, newClient });
  expect(await recovery.start(user.email, code)).toBeNull();
  const other = newClient();
  dataOf(await other.auth.signInWithPassword(user));
  expect((await other.auth.signOut({ scope: 'others' })).error).toBeNull();
  expect((await supabase.auth.getUser()).error?.name, 'the client finds out').toBe('AuthSessionMissingError');
  expect(await screen()).toBe('sign-in');
  dataOf(await supabase.auth.signInWithPassword(user));
  expect(await screen()).toBe('home');
});

test('signing in instead of finishing the reset leads home, even without signing out first', async ({
  project,
  newClient,
}) => {
  const { user, supabase, recovery, code, screen } = await withCode({ project, newClient });
  expect(await recovery.start(user.email, code)).toBeNull();
  dataOf(await supabase.auth.signInWithPassword(user));
  expect(await screen()).toBe('home');
});

test.describe('an app that is killed while the code is checked', () => {
  /** Starts the reset in a client that never receives the answer. Returns that answer once Auth has sent it. */
  async function killed({ project, newClient }: Fixtures, signedInBefore = false) {
    const { user, storage, code } = await withCode({ project, newClient });
    const { promise, resolve } = Promise.withResolvers<Session>();
    const lost = createClient(project.url, project.key, {
      auth: { persistSession: false, autoRefreshToken: false },
      global: {
        fetch: async (input, init) => {
          const answer = await fetch(input, init);
          if (!String(input).endsWith('/verify')) return answer;
          resolve((await answer.json()) as Session);
          return new Promise(() => {});
        },
      },
    });
    const before = signedInBefore ? dataOf(await lost.auth.signInWithPassword(user)).session : null;
    void new Recovery(lost, storage).start(user.email, code);
    const session = await promise;
    return { user, before, session, restarted: new Recovery(newClient(), storage) };
  }

  test('with the session kept, it comes back to the reset', async ({ project, newClient }) => {
    const { session, restarted } = await killed({ project, newClient });
    expect(await restarted.screenFor(session)).toBe('reset');
    expect(await restarted.screenFor(session), 'and stays there').toBe('reset');
  });

  test('without it, the next sign-in leads home', async ({ project, newClient }) => {
    const { user, restarted } = await killed({ project, newClient });
    expect(await restarted.screenFor(null)).toBe('sign-in');
    expect(await restarted.screenFor(dataOf(await newClient().auth.signInWithPassword(user)).session)).toBe('home');
  });

  test('with the session from before, it opens the home screen, and so does the next sign-in', async ({
    project,
    newClient,
  }) => {
    const { user, before, restarted } = await killed({ project, newClient }, true);
    expect(await restarted.screenFor(before)).toBe('home');
    expect(await restarted.screenFor(dataOf(await newClient().auth.signInWithPassword(user)).session)).toBe('home');
  });
});
