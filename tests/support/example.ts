/**
 * Runs an example as its readers do, on either host. `page` is the build inside the guide. `node` is exactly what goes
 * to StackBlitz, written to an empty folder, installed, and started. If SUPABASE_URL (with SUPABASE_PUBLISHABLE_KEY and
 * MAILPIT_URL) is set, host `node` uses that project instead of the demo project. With APP_URL too, the app runs there
 * already, because the project has to know its origin.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, test as base, expect, type Page } from '@playwright/test';
import { freePort, type Server, startServer } from '../../playground/demo-project/contract/start-server.ts';
import { readConfigFile, startDemoProject } from '../../playground/demo-project/node/index.ts';
import { examples, installedExamples } from './examples.ts';
import { guideUrl } from './guide.ts';
import { npmEnvironment } from './npm.ts';
import { fetchInPage, TestProject } from './project.ts';
import { standInForStackBlitz } from './stackblitz.ts';

export interface ExampleOptions {
  host: 'page' | 'node';
}

const real = process.env['SUPABASE_URL']
  ? {
      url: process.env['SUPABASE_URL'],
      key: setting('SUPABASE_PUBLISHABLE_KEY'),
      inbox: process.env['MAILPIT_URL'] ?? `${process.env['SUPABASE_URL']}/inbox`,
      sms: process.env['SUPABASE_SMS_URL'] ?? `${process.env['SUPABASE_URL']}/sms`,
      fetch: globalThis.fetch,
    }
  : undefined;

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`SUPABASE_URL is set, so ${name} must be set too`);
  return value;
}

interface Addresses {
  app: string;
  /** An app with its own packages has its project on another port. */
  project: string;
}

interface WorkerFixtures {
  /** Returns the addresses of an example and its project on host `node`. Starts it once for all tests of a worker. */
  startOnNode: (slug: string) => Promise<Addresses>;
}

interface TestFixtures {
  /** The example. `forEachExample` sets it. */
  slug: string;
  /** Where the example and its project run. */
  addresses: Addresses;
  appUrl: string;
  /**
   * Fails a test if the app or the devices request something from another host, or if the
   * Content-Security-Policy blocks them.
   */
  nothingLeaves: undefined;
  /** The project behind the example. The page shows the example's start. */
  project: TestProject;
  /** Opens the link in the newest of `count` emails to `email`, as an email app would. */
  openMail: (email: string, count?: number) => Promise<void>;
}

export const test = base.extend<TestFixtures, ExampleOptions & WorkerFixtures>({
  host: ['page', { option: true, scope: 'worker' }],
  slug: ['', { option: true }],

  startOnNode: [
    async ({ browser }, use) => {
      const started = new Map<string, Promise<Started>>();
      const startPosted = async (slug: string): Promise<Started> => {
        const runningApp = process.env['APP_URL'];
        if (real && runningApp) return { app: runningApp, project: real.url, stop: async () => {} };
        const folder = await mkdtemp(join(tmpdir(), `${slug}-`));
        const app = await start(folder, await postedFiles(browser, slug));
        const stop = async () => {
          await app.stop();
          await rm(folder, { recursive: true, force: true });
        };
        return { app: app.url, project: real?.url ?? new URL(app.url).origin, stop };
      };
      await use((slug) => {
        const isInstalled = installedExamples.some((example) => example.slug === slug);
        const starting = started.get(slug) ?? (isInstalled ? startInstalled(slug) : startPosted(slug));
        started.set(slug, starting);
        return starting;
      });
      for (const { stop } of await Promise.all(started.values())) await stop();
    },
    { scope: 'worker' },
  ],

  addresses: [
    async ({ host, slug, startOnNode }, use) => {
      const inGuide = { app: guideUrl(`play/${slug}/`), project: guideUrl('') };
      await use(host === 'page' ? inGuide : await startOnNode(slug));
    },
    { timeout: 180_000 },
  ],

  appUrl: async ({ addresses }, use) => use(addresses.app),

  nothingLeaves: [
    async ({ context, addresses }, use) => {
      const hostOf = (url: string) => new URL(url).host.replace('127.0.0.1', 'localhost');
      const allowed = [addresses.app, ...(real ? [real.url, real.inbox] : [])].map(hostOf);
      const asked: string[] = [];
      context.on('request', (request) => {
        const url = request.url();
        if (url.startsWith('http') && !allowed.includes(hostOf(url))) asked.push(url);
      });
      context.on('console', (message) => {
        if (message.text().includes('Content Security Policy')) asked.push(message.text());
      });
      await use(undefined);
      expect(asked).toEqual([]);
    },
    { auto: true },
  ],

  project: async ({ host, page, addresses }, use) => {
    await page.goto(addresses.app);
    if (real) return use(new TestProject(real));
    const url = new URL(addresses.project).origin;
    const fetch = host === 'page' ? fetchInPage(page) : globalThis.fetch;
    const { anon } = (await (await fetch(`${url}/keys`)).json()) as { anon: string };
    await use(new TestProject({ url, key: anon, inbox: `${url}/inbox`, sms: `${url}/sms`, fetch }));
  },

  openMail: async ({ host, page, project, slug, appUrl }, use) => {
    const { flow } = [...examples, ...installedExamples].find((example) => example.slug === slug) ?? {};
    const hasMailbox = host === 'page' || examples.some((example) => example.slug === slug);
    await use(async (email, count = 1) => {
      const link = new URL(await project.resetLink(email, count));
      const hash = link.searchParams.get('token');
      // A real project has its own template. Its link has the same hash.
      if (flow === 'ssr' && hash) await page.goto(`${appUrl}reset-password?token_hash=${hash}`);
      else if (real || !hasMailbox) await page.goto(link.href);
      else await openInMailbox(page, email);
    });
  },
});

/** For a test's details: the test is one of several similar tests, or a rare case. `npm run test:all` runs it. */
export const nightly = { tag: '@all' };

/**
 * For a test's details: the test covers the whole flow. The everyday check runs it in each
 * framework, and on host `node` too.
 */
export const wholePath = { tag: '@whole-path' };

/**
 * Registers tests for each example of a flow. In the everyday check, the plain TypeScript example runs
 * all tests that aren't nightly.
 */
export function forEachExample(flow: string, register: () => void): void {
  for (const { slug, framework } of [...examples, ...installedExamples].filter((example) => example.flow === flow)) {
    test.describe(slug, framework === 'TypeScript' ? {} : { tag: '@framework' }, () => {
      test.use({ slug });
      const own = installedExamples.find((example) => example.slug === slug);
      // Such an example is built in its own folder, which only one worker may do at a time.
      if (own) test.describe.configure({ mode: 'default' });
      test.skip(({ host }) => own !== undefined && own.host !== host, `it runs on host ${own?.host} alone`);
      register();
    });
  }
}

interface Started extends Addresses {
  stop(): Promise<void>;
}

/** Builds an example that has its own packages and starts it as readers would, with its project on another port. */
async function startInstalled(slug: string): Promise<Started> {
  const folder = join('playground/own-install', slug);
  const port = await freePort();
  const app = `http://localhost:${port}/`;
  const { auth } = readConfigFile(join(folder, 'supabase/config.toml')).config;
  const project = real
    ? undefined
    : await startDemoProject({ config: { auth: { ...auth, site_url: app.slice(0, -1) } } });
  const connection = {
    SUPABASE_URL: real?.url ?? project?.url,
    SUPABASE_PUBLISHABLE_KEY: real?.key ?? project?.keys.anon,
    ORIGIN: app.slice(0, -1), // required by SvelteKit's Node server
  };
  const env = { ...npmEnvironment(), NO_COLOR: '1', PORT: String(port), ...connection };
  await promisify(execFile)('npm', ['run', 'build', '--prefix', folder], { env, maxBuffer: 1e8 });
  const server = await startServer('npm', ['run', 'start', '--prefix', folder], { env });
  const stop = async () => {
    await server.stop();
    await project?.close();
  };
  return { app, project: real?.url ?? project?.url ?? '', stop };
}

/** Opens the newest email to `email` in the mailbox device, and then its link. */
async function openInMailbox(page: Page, email: string): Promise<void> {
  const mailbox = page.getByRole('region', { name: 'Mailbox' });
  await page.getByRole('button', { name: /^Mailbox(, new)?$/ }).click(); // another device may be in front
  await mailbox.getByRole('button', { name: email }).first().click();
  await mailbox.getByRole('link', { name: 'Reset password' }).click();
}

/** Returns the files that "Open in StackBlitz" posts, captured from the click. */
async function postedFiles(browser: Browser, slug: string): Promise<Record<string, string>> {
  const context = await browser.newContext();
  const posted = await standInForStackBlitz(context);
  const page = await context.newPage();
  await page.goto(guideUrl(`playground/`));
  const popup = page.waitForEvent('popup');
  await page.locator(`[data-example="${slug}"]`).getByRole('button', { name: 'Open in StackBlitz' }).click();
  await (await popup).waitForLoadState();
  await context.close();
  const project = posted[0];
  if (!project) throw new Error(`nothing was posted for ${slug}`);
  return project.files;
}

/**
 * Writes the files to `folder`, then installs and starts them with the project's own scripts, as a user
 * without this repository would.
 */
async function start(folder: string, files: Record<string, string>): Promise<Server> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const connection = real && { VITE_SUPABASE_URL: real.url, VITE_SUPABASE_PUBLISHABLE_KEY: real.key };
  const options = { cwd: folder, env: { ...npmEnvironment(), NO_COLOR: '1', ...connection } };
  await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], options);
  return startServer('npm', ['start', '--', '--port', '0'], options);
}
