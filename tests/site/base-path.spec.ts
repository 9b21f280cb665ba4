/** The guide under a base path, as if hosted in a folder of a site. */
import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { type Server, startServer } from '../../playground/demo-project/contract/start-server.ts';
import { deadLinks } from '../support/guide.ts';

const env = {
  ...process.env,
  BASE_PATH: '/docs/mfa',
  SITE_URL: 'https://guide.example',
  REPOSITORY_URL: 'https://code.example/reset-with-mfa/',
};
test.describe.configure({ mode: 'serial' });

let folder: string;
let server: Server;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  folder = await mkdtemp(join(tmpdir(), 'guide-'));
  await promisify(execFile)('npx', ['astro', 'build', '--outDir', folder], { env });
  server = await startServer('npx', ['astro', 'preview', '--outDir', folder, '--port', '0', '--ignore-lock'], { env });
});

test.afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

test('every link leads to a page and to a place on it', { tag: '@all' }, () => {
  const { dead, links } = deadLinks(folder, '/docs/mfa/');
  expect(dead).toEqual([]);
  expect(links).toBeGreaterThan(globSync(join(folder, '**/index.html')).length);
});

test('a sandbox runs, recovery link included', { tag: '@all' }, async ({ page }) => {
  await page.goto(new URL('/docs/mfa/reset-a-password-with-mfa/', server.url).href);
  await page.getByRole('button', { name: 'Run here' }).click();
  const frame = page.frameLocator('demo-sandbox iframe');
  await frame.getByRole('form', { name: 'Forgot your password?' }).getByLabel('Email').fill('grace@example.com');
  await frame.getByRole('button', { name: 'Send reset link' }).click();
  const mailbox = frame.getByRole('region', { name: 'Mailbox' });
  await mailbox.getByRole('button', { name: 'grace@example.com' }).click();
  await mailbox.getByRole('link', { name: 'Reset password' }).click();
  await expect(frame.getByRole('heading', { name: 'Choose a new password' })).toBeVisible();
});

test('a mistake can be reported in the repository', { tag: '@all' }, async ({ page }) => {
  await page.goto(new URL('/docs/mfa/about/', server.url).href);
  await expect(page.getByRole('link', { name: 'the issue tracker' })).toHaveAttribute(
    'href',
    'https://code.example/reset-with-mfa/issues',
  );
});
