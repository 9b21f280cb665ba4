/** The playground follows its own rules in playground/README.md. */
import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { startServer } from '../../playground/demo-project/contract/start-server.ts';
import { npmEnvironment } from '../support/npm.ts';

const run = promisify(execFile);
function manifestsIn(...folders: string[]) {
  return folders.map((folder) => ({ folder, ...JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) }));
}
const examples = manifestsIn(...globSync('playground/{examples,own-install}/*/package.json').map(dirname));
const manifests = [...examples, ...manifestsIn('playground/runtime', 'playground/demo-project')];

test('every flow has a spec', () => {
  expect([...new Set(examples.map(({ flow }) => flow))].sort()).toEqual(
    globSync('tests/examples/*.spec.ts')
      .map((path) => path.replace(/.*[\\/]|\.spec\.ts$/g, ''))
      .sort(),
  );
});

test('an example is named as its folder and has the versions that the others have', () => {
  const versions = new Map<string, Set<string>>();
  for (const { folder, name } of examples) expect(basename(folder)).toBe(name);
  for (const { dependencies, devDependencies } of manifests) {
    for (const [dependency, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      versions.set(dependency, (versions.get(dependency) ?? new Set()).add(String(version)));
    }
  }
  versions.delete('typescript'); // vue-tsc and svelte-check need 6; the rest of the playground is checked with 7, which is ten times as fast
  expect([...versions].filter(([, all]) => all.size > 1)).toEqual([]);
  expect(
    [...versions].filter(([name, [version = '']]) => name !== 'demo-project' && !/^\d+\.\d+\.\d+$/.test(version)),
  ).toEqual([]);
});

test('what examples have in common is the same text in each', () => {
  const differing = (files: string[], folders: string[]) =>
    files.filter((file) => new Set(folders.map((folder) => readFileSync(join(folder, 'src', file), 'utf8'))).size > 1);
  // The plain HTML example has everything in one file, and examples that run on a server have other files.
  const inModules = examples.filter(({ framework, flow }) => framework !== 'HTML' && flow !== 'ssr');
  const foldersOf = (property: string, value: string) =>
    inModules.filter((example) => example[property] === value).map(({ folder }) => folder);
  const all = inModules.map(({ folder }) => folder);
  expect(differing(['link.ts', 'session-gone.ts', 'account.ts'], all)).toEqual([]);
  const styles = globSync('playground/{examples,own-install}/*/{app,public,src,static}/*.css');
  expect(styles.length).toBe(examples.length);
  expect(new Set(styles.map((path) => readFileSync(path, 'utf8'))).size).toBe(1);
  const totp = ['step-up.ts', 'recovery.ts', 'explain.ts', 'leftover-factors.ts'];
  expect(differing(totp, foldersOf('flow', 'totp'))).toEqual([]);
  const plain = ['page.ts', 'form.ts', 'env.d.ts'];
  expect(differing(plain, foldersOf('framework', 'TypeScript'))).toEqual([]);
  // The app that takes every kind of email is the recommended one, and asks for PKCE links too.
  const both = foldersOf('name', 'totp-step-up').concat(foldersOf('name', 'ways-in'));
  expect(differing(['step-up.ts', 'leftover-factors.ts'], both)).toEqual([]);
  const others = foldersOf('framework', 'TypeScript').filter((folder) => !/(ways-in|security-key)$/.test(folder));
  expect(differing(['supabase.ts'], others)).toEqual([]);
  const withHelp = foldersOf('name', 'totp-step-up').concat(foldersOf('name', 'lost-factor'));
  expect(differing(['step-up.ts', 'leftover-factors.ts'], withHelp)).toEqual([]);
});

test("the console runs the code of the example's server, by the clock that the reader moves", () => {
  const code = (file: string) =>
    readFileSync(file, 'utf8')
      .replace(/^\/\/ biome-ignore .*\nimport \{ ProjectDate as Date \} .*\n/m, '')
      .replace("'./remove-lost-factors.ts'", "'./remove-lost-factors'");
  for (const file of ['remove-lost-factors.ts', 'support.ts']) {
    expect(code(`playground/runtime/devices/server/${file}`)).toBe(
      code(`playground/examples/lost-factor/server/${file}`),
    );
  }
});

test('an example copied out with runtime and demo project beside it installs, type-checks and builds', {
  tag: '@all',
}, async () => {
  test.setTimeout(120_000);
  const folder = await mkdtemp(join(tmpdir(), 'copied-'));
  const filter = (path: string) => !/node_modules|contract/.test(path);
  const copied = ['demo-project', 'runtime', 'examples/totp-step-up'];
  for (const name of [...copied, 'tsconfig.json'])
    await cp(join('playground', name), join(folder, name), { recursive: true, filter });
  const cwd = join(folder, 'examples/totp-step-up');
  const env = npmEnvironment();
  for (const name of copied) {
    await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: join(folder, name), env });
  }
  await run('npm', ['run', 'check'], { cwd, env });
  await run('npm', ['run', 'build'], { cwd, env });
  expect(await readFile(join(cwd, 'dist/index.html'), 'utf8')).toContain('<script type="module"');
  await rm(folder, { recursive: true });
});

test('the demo project alone answers on its port', async () => {
  const server = await startServer('npm', ['run', 'demo-project', '--', '--port', '0']);
  const health = await fetch(`${server.url}/auth/v1/health`);
  expect(await health.json()).toMatchObject({ name: 'GoTrue' });
  await server.stop();
});

test('a port that is taken is told, with what to do', async () => {
  const server = await startServer('npm', ['run', 'demo-project', '--', '--port', '0']);
  const { port } = new URL(server.url);
  const second = await run('npm', ['run', 'demo-project', '--', '--port', port]).catch((error) => error);
  await server.stop();
  expect(second.code).toBe(1);
  expect(second.stderr).toContain(
    `Port ${port} is taken, perhaps by the Supabase CLI. Choose another one, such as --port `,
  );
});
