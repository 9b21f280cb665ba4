/** The texts for the official docs, as somebody pastes them. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { guideUrl } from '../support/guide.ts';

test.beforeEach(async ({ context, page }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(guideUrl('for-the-official-docs/'));
});

test('the section has the code that the tests run', async ({ page }) => {
  await page.getByTitle('Copy to clipboard').first().click();
  const pasted = await page.evaluate(() => navigator.clipboard.readText());
  const file = readFileSync('tests/code/reset-password-with-mfa.ts', 'utf8');
  const code = /\/\/ #region reset\n(.*)\/\/ #endregion/s.exec(file)?.[1]?.trimEnd() ?? 'no such region';
  expect(pasted).toContain(`\n\`\`\`ts\n${code}\n\`\`\`\n`);
  expect(pasted).not.toContain('{code}');
});

test('the sentence for openapi.yaml', async ({ page }) => {
  await page.getByTitle('Copy to clipboard').last().click();
  const pasted = await page.evaluate(() => navigator.clipboard.readText());
  expect(pasted).toBe(readFileSync('src/for-the-official-docs/openapi.yaml', 'utf8').trimEnd());
});
