/** The package as npm gets it: its contents, what others can import, and its size. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { publint } from 'publint';
import { build, type Rollup } from 'vite';
import { expect, inject, test } from 'vitest';
import source from '../package.json' with { type: 'json' };
import { run } from './consumer.ts';

const { name } = source;
const consumer = inject('consumer');
const installed = join(consumer, 'node_modules', name);
const manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));

test('a tarball of at most 250 kB', async () => {
  const { size } = await stat(inject('tarball'));
  console.log(`tarball: ${(size / 1000).toFixed(1)} kB`);
  expect(size).toBeLessThanOrEqual(250_000);
});

test('JavaScript, types and documents, and nothing else of the repository', async () => {
  const files = (await run('tar', ['--list', '--file', inject('tarball')], consumer)).trim().split('\n');
  const kinds = new Set(
    files.map((file) => file.replace(/^package\//, '').replace(/^.*\/[^/]+?(?=(\.d)?\.\w+$)/, '*')),
  );
  expect([...kinds].sort()).toEqual(
    ['*.d.ts', '*.js', 'CHANGELOG.md', 'LICENSE', 'LICENSES.md', 'README.md', 'package.json'].sort(),
  );
});

test('it needs no other package: what it imports is bundled, built into Node, or an optional peer', async () => {
  expect(manifest).not.toHaveProperty('dependencies');
  expect(manifest).not.toHaveProperty('private');
  const peers = Object.keys(manifest.peerDependencies);
  expect(Object.entries(manifest.peerDependenciesMeta)).toEqual(peers.map((peer) => [peer, { optional: true }]));
  // The first character skips comments.
  const imports = String.raw`^[^ *].*\b(from|import) ?\(?["'][^"'.][^"']*["']`;
  const lines = await run('grep', ['-rhoE', imports, installed, '--include=*.js', '--include=*.d.ts'], consumer);
  const imported = new Set([...lines.matchAll(/["']([^"']*)["']\)?$/gm)].map(([, specifier]) => specifier));
  expect([...imported].filter((specifier) => !specifier?.startsWith('node:')).sort()).toEqual(peers.sort());
});

test('the license of each bundled package is in it', async () => {
  const licenses = await readFile(join(installed, 'LICENSES.md'), 'utf8');
  for (const [dependency, version] of Object.entries(source.dependencies)) {
    expect(licenses).toContain(`## ${dependency} ${version} (`);
  }
});

test('publint finds nothing', async () => {
  const { messages } = await publint({ pkgDir: installed, strict: true });
  expect(messages).toEqual([]);
});

test('attw finds nothing', async () => {
  const attw = ['exec', '--yes', '--package=@arethetypeswrong/cli@0.18.5', '--', 'attw', '--profile', 'esm-only'];
  expect(await run('npm', [...attw, inject('tarball')], consumer)).toContain('bundler: 🟢'); // exits with 1 if it finds a problem
});

/** Imports this in Node, under these conditions. Returns the names of its exports, or the error code. */
async function exportsOf(specifier: string, ...conditions: string[]): Promise<string[]> {
  const script = `console.log(JSON.stringify(await import('${specifier}').then(Object.keys, ({ code }) => [code])))`;
  const flags = conditions.map((condition) => `--conditions=${condition}`);
  return JSON.parse(await run(process.execPath, [...flags, '--input-type=module', '--eval', script], consumer));
}

test('every public entry can be imported', async () => {
  expect(await exportsOf(name)).toEqual(['authVersion', 'createDemoProject', 'preload']);
  expect(await exportsOf(`${name}/endpoints`)).toEqual(['authVersion', 'leftOut', 'served']);
  expect(await exportsOf(`${name}/totp`)).toEqual(['isTotpCode', 'totpCode']);
  expect(await exportsOf(`${name}/node`)).toEqual(['ConfigFileError', 'readConfigFile', 'startDemoProject']);
  expect(await exportsOf(`${name}/vite`)).toEqual(['demoProject']);
  expect(await exportsOf(`${name}/playwright`)).toEqual(['test']);
  expect(Object.keys(manifest.exports)).toEqual(Object.keys(source.exports));
});

test('everything else is private', async () => {
  for (const path of ['src/index.js', 'src/auth/tokens.js', 'node/cli.js', 'LICENSES.md'])
    expect(await exportsOf(`${name}/${path}`), path).toEqual(['ERR_PACKAGE_PATH_NOT_EXPORTED']);
});

test('a browser is refused what needs Node', async () => {
  for (const entry of ['node', 'vite', 'playwright'])
    expect(await exportsOf(`${name}/${entry}`, 'browser'), entry).toEqual(['ERR_PACKAGE_PATH_NOT_EXPORTED']);
  expect(await exportsOf(name, 'browser')).toContain('createDemoProject');
});

test('a page loads at most 17 kB (gzip) before the first answer', async () => {
  // As in most apps: Vite bundles everything that an entry needs right away into one file.
  await writeFile(join(consumer, 'core.js'), `export { createDemoProject } from '${name}'`);
  const built = await build({
    root: consumer,
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      modulePreload: false,
      rollupOptions: { input: join(consumer, 'core.js'), preserveEntrySignatures: 'strict' },
    },
  });
  const { output } = built as Rollup.RollupOutput;
  const chunks = new Map(output.flatMap((part) => (part.type === 'chunk' ? [[part.fileName, part]] : [])));
  const atOnce = new Set([...chunks.values()].filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));
  for (const name of atOnce) for (const imported of chunks.get(name)?.imports ?? []) atOnce.add(imported);
  const size = [...atOnce].reduce((sum, name) => sum + gzipSync(chunks.get(name)?.code ?? '', { level: 9 }).length, 0);
  console.log(`before the first answer: ${(size / 1000).toFixed(1)} kB`);
  expect(chunks.size).toBeGreaterThan(atOnce.size);
  expect(size).toBeLessThanOrEqual(17_000);
});
