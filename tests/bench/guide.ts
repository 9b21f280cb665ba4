/**
 * `npm run bench` (after `npm run build`) measures what the guide costs its readers. Bytes are gzipped (level 9) and
 * count everything that a page loads before a click. Pages are compared with a bare Starlight page that's built here
 * with the same versions. Times are medians of ten runs.
 */

import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Browser, chromium, type Locator, type Page } from '@playwright/test';
import { type Server, startServer } from '../../playground/demo-project/contract/start-server.ts';
import { launchOptions } from '../support/browser.ts';
import { pageUrls } from '../support/guide.ts';

const runs = 10;
const gzipped = (body: Buffer | string) => gzipSync(body, { level: 9 }).length;
const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) / 2;
}

interface Loaded {
  total: number;
  script: number;
}

/** Measures what loading `url` transfers, without diagrams. */
async function load(browser: Browser, url: string): Promise<Loaded> {
  const page = await browser.newPage();
  const loaded = collect(page);
  await page.goto(url, { waitUntil: 'networkidle' });
  const parts = await Promise.all(loaded);
  await page.close();
  return sum(parts);
}

/** Returns an array that collects the sizes of the responses that a page gets from now on. */
function collect(page: Page): Promise<Loaded>[] {
  const loaded: Promise<Loaded>[] = [];
  page.on('response', (response) => {
    const measure = async () => {
      const type = response.headers()['content-type'] ?? '';
      const body = await response.body();
      const total = gzipped(
        type.includes('html') ? body.toString().replaceAll(/<svg[^>]*data-source[\s\S]*?<\/svg>/g, '') : body,
      );
      return { total, script: type.includes('javascript') ? total : 0 };
    };
    loaded.push(measure());
  });
  return loaded;
}

function sum(parts: Loaded[]): Loaded {
  return {
    total: parts.reduce((bytes, { total }) => bytes + total, 0),
    script: parts.reduce((bytes, { script }) => bytes + script, 0),
  };
}

/** Builds a Starlight site with one page. It's inside the project so that it uses the same packages. */
function buildBareSite(): string {
  mkdirSync('test-results', { recursive: true });
  const folder = mkdtempSync(join('test-results', 'bare-'));
  mkdirSync(join(folder, 'src/content/docs'), { recursive: true });
  writeFileSync(
    join(folder, 'astro.config.mjs'),
    "import starlight from '@astrojs/starlight';\nexport default { site: 'http://localhost:4321', integrations: [starlight({ title: 'Bare' })] };\n",
  );
  writeFileSync(
    join(folder, 'src/content.config.ts'),
    "import { defineCollection } from 'astro:content';\nimport { docsLoader } from '@astrojs/starlight/loaders';\nimport { docsSchema } from '@astrojs/starlight/schema';\nexport const collections = { docs: defineCollection({ loader: docsLoader(), schema: docsSchema() }) };\n",
  );
  writeFileSync(
    join(folder, 'src/content/docs/index.md'),
    '---\ntitle: Bare\n---\n\nOne sentence.\n\n```ts\nconst code = true;\n```\n',
  );
  mkdirSync(join(folder, 'public'));
  writeFileSync(join(folder, 'public/favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  execFileSync('npx', ['astro', 'build', '--root', folder, '--silent'], { stdio: 'inherit' });
  return folder;
}

/** How many bytes a sandbox (app and host) may load before its page has loaded, by the framework of its example. */
const limits: { [framework: string]: number } = {
  TypeScript: 100_000,
  HTML: 100_000,
  Svelte: 115_000,
  Vue: 130_000,
  Angular: 165_000,
  React: 170_000,
};

/** The limit for an app whose server runs in the page too. */
const limitWithServer = 130_000;

/** The same for what opens an example's code: the editor, and what compiles. */
const editorLimit = 250_000;

const tooHeavy: string[] = [];

/** The milliseconds from the start of `act` to the end of `until`. */
async function duration(act: () => Promise<void>, until: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await act();
  await until();
  return performance.now() - started;
}

/** The examples that were built, with the framework and flow from their package.json. */
function examples(): { slug: string; framework: string; flow: string }[] {
  return globSync('playground/{examples,own-install}/*/package.json')
    .map((file) => ({ ...JSON.parse(readFileSync(file, 'utf8')), slug: basename(dirname(file)) }))
    .filter(({ slug }) => existsSync(`dist/play/${slug}`));
}

/** Measures the bytes that a sandbox requests before its page has loaded. Nobody waits for what it requests later. */
async function beforeLoaded(browser: Browser, url: string): Promise<number> {
  const page = await browser.newPage();
  const bodies = new Map<string, Promise<Buffer>>();
  page.on('response', (response) => bodies.set(response.url(), response.body()));
  await page.goto(url, { waitUntil: 'networkidle' });
  const addresses = await page.evaluate(() => {
    const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    const resources = performance
      .getEntriesByType('resource')
      .filter(({ startTime }) => startTime < (navigation?.loadEventStart ?? 0));
    return [location.href, ...resources.map(({ name }) => name)];
  });
  const sizes = addresses.map(async (address) => gzipped((await bodies.get(address)) ?? ''));
  const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  await page.close();
  return total;
}

const bare = buildBareSite();
const servers: Server[] = [];
const browser = await chromium.launch(launchOptions);
try {
  servers.push(await startServer('npx', ['astro', 'preview', '--port', '0', '--ignore-lock']));
  servers.push(await startServer('npx', ['astro', 'preview', '--root', bare, '--port', '0', '--ignore-lock']));
  const [guide = '', bareGuide = ''] = servers.map(({ url }) => url);

  for (const { slug, framework, flow } of examples()) {
    const weight = await beforeLoaded(browser, new URL(`play/${slug}/`, guide).href);
    const limit = flow === 'ssr' ? limitWithServer : limits[framework];
    if (limit === undefined)
      throw new Error(`no limit for sandboxes in ${framework}: give it one in tests/bench/guide.ts`);
    console.log(`sandbox ${slug.padEnd(32)} ${kilobytes(weight)} of ${kilobytes(limit)}`);
    if (weight > limit) tooHeavy.push(`${slug} weighs ${kilobytes(weight)}, its limit is ${kilobytes(limit)}`);
  }

  const measure = await load(browser, bareGuide);
  console.log(`bare Starlight page      ${kilobytes(measure.total)}, scripts ${kilobytes(measure.script)}`);
  for (const url of await pageUrls(guide)) {
    if (url.endsWith('404')) continue;
    const { total, script } = await load(browser, url);
    console.log(
      `${new URL(url).pathname.padEnd(40)} ${(total / measure.total).toFixed(2)} × bare (${kilobytes(total)}, scripts ${kilobytes(script)})`,
    );
  }

  const starts: [what: string, path: string, button: RegExp, usable: (page: Page) => Locator][] = [
    [
      'click → usable sandbox  ',
      'reset-a-password-with-mfa/',
      /^Run here$/,
      (page) => page.frameLocator('demo-sandbox iframe').getByRole('button', { name: 'Send reset link' }),
    ],
    [
      'click → policies to run ',
      'protect-data/',
      /^Start Postgres/,
      (page) => page.locator('policy-lab').getByRole('button', { name: 'Run' }),
    ],
  ];
  for (const [what, path, button, usable] of starts) {
    const times: number[] = [];
    for (let run = 0; run < runs; run++) {
      // A new context, so that nothing is cached.
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(new URL(path, guide).href, { waitUntil: 'networkidle' });
      const started = performance.now();
      await page.getByRole('button', { name: button }).click();
      await usable(page).waitFor();
      times.push(performance.now() - started);
      await context.close();
    }
    console.log(`${what} ${Math.round(median(times))} ms (median of ${runs}; ${times.map(Math.round).join(', ')})`);
  }

  const editable: number[] = [];
  const edited: number[] = [];
  for (let run = 0; run < runs; run++) {
    // Each run has its own context, so its cache is empty.
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(new URL('reset-a-password-with-mfa/', guide).href, { waitUntil: 'networkidle' });
    const button = (name: string) => page.locator('demo-sandbox').getByRole('button', { name, exact: true });
    const app = page.frameLocator('demo-sandbox iframe');
    await button('Run here').click();
    await app.getByRole('button', { name: 'Send reset link' }).waitFor();
    const loaded = collect(page);
    await button('Code').click();
    await button('Edit').waitFor();
    await page.waitForLoadState('networkidle');
    const { script } = sum(await Promise.all(loaded));
    if (run === 0) console.log(`editor and transform       ${kilobytes(script)} of ${kilobytes(editorLimit)}`);
    if (script > editorLimit)
      tooHeavy.push(`the editor weighs ${kilobytes(script)}, its limit is ${kilobytes(editorLimit)}`);

    const said = (text: string) => page.locator('[data-said]').getByText(text).waitFor();
    editable.push(
      await duration(
        () => button('Edit').click(),
        () => said('The example is running as it was.'),
      ),
    );
    edited.push(
      await duration(
        () => page.keyboard.insertText('//'),
        () => said('Your version is running.'),
      ),
    );
    await context.close();
  }
  for (const [what, times] of Object.entries({
    'Edit → usable editor': editable,
    'edit → running': edited,
  }))
    console.log(
      `${what.padEnd(24)} ${Math.round(median(times))} ms (median of ${runs}; ${times.map(Math.round).join(', ')})`,
    );
} finally {
  await browser.close();
  for (const server of servers) await server.stop();
  rmSync(bare, { recursive: true });
}
if (tooHeavy.length > 0) throw new Error(tooHeavy.join('\n'));
