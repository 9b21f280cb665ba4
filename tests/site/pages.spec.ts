/** What holds for every page of the built guide. */
import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { violations } from '../support/axe.ts';
import { deadLinks, exampleWithFiles, guideUrl, pageUrls, scenario } from '../support/guide.ts';

/** Collects what goes wrong or leaves the guide while `visit` runs. */
async function watch(context: BrowserContext, page: Page, visit: () => Promise<void>): Promise<string[]> {
  const problems: string[] = [];
  const { host } = new URL(guideUrl());
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && url.host !== host) problems.push(`request to ${url.host}`);
  });
  context.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`);
  });
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  await visit();
  return problems;
}

test('no page asks anybody else for anything, misses a file, writes an error, or is wider than a small phone', async ({
  context,
  page,
}) => {
  test.slow(); // it waits on each page until nothing is loading
  const wide: string[] = [];
  const problems = await watch(context, page, async () => {
    for (const url of (await pageUrls()).filter((url) => !url.endsWith('404'))) {
      await page.setViewportSize({ width: 1280, height: 720 });
      await page.goto(url, { waitUntil: 'networkidle' });
      await page.setViewportSize({ width: 320, height: 640 });
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      if (width > 320) wide.push(`${url}: ${width}`);
    }
  });
  expect(problems).toEqual([]);
  expect(wide).toEqual([]);
});

/** The pages as the repository has them, so that each is a test of its own. */
const paths = [
  ...globSync('src/content/docs/*.mdx').map((path) => basename(path, '.mdx')),
  'proof',
  `proof/${scenario}`,
  `playground/${exampleWithFiles}/files`,
].sort();

test('each page of the guide is among those that are looked at one by one', async () => {
  const served = (await pageUrls()).map((url) => new URL(url).pathname.replaceAll(/^\/|\/$/g, '') || 'index');
  expect(served.sort()).toEqual(paths);
});

for (const path of paths) {
  test(`${path} meets WCAG 2.2 AA in light and dark`, async ({ page }) => {
    test.slow(); // axe looks at every element
    await page.goto(guideUrl(path === 'index' ? '' : path));
    // Code that scrolls can be reached with the keyboard as soon as the page is at rest.
    const code = page.locator('pre');
    const unreachable = () =>
      code.evaluateAll(
        (all) => all.filter((one) => one.scrollWidth > one.clientWidth && !one.hasAttribute('tabindex')).length,
      );
    await expect.poll(unreachable).toBe(0);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
      // Axe's quicker mode asks frames of other sites nothing: a page at rest has none.
      const found = await violations(page, colorScheme, (axe) => axe.setLegacyMode());
      expect(found.filter(({ id, html }) => !isStarlightSearchLabel(id, html))).toEqual([]);
    }
  });
}

/** Starlight's search button says "Search Ctrl K" and is labelled "Search": its shortcut is no part of its name. Nothing of ours. */
function isStarlightSearchLabel(rule: string, html: string): boolean {
  return rule === 'label-content-name-mismatch' && html.includes('data-open-modal');
}

test('every page can be read without JavaScript', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  for (const url of await pageUrls()) {
    await page.goto(url);
    await expect(page.getByRole('heading', { level: 1 }), url).toBeVisible();
    const words = (await page.locator('main').innerText()).split(/\s+/).length;
    expect(words, `words on ${url}`).toBeGreaterThan(40);
    const idle = page.locator('main').locator('button:not(.copy *), input, select, textarea').filter({ visible: true });
    await expect(idle, `what does nothing without a script on ${url}`).toHaveCount(0);
  }
  await context.close();
});

test('every link inside the guide leads to a page and to a place on it', () => {
  const { dead, links } = deadLinks('dist', '/');
  expect(dead).toEqual([]);
  expect(links).toBeGreaterThan(globSync('dist/**/index.html').length);
});
