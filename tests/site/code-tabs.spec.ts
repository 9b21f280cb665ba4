/** Code in tabs: readers can find, keep, and link to a framework, also by keyboard and without JavaScript. */
import { expect, type Page, test } from '@playwright/test';
import { nightly } from '../support/example.ts';
import { guideUrl } from '../support/guide.ts';

/** The tabs on the home page. */
const names = ['TypeScript', 'React', 'Vue', 'Svelte', 'Angular', 'HTML', 'Server'];

const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true });
const panel = (page: Page) => page.locator('code-tabs').first().getByRole('tabpanel');

test('one tab is shown at a time, and the choice holds on the next visit', async ({ page }) => {
  await page.goto(guideUrl());
  await expect(tab(page, 'TypeScript')).toHaveAttribute('aria-selected', 'true');
  await expect(panel(page)).toHaveCount(1);
  await expect(panel(page)).toHaveAccessibleName('TypeScript');
  await tab(page, 'Server').click();
  await expect(panel(page)).toHaveAccessibleName('Server');
  await expect(page).toHaveURL(guideUrl('#server'));

  await page.goto(guideUrl('about/'));
  await page.goto(guideUrl());
  await expect(tab(page, 'Server')).toHaveAttribute('aria-selected', 'true');
  await expect(panel(page)).toHaveAccessibleName('Server');
});

test('the framework chosen on one page is the one that the next page shows', nightly, async ({ page }) => {
  await page.goto(guideUrl());
  await tab(page, 'React').click();
  await page.goto(guideUrl('reset-a-password-with-mfa/'));
  await expect(panel(page)).toHaveAccessibleName('React');
  await expect(panel(page)).toContainText('<Form button="Verify"');
  await expect(panel(page).getByRole('link', { name: 'All files of the React app' })).toHaveAttribute(
    'href',
    '/playground/totp-react/files/',
  );
});

test('a link to a framework opens its tab, in view', async ({ page }) => {
  await page.goto(guideUrl('#server'));
  await expect(panel(page)).toHaveAccessibleName('Server');
  await expect(tab(page, 'Server')).toBeInViewport();
  await page.evaluate(() => {
    location.hash = 'typescript';
  });
  await expect(panel(page)).toHaveAccessibleName('TypeScript');
});

test('arrow keys, Home and End go from tab to tab, and Tab goes on into the code', async ({ page }) => {
  await page.goto(guideUrl());
  await tab(page, 'TypeScript').focus();
  for (const [key, name] of [
    ['ArrowRight', 'React'],
    ['ArrowRight', 'Vue'],
    ['Home', 'TypeScript'],
    ['ArrowLeft', 'Server'],
    ['ArrowRight', 'TypeScript'],
    ['End', 'Server'],
  ] as const) {
    await page.keyboard.press(key);
    await expect(tab(page, name)).toBeFocused();
    await expect(panel(page)).toHaveAccessibleName(name);
  }
  await page.keyboard.press('Tab');
  await expect(panel(page)).toBeFocused();
});

test('without JavaScript all tabs can be read, each under its name', async ({ browser }) => {
  const page = await browser.newPage({ javaScriptEnabled: false });
  await page.goto(guideUrl());
  const sections = page.locator('code-tabs > section');
  await expect(sections).toHaveCount(names.length);
  for (const [index, name] of names.entries()) {
    await expect(sections.nth(index)).toBeVisible();
    await expect(sections.nth(index).getByText(name, { exact: true })).toBeVisible();
  }
  await page.close();
});
