/** How much goes to StackBlitz, and that it runs without native code. sandbox.spec.ts compares it with the example in git. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { expect, type Page, test } from '@playwright/test';
import { freePort, startServer } from '../../playground/demo-project/contract/start-server.ts';
import { askForLink, choosePassword, done } from '../support/app.ts';
import { examples } from '../support/examples.ts';
import { npmEnvironment } from '../support/npm.ts';

const run = promisify(execFile);
const payload = (slug: string) => readFile(`dist/playground/${slug}.json`, 'utf8');

test('a totp example goes to StackBlitz as at most 20 files and 60 kB', async () => {
  for (const { slug } of examples.filter(({ flow }) => flow === 'totp')) {
    const project = await payload(slug);
    expect(Object.keys(JSON.parse(project).files).length, slug).toBeLessThanOrEqual(20);
    expect(gzipSync(project, { level: 9 }).length, slug).toBeLessThanOrEqual(60_000);
  }
});

for (const { slug, flow } of examples.filter(({ flow }) => flow === 'totp' || flow === 'ssr')) {
  // On a server, supabase-js 2.119 needs the WebSocket that Node has had since version 22.
  const versions = flow === 'ssr' ? ['22'] : ['20.19', '22'];
  test(`${slug}: what goes to StackBlitz runs without native code, on Node ${versions.join(' and ')}`, {
    tag: '@all',
  }, async ({ page }) => {
    test.setTimeout(300_000);
    const folder = await mkdtemp(join(tmpdir(), `${slug}-`));
    for (const [path, text] of Object.entries<string>(JSON.parse(await payload(slug)).files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), path === 'package.json' ? withWebAssembly(text) : text);
    }
    await npmInstall(folder);
    for (const version of versions) {
      const bin = await nodeOf(version, folder);
      const env = {
        ...npmEnvironment(),
        PATH: `${bin}${delimiter}${process.env['PATH']}`,
        NODE_OPTIONS: '--no-addons',
      };
      expect((await run('node', ['--version'], { env })).stdout).toMatch(new RegExp(`^v${version}\\.`));
      // With `--port 0`, Vite takes the first free port from 5173 on, and tests that run side by side met there.
      const port = ['--port', String(await freePort()), '--strictPort'];
      const app = await startServer('npm', ['start', '--', ...port], { cwd: folder, env });
      try {
        await page.goto(app.url);
        await reset(page, flow);
      } finally {
        await app.stop();
      }
    }
    await rm(folder, { recursive: true });
  });
}

/** Does what StackBlitz does on its own: replaces the native code of Vite 7 with its WebAssembly builds. */
function withWebAssembly(manifest: string): string {
  const { overrides, ...rest } = JSON.parse(manifest);
  const rollup = `npm:@rollup/wasm-node@${overrides.rollup}`;
  return JSON.stringify({ ...rest, overrides: { ...overrides, rollup, esbuild: 'npm:esbuild-wasm@0.28.2' } });
}

async function npmInstall(cwd: string, ...packages: string[]): Promise<void> {
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...packages], {
    cwd,
    env: npmEnvironment(),
  });
}

/** Returns the folder of a `node` of this version, from its npm package. */
async function nodeOf(version: string, folder: string): Promise<string> {
  const { optionalDependencies } = JSON.parse(await readFile('package.json', 'utf8'));
  const platform = `${process.platform.replace('win32', 'win')}-${process.arch}`;
  const binary = Object.keys(optionalDependencies).find((name) => name.endsWith(platform)) ?? '';
  const home = join(folder, `node-${version}`);
  await mkdir(home);
  await npmInstall(home, '--prefix', home, `${binary}@${version}`);
  return join(home, 'node_modules', binary, 'bin');
}

/** Goes through the whole reset with the devices beside the app, as a reader would. */
async function reset(page: Page, flow: string): Promise<void> {
  await askForLink(page, 'ada@example.com');
  const mailbox = page.getByRole('region', { name: 'Mailbox' });
  await mailbox.getByRole('button', { name: 'ada@example.com' }).click();
  await mailbox.getByRole('link', { name: 'Reset password' }).click();
  if (flow === 'ssr') await page.getByRole('button', { name: 'Continue' }).click();
  const code = page.getByLabel('Code', { exact: true });
  await expect(code).toBeFocused();
  const authenticator = page.getByRole('group', { name: 'ada@example.com: Authenticator app' });
  await authenticator.getByRole('button', { name: 'Type it for me' }).click();
  await expect(code).toHaveValue(/^\d{6}$/);
  await page.getByRole('button', { name: 'Verify' }).click();
  await choosePassword(page, 'the new password');
  await expect(done(page)).toBeVisible();
}
