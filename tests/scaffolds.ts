/**
 * `npm run scaffolds` does what a reader does who copies the files of a framework's page into a new app. Creates each
 * app in an empty folder with the framework's own command. Adds only the files that the page shows and what they
 * import. Then the app has to compile and build with its own settings, and a browser goes through the reset.
 *
 *   node tests/scaffolds.ts               all apps
 *   node tests/scaffolds.ts react nextjs  these two
 *
 * Continues after a failure and prints its output. Exits with code 1 if anything failed.
 */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium, expect } from '@playwright/test';
import { freePort, startServer } from '../playground/demo-project/contract/start-server.ts';
import { type RunningDemoProject, readConfigFile, startDemoProject } from '../playground/demo-project/node/index.ts';
import { askForLink, choosePassword, done, enterCode } from './support/app.ts';
import { launchOptions } from './support/browser.ts';
import { npmEnvironment } from './support/npm.ts';

interface Scaffold {
  /** The command that creates the app in `app/`. */
  create: string;
  /** The folder with the files that the page shows. */
  example: string;
  /**
   * The files and folders to copy into the app. The rest of the example sets up an app,
   * which the new app has already done.
   */
  files: string[];
  /** The command that compiles the app, with the tools that it came with. */
  check: string;
  build: string;
  /** The command that starts the built app. A port is appended. */
  start: string;
  /** The file in which readers fill in the project's URL and key. Other apps read them from the environment. */
  settings?: string;
}

const createVite = 'npx --yes create-vite@9.3.0 app --no-interactive --template';
const vite = { files: ['src'], build: 'npx vite build', start: 'npx vite preview --strictPort --port' };

const scaffolds: Record<string, Scaffold> = {
  typescript: {
    ...vite,
    create: `${createVite} vanilla-ts`,
    example: 'playground/examples/totp-step-up',
    files: ['src', 'index.html'],
    check: 'npx tsc',
  },
  react: {
    ...vite,
    create: `${createVite} react-ts`,
    example: 'playground/examples/totp-react',
    check: 'npx tsc -b',
  },
  vue: { ...vite, create: `${createVite} vue-ts`, example: 'playground/examples/totp-vue', check: 'npx vue-tsc -b' },
  svelte: {
    ...vite,
    create: `${createVite} svelte-ts`,
    example: 'playground/examples/totp-svelte',
    check: 'npm run check',
  },
  angular: {
    create: 'npx --yes @angular/cli@22.2.7 new app --defaults --skip-git --skip-install',
    example: 'playground/own-install/totp-angular',
    files: ['src'],
    check: 'npx ngc -p tsconfig.app.json --noEmit',
    build: 'npx ng build',
    start: 'npx ng serve --port',
    settings: 'src/supabase.ts',
  },
  sveltekit: {
    ...vite,
    create: 'npx --yes sv@0.17.1 create app --template minimal --types ts --no-add-ons --no-install',
    example: 'playground/own-install/ssr-sveltekit',
    files: ['src', 'static'],
    check: 'npm run check',
  },
  nextjs: {
    create:
      'npx --yes create-next-app@16.4.3 app --yes --ts --app --no-src-dir --no-tailwind --no-linter --skip-install --disable-git',
    example: 'playground/own-install/ssr-nextjs',
    files: ['app', 'lib', 'proxy.ts'],
    check: 'npx next typegen && npx tsc --noEmit',
    build: 'npx next build',
    start: 'npx next start --port',
  },
};

/** The versions for what a scaffold pins only by major version. */
const pins: Record<string, string> = {
  '@types/node': '20.19.30',
  '@types/react': '19.3.3',
  '@types/react-dom': '19.3.0',
  typescript: '5.9.3',
};

/**
 * Pins the new app to the oldest versions that its package.json allows, because the scaffold's authors had these. Adds
 * the other dependencies of the example.
 */
function pin(app: string, example: string): void {
  const path = join(app, 'package.json');
  const { dependencies, devDependencies, ...rest } = JSON.parse(readFileSync(path, 'utf8'));
  const exact = (versions: Record<string, string> = {}) =>
    Object.fromEntries(
      Object.entries(versions).map(([name, range]) => [
        name,
        /\d+\.\d+\.\d+$/.test(range) ? range.replace(/^[~^]/, '') : (pins[name] ?? range),
      ]),
    );
  const shown = JSON.parse(readFileSync(join(example, 'package.json'), 'utf8')).dependencies;
  const all = { ...shown, ...exact(dependencies) };
  writeFileSync(path, JSON.stringify({ ...rest, dependencies: all, devDependencies: exact(devDependencies) }));
}

/** Goes through the reset as a user with an authenticator. */
async function reset(browser: Browser, url: string, project: RunningDemoProject): Promise<void> {
  const email = 'ada@example.com';
  project.createUser({ email, password: 'the old password', factors: [{ type: 'totp' }] });
  const page = await browser.newPage();
  await page.goto(url);
  await askForLink(page, email);
  await page.goto(project.mails(email)[0]?.link ?? '');
  const button = page.getByRole('button', { name: 'Continue' }); // if the link has a token_hash
  const code = page.getByLabel('Code', { exact: true });
  await expect(button.or(code)).toBeVisible();
  if (await button.isVisible()) await button.click();
  await expect(code).toBeVisible();
  await enterCode(page, await project.code(email));
  await choosePassword(page, 'the new password');
  await expect(done(page)).toBeVisible();
  await page.close();
}

/** Resolves to whether the page's files work in a new app. If they don't, keeps the app and prints its output. */
async function works(name: string, scaffold: Scaffold, browser: Browser): Promise<boolean> {
  const { create, example, files, check, build, start, settings } = scaffold;
  const folder = mkdtempSync(join(tmpdir(), `scaffold-${name}-`));
  const app = join(folder, 'app');
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const config = join(example, 'supabase/config.toml');
  const { auth } = existsSync(config) ? readConfigFile(config).config : {};
  const project = await startDemoProject({ config: { auth: { ...auth, site_url: url } } });
  const connection = { SUPABASE_URL: project.url, SUPABASE_PUBLISHABLE_KEY: project.keys.anon };
  const env = {
    ...npmEnvironment(),
    ...connection,
    ...Object.fromEntries(Object.entries(connection).map(([key, value]) => [`VITE_${key}`, value])),
    NO_COLOR: '1',
    NG_CLI_ANALYTICS: 'false',
    NEXT_TELEMETRY_DISABLED: '1',
  };
  const run = (line: string, cwd = app) =>
    promisify(execFile)(line, { cwd, env, shell: true, maxBuffer: 1e8, timeout: 600_000 });

  function copy(): void {
    for (const file of files) cpSync(join(example, file), join(app, file), { recursive: true });
    if (!settings) return;
    const path = join(app, settings);
    const filledIn = `'${project.url}', '${project.keys.anon}'`;
    writeFileSync(path, readFileSync(path, 'utf8').replace("location.origin, 'demo-key'", filledIn));
  }

  async function goThrough(): Promise<void> {
    const [command = '', ...args] = `${start} ${port}`.split(' ');
    const server = await startServer(command, args, { cwd: app, env });
    await reset(browser, url, project).finally(server.stop);
  }

  const steps: [what: string, act: () => unknown][] = [
    ['create', () => run(create, folder)],
    ['pin', () => pin(app, example)],
    ['install', () => run('npm install --no-audit --no-fund --prefer-offline')],
    ['copy', copy],
    ['check', () => run(check)],
    ['build', () => run(build)],
    ['reset in a browser', goThrough],
  ];
  console.log(`\n${name}: ${create}`);
  for (const [what, act] of steps) {
    const began = performance.now();
    try {
      await act();
    } catch (error) {
      const { message, stdout = '', stderr = '' } = error as Error & { stdout?: string; stderr?: string };
      console.log(`  ${what} FAILED in ${app}\n${stdout}${stderr || message}`);
      await project.close();
      return false;
    }
    console.log(`  ${what} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  }
  await project.close();
  rmSync(folder, { recursive: true });
  return true;
}

const named = process.argv.slice(2);
const unknown = named.find((name) => !scaffolds[name]);
if (unknown) throw new Error(`There is no ${unknown}, but ${Object.keys(scaffolds).join(', ')}.`);

const failed: string[] = [];
const browser = await chromium.launch(launchOptions);
for (const [name, scaffold] of Object.entries(scaffolds)) {
  const isMeant = named.length === 0 || named.includes(name);
  if (isMeant && !(await works(name, scaffold, browser))) failed.push(name);
}
await browser.close();
console.log(failed.length === 0 ? '\nThe files of each page work in a new app.' : `\nFailed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
