#!/usr/bin/env node
/**
 * Builds each example with its own `build` script, and host `page` once. Puts the host in front of each example: the
 * demo project inside the page, and the devices beside the app.
 *
 *   node playground/build.ts OUT                 writes OUT/<slug>/ for each example; fails if an example doesn't build
 *   node playground/build.ts OUT --watch COMMAND rebuilds at every change while COMMAND runs (the guide's dev server)
 *
 * OUT/for-stackblitz/ has what an example needs there besides its own files: the runtime and the demo project, bundled.
 *
 * An example is a folder in `examples/`. An example in `own-install/` is built only if its packages are installed:
 * `npm ci --prefix playground/own-install/<slug>`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, watch as watchFolder, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { decode, encode, type SourceMapSegment } from '@jridgewell/sourcemap-codec';
import { normalizePath } from 'vite';
import { bundleForStackBlitz } from './runtime/for-stackblitz.ts';
import { besideDevices } from './runtime/frame.ts';

const [out = '', watch, ...command] = process.argv.slice(2);
if (!out || (watch && (watch !== '--watch' || command.length === 0))) {
  throw new Error('usage: node playground/build.ts OUT [--watch COMMAND …]');
}

const examples = globSync('*/package.json', { cwd: join(import.meta.dirname, 'examples') }).map(dirname);
const installed = globSync('*/package.json', { cwd: join(import.meta.dirname, 'own-install') })
  .map(dirname)
  .filter((slug) => existsSync(join(import.meta.dirname, 'own-install', slug, 'node_modules')))
  .filter((slug) => manifestOf(slug).host === 'page'); // the guide can't serve an app that needs a server

/** Reads an example's package.json. `host` says where an example with its own packages runs. */
function manifestOf(slug: string): { flow: string; host?: 'page' | 'node' } {
  const [file = ''] = globSync(`{examples,own-install}/${slug}/package.json`, { cwd: import.meta.dirname });
  return JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8'));
}

/** Runs a program in `cwd` and shows its output. Resolves to its exit code. `shell` finds npm and npx on Windows too. */
async function run(line: string, cwd: string): Promise<number> {
  const [code] = await once(spawn(line, { cwd, stdio: 'inherit', shell: true }), 'exit');
  return code ?? 1;
}

/** Builds a folder of the playground into OUT/<its name>. */
async function build(folder: string): Promise<void> {
  const outDir = resolve(out, basename(folder));
  const line = `npm run build --silent -- --logLevel warn --sourcemap --emptyOutDir --outDir "${outDir}"${watch ? ' --watch' : ''}`;
  const code = await run(line, join(import.meta.dirname, folder));
  if (code !== 0) throw new Error(`playground/${folder} does not build (exit code ${code})`);
}

/** Builds an example that has its own packages: into its own `dist`, whatever its tools, and from there into OUT/<slug>. */
async function buildInstalled(slug: string): Promise<void> {
  const folder = join(import.meta.dirname, 'own-install', slug);
  const code = await run('npm run build --silent', folder);
  if (code !== 0) throw new Error(`playground/own-install/${slug} does not build (exit code ${code})`);
  cpSync(join(folder, 'dist'), resolve(out, slug), { recursive: true });
}

/**
 * Keeps in an example's source maps only its own files, by their names in its folder. The devices use them to find the
 * line of a call, and shouldn't have to load a map of all packages.
 */
function trimSourceMaps(slug: string): void {
  for (const name of globSync('**/*.js.map', { cwd: resolve(out, slug) })) {
    const file = resolve(out, slug, name);
    const { version, sources, names, mappings } = JSON.parse(readFileSync(file, 'utf8'));
    if (names.length === 0) continue; // already trimmed
    const own = sources.map((source: string) => {
      const path = relative(join(import.meta.dirname, 'examples', slug), resolve(dirname(file), source));
      return path.startsWith('..') ? '' : normalizePath(relative(dirname(file), resolve(out, slug, path)));
    });
    const lines = decode(mappings).map((segments) =>
      segments
        .map(
          ([column, source, line, at]): SourceMapSegment =>
            source !== undefined && own[source] ? [column, source, line ?? 0, at ?? 0] : [column],
        )
        .filter(({ length }, index, all) => length > 1 || all[index - 1]?.length !== 1),
    );
    writeFileSync(file, JSON.stringify({ version, sources: own, names: [], mappings: encode(lines) }));
  }
}

/** Puts the last built host in front of a built example. Does nothing while one of the two is missing. */
function putHostInFront(slug: string): void {
  const [page = ''] = globSync(`${out}/${slug}/index.html`);
  const [host = ''] = globSync(`${out}/runtime/runtime-*.js`);
  if (!page || !host) return;
  const script = `<script type="module" src="../runtime/${basename(host)}"></script>`;
  const html = readFileSync(page, 'utf8');
  if (html.includes(script)) return;
  const framed = html.includes('<demo-devices flow') ? html : besideDevices(html, manifestOf(slug).flow);
  const bare = framed.replace(/<script type="module" src="..\/runtime\/[^"]*"><\/script>/, '');
  writeFileSync(page, bare.replace('<head>', `$&${script}`));
}

const builds = ['runtime', ...examples.map((slug) => join('examples', slug))].map(build);
builds.push(...installed.map(buildInstalled), bundleForStackBlitz(resolve(out, 'for-stackblitz')));

if (watch) {
  mkdirSync(out, { recursive: true });
  watchFolder(out, { recursive: true }, () => {
    examples.forEach(trimSourceMaps);
    [...examples, ...installed].forEach(putHostInFront);
  });
  process.exit(await run(command.join(' '), process.cwd()));
}
await Promise.all(builds);
for (const slug of examples) trimSourceMaps(slug);
for (const slug of [...examples, ...installed]) putHostInFront(slug);
console.log(`built ${[...examples, ...installed].join(', ')} into ${out}`);
