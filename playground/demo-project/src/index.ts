/**
 * A Supabase Auth you can carry in your pocket: `createDemoProject().fetch(request)` responds as Supabase Auth does, as
 * far as an app can see. It uses web standards only, so it runs in Node, in a page, and in a worker. Its rules are
 * Auth's. Its accounts, keys, and emails aren't real.
 *
 * Other code imports only this module of `src/`, `endpoints.ts` (data), `totp.ts` (the codes of an authenticator app),
 * and `security-key.ts` (the answers of a security key).
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
export type { Seed, SeedCredential, SeededFactor, SeededUser, SeedFactor, SeedPasskey, SeedUser } from './seed.ts';
export { authVersion } from './version.ts';
export { preload };

export interface DemoProjectOptions {
  /**
   * The origin of the project's URL. Links in emails and the tokens' `iss` start with it, but nothing has to listen
   * there. Default: `http://127.0.0.1:54321`.
   */
  url?: string;
  /** Settings that differ from the defaults, named as in the Supabase CLI's config.toml. */
  config?: PartialConfig;
  /** Milliseconds since the epoch. Default: `Date.now`. */
  clock?: () => number;
  /** The users to start with. */
  seed?: Seed;
  /** The state of an earlier project, from `snapshot()`. Its users replace those of `seed`. */
  snapshot?: Snapshot | undefined;
}

/** Everything a project remembers, as JSON. The contents can change with every version. */
export interface Snapshot {
  /** A project only reads snapshots of its own format. */
  readonly format: number;
  readonly state: unknown;
}

export interface DemoProject {
  /** The origin of the project's URL. */
  readonly url: string;
  /** The API keys, as in a local Supabase stack. `service` is the key for `auth.admin`. */
  readonly keys: { readonly anon: string; readonly service: string };
  /** Works like `fetch`, so you can pass it to supabase-js as `global.fetch`. It handles one request at a time. */
  fetch(input: Request | URL | string, init?: RequestInit): Promise<Response>;
  /** Returns whether this project serves the URL, so that a proxy or mock can pass on other requests. */
  handles(url: URL | string): boolean;
  /** Returns the emails sent so far, newest first. Pass `to` to get only the emails to that address. */
  mails(to?: string): Mail[];
  /**
   * Returns the text messages sent so far, newest first. Pass `to`, with or without "+", to get only the messages to
   * that number.
   */
  texts(to?: string): Text[];
  /** The Auth log, oldest line first. Each line is a JSON object. */
  readonly log: readonly string[];
  /**
   * Creates a user who can sign in right away and whose factors are verified.
   * @throws Error that says what's wrong with the user
   */
  createUser(user: SeedUser): SeededUser;
  /**
   * Returns the current code in the user's authenticator app, for a factor from the seed or a factor enrolled later. If
   * there are several, `friendlyName` selects one.
   * @throws Error if the user or factor doesn't exist
   */
  code(email: string, friendlyName?: string): Promise<string>;
  /** The project's time, in milliseconds since the epoch. */
  now(): number;
  /**
   * Advances the project's clock by milliseconds, or by a duration such as "1h" or "90s".
   * @throws Error for anything else
   */
  advance(duration: number | string): void;
  /**
   * Switches to other settings: the original ones with these on top. Keeps the users, sessions, emails, and time.
   * @throws Error that names the wrong setting. Nothing has changed then
   */
  configure(config: PartialConfig): void;
  /**
   * Starts over: no emails, the original clock and settings, and the users in `seed` (default: the seed the project was
   * created with).
   */
  reset(seed?: Seed): void;
  /** Returns everything a later project needs to continue from here, as JSON. */
  snapshot(): Snapshot;
}

const format = 1;

/** The calls for tests that have no endpoint in Supabase. */
const controls = /^\/demo-project\/(reset|advance|settings)$/;

/** The paths the project serves. */
const served = /^\/(auth\/v1|inbox\/api\/v1|sms|log|keys|demo-project\/(reset|advance|settings))(\/|$)/;

/**
 * Creates a project in memory.
 * @throws Error for a snapshot of another format, or naming the invalid setting or seed user
 */
export function createDemoProject(options: DemoProjectOptions = {}): DemoProject {
  const { clock = Date.now, seed = [], snapshot } = options;
  const url = originOf(options.url ?? 'http://127.0.0.1:54321');
  checkSeed(seed);
  let advanced = 0;
  const now = () => clock() + advanced;
  let { project, answerInTurn, settings } = start(seed, snapshot && readSnapshot(snapshot));

  function start(users: Seed, from?: State) {
    const settings = from?.settings;
    const config = withDefaults(settings, options.config);
    const keys = new Keys(config);
    const project: Project = { store: new Store(now, from?.tables), config, keys, url, now };
    advanced = from?.advanced ?? 0;
    if (!from) plant(project, users);
    let last: Promise<unknown> = Promise.resolve();
    /** One at a time, because Auth locks the rows it changes. */
    const answerInTurn = (request: Request, bytes?: Uint8Array) => {
      const response = last.then(() => answer(project, request, bytes));
      last = response.catch(() => undefined);
      return response;
    };
    return { project, answerInTurn, settings };
  }

  const self: DemoProject = {
    url,
    get keys() {
      return apiKeys(project.config);
    },
    async fetch(input, init) {
      const request = input instanceof Request && init === undefined ? input : new Request(input, init);
      if (request.method === 'POST' && controls.test(new URL(request.url).pathname))
        return (await parts.control()).control(self, request);
      if (/^(GET|HEAD)$/.test(request.method)) return answerInTurn(request);
      // Other requests continue while the body arrives.
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
    configure(config) {
      ({ project, answerInTurn, settings } = start(seed, {
        tables: project.store.tables(),
        advanced,
        settings: config,
      }));
    },
    reset(users = seed) {
      checkSeed(users);
      ({ project, answerInTurn, settings } = start(users));
    },
    snapshot: () => ({ format, state: { tables: project.store.tables(), advanced, settings } }),
  };
  return self;
}

/** Returns milliseconds. @throws Error if it isn't a duration */
function passed(duration: number | string): number {
  try {
    const span = typeof duration === 'number' ? duration : milliseconds(duration);
    if (span >= 0 && Number.isFinite(span)) return span;
  } catch {
    // The error below says what to pass instead.
  }
  throw new Error(`advance() takes milliseconds or a duration such as "1h", not ${JSON.stringify(duration)}.`);
}

/** @throws Error if it isn't an origin */
function originOf(url: string): string {
  const parsed = URL.parse(url);
  if (parsed && parsed.origin !== 'null' && parsed.pathname === '/' && !parsed.search && !parsed.hash)
    return parsed.origin;
  throw new Error(`url has to be an origin such as "http://127.0.0.1:54321", not ${JSON.stringify(url)}.`);
}

/** What is in a snapshot. `settings`: those of `configure()`. */
interface State {
  tables: Tables;
  advanced: number;
  settings?: PartialConfig | undefined;
}

function readSnapshot({ format: found, state }: Snapshot): State {
  if (found !== format)
    throw new Error(
      `This snapshot has format ${JSON.stringify(found)}, and this version reads format ${format} only. Start without it.`,
    );
  return state as State;
}
