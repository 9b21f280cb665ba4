/** What holds for every page of the built guide. */
import { AxeBuilder } from '@axe-core/playwright';
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { deadLinks, guideUrl, pageUrls } from '../support/guide.ts';

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

test('no page asks anybody else for anything, misses a file or writes an error', async ({ context, page }) => {
  const problems = await watch(context, page, async () => {
    for (const url of (await pageUrls()).filter((url) => !url.endsWith('404'))) {
      await page.goto(url, { waitUntil: 'networkidle' });
    }
  });
  expect(problems).toEqual([]);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every page meets WCAG 2.2 AA in ${colorScheme}`, async ({ browser }) => {
    const urls = await pageUrls();
    test.setTimeout(urls.length * 30_000); // axe takes seconds a page
    const context = await browser.newContext({ colorScheme });
    const page = await context.newPage();
    const violations: string[] = [];
    for (const url of urls) {
      await page.goto(url);
      const { violations: found } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
        .analyze();
      violations.push(
        ...found.flatMap(({ id, nodes }) =>
          nodes.filter((node) => !isStarlightSearchLabel(id, node.html)).map((node) => `${url} ${id} ${node.html}`),
        ),
      );
    }
    await context.close();
    expect(violations).toEqual([]);
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
  }
  await context.close();
});

test('every page fits a phone: nothing wider than 320 pixels', async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 320, height: 640 } });
  const page = await context.newPage();
  for (const url of await pageUrls()) {
    await page.goto(url);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), url).toBeLessThanOrEqual(320);
  }
  await context.close();
});

test('every link inside the guide leads to a page and to a place on it', async ({ page }) => {
  test.slow(); // each of the scenarios has its page
  const { dead, links } = await deadLinks(page);
  expect(dead).toEqual([]);
  expect(links).toBeGreaterThan((await pageUrls()).length);
});
