/**
 * Runs trials in Postgres, in a worker. SQL that never ends blocks only the worker, and the page can end that. The first message has
 * the files to start from, and the worker answers "ready". Each later message is a trial, and each answer its outcome.
 */
import { PGlite } from '@electric-sql/pglite';
import { type Answer, type Command, commands, type Outcome, type Reach, type SqlError, type Trial } from './reach.ts';

/** The files that Postgres starts from. The page downloads them. */
export interface Files {
  postgres: WebAssembly.Module;
  data: Blob;
  database: Blob;
}

let files: Files;
let postgres: PGlite;

addEventListener('message', async ({ data }: MessageEvent<Files | Trial>) => {
  try {
    if ('database' in data) {
      files = data;
      postgres = await start();
      postMessage('ready');
    } else postMessage(await tried(data));
  } catch (error) {
    reportError(error); // Postgres itself failed: this tells the page, which starts another worker
  }
});

function start(): Promise<PGlite> {
  return PGlite.create({ pgliteWasmModule: files.postgres, fsBundle: files.data, loadDataDir: files.database });
}

/** Runs the SQL and the requests in a transaction that's rolled back. */
async function tried(trial: Trial): Promise<Outcome> {
  try {
    await postgres.exec(`begin; set local role developer; ${trial.already}`);
    const before = await transaction();
    await postgres.exec(trial.sql);
    if ((await transaction()) !== before) {
      postgres = await start(); // otherwise what the SQL committed would stay
      throw new Error('Leave out begin, commit, and rollback: your SQL already runs in a transaction.');
    }
    await postgres.exec('reset role');
    return { reach: await reach(trial) };
  } catch (error) {
    return { error: told(error, trial.sql) };
  } finally {
    await postgres.exec('rollback');
    await postgres.exec('discard all');
  }
}

/** Returns the id of the current transaction. */
async function transaction(): Promise<unknown> {
  return (await postgres.query<{ id: string }>('select pg_current_xact_id()::text as id')).rows[0]?.id;
}

async function reach({ reads, people, sessions }: Trial): Promise<Reach> {
  const all = [];
  for (const { key, claims } of sessions) {
    const owners = [];
    for (const [owner, id] of Object.entries(people)) {
      const answers = [];
      for (const command of commands) answers.push([command, await request(claims, statement(command, reads, id))]);
      owners.push([owner, Object.fromEntries(answers)]);
    }
    all.push([key, Object.fromEntries(owners)]);
  }
  return Object.fromEntries(all);
}

/** Returns the statement that tries an action on the notes of `owner`. */
function statement(command: Command, reads: string, owner: string): string {
  switch (command) {
    case 'read':
      return `select * from ${reads} where user_id = '${owner}'`;
    case 'add':
      return `insert into notes (user_id, body) values ('${owner}', 'new')`;
    case 'change':
      return `update notes set body = 'changed' where user_id = '${owner}'`;
    case 'delete':
      return `delete from notes where user_id = '${owner}'`;
  }
}

/** Runs a statement as the Data API does: with the claims in a setting, as the role that they name. Then rolls it back. */
async function request(claims: Trial['sessions'][number]['claims'], sql: string): Promise<Answer> {
  const settings = `set_config('role', '${claims.role}', true), set_config('request.jwt.claims', '${JSON.stringify(claims)}', true)`;
  try {
    const answer = (await postgres.exec(`savepoint request; select ${settings}; ${sql}`)).at(-1);
    return { rows: answer?.rows.length || answer?.affectedRows || 0 };
  } catch (error) {
    return { error: told(error, sql).message };
  } finally {
    await postgres.exec('rollback to savepoint request');
  }
}

/** Returns Postgres' error message and its place in the SQL, if there is one. Postgres counts characters from 1. */
function told(error: unknown, sql: string): SqlError {
  const { code, message, detail, hint, position } = error as { [key: string]: string | undefined };
  const lines = [code ? `${code} ${message}` : `${message}`, detail, hint && `Hint: ${hint}`].filter(Boolean);
  const before = [...sql].slice(0, Number(position) - 1).join('');
  return { message: lines.join('\n'), ...(position && { at: before.length }) };
}
