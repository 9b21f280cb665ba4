/**
 * The files of the playground, and the code that the tests run for the guide, as text. No other module of the guide reads them, and none runs them.
 * Paths are relative to the repository, with `/`.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Project } from '@stackblitz/sdk';
import { overrides } from '../../package.json';

const globbed = import.meta.glob<string>(
  [
    '/playground/**',
    '!**/demo-project/{contract,fixtures,packaging}/**',
    '/tests/code/**',
    '/tests/sql/*.sql',
    '!**/node_modules/**',
    '!**/dist/**',
    '!/playground/own-install/**',
    '!**/.env*',
    '!**/package-lock.json',
  ],
  { query: '?raw', import: 'default', eager: true, exhaustive: true },
);
/** What an example with packages of its own has beside its files, once it's installed and built. */
const made = new Set([
  'node_modules',
  '.next',
  '.svelte-kit',
  '.angular',
  'build',
  'dist',
  'next-env.d.ts',
  'package-lock.json',
]);

/** Read as files: Vite would look for what their own tsconfig.json extends, which their own tools write. */
const ofOwnInstall = globSync('playground/own-install/*/**/*.*', { exclude: (path) => made.has(basename(path)) }).map(
  (path) => [path.replaceAll('\\', '/'), readFileSync(path, 'utf8')] as const,
);
const texts = new Map([
  ...Object.entries(globbed).map(([path, text]) => [path.slice(1), text] as const),
  ...ofOwnInstall,
]);

const regionStart = /^[ \t]*(?:\/\/|<!--) #region (\S+)(?: -->)?\n/gm;
const regionEnd = /^[ \t]*(?:\/\/|<!--) #endregion.*\n?/gm;

/** The text of a file, as it is in git. Throws, naming it, when there is none. */
function textOf(path: string): string {
  const text = texts.get(path);
  if (text === undefined) throw new Error(`There is no file ${path}`);
  return text;
}

/** The files of a folder: path and text, sorted. Throws, naming it, when there is none. */
function folder(path: string): [path: string, text: string][] {
  const files = [...texts].filter(([file]) => file.startsWith(`${path}/`)).sort(([a], [b]) => a.localeCompare(b, 'en'));
  if (files.length === 0) throw new Error(`There is no file in ${path}`);
  return files;
}

/** What a reader sees of a file: no region markers. */
function shown(text: string): string {
  return text.replace(regionStart, '').replace(regionEnd, '').trimEnd();
}

const languages = ['css', 'html', 'js', 'json', 'sql', 'svelte', 'toml', 'ts', 'tsx', 'vue'] as const;

/** The language to highlight a file in. Throws for a kind of file that has not been shown yet. */
export function language(path: string): (typeof languages)[number] {
  const found = languages.find((ending) => path.endsWith(`.${ending}`));
  if (found) return found;
  throw new Error(`No language is known for ${path}`);
}

/** The folder of an example, with or without packages of its own. Throws when there is none. */
function home(slug: string): string {
  const found = ['examples', 'own-install']
    .map((room) => `playground/${room}/${slug}`)
    .find((path) => texts.has(`${path}/package.json`));
  if (!found) throw new Error(`There is no example ${slug}`);
  return found;
}

/** A file of an example as a reader sees it. Its path is relative to the example's folder. */
export interface ExampleFile {
  path: string;
  code: string;
}

/**
 * The files of an example in the order to read them: first the one that it's about, then its code as the app comes to it, last what
 * only tools read. Throws when there are none.
 */
export function exampleFiles(slug: string): ExampleFile[] {
  const files = folder(home(slug))
    .map(([path, text]) => ({ path: path.slice(home(slug).length + 1), code: shown(text) }))
    .filter(({ path }) => !path.startsWith('.'));
  const inOrder = [...wayThrough(files)];
  const place = ({ path }: ExampleFile) =>
    isTooling(path) ? 2000 : isCode(path) ? (inOrder.indexOf(path) + 1000) % 1000 : 1000;
  return files.sort((a, b) => place(a) - place(b));
}

function isCode(path: string): boolean {
  return /^((src|app|lib)\/.*|proxy)\.(tsx?|vue|svelte)$/.test(path);
}

/** What the app itself doesn't consist of: settings, and types for tools. */
function isTooling(path: string): boolean {
  return path.endsWith('.d.ts') || !(isCode(path) || /\.(html|css)$/.test(path));
}

/** The line that an example is about: the call that verifies the second factor. Where there's none, the one that's refused for that. */
export function decisiveLine(files: readonly ExampleFile[]): { path: string; line: number } {
  for (const call of ['.challengeAndVerify(', 'insufficient_aal']) {
    for (const { path, code } of files) {
      const line = code.split('\n').findIndex((text) => text.includes(call));
      if (line !== -1) return { path, line: line + 1 };
    }
  }
  return { path: files[0]?.path ?? '', line: 1 };
}

/** The modules of an app from the decisive one and from its start, each followed by those that it imports. */
function wayThrough(files: readonly ExampleFile[]): Set<string> {
  const starts = files.filter(({ path }) => /^src\/(main|server)\.tsx?$/.test(path)).map(({ path }) => path);
  const way = new Set([decisiveLine(files).path, ...starts]);
  for (const path of way) {
    const code = files.find((file) => file.path === path)?.code ?? '';
    for (const [, name] of code.matchAll(/from '\.\/([^']+)'/g)) {
      const found = files.find(
        (file) => file.path.replace(/\.tsx?$/, '') === `src/${name}` || file.path === `src/${name}`,
      );
      if (found) way.add(found.path);
    }
  }
  return way;
}

/** Whether the page can run an example's sources after the reader has edited them: `playground/build.ts` has made a page for that. */
export function isEditable(slug: string): boolean {
  return existsSync(`public/play/${slug}/edited/index.html`);
}

/** The packages of an example with their versions, types aside. Throws when there is no such example. */
export function exampleVersions(slug: string): [name: string, version: string][] {
  const { dependencies, devDependencies } = JSON.parse(textOf(`${home(slug)}/package.json`));
  return Object.entries<string>({ ...dependencies, ...devDependencies }).filter(
    ([name]) => !name.startsWith('@types/'),
  );
}

/**
 * A file as a reader sees it, or the part of it between `// #region NAME` and `// #endregion` (in HTML, comments of its own), which then starts
 * at the left margin. Several regions, with spaces between their names, come one after the other. Throws, naming it,
 * when there is no such file or region.
 */
export function sourceFile(path: string, region?: string): string {
  const text = textOf(path);
  if (region === undefined) return shown(text);
  return region
    .split(' ')
    .map((name) => partOf(text, name, path))
    .join('\n\n');
}

function partOf(text: string, region: string, path: string): string {
  const start = [...text.matchAll(regionStart)].find(([, name]) => name === region);
  if (!start) throw new Error(`There is no "// #region ${region}" in ${path}`);
  const [inside = '', after] = text.slice(start.index).split(regionEnd);
  if (after === undefined) throw new Error(`"// #region ${region}" in ${path} has no end`);
  const part = shown(inside);
  const margin = Math.min(...[...part.matchAll(/^ *(?=\S)/gm)].map(([spaces]) => spaces.length));
  return part.replace(new RegExp(`^ {${margin}}`, 'gm'), '');
}

/** What `playground/build.ts` has bundled for StackBlitz. Throws when it hasn't. */
function bundled(name: string): string {
  return readFileSync(`public/play/for-stackblitz/${name}`, 'utf8');
}

/** The flows whose demo project has more to it, and the bundles that have it. */
const bundlesOf: { [flow: string]: { [name: string]: string } } = {
  'ways-in': { 'devices.js': 'devices-with-experiment.js' },
  'security-key': { 'devices.js': 'devices-with-security-key.js', 'vite.js': 'vite-with-security-key.js' },
};

/** The packages that these bundled files import, with the versions that the demo project has. */
function packagesOf(parts: readonly string[]): Record<string, string> {
  const { dependencies } = JSON.parse(textOf('playground/demo-project/package.json'));
  const code = parts.join('\n');
  const isImported = (name: string) => new RegExp(`\\b(from|import\\()"${name}["/]`).test(code);
  return Object.fromEntries(Object.entries<string>(dependencies).filter(([name]) => isImported(name)));
}

/**
 * What StackBlitz gets for an example: its files at the root, and the runtime with the demo project as two or three bundled files in
 * `demo-project/`. Only the paths that lead out of the example's folder are other ones than in git, package.json has what the
 * bundles import, and no file has region markers. Throws when there is no such example, or when the playground isn't built.
 */
export function stackBlitzProject(slug: string, title: string, description: string): Project {
  const workspace = `playground/examples/${slug}`;
  const { 'package.json': manifest = '', ...own } = Object.fromEntries(
    folder(workspace).map(([path, text]) => [
      path.slice(workspace.length + 1),
      `${shown(text)}\n`.replaceAll(/'..\/..\/runtime\/(vite|server)\.ts'/g, "'./demo-project/$1.js'"),
    ]),
  );
  const onServer = own['vite.config.ts']?.includes('./demo-project/server.js');
  const tsconfig = own['tsconfig.json'];
  const parsed = JSON.parse(manifest);
  const bundles = bundlesOf[parsed.flow];
  const parts = new Map(
    ['devices.js', 'vite.js', ...(onServer ? ['server.js'] : [])].map((name) => [
      name,
      bundled(bundles?.[name] ?? name),
    ]),
  );
  return {
    title,
    description,
    template: 'node',
    files: {
      ...own,
      ...(tsconfig && { 'tsconfig.json': wholeTsconfig(tsconfig) }),
      'package.json': json({
        ...parsed,
        scripts: { start: parsed.scripts.dev, ...parsed.scripts },
        devDependencies: { ...parsed.devDependencies, ...packagesOf([...parts.values()]) },
        overrides: { rollup: overrides.rollup },
        stackblitz: { startCommand: 'npm start' },
      }),
      ...Object.fromEntries([...parts].map(([name, text]) => [`demo-project/${name}`, text])),
    },
  };
}

/** An example's tsconfig.json with what it extends written out. */
function wholeTsconfig(text: string): string {
  const { extends: _, compilerOptions, ...rest } = JSON.parse(text);
  const common = JSON.parse(textOf('playground/tsconfig.json')).compilerOptions;
  return json({ compilerOptions: { ...common, ...compilerOptions }, ...rest });
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
