/** The MFA verification hook of the page "On the server", called in Postgres (PGlite) with the role that Auth uses. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { expect, test } from '@playwright/test';

let database: PGlite;

const file = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8');
const goOn = { decision: 'continue' };
const reject = { decision: 'reject', message: 'Too many wrong codes. Try again in 15 minutes.' };

test.describe.configure({ mode: 'default' }); // Postgres starts once for all tests

test.beforeAll(async () => {
  database = await PGlite.create();
  await database.exec(file('supabase.sql'));
  await database.exec(`set role developer; ${file('limit-mfa-attempts.sql')}; reset role`);
});

test.afterAll(() => database.close());

async function queryAs(role: string, query: string, parameters: unknown[] = []) {
  await database.exec(`set role ${role}`);
  try {
    return (await database.query<{ [column: string]: unknown }>(query, parameters)).rows;
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return `${code} ${message}`;
  } finally {
    await database.exec('reset role');
  }
}

/** Returns the hook's answer to one code of this user. */
async function tried(user_id: string, valid: boolean): Promise<unknown> {
  const event = { user_id, factor_id: randomUUID(), factor_type: 'totp', valid };
  const rows = await queryAs('supabase_auth_admin', 'select public.limit_mfa_attempts($1) as said', [event]);
  return typeof rows === 'string' ? rows : rows[0]?.['said'];
}

async function triedWrong(user: string, times: number): Promise<unknown[]> {
  const said = [];
  for (let time = 0; time < times; time++) said.push(await tried(user, false));
  return said;
}

const fiveTimes = Array(5).fill(goOn);

test('five wrong codes pass as wrong, then every code is rejected, the right one too', async () => {
  const user = randomUUID();
  expect(await triedWrong(user, 7)).toEqual([...fiveTimes, reject, reject]);
  expect(await tried(user, true)).toEqual(reject);
  expect(await tried(randomUUID(), false), 'another user').toEqual(goOn);
});

test('a right code in time starts the count again', async () => {
  const user = randomUUID();
  await triedWrong(user, 4);
  expect(await tried(user, true)).toEqual(goOn);
  expect(await triedWrong(user, 6)).toEqual([...fiveTimes, reject]);
});

test('the count ends 15 minutes after its first code, and codes tried meanwhile do not prolong it', async () => {
  const user = randomUUID();
  const pass = (time: string) =>
    database.query('update public.mfa_attempts set began_at = began_at - $2::interval where user_id = $1', [
      user,
      time,
    ]);
  await triedWrong(user, 5);
  await pass('14 minutes');
  expect(await tried(user, true)).toEqual(reject);
  await pass('61 seconds');
  expect(await triedWrong(user, 6)).toEqual([...fiveTimes, reject]);
});

for (const role of ['anon', 'authenticated']) {
  test(`${role} can neither call the hook nor see or change its table`, async () => {
    await triedWrong(randomUUID(), 1);
    const denied = '42501 permission denied for table mfa_attempts';
    expect(await queryAs(role, 'select public.limit_mfa_attempts($1)', [{}])).toBe(
      '42501 permission denied for function limit_mfa_attempts',
    );
    expect(await queryAs(role, 'select * from public.mfa_attempts')).toBe(denied);
    expect(await queryAs(role, 'delete from public.mfa_attempts')).toBe(denied);
  });
}
