import { defineConfig } from '@playwright/test';
import { launchOptions } from './support/browser.ts';
import type { ExampleOptions } from './support/example.ts';

const onRealProject = process.env['SUPABASE_URL'] !== undefined;
const everything = onRealProject || process.env['TEST_ALL'] !== undefined;

// Workers load this file too, in the environment of the first process. Each run keeps its files in its own folder.
process.env['TEST_RUN'] ??= String(process.pid);

/**
 * Project `guide` has the repository itself (`house`), the policies (`sql`), the code that pages show (`code`) and the
 * built guide (`site`). They share their browsers: another project would start new ones. `page` runs each example
 * inside the built guide, and `node` installs and starts what StackBlitz gets.
 *
 * If SUPABASE_URL is set, only host `node` and the code that needs no settings of its own run, against that project.
 * The built guide talks only to the demo project.
 */
export default defineConfig<object, ExampleOptions>({
  outputDir: `../test-results/${process.env['TEST_RUN']}`,
  fullyParallel: true,
  workers: '150%', // tests mostly wait for pages
  // Long enough for a busy machine. It doesn't slow down tests that pass.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  // `npm test` leaves out tests with the tag @all, and for an example in a framework everything but the whole path.
  // `npm run test:all` runs everything.
  ...(everything ? {} : { grep: /^(?!.*@framework)|@whole-path/, grepInvert: /@all/ }),
  forbidOnly: process.env['CI'] !== undefined,
  reporter: process.env['CI'] ? [['list'], ['github']] : [['list']],
  // Tracing every test would double the time of the whole check. To keep the traces of failed tests, run
  // `npx playwright test -c tests --trace retain-on-failure`.
  use: { launchOptions, screenshot: 'only-on-failure' },
  webServer: {
    command: 'npm run preview -- --port 0 --ignore-lock',
    cwd: '..',
    timeout: 300_000,
    wait: { stdout: /Local\s+(?<GUIDE_URL>http:\/\/\S+)/ },
  },
  projects: [
    {
      name: 'node',
      testDir: 'examples',
      use: { host: 'node' as const },
      // What only this host can break: the payload installs and starts, and the flow completes. One payload in plain
      // TypeScript and one with a framework represent all others.
      ...(everything ? {} : { grep: /totp-(step-up|react) .*@whole-path/ }),
    },
    {
      name: 'guide',
      testMatch: onRealProject
        ? /code.(events|for-maintainers|official-docs|one-time-links|server-side|supabase-js)\.spec\.ts$/
        : /(house|sql|code|site).[^/\\]+\.spec\.ts$/,
      testIgnore: '**/mfa-hook.spec.ts',
    },
    ...(onRealProject ? [] : [{ name: 'page', testDir: 'examples', use: { host: 'page' as const } }]),
    // Needs a server with the hook: see the spec.
    ...(process.env['MFA_HOOK'] ? [{ name: 'hook', testDir: 'code', testMatch: 'mfa-hook.spec.ts' }] : []),
  ],
});
