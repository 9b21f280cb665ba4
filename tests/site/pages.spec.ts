/** What's true for every page of the built guide. */
import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { violations } from '../support/axe.ts';
import { deadLinks, exampleWithFiles, guideUrl, pageUrls, scenario } from '../support/guide.ts';

/** A page that a worker opens once. Each test goes to its own address in it, which costs less than a new browser context. */
let tab: { page: Page; problems: string[] } | undefined;

async function openTab(browser: Browser) {
  const page = await browser.newPage();
  return { page, problems: watch(page) };
}

/** Returns an array that collects the page's errors and its requests to other sites from now on. */
function watch(page: Page): string[] {
  const problems: string[] = [];
  const { host } = new URL(guideUrl());
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && url.host !== host) problems.push(`request to ${url.host}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`);
  });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  return problems;
}

/** The pages as the repository has them, so that each page is its own test. */
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

/**
 * Code has the same few colors on every page, and thousands of words. The color check covers it only on this page,
 * which has three apps side by side.
 */
const withCode = 'server-side';

/** The header and the sidebar are the same on every page, so they're checked only on this page. */
const withFrame = 'index';

for (const path of paths) {
  test(`${path} meets WCAG 2.2 AA in light and dark, is light and fits a small phone, asks nobody else, and has no error`, async ({
    browser,
  }) => {
    tab ??= await openTab(browser);
    const { page, problems } = tab;
    test.slow(); // axe looks at every element
    problems.length = 0;
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.goto(guideUrl(path === 'index' ? '' : path), { waitUntil: 'networkidle' });
    // Scrolling code becomes reachable by keyboard once the page is idle.
    const code = page.locator('pre');
    const unreachable = () =>
      code.evaluateAll(
        (all) => all.filter((one) => one.scrollWidth > one.clientWidth && !one.hasAttribute('tabindex')).length,
      );
    await expect.poll(unreachable).toBe(0);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
      const found = await violations(page, colorScheme, (axe) => {
        axe.setLegacyMode(); // skips frames from other sites: a page has none before a click
        if (path !== withCode) axe.exclude('pre > code');
        if (path === 'proof') axe.exclude('main li:nth-child(n+4)'); // hundreds of scenarios, all alike
        if (path !== withFrame) axe.exclude('header.header').exclude('nav.sidebar');
        return axe;
      });
      expect(found.filter(({ id, html }) => !isStarlightSearchLabel(id, html))).toEqual([]);
    }
    const elements = await page.locator('body *').count();
    if (!/^proof|files$/.test(path)) expect(elements).toBeLessThan(path === withCode ? 2000 : 1500);
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    const wide = page.locator('table:is(.cards, :has([data-label]))'); // each row is now a card
    expect(
      await wide.evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth).length),
      'tables with a column out of sight',
    ).toBe(0);
    expect(problems).toEqual([]);
  });
}

/**
 * Starlight's search button says "Search Ctrl K" but is labeled "Search", because its shortcut isn't part of its
 * name. That finding isn't ours.
 */
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
