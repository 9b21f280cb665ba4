/** The Playwright project of the page "Test your own recovery flow", run as its reader runs it, on ports that are free. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { freePort } from '../../playground/demo-project/contract/start-server.ts';

test('a Playwright project starts the demo project and the app, and goes through the flow', {
  tag: '@all',
}, async () => {
  test.setTimeout(180_000); // starts two servers and a browser
  const SUPABASE_URL = `http://127.0.0.1:${await freePort()}`;
  const APP_URL = `http://localhost:${await freePort()}`;
  const root = join(import.meta.dirname, '../..');
  const playwright = [
    'node_modules/@playwright/test/cli.js',
    'test',
    '--config',
    'tests/code/end-to-end/installed-browser.config.ts',
  ];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...playwright, '--reporter', 'line', '--workers', '1', '--timeout', '90000', '--output', test.info().outputPath()],
    { cwd: root, env: { ...process.env, SUPABASE_URL, APP_URL } },
  );
  expect(stdout).toContain('2 passed');
});
