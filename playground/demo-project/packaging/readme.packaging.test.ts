/** Everything the README shows works if you only have the package. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect, inject, onTestFinished, test } from 'vitest';
import { run } from './consumer.ts';

const consumer = inject('consumer');
/** How to start the browser that the script `test:packaging` found. Root can't have a sandbox. */
const launchOptions = {
  executablePath: process.env['CHROME_PATH'],
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
};
const bin = (path: string) => join('node_modules', path);
const cli = bin('unofficial-supabase-auth-test-double/node/cli.js');

/** Writes a file to the consumer's folder. */
const write = (file: string, text: string) => writeFile(join(consumer, file), text);

/** Replaces the README's ports with free ones, and returns those. */
async function onFreePorts(files: string[]): Promise<string[]> {
  const ports = await Promise.all(['54321', '5173'].map(async (port) => [port, await freePort()] as const));
  for (const file of files) {
    let text = await readFile(join(consumer, file), 'utf8');
    for (const [port, free] of ports) text = text.replaceAll(port, free);
    await write(file, text);
  }
  return ports.map(([, free]) => free);
}

async function freePort(): Promise<string> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  await once(server.close(), 'close');
  if (typeof address !== 'object' || !address) throw new Error('no address');
  return String(address.port);
}

/** Starts a Node program that ends with the test. Resolves to its output up to `ready`. */
async function start(args: string[], ready: RegExp, node = process.execPath): Promise<string> {
  const child: ChildProcess = spawn(node, args, { cwd: consumer, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(async () => {
    const gone = once(child, 'exit');
    if (child.kill()) await gone;
  });
  let printed = '';
  for await (const chunk of child.stdout ?? []) {
    printed += chunk;
    if (ready.test(printed)) return printed;
  }
  throw new Error(`node ${args.join(' ')} ended:\n${printed}`);
}

test('in Vitest, and with MSW', async () => {
  const vitest = [bin('vitest/vitest.mjs'), 'run', '--reporter=verbose', 'recovery.test.ts', 'msw.test.ts'];
  const output = await run(process.execPath, vitest, consumer);
  expect(output).toMatch(/Tests +3 passed \(3\)/);
});

test('its first test is the one that the guide shows', async () => {
  const shown = await readFile(join(import.meta.dirname, '../../../tests/code/vitest/recovery.test.ts'), 'utf8');
  const withoutRegions = shown.replaceAll(/^\/\/ #(region|endregion).*\n/gm, '');
  expect(await readFile(join(consumer, 'recovery.test.ts'), 'utf8')).toBe(withoutRegions);
});

test('in any other test runner', async () => {
  expect(await run(process.execPath, ['--test', 'recovery.test.mjs'], consumer)).toMatch(/pass 1\b/);
});

for (const moduleResolution of ['node16', 'bundler']) {
  test(`its types, for moduleResolution ${moduleResolution}`, async () => {
    const options = {
      module: moduleResolution === 'node16' ? 'node16' : 'esnext',
      moduleResolution,
      target: 'es2023',
      lib: ['es2023'], // no DOM: Node's own types must be enough
      types: ['node'],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noEmit: true,
    };
    // The README's code uses packages that need the DOM's types. This file only imports the package.
    await write(
      'types.ts',
      `import { authVersion, createDemoProject, type DemoProject, type Mail, type Seed } from 'unofficial-supabase-auth-test-double';
import { served } from 'unofficial-supabase-auth-test-double/endpoints';
import { readConfigFile, startDemoProject } from 'unofficial-supabase-auth-test-double/node';
const seed: Seed = [{ email: 'ada@example.com', password: 'password', factors: [{ type: 'totp' }] }];
const demoProject: DemoProject = createDemoProject({ seed, config: readConfigFile('config.toml').config });
const mail: Mail | undefined = demoProject.mails()[0];
const text: string = served['GET /user'] + authVersion + mail?.tokenHash;
await using running = await startDemoProject({ port: 0 });
export const response: Response = await running.fetch(text);
// @ts-expect-error: there's no such setting
createDemoProject({ config: { auth: { jwt_expirey: 1 } } });
`,
    );
    await write(
      'tsconfig.json',
      JSON.stringify({ compilerOptions: { ...options, lib: ['es2023', 'esnext.disposable'] }, files: ['types.ts'] }),
    );
    await run(process.execPath, [bin('typescript/bin/tsc'), '-p', '.'], consumer);
    const readme = [
      'recovery.test.ts',
      'msw.test.ts',
      'fixture.e2e.ts',
      'web-server.e2e.ts',
      'playwright.config.ts',
      'vite.config.ts',
    ];
    await write(
      'tsconfig.json',
      JSON.stringify({
        compilerOptions: { ...options, lib: ['es2023', 'dom', 'esnext.disposable'], skipLibCheck: true },
        files: readme,
      }),
    );
    await run(process.execPath, [bin('typescript/bin/tsc'), '-p', '.'], consumer);
  });
}

test('in Playwright, with the fixture and with the program as a web server', async () => {
  await write(
    'index.html',
    `<!doctype html>
<title>An app</title>
<form id="start"><label>Email <input name="email"></label><button>Send reset link</button></form>
<form id="finish" hidden>
  <label>Code <input name="code"></label>
  <label>New password <input name="password" type="password"></label>
  <button>Save</button>
</form>
<output></output>
<script type="module" src="/app.ts"></script>
`,
  );
  await write(
    'app.ts',
    `import { createClient } from '@supabase/supabase-js';
const { auth } = createClient('http://127.0.0.1:54321', 'any key');
const [start, finish] = document.forms;
const say = (text) => { document.querySelector('output').textContent = text; };
start.addEventListener('submit', async (event) => {
  event.preventDefault();
  const { error } = await auth.resetPasswordForEmail(start.email.value, { redirectTo: location.origin });
  say(error?.message ?? 'Check your email');
});
auth.onAuthStateChange((event) => {
  if (event === 'PASSWORD_RECOVERY') finish.hidden = false;
});
finish.addEventListener('submit', async (event) => {
  event.preventDefault();
  const { data } = await auth.mfa.listFactors();
  const { error } = await auth.mfa.challengeAndVerify({ factorId: data.totp[0].id, code: finish.code.value });
  if (error) return say(error.message);
  const changed = await auth.updateUser({ password: finish.password.value });
  say(changed.error?.message ?? 'Your password was changed');
});
`,
  );
  await write(
    'installed-browser.config.ts',
    `import { defineConfig } from '@playwright/test';
import shown from './playwright.config.ts';
export default defineConfig(shown, { use: { launchOptions: ${JSON.stringify(launchOptions)} } });
`,
  );
  await onFreePorts(['app.ts', 'fixture.e2e.ts', 'web-server.e2e.ts', 'playwright.config.ts']);
  const playwright = [bin('@playwright/test/cli.js'), 'test', '--config', 'installed-browser.config.ts', '--workers=1'];
  const output = await run(process.execPath, [...playwright, '--reporter=list'], consumer);
  expect(output).toContain('2 passed');
});

test('in another language, over HTTP', async () => {
  const [port = ''] = await onFreePorts(['test_recovery.py']);
  await start([cli, '--control', '--seed', 'users.json', '--port', port], /Press Ctrl\+C/);
  expect(await run('python3', ['test_recovery.py'], consumer)).toMatch(/Ran 2 tests .*\n\nOK/);
});

test('in a Vite dev server, on its own origin', async () => {
  const output = await start([bin('vite/bin/vite.js'), '--port', await freePort(), '--strictPort'], /Local:.*\n/);
  const [url = ''] = /http:\/\/\S+\d/.exec(stripVTControlCharacters(output)) ?? [];
  const signIn = () =>
    fetch(`${url}/auth/v1/token?grant_type=password`, {
      method: 'POST',
      body: '{"email":"ada@example.com","password":"the password"}',
    });
  const { access_token } = await (await signIn()).json();
  expect(JSON.parse(atob(access_token.split('.')[1])).iss).toBe(`${url}/auth/v1`);
  const count = async () => (await (await fetch(`${url}/log`)).json()).length;
  const before = await count();
  expect((await fetch(`${url}/demo-project/reset`, { method: 'POST' })).ok).toBe(true);
  expect(await count()).toBeLessThan(before);
  expect((await signIn()).status).toBe(200);
});

test('the README quotes what the program prints', async () => {
  const readme = await readFile(join(consumer, 'node_modules/unofficial-supabase-auth-test-double/README.md'), 'utf8');
  const help = await run(process.execPath, [cli, '--help'], consumer);
  const options = help.split('Options:\n')[1]?.split('\n\n')[0]?.replaceAll(/^ {2}/gm, '');
  expect(readme).toContain(options);
});

for (const version of ['20.19', '22', '24']) {
  test(`on Node ${version}`, async () => {
    const { optionalDependencies } = JSON.parse(
      await readFile(join(import.meta.dirname, '../../../package.json'), 'utf8'),
    );
    const platform = `${process.platform.replace('win32', 'win')}-${process.arch}`;
    const binary = Object.keys(optionalDependencies).find((name) => name.endsWith(platform)) ?? '';
    const folder = join(consumer, `node-${version}`);
    await run('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', `${binary}@${version}`], consumer);
    const node = join(folder, 'node_modules', binary, 'bin/node');
    expect(await run(node, ['--version'], consumer)).toMatch(new RegExp(`^v${version}\\.`));
    expect(await run(node, ['--test', 'recovery.test.mjs'], consumer)).toMatch(/pass 1\b/);
    const printed = await start([cli, '--port', '0', '--seed', 'users.json'], /Press Ctrl\+C/, node);
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(printed) ?? [];
    const { external } = await (await fetch(`${url}/auth/v1/settings`)).json();
    expect(external.email).toBe(true);
    expect((await fetch(`${url}/demo-project/reset`, { method: 'POST' })).status).toBe(403);
  });
}
