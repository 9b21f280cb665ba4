/**
 * Starts a real Supabase Auth with the settings of a profile (profiles.ts), and Mailpit. Both are behind one origin with
 * the demo project's endpoints: `/auth/v1`, `/inbox/api/v1`, `/sms`, `/log`, and `/keys`. Auth also fetches the text of
 * its recovery email there: `/templates/recovery`.
 *
 *   node playground/demo-project/contract/real-server.ts [--profile NAME] [--port 54321]     prints how to connect, and runs until Ctrl+C
 *
 *   AUTH_BIN, AUTH_MIGRATIONS   Supabase Auth's binary, and the folder `migrations` of the same version
 *   MAILPIT_BIN                 Mailpit's binary
 *   POSTGRES_URL                a Postgres server's URL, as a superuser; each start creates a database there, and drops it at the end
 *
 * It also uses ports relative to the given port: +100 for Auth, +103 and +104 for Mailpit. Everything listens on
 * 127.0.0.1 only.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Json } from './json.ts';
import { type ProfileName, profileNamed, profiles } from './profiles.ts';
import { setting } from './real-target.ts';

const secret = 'super-secret-jwt-token-with-at-least-32-characters-long';

/** Returns an API key with the same claims as a local Supabase project's. */
function apiKey(role: 'anon' | 'service_role'): string {
  const encode = (value: Json) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const unsigned = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ iss: 'supabase-demo', role, exp: 1983812996 })}`;
  return `${unsigned}.${createHmac('sha256', secret).update(unsigned).digest('base64url')}`;
}

/** The Supabase CLI's settings with every MFA factor on, as variables of Supabase Auth. Profiles change some of them. */
function defaults(origin: string, port: number, database: string): { [variable: string]: string } {
  return {
    API_EXTERNAL_URL: origin,
    DATABASE_URL: database,
    DB_NAMESPACE: 'auth',
    // Longer than any request takes, so that a busy machine doesn't change responses.
    GOTRUE_API_MAX_REQUEST_DURATION: '60s',
    GOTRUE_API_HOST: '127.0.0.1',
    GOTRUE_API_PORT: `${port + 100}`,
    GOTRUE_CORS_ALLOWED_HEADERS: 'apikey',
    GOTRUE_DB_DATABASE_URL: database,
    GOTRUE_DB_DRIVER: 'postgres',
    GOTRUE_DB_MIGRATIONS_PATH: setting('AUTH_MIGRATIONS'),
    GOTRUE_DISABLE_SIGNUP: 'false',
    GOTRUE_EXTERNAL_ANONYMOUS_USERS_ENABLED: 'true',
    GOTRUE_EXTERNAL_EMAIL_ENABLED: 'true',
    GOTRUE_EXTERNAL_PHONE_ENABLED: 'true',
    GOTRUE_HOOK_SEND_SMS_ENABLED: 'true',
    GOTRUE_HOOK_SEND_SMS_SECRETS: `v1,whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`,
    GOTRUE_HOOK_SEND_SMS_URI: `${origin}/sms`,
    GOTRUE_JWT_ADMIN_ROLES: 'service_role',
    GOTRUE_JWT_AUD: 'authenticated',
    GOTRUE_JWT_DEFAULT_GROUP_NAME: 'authenticated',
    GOTRUE_JWT_EXP: '3600',
    GOTRUE_JWT_ISSUER: `${origin}/auth/v1`,
    GOTRUE_JWT_SECRET: secret,
    GOTRUE_LOG_LEVEL: 'info',
    GOTRUE_MAILER_AUTOCONFIRM: 'true',
    GOTRUE_MAILER_OTP_EXP: '3600',
    GOTRUE_MAILER_OTP_LENGTH: '6',
    GOTRUE_MAILER_SECURE_EMAIL_CHANGE_ENABLED: 'true',
    GOTRUE_MAILER_URLPATHS_CONFIRMATION: `${origin}/auth/v1/verify`,
    GOTRUE_MAILER_URLPATHS_EMAIL_CHANGE: `${origin}/auth/v1/verify`,
    GOTRUE_MAILER_URLPATHS_INVITE: `${origin}/auth/v1/verify`,
    GOTRUE_MAILER_URLPATHS_RECOVERY: `${origin}/auth/v1/verify`,
    GOTRUE_MFA_MAX_ENROLLED_FACTORS: '10',
    GOTRUE_MFA_PHONE_ENROLL_ENABLED: 'true',
    GOTRUE_MFA_PHONE_MAX_FREQUENCY: '1s',
    GOTRUE_MFA_PHONE_VERIFY_ENABLED: 'true',
    GOTRUE_MFA_TOTP_ENROLL_ENABLED: 'true',
    GOTRUE_MFA_TOTP_VERIFY_ENABLED: 'true',
    GOTRUE_MFA_WEB_AUTHN_ENROLL_ENABLED: 'true',
    GOTRUE_MFA_WEB_AUTHN_VERIFY_ENABLED: 'true',
    GOTRUE_PASSWORD_MIN_LENGTH: '6',
    GOTRUE_RATE_LIMIT_EMAIL_SENT: '360000',
    GOTRUE_RATE_LIMIT_SMS_SENT: '360000',
    GOTRUE_SECURITY_REFRESH_TOKEN_REUSE_INTERVAL: '10',
    GOTRUE_SECURITY_REFRESH_TOKEN_ROTATION_ENABLED: 'true',
    GOTRUE_SITE_URL: 'http://localhost:4200',
    GOTRUE_SMS_AUTOCONFIRM: 'true',
    GOTRUE_SMS_MAX_FREQUENCY: '1s',
    GOTRUE_SMS_OTP_EXP: '60',
    GOTRUE_SMS_OTP_LENGTH: '6',
    GOTRUE_SMTP_ADMIN_EMAIL: 'admin@example.com',
    GOTRUE_SMTP_HOST: '127.0.0.1',
    GOTRUE_SMTP_MAX_FREQUENCY: '1s',
    GOTRUE_SMTP_PORT: `${port + 104}`,
    GOTRUE_URI_ALLOW_LIST: 'http://localhost:*/**,http://127.0.0.1:*/**',
    PORT: `${port + 100}`,
  };
}

function psql(url: string, ...commands: string[]): void {
  const flags = commands.flatMap((command) => ['-c', command]);
  execFileSync('psql', [url, '-v', 'ON_ERROR_STOP=1', '-q', ...flags], {
    env: { ...process.env, PGOPTIONS: '-c client_min_messages=warning' },
  });
}

export interface RealServer {
  /** Its origin, without a trailing slash. */
  url: string;
  /** Its database, with the role that owns the schema `auth`. */
  databaseUrl: string;
  /** Stops the processes and drops the database. */
  stop(): Promise<void>;
}

/** Starts a server with the settings of a profile. Throws with the end of its log if it isn't healthy within a minute. */
export async function startRealServer(profile: ProfileName, port = 54321): Promise<RealServer> {
  const url = `http://127.0.0.1:${port}`;
  const postgres = new URL(setting('POSTGRES_URL'));
  const name = `auth_${port}`;
  const database = new URL(`/${name}`, postgres);
  psql(postgres.href, `drop database if exists ${name} with (force)`, `drop role if exists ${name}`);
  psql(
    postgres.href,
    `create role ${name} superuser login password '${decodeURIComponent(postgres.password)}'`,
    `alter role ${name} set search_path = auth`,
    // Nothing here needs to survive a crash of the database.
    `alter role ${name} set synchronous_commit = off`,
  );
  psql(postgres.href, `create database ${name} owner ${name}`);
  database.username = name;
  psql(database.href, `create schema auth authorization ${name}`);

  const settings = {
    ...defaults(url, port, database.href),
    ...Object.fromEntries(
      Object.entries(profiles[profile].server).map(([key, value]) => [key, value.replaceAll('<origin>', url)]),
    ),
  };
  const template = profiles[profile].config.auth?.email?.template?.recovery?.content ?? '';
  const log: string[] = [];
  const texts: Json[] = [];
  const running: ChildProcess[] = [];
  function start(binary: string, args: string[]): ChildProcess {
    const child = spawn(binary, args, { env: { ...process.env, ...settings }, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => log.push(...String(chunk).split('\n').filter(Boolean)));
    running.push(child);
    return child;
  }

  const server = createServer((request, response) => {
    answer(request, response, { port, log, texts, template }).catch((error) =>
      response.writeHead(502).end(String(error)),
    );
  });
  async function stop() {
    server.close();
    server.closeAllConnections();
    const live = running.filter((child) => child.exitCode === null && child.signalCode === null);
    const ended = live.map((child) => once(child, 'exit'));
    for (const child of live) child.kill();
    await Promise.all(ended);
    psql(postgres.href, `drop database if exists ${name} with (force)`, `drop role if exists ${name}`);
  }

  try {
    const [code] = await once(start(setting('AUTH_BIN'), ['migrate']), 'exit');
    if (code !== 0) throw new Error(`Auth could not set up its database:\n${log.slice(-5).join('\n')}`);
    log.length = 0;
    const { sql } = profiles[profile];
    if (sql) psql(database.href, sql);
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const mailpit = ['--listen', `127.0.0.1:${port + 103}`, '--smtp', `127.0.0.1:${port + 104}`];
    start(setting('MAILPIT_BIN'), [...mailpit, '--quiet', '--disable-version-check']);
    start(setting('AUTH_BIN'), ['serve']);
    for (const deadline = Date.now() + 60_000; ; await wait(50)) {
      const healthy = [`${url}/auth/v1/health`, `${url}/inbox/api/v1/info`].map((at) => fetch(at).then(({ ok }) => ok));
      if ((await Promise.all(healthy)).every(Boolean)) break;
      if (Date.now() > deadline) throw new Error(`Auth or Mailpit did not start:\n${log.slice(-5).join('\n')}`);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, databaseUrl: database.href, stop };
}

interface Behind {
  port: number;
  log: string[];
  texts: Json[];
  /** The template of the recovery email. */
  template: string;
}

/** Responds at the origin: with the endpoints that only the demo project has, or by forwarding to Auth or Mailpit. */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { port, log, texts, template }: Behind,
): Promise<void> {
  const { method, url = '/' } = request;
  const json = (value: Json) =>
    response
      .writeHead(200, { 'content-type': 'application/json', 'access-control-allow-origin': '*' })
      .end(JSON.stringify(value));
  const forward = (to: number, prefix: string) => {
    const { headers } = request;
    const upstream = send({ host: '127.0.0.1', port: to, method, path: url.slice(prefix.length) || '/', headers });
    upstream.on('response', (from) => from.pipe(response.writeHead(from.statusCode ?? 502, from.rawHeaders)));
    upstream.on('error', (error) => response.writeHead(502).end(String(error)));
    request.pipe(upstream);
  };
  if (url.startsWith('/auth/v1/')) forward(port + 100, '/auth/v1');
  else if (url.startsWith('/inbox/')) forward(port + 103, '/inbox');
  else if (url === '/templates/recovery') response.end(template);
  else if (url === '/keys') json({ anon: apiKey('anon'), service: apiKey('service_role') });
  else if (url === '/log') json(log);
  else if (url !== '/sms') response.writeHead(404).end();
  else if (method === 'GET') json(texts);
  else {
    texts.push(JSON.parse(await text(request)));
    json({});
  }
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { profile: { type: 'string', default: 'default' }, port: { type: 'string', default: '54321' } },
  });
  const { url, databaseUrl, stop } = await startRealServer(profileNamed(values.profile), Number(values.port));
  console.log(`SUPABASE_URL=${url} DATABASE_URL=${databaseUrl}`);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop());
}
