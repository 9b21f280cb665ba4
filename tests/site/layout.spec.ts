/** The layout of pages: readable on a phone, and printable. */
import { expect, test } from '@playwright/test';
import { guideUrl } from '../support/guide.ts';

test('on a phone, each cell of a wide table is in sight and says its column', async ({ browser }) => {
  const page = await browser.newPage({ viewport: { width: 375, height: 800 } });
  await page.goto(guideUrl('links-codes-and-tokens/'));
  const table = page.getByRole('table').filter({ hasText: 'An email scanner opens the link first' });
  const cells = await table.locator('tbody td').evaluateAll((all) =>
    all.map((cell) => ({
      isInSight: cell.getBoundingClientRect().right <= innerWidth,
      says: getComputedStyle(cell, '::before').content,
    })),
  );
  const columns = ['none', '"Implicit link: "', '"PKCE link: "', '"token_hash and a button: "', '"Typed code: "'];
  expect(cells.map(({ says }) => says)).toEqual(Array(8).fill(columns).flat());
  expect(cells.filter(({ isInSight }) => !isInSight)).toEqual([]);
  await page.close();
});

test('the way that works is marked in a word, not only in green', async ({ page }) => {
  await page.goto(guideUrl('links-codes-and-tokens/'));
  const scanner = page.getByRole('row', { name: 'An email scanner opens the link first' });
  await expect(scanner.getByRole('cell')).toContainText([
    /scanner/,
    'used up',
    'used up',
    'still works',
    'still works',
  ]);
});

test('a printed page has its text and the addresses of its links, and nothing to click', async ({ page }) => {
  await page.goto(guideUrl('reset-a-password-with-mfa/'));
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('heading', { name: '3. Check a code' })).toBeVisible();
  await expect(page.getByText(`Printed from http`)).toBeVisible();
  await expect(page.getByRole('banner')).toBeHidden();
  for (const gone of [
    page.getByRole('navigation'),
    page.locator('button:not(.term)'),
    page.getByRole('tab'),
    page.locator('.proof'),
    page.getByRole('checkbox'),
  ]) {
    await expect(gone.filter({ visible: true })).toHaveCount(0);
  }
  const link = page.getByRole('link', { name: 'All errors, with causes and fixes' });
  expect(await link.evaluate((element) => getComputedStyle(element, '::after').content)).toBe('" (/errors/)"');
});

test('what is folded on the screen is open on paper', async ({ page }) => {
  await page.goto(guideUrl('errors/'));
  const folded = page.getByText('Another user has that phone number.');
  await expect(folded).toBeHidden();
  await page.emulateMedia({ media: 'print' });
  await expect(folded).toBeVisible();
});

test('paper is light for a reader in the dark: code is as dark as a heading', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto(guideUrl('reset-a-password-with-mfa/'));
  await page.emulateMedia({ colorScheme: 'dark', media: 'print' });
  const colorOf = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => getComputedStyle(element).color);
  expect(await colorOf('pre .ec-line')).toBe(await colorOf('h1'));
});
