/**
 * The SQL of the page "Keep a recovery session away from data", run in Postgres (PGlite) with the claims of recorded
 * sessions. As in the Data API, each request is a transaction with the claims in a setting and the role that they name.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite, type Transaction } from '@electric-sql/pglite';
import { expect, test } from '@playwright/test';
import { type Claims, id, recordedClaims } from '../../src/policies/recorded-claims.ts';

const recovery = recordedClaims('recovery-session-cannot-change-password', 'aal1 token of session 1');
const steppedUp = recordedClaims('step-up-in-the-recovery-session-lets-the-password-change', 'aal2 token of session 1');
const ada = recovery.sub;
const grace = id('user', 2);

/** Returns the same claims in one of grace's sessions. */
const ofGrace = (claims: Claims): Claims => ({ ...claims, sub: grace, session_id: id('session', 2) });

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

/** A project with two users in which some SQL files have been run. Leaves nothing behind. */
class MigratedProject {
  readonly tx: Transaction;

  constructor(tx: Transaction) {
    this.tx = tx;
  }

  /** Runs SQL with the role that a project's migrations use. */
  async migrate(sql: string): Promise<void> {
    await this.tx.exec(`set local role developer; ${sql}; reset role;`);
  }

  /** Sets the sessions of both users to this level in Auth's own table. */
  async sessionsAt(aal: string): Promise<void> {
    await this.tx.exec(`update auth.sessions set aal = '${aal}'`);
  }

  /** Returns the result of a request with these claims: its rows, or the code and message of its error. Changes nothing. */
  request(claims: object, query: string): Promise<unknown> {
    return this.#try(claims, async () => (await this.tx.query(query)).rows);
  }

  /** Returns the text of all notes after a request, or the code and message of its error. Changes nothing. */
  notesAfter(claims: object, query: string): Promise<unknown> {
    return this.#try(claims, async () => {
      await this.tx.query(query);
      await this.tx.exec('reset role');
      return (await this.tx.query<{ note: string }>(allNotes)).rows.map(({ note }) => note).join(', ');
    });
  }

  async #try(claims: object, use: () => Promise<unknown>): Promise<unknown> {
    await this.tx.exec('savepoint request');
    try {
      await this.tx.query(`select set_config('role', $1, true), set_config('request.jwt.claims', $2, true)`, [
        'role' in claims ? claims.role : 'authenticated',
        JSON.stringify(claims),
      ]);
      return await use();
    } catch (error) {
      const { code, message } = error as { code: string; message: string };
      return `${code} ${message}`;
    } finally {
      await this.tx.exec('rollback to savepoint request');
    }
  }
}

let database: PGlite;

test.describe.configure({ mode: 'default' }); // Postgres starts once for all tests

test.beforeAll(async () => {
  database = await PGlite.create();
  await database.exec(file('supabase.sql'));
});

test.afterAll(() => database.close());

async function inProject(
  files: string[],
  factor: Factor | undefined,
  use: (project: MigratedProject) => Promise<void>,
) {
  await database.transaction(async (tx) => {
    const project = new MigratedProject(tx);
    for (const name of ['notes.sql', ...files]) await project.migrate(file(name));
    const users: [user: string, session: string, body: string][] = [
      [ada, id('session', 1), 'of ada'],
      [grace, id('session', 2), 'of grace'],
    ];
    for (const [user, session, body] of users) {
      await tx.query('insert into notes (user_id, body) values ($1, $2)', [user, body]);
      await tx.query('insert into auth.sessions (id, user_id, aal) values ($1, $2, $3)', [session, user, 'aal1']);
      if (factor) await tx.query('insert into auth.mfa_factors (user_id, status) values ($1, $2)', [user, factor]);
    }
    await use(project);
    await tx.rollback();
  });
}

const allNotes = `
  select format('%s: %s', case user_id when '${ada}' then 'ada' when '${grace}' then 'grace' end, body) as note
  from notes order by id`;
const read = 'select body from notes order by id';
const insert = `insert into notes (body) values ('new')`;
const update = `update notes set body = 'changed'`;
const remove = 'delete from notes';
const give = (user: string) => `insert into notes (user_id, body) values ('${user}', 'planted')`;
const upsert = `insert into notes (id, user_id, body) overriding system value select id, auth.uid(), 'upserted' from the_notes
  on conflict (id) do update set body = excluded.body`;
const merge = `merge into notes using (values ('merged')) as new (body) on user_id = auth.uid()
  when matched then update set body = new.body when not matched then insert (body) values (new.body)`;

/** Remembers the ids of a user's notes, as a client that has seen them would. */
const idsOf = (user: string) => `create temporary table the_notes on commit drop as
  select id from notes where user_id = '${user}'; grant select on the_notes to authenticated`;

/**
 * Returns what a user's requests reach: the notes that they see or leave behind (`own` or the `other`
 * user's), or the code of the error.
 */
async function reach(project: MigratedProject, claims: Claims) {
  const self = claims.sub === grace ? grace : ada;
  const other = self === ada ? grace : ada;
  const named = (text: unknown) =>
    String(text)
      .replace(/^(\w{5}) .*/s, '$1')
      .replaceAll(/\b(ada|grace)(?=:)/g, (name) => ((name === 'ada') === (self === ada) ? 'own' : 'other'))
      .replaceAll(/: of (ada|grace)/g, '')
      .split(', ')
      .sort()
      .reverse()
      .join(', ');
  await project.tx.exec(`savepoint reach; ${idsOf(self)}`);
  const rows = (await project.request(claims, allNotes)) as { note: string }[] | string;
  const reached = {
    select: named(typeof rows === 'string' ? rows : rows.map(({ note }) => note).join(', ')),
    update: named(await project.notesAfter(claims, update)),
    delete: named(await project.notesAfter(claims, remove)),
    insert: named(await project.notesAfter(claims, insert)),
    upsert: named(await project.notesAfter(claims, upsert)),
    merge: named(await project.notesAfter(claims, merge)),
    give: named(await project.notesAfter(claims, give(other))),
  };
  await project.tx.exec('rollback to savepoint reach');
  return reached;
}

const denied = '42501';
const untouched = 'own, other';

/** What the table's own policy allows: the user's own notes, and nobody else's. */
const own = {
  select: 'own',
  update: 'own: changed, other',
  delete: 'other',
  insert: 'own: new, own, other',
  upsert: 'own: upserted, other',
  merge: 'own: merged, other',
  give: denied,
};
/** Nothing can be read, changed, or added. */
const nothing = {
  select: '',
  update: untouched,
  delete: untouched,
  insert: denied,
  upsert: denied,
  merge: denied,
  give: denied,
};
/** Notes can be read but not changed. */
const readOnly = { ...nothing, select: 'own' };
/** Everybody's notes. */
const everything = {
  ...own,
  select: 'own, other',
  update: 'own: changed, other: changed',
  delete: '',
  give: 'own, other: planted, other',
};
const broken = {
  select: denied,
  update: denied,
  delete: denied,
  insert: denied,
  upsert: denied,
  merge: denied,
  give: denied,
};

/**
 * What three tokens reach, by policy and by the user's factors: a recovery session's, the same session's after the
 * step-up, and a token that names no level.
 */
const reaching: { files: string[]; factor: Factor | undefined; aal1: object; aal2: object; withoutAal: object }[] = [
  { files: [], factor: 'verified', aal1: own, aal2: own, withoutAal: own },
  { files: ['permissive.sql'], factor: 'verified', aal1: own, aal2: everything, withoutAal: own },

  { files: ['aal2-for-everyone.sql'], factor: 'verified', aal1: nothing, aal2: own, withoutAal: nothing },
  { files: ['aal2-for-everyone.sql'], factor: undefined, aal1: nothing, aal2: own, withoutAal: nothing },

  { files: ['aal2-if-enrolled.sql'], factor: 'verified', aal1: nothing, aal2: own, withoutAal: nothing },
  { files: ['aal2-if-enrolled.sql'], factor: 'unverified', aal1: own, aal2: own, withoutAal: own },
  { files: ['aal2-if-enrolled.sql'], factor: undefined, aal1: own, aal2: own, withoutAal: own },

  { files: ['reads-mfa-factors.sql'], factor: 'verified', aal1: broken, aal2: broken, withoutAal: broken },
  { files: ['reads-mfa-factors.sql'], factor: undefined, aal1: broken, aal2: broken, withoutAal: broken },
  {
    files: ['reads-mfa-factors.sql', 'grant-on-mfa-factors.sql'],
    factor: 'verified',
    aal1: own,
    aal2: own,
    withoutAal: own,
  },

  { files: ['change-at-aal2.sql'], factor: 'verified', aal1: readOnly, aal2: own, withoutAal: readOnly },

  { files: ['live-session.sql'], factor: 'verified', aal1: nothing, aal2: own, withoutAal: nothing },
];

for (const { files, factor, aal1, aal2, withoutAal } of reaching) {
  test(`what both users reach with ${files.join(' and ') || 'no policy on aal'}, ${factor ?? 'no'} factor`, async () => {
    await inProject(files, factor, async (project) => {
      const { aal: _, ...bare } = recovery;
      for (const claims of [recovery, ofGrace(recovery)]) expect(await reach(project, claims)).toEqual(aal1);
      for (const claims of [bare as Claims, ofGrace(bare as Claims)])
        expect(await reach(project, claims)).toEqual(withoutAal);
      await project.sessionsAt('aal2');
      for (const claims of [steppedUp, ofGrace(steppedUp)]) expect(await reach(project, claims)).toEqual(aal2);
      expect(await project.request({ ...recovery, role: 'anon' }, read)).toBe(
        '42501 permission denied for table notes',
      );
    });
  });
}

/** The policies that the page recommends. */
const policies = ['aal2-for-everyone.sql', 'aal2-if-enrolled.sql', 'change-at-aal2.sql', 'live-session.sql'];

test('a request without claims reads nothing, whatever the policy', async () => {
  for (const name of [...policies, 'permissive.sql']) {
    await inProject([name], 'verified', async (project) => {
      expect(await project.request({}, read), name).toEqual([]);
    });
  }
});

const refused = (policy: string) => `42501 new row violates row-level security policy "${policy}" for table "notes"`;
const refusedMerge =
  '42501 target row violates row-level security policy "Change at aal2" (USING expression) for table "notes"';

for (const [name, policy, mergeError] of [
  ['aal2-for-everyone.sql', 'Only at aal2', refused('Only at aal2')],
  ['aal2-if-enrolled.sql', 'At aal2, if the user has a factor', refused('At aal2, if the user has a factor')],
  ['change-at-aal2.sql', 'Add at aal2', refusedMerge],
  ['live-session.sql', 'Only in a live session at aal2', refused('Only in a live session at aal2')],
] as const) {
  test(`${name}: at aal1 insert, upsert and merge name the policy in their error`, async () => {
    await inProject([name], 'verified', async (project) => {
      await project.tx.exec(idsOf(ada));
      expect(await project.request(recovery, insert)).toBe(refused(policy));
      expect(await project.request(recovery, upsert)).toBe(refused(policy));
      expect(await project.request(recovery, merge)).toBe(mergeError);
    });
  });
}

test('the token decides, not the session: the aal1 token from before a step-up reads nothing after it', async () => {
  expect(recovery['session_id']).toBe(steppedUp['session_id']);
  await inProject(['aal2-if-enrolled.sql'], 'verified', async (project) => {
    await project.sessionsAt('aal2');
    expect(await project.request(recovery, read)).toEqual([]);
  });
});

const ofAda = [{ body: 'of ada' }];

test('an aal2 token in hand goes on reading after its factor was removed', async () => {
  for (const name of ['aal2-for-everyone.sql', 'aal2-if-enrolled.sql']) {
    await inProject([name], 'verified', async (project) => {
      await project.tx.exec('delete from auth.mfa_factors');
      expect(await project.request(steppedUp, read)).toEqual(ofAda);
    });
  }
});

test('with factors of two types even the refreshed token goes on reading; the policy on the live session stops it', async () => {
  const refreshed = recordedClaims('aal-column-and-token-can-disagree', 'aal2 token of session 1');
  for (const [name, rows] of [
    ['aal2-for-everyone.sql', ofAda],
    ['aal2-if-enrolled.sql', ofAda],
    ['live-session.sql', []],
  ] as const) {
    await inProject([name], 'verified', async (project) => {
      expect(await project.request(refreshed, read), name).toEqual(rows);
    });
  }
});

test('the token of an ended session goes on reading; the policy on the live session stops it, for that user alone', async () => {
  for (const [name, rows] of [
    ['aal2-for-everyone.sql', ofAda],
    ['aal2-if-enrolled.sql', ofAda],
    ['live-session.sql', []],
  ] as const) {
    await inProject([name], 'verified', async (project) => {
      await project.sessionsAt('aal2');
      expect(await project.request(steppedUp, read), name).toEqual(ofAda);
      await project.tx.query('delete from auth.sessions where user_id = $1', [ada]);
      expect(await project.request(steppedUp, read), name).toEqual(rows);
      expect(await project.request(ofGrace(steppedUp), read), name).toEqual([{ body: 'of grace' }]);
    });
  }
});

test('why to wait before a factor is deleted: the aal1 token of an ended session reads from that moment on', async () => {
  for (const [name, rows] of [
    ['aal2-if-enrolled.sql', ofAda],
    ['aal2-for-everyone.sql', []],
    ['live-session.sql', []],
  ] as const) {
    await inProject([name], 'verified', async (project) => {
      await project.tx.query('delete from auth.sessions where user_id = $1', [ada]);
      expect(await project.request(recovery, read), name).toEqual([]);
      await project.tx.query('delete from auth.mfa_factors where user_id = $1', [ada]);
      expect(await project.request(recovery, read), name).toEqual(rows);
    });
  }
});

/**
 * Returns how often a statement reads claims and functions before it starts (an InitPlan each), and
 * what it computes for each row.
 */
async function plan(project: MigratedProject, statement: string) {
  const rows = (await project.request(steppedUp, `explain (costs off, verbose) ${statement}`)) as object[];
  const lines = rows.flatMap((line) => Object.values(line).map(String)).map((line) => line.trim());
  return {
    once: lines.filter((line) => /^InitPlan/.test(line)).length,
    perRow: lines.filter((line) => /^Filter:.*(current_setting|jwt|uid|private)/.test(line)),
  };
}

// An update checks old and new rows, so each occurs twice.
for (const [name, once] of [
  ['notes.sql', { select: 1, update: 2, delete: 1, insert: 1 }],
  ['permissive.sql', { select: 2, update: 4, delete: 2, insert: 2 }],
  ['aal2-for-everyone.sql', { select: 2, update: 4, delete: 2, insert: 2 }],
  ['aal2-if-enrolled.sql', { select: 3, update: 6, delete: 3, insert: 3 }],
  ['change-at-aal2.sql', { select: 1, update: 4, delete: 2, insert: 2 }],
  ['live-session.sql', { select: 2, update: 4, delete: 2, insert: 2 }],
] as const) {
  test(`${name}: claims and functions are read once for a query, not once for a row`, async () => {
    await inProject(name === 'notes.sql' ? [] : [name], 'verified', async (project) => {
      const statements = { select: read, update, delete: remove, insert };
      const plans = Object.entries(statements).map(async ([kind, statement]) => [kind, await plan(project, statement)]);
      expect(Object.fromEntries(await Promise.all(plans))).toEqual(
        Object.fromEntries(Object.entries(once).map(([kind, count]) => [kind, { once: count, perRow: [] }])),
      );
    });
  });
}

test('the policies bind signed-in users: a role of the project keeps the policies it has', async () => {
  for (const name of policies) {
    await inProject([name], 'verified', async (project) => {
      await project.tx.exec(`create role reporting nologin; grant usage on schema public to reporting;
        grant select, insert, update, delete on notes to reporting;
        create policy "Reports" on notes to reporting using (true)`);
      const reporting = { role: 'reporting' };
      expect(await project.request(reporting, read), name).toEqual([...ofAda, { body: 'of grace' }]);
      expect(await project.notesAfter(reporting, update), name).toBe('ada: changed, grace: changed');
      expect(await project.notesAfter(reporting, remove), name).toBe('');
      expect(await project.notesAfter(reporting, give(ada)), name).toBe('ada: of ada, grace: of grace, ada: planted');
    });
  }
});

const functions = [
  { file: 'aal2-if-enrolled.sql', name: 'private.has_verified_factor', ofAda: true, ofGrace: false },
  { file: 'live-session.sql', name: 'private.session_aal', ofAda: 'aal2', ofGrace: 'aal1' },
];

for (const { file, name, ofAda, ofGrace: ofOther } of functions) {
  const call = `select ${name}() as answer`;

  test(`${name}: a user learns about himself only`, async () => {
    await inProject([file], undefined, async (project) => {
      await project.tx.query(`insert into auth.mfa_factors (user_id, status) values ($1, 'verified')`, [ada]);
      await project.tx.query(`update auth.sessions set aal = 'aal2' where user_id = $1`, [ada]);
      expect(await project.request(recovery, call)).toEqual([{ answer: ofAda }]);
      expect(await project.request(ofGrace(recovery), call)).toEqual([{ answer: ofOther }]);
    });
  });

  test(`${name}: anon cannot call it, even if it may use the schema`, async () => {
    await inProject([file], 'verified', async (project) => {
      const anon = { ...recovery, role: 'anon' };
      expect(await project.request(anon, call)).toBe('42501 permission denied for schema private');
      await project.migrate('grant usage on schema private to anon');
      expect(await project.request(anon, call)).toBe(`42501 permission denied for function ${name.split('.')[1]}`);
    });
  });

  test(`${name}: operators and temporary tables of the caller do not change its answer`, async () => {
    await inProject([file], 'verified', async (project) => {
      // Before Postgres 15, users could create objects in public by default.
      await project.tx.exec(`grant create on schema public to authenticated;
        grant temporary on database postgres to authenticated`);
      const shadows = `
        create function public.never(uuid, uuid) returns boolean language sql return false;
        create operator public.= (leftarg = uuid, rightarg = uuid, function = public.never);
        create temporary table mfa_factors (user_id uuid, status auth.factor_status);
        create temporary table sessions (id uuid, user_id uuid, aal auth.aal_level);
        set local search_path = pg_temp, public, pg_catalog;`;
      const [{ answer }] = (await project.request(recovery, call)) as [{ answer: unknown }];
      await project.tx.exec(`set local role authenticated; ${shadows} reset role`);
      expect(await project.request(recovery, call)).toEqual([{ answer }]);
      expect(answer).not.toBeNull();
      expect(answer).not.toBe(false);
    });
  });
}

test('a function that is SECURITY DEFINER, and a view without security_invoker, pass by every policy and give all notes to anybody', async () => {
  const all = [...ofAda, { body: 'of grace' }];
  await inProject(['aal2-for-everyone.sql', 'ways-around.sql'], 'verified', async (project) => {
    expect(await project.request(recovery, read)).toEqual([]);
    expect(await project.request(recovery, 'select body from all_notes()')).toEqual(all);
    expect(await project.request({ role: 'anon' }, 'select body from all_notes()')).toEqual(all);
    expect(await project.request(recovery, 'select body from notes_view order by id')).toEqual(all);
  });
});

test('a view with security_invoker keeps the policies', async () => {
  await inProject(['aal2-for-everyone.sql', 'ways-around.sql'], 'verified', async (project) => {
    const view = 'select body from notes_view_of_the_caller';
    expect(await project.request(recovery, view)).toEqual([]);
    expect(await project.request(steppedUp, view)).toEqual(ofAda);
    expect(await project.request(ofGrace(steppedUp), view)).toEqual([{ body: 'of grace' }]);
  });
});

test("a function that checks the level and the owner gives the caller's notes at aal2 only, and nothing to anon", async () => {
  await inProject(['aal2-for-everyone.sql', 'all-notes-at-aal2.sql'], 'verified', async (project) => {
    const call = 'select body from all_notes_at_aal2()';
    const { aal: _, ...withoutAal } = recovery;
    for (const claims of [recovery, withoutAal, {}])
      expect(await project.request(claims, call)).toBe('42501 all_notes_at_aal2 needs an aal2 session');
    expect(await project.request({ ...steppedUp, role: 'anon' }, call)).toBe(
      '42501 permission denied for function all_notes_at_aal2',
    );
    expect(await project.request(steppedUp, call)).toEqual(ofAda);
    expect(await project.request(ofGrace(steppedUp), call)).toEqual([{ body: 'of grace' }]);
  });
});

test('every file of SQL is tried here or in a spec of its own', () => {
  const ownSpecs = globSync('*.spec.ts', { cwd: import.meta.dirname }).map((spec) => spec.replace(/spec\.ts$/, 'sql'));
  const tried = new Set([
    ...reaching.flatMap(({ files }) => files),
    ...ownSpecs.filter((file) => existsSync(join(import.meta.dirname, file))),
    'all-notes-at-aal2.sql',
    'notes.sql',
    'supabase.sql',
    'ways-around.sql',
  ]);
  expect([...tried].sort()).toEqual(globSync('*.sql', { cwd: import.meta.dirname }).sort());
});
