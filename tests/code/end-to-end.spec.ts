/** Runs the Playwright projects of the page "Test your own recovery flow" as readers do, on free ports. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { freePort } from '../../playground/demo-project/contract/start-server.ts';
import { installedExamples } from '../support/examples.ts';

/** Runs the project of a configuration. Resolves to what Playwright printed. */
async function playwright(config: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const SUPABASE_URL = `http://127.0.0.1:${await freePort()}`;
  const APP_URL = `http://localhost:${await freePort()}`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      ...['node_modules/@playwright/test/cli.js', 'test', '--config', `tests/code/${config}`],
      ...['--reporter', 'line', '--workers', '1', '--timeout', '90000', '--output', test.info().outputPath()],
    ],
    { cwd: join(import.meta.dirname, '../..'), env: { ...process.env, SUPABASE_URL, APP_URL, ...env } },
  );
  return stdout;
}

test('a Playwright project starts the demo project and the app, and goes through the flow', {
  tag: '@all',
}, async () => {
  test.setTimeout(180_000); // starts two servers and a browser
  expect(await playwright('end-to-end/installed-browser.config.ts')).toContain('2 passed');
});

for (const { slug } of installedExamples.filter(({ flow }) => flow === 'ssr')) {
  test(`the same with an app on a server: ${slug}`, { tag: '@all' }, async () => {
    test.setTimeout(180_000);
    const EXAMPLE = `playground/own-install/${slug}`;
    expect(await playwright('end-to-end-server/installed-browser.config.ts', { EXAMPLE })).toContain('1 passed');
  });
}
