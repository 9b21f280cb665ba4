import { defineConfig } from '@playwright/test';
import { launchOptions } from './support/browser.ts';
import type { ExampleOptions } from './support/example.ts';

const onRealProject = process.env['SUPABASE_URL'] !== undefined;
const everything = onRealProject || process.env['TEST_ALL'] !== undefined;

// Workers load this file too, and have the environment of the first process: each run keeps what it leaves in a folder of its own.
process.env['TEST_RUN'] ??= String(process.pid);

/**
 * Projects by what they need: `house` and `sql` no browser; `code` a browser where a page says what happens in one; `site` and host `page` the
 * built guide; host `node` what StackBlitz gets, installed and started.
 * With SUPABASE_URL set only host `node` runs, and the code that needs no settings of its own, against that project: the built guide talks
 * to the demo project and to nothing else.
 */
export default defineConfig<object, ExampleOptions>({
  outputDir: `../test-results/${process.env['TEST_RUN']}`,
  fullyParallel: true,
  workers: '150%', // most of the time a test waits for a page
  // Long enough for a machine that does much else. A test that passes is no slower for it.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  // `npm test` leaves out what is tagged @all, and of an example in a framework all but the whole path: `npm run test:all` takes everything.
  ...(everything ? {} : { grep: /^(?!.*@framework)|@whole-path/, grepInvert: /@all/ }),
  forbidOnly: process.env['CI'] !== undefined,
  reporter: process.env['CI'] ? [['list'], ['github']] : [['list']],
  // A trace of each test would double the time of the whole check: `npx playwright test -c tests --trace retain-on-failure` keeps those of tests that fail.
  use: { launchOptions, screenshot: 'only-on-failure' },
  webServer: {
    command: 'npm run preview -- --port 0 --ignore-lock',
    cwd: '..',
    timeout: 300_000,
    wait: { stdout: /Local\s+(?<GUIDE_URL>http:\/\/\S+)/ },
  },
  projects: [
    ...(onRealProject
      ? []
      : [
          { name: 'house', testDir: 'house' },
          { name: 'sql', testDir: 'sql' },
          { name: 'site', testDir: 'site' },
          { name: 'page', testDir: 'examples', use: { host: 'page' as const } },
        ]),
    {
      name: 'code',
      testDir: 'code',
      ...(onRealProject
        ? {
            testMatch: [
              'events.spec.ts',
              'for-maintainers.spec.ts',
              'official-docs.spec.ts',
              'one-time-links.spec.ts',
              'server-side.spec.ts',
              'supabase-js.spec.ts',
            ],
          }
        : { testIgnore: ['mfa-hook.spec.ts', 'vitest/**'] }), // vitest.spec.ts runs Vitest's own
    },
    // Needs a server that runs with the hook: see the spec.
    ...(process.env['MFA_HOOK'] ? [{ name: 'hook', testDir: 'code', testMatch: 'mfa-hook.spec.ts' }] : []),
    {
      name: 'node',
      testDir: 'examples',
      use: { host: 'node' as const },
      // What only this host can break: the payload installs, starts, and the flow comes to its end. A payload in plain TypeScript and one
      // with a framework stand for all.
      ...(everything ? {} : { grep: /totp-(step-up|react) .*@whole-path/ }),
    },
  ],
});
