/**
 * A real Supabase Auth as a target. Its database is reachable, and it serves its text messages and its log.
 *
 *   SUPABASE_URL          the origin
 *   MAILPIT_URL           base URL of the Mailpit API, default: SUPABASE_URL/inbox
 *   SUPABASE_SMS_URL, SUPABASE_LOG_URL   text messages and log lines, default: SUPABASE_URL/sms and /log
 *   SUPABASE_PUBLISHABLE_KEY, SUPABASE_SECRET_KEY   its API keys, default: those at /keys
 *   DATABASE_URL          its Postgres database, as a role that may update the schema `auth`, to let time pass there
 *   SUPABASE_JWT_SECRET   default: the secret of local Supabase projects
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { ApiKeys, Target } from './target.ts';

/** Returns an environment variable. Throws if it isn't set. */
export function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`set ${name}`);
  return value;
}

type Query = (sql: string) => Promise<string>;

/**
 * Opens a project's database. Returns a function that runs SQL and resolves to psql's unaligned output, and rejects if
 * the database reports an error. psql stays open in between, because starting it takes longer than a query.
 */
function openDatabase(url: string): Query {
  const child = spawn('psql', [url, '-v', 'ON_ERROR_STOP=1', '-qAt'], { stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  let read = () => {};
  child.stdout.on('data', (chunk) => {
    output += chunk;
    read();
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const ended = once(child, 'close').then(() => {
    throw new Error(`psql ended: ${errors.trim()}`);
  });
  // Queries that wait for a result reject by themselves.
  ended.catch(() => {});
  child.stdin.on('error', () => {});
  const streams = [child.stdin, child.stdout, child.stderr] as unknown as Socket[];
  /** psql keeps this process alive only while a query runs. */
  const hold = (held: boolean) => {
    for (const handle of [child, ...streams]) held ? handle.ref() : handle.unref();
  };
  hold(false);
  return (sql) => {
    hold(true);
    const mark = `end of ${Math.random()}`;
    output = '';
    const result = new Promise<string>((resolve) => {
      read = () => {
        if (output.endsWith(`${mark}\n`)) resolve(output.slice(0, -mark.length - 1).trim());
      };
    });
    child.stdin.write(`${sql};\nselect '${mark}';\n`);
    return Promise.race([result, ended]).finally(() => hold(false));
  };
}

/** Moves every time in Auth's tables back. To the server, that looks as if the time had passed. */
function shiftTimes(milliseconds: number): string {
  return `do $$
    declare place record;
    begin
      for place in
        select table_name, string_agg(format('%1$I = %1$I - interval ''${milliseconds} ms''', column_name), ', ') as changes
        from information_schema.columns join information_schema.tables using (table_schema, table_name)
        where table_schema = 'auth' and table_type = 'BASE TABLE' and data_type like 'timestamp%' and is_generated = 'NEVER'
          and table_name not in ('audit_log_entries', 'schema_migrations')
        group by table_name
      loop
        execute format('update auth.%I set %s', place.table_name, place.changes);
      end loop;
    end $$`;
}

/** Returns the API keys from the environment, or else from the project. */
async function keysOf(url: string): Promise<ApiKeys> {
  const { SUPABASE_PUBLISHABLE_KEY: anon, SUPABASE_SECRET_KEY: service } = process.env;
  if (anon && service) return { anon, service };
  return (await (await fetch(`${url}/keys`)).json()) as ApiKeys;
}

/** A real project, whose database is reachable. */
export interface RealTarget extends Target {
  /** Runs SQL in its database. */
  query: Query;
}

/** Returns the project that the environment names. */
export function realTarget(): RealTarget {
  const url = setting('SUPABASE_URL').replace(/\/$/, '');
  const {
    MAILPIT_URL: inbox,
    SUPABASE_SMS_URL: sms,
    SUPABASE_LOG_URL: log,
    SUPABASE_JWT_SECRET: jwtSecret,
  } = process.env;
  return {
    ...targetAt({ url, databaseUrl: setting('DATABASE_URL') }),
    ...(inbox && { inbox }),
    ...(sms && { sms }),
    ...(log && { log }),
    ...(jwtSecret && { jwtSecret }),
  };
}

/** Returns the project at this origin, which serves everything that a target needs. */
export function targetAt({ url, databaseUrl }: { url: string; databaseUrl: string }): RealTarget {
  const query = openDatabase(databaseUrl);
  return {
    query,
    url,
    inbox: `${url}/inbox`,
    sms: `${url}/sms`,
    log: `${url}/log`,
    fetch: (request) => fetch(request),
    now: Date.now,
    keys: () => keysOf(url),
    advance: async (milliseconds) => {
      await query(shiftTimes(milliseconds));
    },
    verify: async (factorId) => {
      await query(`update auth.mfa_factors set status = 'verified' where id = '${factorId}'`);
    },
    jwtSecret: 'super-secret-jwt-token-with-at-least-32-characters-long',
  };
}

/**
 * Throws unless a user that an admin creates at the target appears in DATABASE_URL. The demo project has no database,
 * so it can't write recordings, whatever it claims to be.
 */
export async function refuseDemoProject(target: RealTarget): Promise<void> {
  const { service } = await target.keys();
  const headers = { authorization: `Bearer ${service}` };
  const users = `${target.url}/auth/v1/admin/users`;
  const body = JSON.stringify({ email: `recorder.${Date.now()}@example.com` });
  const { id } = (await (await target.fetch(new Request(users, { method: 'POST', headers, body }))).json()) as {
    id: string;
  };
  const found = await target.query(`select count(*) from auth.users where id::text = '${id}'`);
  if (found !== '1')
    throw new Error(
      `${target.url} keeps its users elsewhere than in DATABASE_URL. Recordings only come from a real Supabase Auth.`,
    );
  await target.fetch(new Request(`${users}/${id}`, { method: 'DELETE', headers, body: '{}' }));
}
