#!/usr/bin/env node
/**
 * Builds each example, and host `page` once. Puts the host in front of each example: the demo project inside the page,
 * and the devices beside the app. The guide's Vite 8 builds the examples in a third of the time that their own Vite 7
 * takes. They need 7 in StackBlitz, where native code doesn't run. `npm run test:all` builds each with its own.
 *
 *   node playground/build.ts OUT                 writes OUT/<slug>/ for each example; fails if an example doesn't build
 *   node playground/build.ts OUT --watch COMMAND rebuilds at every change while COMMAND runs (the guide's dev server)
 *
 * OUT/for-stackblitz/ has what an example needs there besides its own files: the runtime and the demo project, bundled.
 * OUT/<slug>/edited/ is the page that runs an example after the reader has edited it. There's one for each example whose
 * sources a browser can run. OUT/packages/ has the packages that they import.
 *
 * An example is a folder in `examples/`. An example in `own-install/` is built only if its packages are installed:
 * `npm ci --prefix playground/own-install/<slug>`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { decode, encode, type SourceMapSegment } from '@jridgewell/sourcemap-codec';
import { normalizePath, build as viteBuild } from 'vite';
import { bundlePackages, editedPage, isEditable, packagesIn } from './runtime/for-editing.ts';
import { bundleForPage } from './runtime/for-page.ts';
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

const editable = examples
  .filter((slug) => isEditable(join(import.meta.dirname, 'examples', slug)))
  .filter((slug) => manifestOf(slug).flow !== 'ways-in'); // its second browser is a frame, which an edited app may not have

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

/** Builds an example into OUT/<slug>. In watch mode, builds it again at every change. */
function buildExample(slug: string) {
  return viteBuild({
    root: join(import.meta.dirname, 'examples', slug),
    logLevel: 'warn',
    build: {
      ...intoFolder(slug),
      rolldownOptions: { checks: { bundlerTimings: false } }, // the builds share a thread, so their times say nothing
    },
  });
}

/** Options of a build into OUT/<name>. */
function intoFolder(name: string) {
  return { outDir: resolve(out, name), emptyOutDir: true, sourcemap: true, watch: watch ? {} : null };
}

/** The builds that are running. */
const running = new Set<string>();

/** Waits for a build. In watch mode, only for its start: whenever no build is running any more, puts the host in front of the examples. */
async function follow(name: string, building: ReturnType<typeof buildExample | typeof bundleForPage>): Promise<void> {
  running.add(name);
  const built = await building;
  if (!('close' in built)) return;
  built.on('event', ({ code }: { code: string }) => {
    if (code === 'START') running.add(name);
    if (code === 'END' || code === 'ERROR') running.delete(name);
    if (running.size === 0) finish();
  });
}

/** Builds an example that has its own packages: into its own `dist`, whatever its tools, and from there into OUT/<slug>. */
async function buildInstalled(slug: string): Promise<void> {
  const folder = join(import.meta.dirname, 'own-install', slug);
  const code = await run('npm run build --silent', folder);
  if (code !== 0) throw new Error(`playground/own-install/${slug} does not build (exit code ${code})`);
  cpSync(join(folder, 'dist'), resolve(out, slug), { recursive: true });
}

/**
 * Reduces an example's source maps to its own files, with the line numbers that readers see. The devices use the maps to find the
 * line of a call, and shouldn't have to load a map of all packages.
 */
function trimSourceMaps(slug: string): void {
  const folder = join(import.meta.dirname, 'examples', slug);
  for (const name of globSync('**/*.js.map', { cwd: resolve(out, slug) })) {
    const file = resolve(out, slug, name);
    const { version, sources, names, mappings } = JSON.parse(readFileSync(file, 'utf8'));
    if (names.length === 0) continue; // already trimmed
    const own = (sources as string[]).map((source) => {
      const [path = '', inPage] = relative(folder, resolve(dirname(file), source)).split('?');
      if (path.startsWith('..')) return undefined;
      const lines = shownLines(readFileSync(join(folder, path), 'utf8'), inPage !== undefined);
      return { name: normalizePath(relative(dirname(file), resolve(out, slug, path))), lines };
    });
    const lines = decode(mappings).map((segments) =>
      segments
        .map(
          ([column, source, line, at]): SourceMapSegment =>
            source !== undefined && own[source]
              ? [column, source, own[source].lines[line ?? 0] ?? 0, at ?? 0]
              : [column],
        )
        .filter(({ length }, index, all) => length > 1 || all[index - 1]?.length !== 1),
    );
    const named = own.map((one) => one?.name ?? '');
    writeFileSync(file, JSON.stringify({ version, sources: named, names: [], mappings: encode(lines) }));
  }
}

/**
 * Returns the line number that readers see for each line of a source, counted from 0. Readers get files without region markers. In a
 * page, Vite counts a script's lines from its tag.
 */
function shownLines(text: string, isInPage: boolean): number[] {
  const lines = text.split('\n');
  let shown = -1;
  const all = lines.map((line) => (/^\s*(\/\/|<!--) #(end)?region/.test(line) ? shown : ++shown));
  return isInPage ? all.slice(lines.findIndex((line) => line.includes('<script type="module">'))) : all;
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
  const bare = framed.replace(
    /<meta http-equiv="Content-Security-Policy"[^>]*><script type="module" src="..\/runtime\/[^"]*"><\/script>/,
    '',
  );
  writeFileSync(page, bare.replace('<head>', `$&${ownScriptsOnly}${script}`));
}

/** The site's headers let edited apps run `blob:` scripts. This forbids them for an example as it was built, because a script needs the permission of both policies. */
const ownScriptsOnly = `<meta http-equiv="Content-Security-Policy" content="script-src 'self'">`;

/** Makes the page that runs a reader's version of an example, with the latest build of host and loader. Does nothing until both exist. */
function makeEditedPage(slug: string): void {
  const scripts = ['runtime', 'edited'].flatMap((name) => globSync(`${out}/runtime/${name}-*.js`).slice(0, 1));
  if (scripts.length < 2) return;
  const names = packagesIn(join(import.meta.dirname, 'examples', slug));
  const addresses = Object.fromEntries(names.map((name) => [name, `../../packages/${packages.get(name)}`]));
  const inPage = scripts.map((file) => `../../runtime/${basename(file)}`);
  const html = editedPage(manifestOf(slug).flow, inPage, addresses);
  const file = join(out, slug, 'edited/index.html');
  if (existsSync(file) && readFileSync(file, 'utf8') === html) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, html);
}

/** Puts the host in front of the examples that have been built. */
function finish(): void {
  examples.forEach(trimSourceMaps);
  [...examples, ...installed].forEach(putHostInFront);
  editable.forEach(makeEditedPage);
}

const builds = [
  follow('runtime', bundleForPage(intoFolder('runtime'))),
  ...examples.map((slug) => follow(slug, buildExample(slug))),
  ...installed.map(buildInstalled),
  bundleForStackBlitz(resolve(out, 'for-stackblitz')),
];
const packages = await bundlePackages(
  editable.map((slug) => join(import.meta.dirname, 'examples', slug)),
  resolve(out, 'packages'),
);

await Promise.all(builds);
if (watch) process.exit(await run(command.join(' '), process.cwd()));
finish();
console.log(`built ${[...examples, ...installed].join(', ')} into ${out}`);
