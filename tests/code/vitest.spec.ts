/** The Vitest tests of the pages "The demo project" and "Test your own recovery flow", run as readers run them. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';

test('Vitest tests with the demo project pass', async () => {
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--root', 'tests/code/vitest', '--testTimeout=60000'];
  const { stdout } = await promisify(execFile)(process.execPath, vitest, {
    cwd: join(import.meta.dirname, '../..'),
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
  });
  expect(stdout).toMatch(/Tests +4 passed \(4\)/);
});
