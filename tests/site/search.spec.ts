/** The search leads to the right page, whether readers type a question or paste what they have. */
import { expect, test } from '@playwright/test';
import { nightly } from '../support/example.ts';
import { guideUrl } from '../support/guide.ts';
import { queries, untuned } from './search-queries.ts';

test('without a connection the search says so, and works once there is one', nightly, async ({ context, page }) => {
  await page.goto(guideUrl('about/'), { waitUntil: 'networkidle' });
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page.getByRole('dialog').getByRole('alert')).toHaveText(
    "The search couldn't be loaded. Check your connection, then open the search again.",
  );
  await page.keyboard.press('Escape');
  await context.setOffline(false);
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page.getByPlaceholder('Search')).toBeVisible();
  await expect(page.getByRole('dialog').getByRole('alert')).toHaveCount(0);
});

test.describe('the right page comes first', () => {
  for (const [name, all, least] of [
    ['for what readers are known to type', queries, { first: 0.95, near: 1 }],
    ['for queries that nobody tuned the pages to', untuned, { first: 0.85, near: 0.95 }],
  ] as const) {
    test(name, async ({ page }) => {
      await page.goto(guideUrl('playground/'));
      const found = await page.evaluate(
        async (asked) => {
          const url = '/search/pagefind.js';
          const { options, search } = await import(/* @vite-ignore */ url);
          await options({});
          const answers: string[][] = [];
          for (const query of asked) {
            const { results } = await search(query);
            const pages = await Promise.all(
              results.slice(0, 3).map((result: { data(): Promise<{ url: string }> }) => result.data()),
            );
            answers.push(pages.map((result) => result.url.slice(1)));
          }
          return answers;
        },
        all.map(([query]) => query),
      );
      const judged = all.map(([query, ...pages], index) => ({
        query,
        found: found[index],
        isFirst: pages.includes(found[index]?.[0] ?? 'none'),
        isNear: pages.some((path) => found[index]?.includes(path)),
      }));
      const notNear = judged.filter(({ isNear }) => !isNear);
      expect(1 - notNear.length / all.length, JSON.stringify(notNear, null, 2)).toBeGreaterThanOrEqual(least.near);
      const notFirst = judged.filter(({ isFirst }) => !isFirst);
      expect(1 - notFirst.length / all.length, JSON.stringify(notFirst, null, 2)).toBeGreaterThanOrEqual(least.first);
    });
  }
});

test('what readers type is searched for in the box, too', async ({ page }) => {
  await page.goto(guideUrl('about/'));
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByPlaceholder('Search').fill('lost authenticator');
  await expect(page.locator('.pagefind-ui__result-link').first()).toHaveAttribute('href', '/lost-factor/');
  // The box loads its own styles, which no page has.
  await expect(page.locator('.pagefind-ui__result').first()).toHaveCSS('list-style-type', 'none');
});

test('where no page has all the words, the nearest pages are shown, and Decode is offered', async ({ page }) => {
  await page.goto(guideUrl('about/'));
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByPlaceholder('Search').fill('yubikey csrf cookies');
  await expect(page.locator('.pagefind-ui__result-link').first()).toHaveAttribute('href', '/server-side/');
  await expect(page.getByText('No page has all of these words. The nearest pages:')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Open it in Decode' })).toBeVisible();
});

test('a pasted token can be opened in Decode, which has it filled in, and nothing of it is kept', async ({ page }) => {
  const token = `eyJhbGciOiJIUzI1NiJ9.${btoa('{"aal":"aal1","exp":1}')}.x`;
  await page.goto(guideUrl('about/'));
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByPlaceholder('Search').fill(token);
  await page.getByRole('link', { name: 'This looks like something to decode. Open it in Decode.' }).click();
  await expect(page.getByRole('textbox')).toHaveValue(token);
  expect(page.url()).toBe(guideUrl('decode/'));
  expect(await page.evaluate(() => Object.values(sessionStorage).filter((kept) => kept.includes('eyJ')))).toEqual([]);
});
