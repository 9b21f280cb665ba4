/**
 * `npm run bench` measures what the demo project costs its users. Times cover only calls to the demo project, not
 * reading emails or computing codes.
 *
 * If SUPABASE_URL is set, compares it with that real Supabase Auth (Mailpit at MAILPIT_URL, default
 * SUPABASE_URL/inbox). Otherwise it says that it skips the comparison.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { TOTP } from 'otpauth';
import { startServer } from '../../playground/demo-project/contract/start-server.ts';
import { createDemoProject, type Snapshot } from '../../playground/demo-project/src/index.ts';

type Fetch = (request: Request) => Promise<Response>;
type Body = Record<string, unknown>;

interface Person {
  email: string;
  password: string;
  factor: { id: string; secret: string };
}

/** A client that records how long each kind of call took, in milliseconds. */
class Client {
  readonly times = new Map<string, number[]>();
  readonly #url: string;
  readonly #inbox: string;
  readonly #fetch: Fetch;
  readonly #now: () => number;

  constructor(url: string, fetch: Fetch, now = Date.now, inbox = `${url}/inbox`) {
    this.#url = url;
    this.#inbox = inbox;
    this.#fetch = fetch;
    this.#now = now;
  }

  /** Calls Auth and returns its answer. @throws Error if the status isn't `expected` */
  async call(name: string, route: string, body?: Body, token?: string, expected = 200): Promise<Body> {
    const [method = '', path = ''] = route.split(' ');
    const url = path.startsWith('http') ? path : `${this.#url}/auth/v1${path}`;
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const init = { method, headers, redirect: 'manual', ...(body && { body: JSON.stringify(body) }) } as const;
    const started = performance.now();
    const response = await this.#fetch(new Request(url, init));
    const text = await response.text();
    const times = this.times.get(name) ?? [];
    this.times.set(name, times);
    times.push(performance.now() - started);
    if (response.status !== expected) throw new Error(`${route} answered ${response.status} ${text}`);
    const location = response.headers.get('location');
    return location ? Object.fromEntries(new URLSearchParams(location.split('#')[1])) : text ? JSON.parse(text) : {};
  }

  /** Signs up a user and gives them a verified TOTP factor. */
  async enroll(email: string): Promise<Person> {
    const password = 'correct horse battery staple';
    const { access_token: token } = (await this.call('sign up', 'POST /signup', { email, password })) as {
      access_token: string;
    };
    const factor = (await this.call('enroll', 'POST /factors', { factor_type: 'totp' }, token)) as {
      id: string;
      totp: { secret: string };
    };
    const person = { email, password, factor: { id: factor.id, secret: factor.totp.secret } };
    await this.stepUp(person, token);
    return person;
  }

  /** Verifies the person's factor in this session. Returns the new access token. */
  async stepUp({ factor }: Person, token: string): Promise<string> {
    const challenge = await this.call('challenge', `POST /factors/${factor.id}/challenge`, {}, token);
    const code = new TOTP({ secret: factor.secret }).generate({ timestamp: this.#now() });
    const answer = { challenge_id: challenge['id'], code };
    return String((await this.call('verify', `POST /factors/${factor.id}/verify`, answer, token))['access_token']);
  }

  /** Returns the link in the newest email to this address. */
  async link(email: string): Promise<string> {
    const read = async (path: string) =>
      (await this.#fetch(new Request(`${this.#inbox}/api/v1/${path}`))).json() as Promise<Body>;
    const { messages } = (await read(`search?query=${encodeURIComponent(`to:"${email}"`)}`)) as {
      messages: { ID: string }[];
    };
    const { HTML } = (await read(`message/${messages[0]?.ID}`)) as { HTML: string };
    return (/href="([^"]*)"/.exec(HTML)?.[1] ?? '').replaceAll('&amp;', '&');
  }

  /**
   * Runs the whole flow. `change` is the body of its last call, which Auth refuses at aal1 and accepts at aal2. Returns
   * the milliseconds that its calls took.
   */
  async flow(person: Person, change: Body): Promise<number> {
    this.times.clear();
    await this.call('recover', 'POST /recover', { email: person.email });
    const link = await this.link(person.email);
    const session = await this.call('open the link', `GET ${link}`, undefined, undefined, 303);
    const token = String(session['access_token']);
    await this.call('refused', 'PUT /user', { password: 'another password' }, token, 401);
    await this.call('change', 'PUT /user', change, await this.stepUp(person, token));
    return [...this.times.values()].flat().reduce((sum, time) => sum + time, 0);
  }
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const milliseconds = (value: number) => `${value.toFixed(value < 10 ? 2 : 1)} ms`;
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

/** Makes the email addresses unique on a real server. */
const run = Date.now();

/** Returns the median times of the whole flow, and of a flow whose last call hashes no password. */
async function timeFlows(client: Client, flows: number): Promise<{ all: number; withoutHashing: number }> {
  const times: { all: number[]; withoutHashing: number[] } = { all: [], withoutHashing: [] };
  const warmUp = 5;
  for (let index = 0; index < flows + warmUp; index++) {
    const [all, without] = [`all.${index}.${run}@example.com`, `without.${index}.${run}@example.com`];
    const withPassword = await client.flow(await client.enroll(all), { password: 'a new password' });
    const withData = await client.flow(await client.enroll(without), { data: { color: 'blue' } });
    if (index < warmUp) continue;
    times.all.push(withPassword);
    times.withoutHashing.push(withData);
  }
  return { all: median(times.all), withoutHashing: median(times.withoutHashing) };
}

const origin = 'http://127.0.0.1:54321';

async function benchFlow(): Promise<void> {
  console.log('\nThe flow: recover, link, refused, challenge, verify, password changed (median of 50)');
  const project = createDemoProject({ url: origin });
  const server = await startServer('node', ['playground/demo-project/node/cli.ts', '--port', '0'], {
    env: process.env,
  });
  const clients: [string, Client][] = [
    ['demo project, in this process', new Client(origin, project.fetch)],
    ['demo project, over HTTP', new Client(server.url, fetch)],
  ];
  const url = process.env['SUPABASE_URL'];
  if (url) clients.push([`real Auth at ${url}`, new Client(url, fetch, Date.now, process.env['MAILPIT_URL'])]);
  const results = [];
  try {
    for (const [name, client] of clients) {
      const result = await timeFlows(client, 50);
      results.push(result);
      console.log(
        `${name.padEnd(40)} ${milliseconds(result.all)}; without password hashing ${milliseconds(result.withoutHashing)}`,
      );
    }
  } finally {
    await server.stop();
  }
  const [, overHttp, real] = results;
  if (!overHttp || !real) console.log('real Auth                                not compared: set SUPABASE_URL');
  else
    console.log(
      `real ÷ demo project, both over HTTP       ${(real.all / overHttp.all).toFixed(1)} ×; without password hashing ${(real.withoutHashing / overHttp.withoutHashing).toFixed(1)} ×`,
    );
}

/** Measures the start in a fresh process, where nothing is loaded or warm. */
function benchStart(): void {
  const script = `
    const { createDemoProject } = await import('./playground/demo-project/src/index.ts');
    const started = performance.now();
    const answer = await createDemoProject().fetch(new Request('${origin}/auth/v1/settings'));
    await answer.json();
    console.log(performance.now() - started);`;
  const times = Array.from({ length: 10 }, () =>
    Number(execFileSync('node', ['--input-type=module', '-e', script], { encoding: 'utf8' })),
  );
  console.log(
    `\ncreateDemoProject() to its first answer   ${milliseconds(median(times))} (median of 10 new processes)`,
  );
}

/** Multiplies one user with a factor into as many as wanted: adds a number to every id and address in its rows. */
function multiply({ snapshot, ids }: { snapshot: Snapshot; ids: string[] }, users: number): Snapshot {
  const kept = tablesOf(snapshot);
  const tables = Object.entries(kept).filter(([table]) => !['mails', 'texts', 'log', 'serial'].includes(table));
  const text = JSON.stringify(Object.fromEntries(tables));
  const pattern = new RegExp(ids.join('|'), 'g');
  const rows: Record<string, unknown[]> = { ...kept, mails: [], texts: [], log: [] };
  for (const [table] of tables) rows[table] = [];
  for (let index = 0; index < users; index++) {
    const copy = JSON.parse(text.replace(pattern, (id) => numbered(id, index))) as Record<string, unknown[]>;
    for (const [table] of tables) rows[table]?.push(...(copy[table] ?? []));
  }
  return { ...snapshot, state: { ...(snapshot.state as object), tables: rows } };
}

/** A snapshot is opaque to users. Only this benchmark looks inside, to make 100,000 users from one. */
const tablesOf = ({ state }: Snapshot) => (state as { tables: Record<string, { id: string }[]> }).tables;

/** Returns an id of the same form that ends in the number. */
function numbered(id: string, index: number): string {
  const digits = String(index).padStart(8, '0');
  return id.includes('@') ? `${digits}.${id}` : id.slice(0, -8) + digits;
}

async function benchUsers(): Promise<void> {
  console.log('\nEach call with 10, 1,000 and 100,000 users (median of 200, in this process)');
  const email = 'ada@example.com';
  const template = createDemoProject({ url: origin });
  const person = await new Client(origin, template.fetch).enroll(email);
  const snapshot = template.snapshot();
  const ids = [
    email,
    ...['users', 'identities', 'sessions', 'factors', 'challenges', 'refreshTokens'].flatMap(
      (table) => tablesOf(snapshot)[table]?.map(({ id }) => id) ?? [],
    ),
  ];
  const columns: Map<string, number[]>[] = [];
  for (const users of [10, 1000, 100_000]) {
    let now = Date.now();
    const project = createDemoProject({ url: origin, snapshot: multiply({ snapshot, ids }, users), clock: () => now });
    const { service } = project.keys;
    const client = new Client(origin, project.fetch, () => now);
    const one = async (index: number) => {
      now += 61_000;
      const who = {
        ...person,
        email: numbered(email, index),
        factor: { ...person.factor, id: numbered(person.factor.id, index) },
      };
      await client.call('sign up', 'POST /signup', { email: `new.${now}@example.com`, password: person.password });
      const session = await client.call('sign in', 'POST /token?grant_type=password', {
        email: who.email,
        password: person.password,
      });
      const refreshed = await client.call('refresh', 'POST /token?grant_type=refresh_token', {
        refresh_token: session['refresh_token'],
      });
      const token = String(refreshed['access_token']);
      await client.call('read the user', 'GET /user', undefined, token);
      await client.call('recover', 'POST /recover', { email: who.email });
      const recovery = await client.call(
        'open the link',
        `GET ${await client.link(who.email)}`,
        undefined,
        undefined,
        303,
      );
      await client.call('refused', 'PUT /user', { password: 'another' }, String(recovery['access_token']), 401);
      const stepUpToken = await client.stepUp(who, String(recovery['access_token']));
      await client.call('change the password', 'PUT /user', { password: `password ${now}` }, stepUpToken);
      await client.call('change it back', 'PUT /user', { password: person.password }, stepUpToken);
      await client.call('list users (admin)', 'GET /admin/users?per_page=10', undefined, service);
      await client.call('sign out', 'POST /logout', undefined, stepUpToken, 204);
    };
    for (let index = 0; index < 20; index++) await one(index % users);
    client.times.clear();
    for (let index = 0; index < 200; index++) await one((index * 7919) % users);
    columns.push(client.times);
  }
  for (const name of columns[0]?.keys() ?? []) {
    const cells = columns.map((times) => milliseconds(median(times.get(name) ?? [])).padStart(10));
    console.log(`${name.padEnd(40)} ${cells.join(' ')}`);
  }
}

async function benchMemory(): Promise<void> {
  const flows = 10_000;
  console.log(`\nMemory in use after flows of the same ten users, in one process`);
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  let now = Date.now();
  const project = createDemoProject({ url: origin, clock: () => now });
  const client = new Client(origin, project.fetch, () => now);
  const people: Person[] = [];
  for (let index = 0; index < 10; index++) people.push(await client.enroll(`ada.${index}@example.com`));
  for (let flow = 1; flow <= flows; flow++) {
    now += 61_000;
    await client.flow(people[flow % people.length] as Person, { password: `a new password ${flow}` });
    if (flow !== 1000 && flow % 3000 !== 1000) continue;
    collect();
    console.log(`${String(flow).padEnd(40)} ${megabytes(process.memoryUsage().heapUsed)}`);
  }
}

/** Builds an example that does nothing: what's left is the demo project and the devices. */
function benchWeight(): void {
  mkdirSync('test-results', { recursive: true });
  const folder = mkdtempSync(join('test-results', 'empty-'));
  try {
    writeFileSync(join(folder, 'package.json'), '{ "name": "empty" }');
    writeFileSync(join(folder, 'index.html'), '<!doctype html><html lang="en"><body></body></html>');
    const config = join('playground/examples/totp-step-up/vite.config.ts');
    execFileSync('npx', ['vite', 'build', folder, '--config', config, '--logLevel', 'error'], { stdio: 'inherit' });
    const html = readFileSync(join(folder, 'dist/index.html'), 'utf8');
    const files = [...html.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(([, file = '']) => join(folder, 'dist', file));
    const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(file), { level: 9 }).length, 0);
    console.log(
      `\ndemo project and devices in a page        ${(bytes / 1000).toFixed(1)} kB gzipped, before the first call`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

benchStart();
benchWeight();
await benchFlow();
await benchUsers();
await benchMemory();
