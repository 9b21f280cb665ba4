/**
 * The SQL of the page "Keep a recovery session away from data", run on Postgres (PGlite) with the claims of recorded sessions, as the
 * Data API runs a request: in a transaction, with the claims in a setting and with the role that they name.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite, type Transaction } from '@electric-sql/pglite';
import { expect, test } from '@playwright/test';
import { type Claims, id, recordedClaims } from './recorded-claims.ts';

const recovery = recordedClaims('recover/recovery-session-cannot-change-password', 'aal1 token of session 1');
const steppedUp = recordedClaims(
  'recover/step-up-in-the-recovery-session-lets-the-password-change',
  'aal2 token of session 1',
);
const somebodyElse = { ...steppedUp, sub: id('user', 2) };
const ada = recovery.sub;

test('the recorded claims are those of one user, before and after the step-up', () => {
  expect([recovery, steppedUp].map(({ sub, role, aal, amr }) => ({ sub, role, aal, amr }))).toEqual([
    { sub: id('user', 1), role: 'authenticated', aal: 'aal1', amr: [{ method: 'otp', timestamp: '<unix now>' }] },
    {
      sub: id('user', 1),
      role: 'authenticated',
      aal: 'aal2',
      amr: [
        { method: 'totp', timestamp: '<unix now>' },
        { method: 'otp', timestamp: '<unix now>' },
      ],
    },
  ]);
});

function file(name: string): string {
  return readFileSync(join(import.meta.dirname, name), 'utf8');
}

type Factor = 'verified' | 'unverified';

/** A project in which `files` have been run, with a note of ada's and the factor she has. Nothing of it is left afterwards. */
class Project {
  readonly tx: Transaction;

  constructor(tx: Transaction) {
    this.tx = tx;
  }

  /** Runs a file in the role in which a project's migrations run. */
  async migrate(name: string): Promise<void> {
    await this.tx.exec(`set local role developer; ${file(name)}; reset role;`);
  }

  /** What a request with these claims gets: its rows, or the code and message of its error. It leaves nothing behind. */
  async request(claims: Claims, query: string): Promise<unknown> {
    await this.tx.exec('savepoint request');
    try {
      await this.tx.query(`select set_config('role', $1, true), set_config('request.jwt.claims', $2, true)`, [
        claims.role,
        JSON.stringify(claims),
      ]);
      return (await this.tx.query(query)).rows;
    } catch (error) {
      const { code, message } = error as { code: string; message: string };
      return `${code} ${message}`;
    } finally {
      await this.tx.exec('rollback to savepoint request');
    }
  }
}

let database: PGlite;

test.beforeAll(async () => {
  database = await PGlite.create();
  await database.exec(file('supabase.sql'));
});

test.afterAll(() => database.close());

async function inProject(files: string[], factor: Factor | undefined, use: (project: Project) => Promise<void>) {
  await database.transaction(async (tx) => {
    const project = new Project(tx);
    for (const name of ['notes.sql', ...files]) await project.migrate(name);
    await tx.query(`insert into notes (user_id, body) values ($1, 'secret')`, [ada]);
    if (factor) await tx.query('insert into auth.mfa_factors (user_id, status) values ($1, $2)', [ada, factor]);
    await use(project);
    await tx.rollback();
  });
}

const read = 'select body from notes';
const note = [{ body: 'secret' }];
const denied = '42501 permission denied for table mfa_factors';

/** What a recovery session and the same session after the step-up may read, by policy and by the factor that the user has. */
const reading: { files: string[]; factor: Factor | undefined; aal1: unknown; aal2: unknown }[] = [
  { files: [], factor: 'verified', aal1: note, aal2: note },
  { files: ['permissive.sql'], factor: 'verified', aal1: note, aal2: note },

  { files: ['aal2-for-everyone.sql'], factor: 'verified', aal1: [], aal2: note },
  { files: ['aal2-for-everyone.sql'], factor: undefined, aal1: [], aal2: note },

  { files: ['aal2-if-enrolled.sql'], factor: 'verified', aal1: [], aal2: note },
  { files: ['aal2-if-enrolled.sql'], factor: 'unverified', aal1: note, aal2: note },
  { files: ['aal2-if-enrolled.sql'], factor: undefined, aal1: note, aal2: note },

  { files: ['reads-mfa-factors.sql'], factor: 'verified', aal1: denied, aal2: denied },
  { files: ['reads-mfa-factors.sql'], factor: undefined, aal1: denied, aal2: denied },
  { files: ['reads-mfa-factors.sql', 'grant-on-mfa-factors.sql'], factor: 'verified', aal1: note, aal2: note },

  { files: ['change-at-aal2.sql'], factor: 'verified', aal1: note, aal2: note },
];

for (const { files, factor, aal1, aal2 } of reading) {
  test(`reading with ${files.join(' and ') || 'no policy on aal'}, ${factor ?? 'no'} factor`, async () => {
    await inProject(files, factor, async (project) => {
      expect(await project.request(recovery, read)).toEqual(aal1);
      expect(await project.request(steppedUp, read)).toEqual(aal2);
      expect(await project.request({ ...recovery, role: 'anon' }, read)).toBe(
        '42501 permission denied for table notes',
      );
    });
  });
}

test("the policies add to the table's own: a user at aal2 does not see another user's notes", async () => {
  for (const name of ['aal2-for-everyone.sql', 'aal2-if-enrolled.sql', 'change-at-aal2.sql']) {
    await inProject([name], 'verified', async (project) => {
      expect(await project.request(somebodyElse, read)).toEqual([]);
    });
  }
});

const insert = `insert into notes (body) values ('new') returning body`;
const update = `update notes set body = 'changed' returning body`;
const remove = 'delete from notes returning body';
const refused = (policy: string) => `42501 new row violates row-level security policy "${policy}" for table "notes"`;

for (const [name, policy] of [
  ['aal2-for-everyone.sql', 'Only at aal2'],
  ['aal2-if-enrolled.sql', 'At aal2, if the user has a factor'],
  ['change-at-aal2.sql', 'Add at aal2'],
] as const) {
  test(`writing with ${name}: adding is refused at aal1, changing and deleting find nothing`, async () => {
    await inProject([name], 'verified', async (project) => {
      expect(await project.request(recovery, insert)).toBe(refused(policy));
      expect(await project.request(recovery, update)).toEqual([]);
      expect(await project.request(recovery, remove)).toEqual([]);
      expect(await project.request(steppedUp, insert)).toEqual([{ body: 'new' }]);
      expect(await project.request(steppedUp, update)).toEqual([{ body: 'changed' }]);
      expect(await project.request(steppedUp, remove)).toEqual(note);
    });
  });
}

test('the token decides, not the session: the aal1 token from before a step-up reads nothing after it', async () => {
  const before = recordedClaims('recover/recovery-session-cannot-change-password', 'aal1 token of session 1');
  expect(before['session_id']).toBe(steppedUp['session_id']);
  await inProject(['aal2-if-enrolled.sql'], 'verified', async (project) => {
    expect(await project.request(before, read)).toEqual([]);
  });
});

test('an aal2 token in hand goes on reading after its factor was removed', async () => {
  for (const name of ['aal2-for-everyone.sql', 'aal2-if-enrolled.sql']) {
    await inProject([name], 'verified', async (project) => {
      await project.tx.exec('delete from auth.mfa_factors');
      expect(await project.request(steppedUp, read)).toEqual(note);
    });
  }
});

test('a token without aal, and a request without claims, read nothing', async () => {
  for (const name of ['aal2-for-everyone.sql', 'aal2-if-enrolled.sql']) {
    await inProject([name], 'verified', async (project) => {
      const { aal, ...withoutAal } = recovery;
      expect(await project.request(withoutAal as Claims, read), `${name} without ${aal}`).toEqual([]);
      expect(await project.request({ role: 'authenticated' } as Claims, read), name).toEqual([]);
    });
  }
});

test('the claims and the function are read once for a query, not once for a row', async () => {
  await inProject(['aal2-if-enrolled.sql'], 'verified', async (project) => {
    const plan = (await project.request(recovery, 'explain (costs off) select body from notes')) as object[];
    const lines = plan.flatMap((line) => Object.values(line).map(String));
    expect(lines.map((line) => line.trim()).filter((line) => /^(Init|Sub)Plan/.test(line))).toEqual([
      'InitPlan 1',
      'InitPlan 2',
      'InitPlan 3',
    ]);
  });
});

test('a user learns from the function about himself only, and anon cannot call it', async () => {
  await inProject(['aal2-if-enrolled.sql'], 'verified', async (project) => {
    const call = 'select private.has_verified_factor()';
    expect(await project.request(recovery, call)).toEqual([{ has_verified_factor: true }]);
    expect(await project.request(somebodyElse, call)).toEqual([{ has_verified_factor: false }]);
    expect(await project.request({ ...recovery, role: 'anon' }, call)).toBe(
      '42501 permission denied for schema private',
    );
  });
});

test('a function that is SECURITY DEFINER, and a view without security_invoker, pass by every policy', async () => {
  await inProject(['aal2-for-everyone.sql', 'ways-around.sql'], 'verified', async (project) => {
    expect(await project.request(recovery, read)).toEqual([]);
    expect(await project.request(recovery, 'select body from all_notes()')).toEqual(note);
    expect(await project.request(recovery, 'select body from notes_view')).toEqual(note);
    expect(await project.request(recovery, 'select body from notes_view_of_the_caller')).toEqual([]);
    expect(await project.request(recovery, 'select body from all_notes_at_aal2()')).toBe(
      '42501 all_notes_at_aal2 needs an aal2 session',
    );
    expect(await project.request(steppedUp, 'select body from all_notes_at_aal2()')).toEqual(note);
  });
});
