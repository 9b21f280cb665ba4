/**
 * A Supabase Auth you can carry in your pocket: `createDemoProject().fetch(request)` answers as Supabase Auth does where an app can see it.
 * Web-standard code only: it runs in Node, in a page, in a worker. Its rules are Auth's; its accounts, keys, and mails are not real.
 *
 * This is the only module of `src/` that others import, beside `endpoints.ts` (data) and `totp.ts` (the codes of an authenticator app).
 */
import { apiKeys, Keys } from './auth/keys.ts';
import type { Project } from './auth/project.ts';
import { type PartialConfig, withDefaults } from './config.ts';
import { milliseconds } from './go/duration.ts';
import { readBytes } from './http/body.ts';
import { answer } from './http/router.ts';
import { type Mail, readMail, readText, type Text } from './messages.ts';
import { parts, preload } from './routes.ts';
import { checkSeed, plant, type Seed, type SeededUser, type SeedUser } from './seed.ts';
import { Store, type Tables } from './store.ts';

export type { ErrorCode } from './auth/errors.ts';
export type { Config, PartialConfig, SigningKey } from './config.ts';
export type { Mail, Text } from './messages.ts';
export type { Seed, SeededFactor, SeededUser, SeedFactor, SeedUser } from './seed.ts';
export { authVersion } from './version.ts';
export { preload };

export interface DemoProjectOptions {
  /** The origin of the project's URL. Links in emails and the tokens' `iss` start with it; nothing has to listen there. Default: `http://127.0.0.1:54321`. */
  url?: string;
  /** Settings that differ from the defaults, named as in the Supabase CLI's config.toml. */
  config?: PartialConfig;
  /** Milliseconds since the epoch. Default: `Date.now`. */
  clock?: () => number;
  /** Users to start with. */
  seed?: Seed;
  /** What an earlier project left behind, from `snapshot()`. Its users are used, not those of `seed`. */
  snapshot?: Snapshot | undefined;
}

/** Everything a project remembers, as JSON. What is inside may change with every version. */
export interface Snapshot {
  /** A project reads snapshots of its own format only. */
  readonly format: number;
  readonly state: unknown;
}

export interface DemoProject {
  /** The origin of the project's URL. */
  readonly url: string;
  /** The API keys, as a local Supabase stack has them. `service` is the key for `auth.admin`. */
  readonly keys: { readonly anon: string; readonly service: string };
  /** Answers as `fetch` does, so it can be given to supabase-js as `global.fetch`. Requests are answered one at a time. */
  fetch(input: Request | URL | string, init?: RequestInit): Promise<Response>;
  /** Does this project answer the URL? For a proxy or a mock that passes other requests on. */
  handles(url: URL | string): boolean;
  /** Emails that were sent, newest first; with `to`, only those to this address. */
  mails(to?: string): Mail[];
  /** Text messages that were sent, newest first; with `to`, only those to this number, with or without "+". */
  texts(to?: string): Text[];
  /** The Auth log, oldest first: one JSON object per line. */
  readonly log: readonly string[];
  /** Creates a user who can sign in at once, with verified factors. @throws Error that names what is wrong with it */
  createUser(user: SeedUser): SeededUser;
  /**
   * The current code in the user's authenticator app, for a factor from the seed or one that was enrolled later. `friendlyName` says which, if there are several.
   * @throws Error if there is no such user, or no such factor
   */
  code(email: string, friendlyName?: string): Promise<string>;
  /** The project's time, in milliseconds since the epoch. */
  now(): number;
  /** Lets time pass: milliseconds, or a duration such as "1h" or "90s". @throws Error for anything else */
  advance(duration: number | string): void;
  /** Puts everything back: users as in `seed` (default: the one the project was created with), no emails, the clock as it was. */
  reset(seed?: Seed): void;
  /** Everything that is needed to go on later, as JSON. */
  snapshot(): Snapshot;
}

const format = 1;

/** Where the project answers, and the two calls that tests need and Supabase has no endpoint for. */
const served = /^\/(auth\/v1|inbox\/api\/v1|sms|log|keys|demo-project\/(reset|advance))(\/|$)/;

/**
 * Creates a project in memory.
 * @throws Error that names the setting or the user of the seed that is wrong, and for a snapshot of another format
 */
export function createDemoProject(options: DemoProjectOptions = {}): DemoProject {
  const { clock = Date.now, seed = [], snapshot } = options;
  const url = originOf(options.url ?? 'http://127.0.0.1:54321');
  const config = withDefaults(options.config);
  checkSeed(seed);
  const keys = new Keys(config);
  let advanced = 0;
  const now = () => clock() + advanced;
  let { project, answerInTurn } = start(seed, snapshot);

  function start(users: Seed, from?: Snapshot) {
    const state = from && readSnapshot(from);
    advanced = state?.advanced ?? 0;
    const project: Project = { store: new Store(now, state?.tables), config, keys, url, now };
    if (!from) plant(project, users);
    let last: Promise<unknown> = Promise.resolve();
    /** One at a time: Auth locks the rows that it changes. */
    const answerInTurn = (request: Request, bytes?: Uint8Array) => {
      const response = last.then(() => answer(project, request, bytes));
      last = response.catch(() => undefined);
      return response;
    };
    return { project, answerInTurn };
  }

  const self: DemoProject = {
    url,
    keys: apiKeys(config),
    async fetch(input, init) {
      const request = input instanceof Request && init === undefined ? input : new Request(input, init);
      if (request.method === 'POST' && /^\/demo-project\/(reset|advance)$/.test(new URL(request.url).pathname))
        return (await parts.control()).control(self, request.url);
      if (/^(GET|HEAD)$/.test(request.method)) return answerInTurn(request);
      // A body comes in its own time: others are answered until it is there.
      const bytes = await readBytes(request);
      return answerInTurn(request, bytes);
    },
    handles(input) {
      const { origin, pathname } = new URL(input, url);
      return origin === url && served.test(pathname);
    },
    mails: (to) =>
      project.store.mails
        .filter((mail) => to === undefined || mail.to === to.toLowerCase())
        .map(readMail)
        .reverse(),
    texts: (to) =>
      project.store.texts
        .map(readText)
        .filter((text) => to === undefined || text.to === to.replace(/^\+/, ''))
        .reverse(),
    get log() {
      return project.store.log;
    },
    createUser(user) {
      checkSeed([user], project.store);
      const [created] = plant(project, [user]);
      return created as SeededUser;
    },
    async code(email, friendlyName) {
      return (await import('./authenticator.ts')).codeOf(project, email, friendlyName);
    },
    now,
    advance(duration) {
      advanced += passed(duration);
    },
    reset(users = seed) {
      checkSeed(users);
      ({ project, answerInTurn } = start(users));
    },
    snapshot: () => ({ format, state: { tables: project.store.tables(), advanced } }),
  };
  return self;
}

/** In milliseconds. @throws Error for what is no span of time */
function passed(duration: number | string): number {
  try {
    const span = typeof duration === 'number' ? duration : milliseconds(duration);
    if (span >= 0 && Number.isFinite(span)) return span;
  } catch {
    // Told below, in words that say what to give.
  }
  throw new Error(`advance() takes milliseconds or a duration such as "1h", not ${JSON.stringify(duration)}.`);
}

/** @throws Error for what is no origin */
function originOf(url: string): string {
  const parsed = URL.parse(url);
  if (parsed && parsed.origin !== 'null' && parsed.pathname === '/' && !parsed.search && !parsed.hash)
    return parsed.origin;
  throw new Error(`url has to be an origin such as "http://127.0.0.1:54321", not ${JSON.stringify(url)}.`);
}

function readSnapshot({ format: found, state }: Snapshot) {
  if (found !== format)
    throw new Error(
      `This snapshot has format ${JSON.stringify(found)}, and this version reads format ${format} only. Start without it.`,
    );
  return state as { tables: Tables; advanced: number };
}
