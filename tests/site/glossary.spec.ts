/** The glossary, and the terms that pages explain where they first use them. */
import { expect, test } from '@playwright/test';
import { explanations, words } from '../../src/glossary/terms.ts';
import { guideUrl, pageUrls } from '../support/guide.ts';

test('every word that pages explain has a section in the glossary, which a tooltip can quote', () => {
  const texts = explanations();
  for (const word of Object.keys(words)) expect(texts.get(word), word).toMatch(/^[A-Z][^[\]`*<>]{30,}\.$/);
});

test('a page explains a word once, where it first uses it, and leads to its section', async () => {
  let explained = 0;
  for (const url of await pageUrls()) {
    const html = await (await fetch(url)).text();
    const anchors = [...html.matchAll(/<a class="term" href="[^"]*\/glossary\/#([\w-]+)"/g)].map(
      ([, anchor]) => anchor,
    );
    expect(anchors, url).toEqual([...new Set(anchors)]);
    expect(Object.keys(words)).toEqual(expect.arrayContaining(anchors));
    explained += anchors.length;
  }
  expect(explained).toBeGreaterThan(50);
});

test('a tooltip explains a word, by keyboard', async ({ page }) => {
  await page.goto(guideUrl('questions/'));
  const word = page.getByRole('button', { name: 'AAL', exact: true });
  const explanation = page.getByText('Authenticator assurance level: how strongly');
  await expect(explanation).toBeHidden();
  await word.press('Enter');
  await expect(explanation).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(explanation.getByRole('link', { name: 'AAL in the glossary' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(explanation).toBeHidden();
  await expect(word).toBeFocused();
});

test('a tooltip explains a word, by touch, in a narrow window', async ({ browser }) => {
  const page = await browser.newPage({ hasTouch: true, viewport: { width: 360, height: 700 } });
  await page.goto(guideUrl('questions/'));
  await page.getByRole('button', { name: 'verified factor' }).tap();
  const explanation = page.getByText('A factor whose code the user has entered correctly');
  await expect(explanation).toBeVisible();
  const { x = -1, width = 0 } = (await explanation.boundingBox()) ?? {};
  expect(x).toBeGreaterThanOrEqual(0);
  expect(x + width).toBeLessThanOrEqual(360);
  await page.close();
});

test('without JavaScript, a word is a link to the glossary', async ({ browser }) => {
  const page = await browser.newPage({ javaScriptEnabled: false });
  await page.goto(guideUrl('questions/'));
  await page.getByRole('link', { name: 'AAL', exact: true }).click();
  await expect(page).toHaveURL(guideUrl('glossary/#aal'));
  await expect(page.getByRole('heading', { name: 'AAL', exact: true })).toBeVisible();
  await page.close();
});
