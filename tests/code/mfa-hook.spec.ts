/**
 * Tests the MFA verification hook of the page "On the server" in a real Auth, because the demo project calls no hooks.
 * Runs with MFA_HOOK=1 where DATABASE_URL is the server's database. The server needs
 *
 *   GOTRUE_HOOK_MFA_VERIFICATION_ATTEMPT_ENABLED=true
 *   GOTRUE_HOOK_MFA_VERIFICATION_ATTEMPT_URI=pg-functions://postgres/public/limit_mfa_attempts
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from '@playwright/test';
import type { SupabaseClient } from '@supabase/supabase-js';
import { test } from './project.ts';
import { dataOf, userWithMfa } from './user-with-mfa.ts';

const rejected = {
  status: 403,
  code: 'mfa_verification_rejected',
  message: 'Too many wrong codes. Try again in 15 minutes.',
};

async function psql(...args: string[]): Promise<string> {
  const database = process.env['DATABASE_URL'] ?? '';
  return (await promisify(execFile)('psql', [database, '-v', 'ON_ERROR_STOP=1', '-qAt', ...args])).stdout.trim();
}

test.describe.configure({ mode: 'serial' }); // all tests share one installed function

test.beforeAll(async () => {
  if ((await psql('-c', "select to_regprocedure('public.limit_mfa_attempts(jsonb)')")) === '')
    await psql('-f', join(import.meta.dirname, '../sql/limit-mfa-attempts.sql'));
});

/** Returns a user with MFA and two of their sessions: the owner's, raised to aal2, and a thief's, who knows the password. */
async function ownerAndThief(newClient: () => SupabaseClient) {
  const user = await userWithMfa(newClient());
  const [owner, thief] = [newClient(), newClient()];
  for (const client of [owner, thief]) dataOf(await client.auth.signInWithPassword(user));
  const { user: found } = dataOf(await thief.auth.getUser());
  const verify = (client: SupabaseClient, code: string) =>
    client.auth.mfa.challengeAndVerify({ factorId: user.factorId, code }).then(({ error }) => error);
  return { user, id: found.id, owner, thief, verify };
}

const wrong = '000000';
const sessionGone = { name: 'AuthSessionMissingError' };

test('after five wrong codes the right one is rejected too, until the window is over', async ({ newClient }) => {
  const { user, id, owner, thief, verify } = await ownerAndThief(newClient);
  const other = newClient();
  for (let time = 0; time < 5; time++)
    expect(await verify(thief, wrong)).toMatchObject({ status: 422, code: 'mfa_verification_failed' });
  expect(dataOf(await owner.auth.getUser()).user.id, 'nobody was signed out so far').toBe(id);
  expect(await verify(thief, user.code())).toMatchObject(rejected);

  expect((await owner.auth.getUser()).error).toMatchObject(sessionGone);
  expect((await thief.auth.getUser()).error).toMatchObject(sessionGone);
  dataOf(await other.auth.signInWithPassword(user));
  expect(await verify(other, user.code()), 'the owner is locked out of aal2').toMatchObject(rejected);
  expect((await other.auth.getUser()).error, 'and signed out again').toMatchObject(sessionGone);

  await psql(
    '-c',
    `update public.mfa_attempts set began_at = began_at - interval '16 minutes' where user_id = '${id}'`,
  );
  dataOf(await other.auth.signInWithPassword(user));
  expect(await verify(other, user.code())).toBeNull();
});

test('a rejection ends sessions at aal2 as well', async ({ newClient }) => {
  const { user, owner, thief, verify } = await ownerAndThief(newClient);
  expect(await verify(owner, user.code())).toBeNull(); // ends the thief's session
  dataOf(await thief.auth.signInWithPassword(user));
  for (let time = 0; time < 5; time++) await verify(thief, wrong);
  expect(await verify(thief, wrong)).toMatchObject(rejected);
  expect((await owner.auth.getUser()).error).toMatchObject(sessionGone);
});

test('ten codes sent at the same moment get five tries', async ({ newClient }) => {
  const { user, thief } = await ownerAndThief(newClient);
  const { factorId } = user;
  const { id: challengeId } = dataOf(await thief.auth.mfa.challenge({ factorId }));
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => thief.auth.mfa.verify({ factorId, challengeId, code: wrong })),
  );
  const codes = answers.map(({ error }) => error?.code);
  expect(codes.filter((code) => code === 'mfa_verification_failed')).toHaveLength(5);
  expect(codes).toContain('mfa_verification_rejected');
});
