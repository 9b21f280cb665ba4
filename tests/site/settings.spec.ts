/** Wrong settings and old versions fail with a sentence that says what to do. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { uncolored } from '../../playground/demo-project/contract/start-server.ts';
import { nightly } from '../support/example.ts';

// Each test starts npm or Astro, which takes a while on a busy machine.
test.describe.configure({ timeout: 120_000 });

/** Returns what a program prints when it fails. */
async function failure(program: string, args: string[], env: NodeJS.ProcessEnv): Promise<string> {
  const ended = promisify(execFile)(program, args, { env: { ...uncolored(), ...env } });
  return ended.then(
    () => {
      throw new Error(`${program} ${args.join(' ')} has not failed`);
    },
    ({ stdout, stderr }) => `${stdout}${stderr}`,
  );
}

test('a base path without a slash at the beginning', nightly, async () => {
  expect(await failure('npx', ['astro', 'build'], { BASE_PATH: 'docs' })).toContain(
    'Set BASE_PATH to a path that begins with a slash: /docs',
  );
});

for (const script of ['build', 'check', 'dev', 'demo-project']) {
  test(`a Node that can't run TypeScript: npm run ${script}`, async () => {
    const printed = await failure('npm', ['run', '--silent', script], {
      NODE_OPTIONS: '--no-experimental-strip-types',
    });
    expect(printed.replace(/^npm warn .*\n/gm, '')).toBe(
      `Node ${process.versions.node} is too old: this needs Node 22.18 or later. Run "npm ci" without --omit=optional, which installs one for this project, or install one from https://nodejs.org.\n`,
    );
  });
}
