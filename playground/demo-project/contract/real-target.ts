/**
 * A real Supabase Auth as a target: its database can be reached, and it tells its text messages and its log.
 *
 *   SUPABASE_URL          the origin
 *   MAILPIT_URL           base of the Mailpit API, default SUPABASE_URL/inbox
 *   SUPABASE_SMS_URL, SUPABASE_LOG_URL   text messages and log lines, default SUPABASE_URL/sms and /log
 *   SUPABASE_PUBLISHABLE_KEY, SUPABASE_SECRET_KEY   its API keys, default: those it tells at /keys
 *   DATABASE_URL          its Postgres, by a role that may update the schema `auth`: time passes there
 *   SUPABASE_JWT_SECRET   default: that of local Supabase projects
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { ApiKeys, Target } from './target.ts';

/** A variable of the environment. Throws when it isn't set. */
export function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`set ${name}`);
  return value;
}

type Query = (sql: string) => Promise<string>;

/**
 * Opens a project's database. The function that it returns runs SQL there and answers what psql prints, unaligned; it throws when the database says no. psql stays
 * open in between: to start one takes longer than what it is asked.
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
  // Who waits for a result is told.
  ended.catch(() => {});
  child.stdin.on('error', () => {});
  const streams = [child.stdin, child.stdout, child.stderr] as unknown as Socket[];
  /** It keeps this process from ending only while a result is due. */
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

/** Moves every time in Auth's tables back: for the server that is the same as if the time had passed. */
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

/** API keys from the environment, or from the project itself. */
async function keysOf(url: string): Promise<ApiKeys> {
  const { SUPABASE_PUBLISHABLE_KEY: anon, SUPABASE_SECRET_KEY: service } = process.env;
  if (anon && service) return { anon, service };
  return (await (await fetch(`${url}/keys`)).json()) as ApiKeys;
}

/** A real project, which has a database. */
export interface RealTarget extends Target {
  /** Runs SQL in it. */
  query: Query;
}

/** The project that the environment names. */
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

/** The project at this origin, with everything that a target offers below it. */
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
 * Throws unless a user whom an admin creates at the target is found in DATABASE_URL a moment later: the demo project has no database,
 * so recordings cannot come from it, whatever it says of itself.
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
