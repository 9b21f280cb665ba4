/**
 * The files of the playground and the tested code of the guide, as text. No other module of the guide reads them, and none runs them.
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
/** Files and folders that installing and building adds to an example that has its own packages. */
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

/** Read as plain files. Vite would look for the files that their tsconfig.json extends, and their tools write those. */
const ofOwnInstall = globSync('playground/own-install/*/**/*.*', { exclude: (path) => made.has(basename(path)) }).map(
  (path) => [path.replaceAll('\\', '/'), readFileSync(path, 'utf8')] as const,
);
const texts = new Map([
  ...Object.entries(globbed).map(([path, text]) => [path.slice(1), text] as const),
  ...ofOwnInstall,
]);

const regionStart = /^[ \t]*(?:\/\/|<!--) #region (\S+)(?: -->)?\n/gm;
const regionEnd = /^[ \t]*(?:\/\/|<!--) #endregion.*\n?/gm;

/** Returns the text of a file, as it is in git. Throws an error that names the file if there is none. */
function textOf(path: string): string {
  const text = texts.get(path);
  if (text === undefined) throw new Error(`There is no file ${path}`);
  return text;
}

/** Returns the files of a folder, sorted by path. Throws an error that names the folder if there is none. */
function folder(path: string): [path: string, text: string][] {
  const files = [...texts].filter(([file]) => file.startsWith(`${path}/`)).sort(([a], [b]) => a.localeCompare(b, 'en'));
  if (files.length === 0) throw new Error(`There is no file in ${path}`);
  return files;
}

/** Returns a file's text as readers see it, without region markers. */
function shown(text: string): string {
  return text.replace(regionStart, '').replace(regionEnd, '').trimEnd();
}

const languages = ['css', 'html', 'js', 'json', 'sql', 'svelte', 'toml', 'ts', 'tsx', 'vue'] as const;

/** Returns the language for a file's highlighting. Throws for a kind of file that isn't known yet. */
export function language(path: string): (typeof languages)[number] {
  const found = languages.find((ending) => path.endsWith(`.${ending}`));
  if (found) return found;
  throw new Error(`No language is known for ${path}`);
}

/** Returns the folder of an example, whether or not it has its own packages. Throws if there is no such example. */
function home(slug: string): string {
  const found = ['examples', 'own-install']
    .map((room) => `playground/${room}/${slug}`)
    .find((path) => texts.has(`${path}/package.json`));
  if (!found) throw new Error(`There is no example ${slug}`);
  return found;
}

/** Returns a file of an example as readers see it. The path is relative to the example's folder. */
export interface ExampleFile {
  path: string;
  code: string;
}

/**
 * Returns the files of an example in reading order: first the file that it's about, then its code in the order of its imports, last
 * the files that only tools read. Throws if there are none.
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
  return /^((src|app|lib|server)\/.*|proxy)\.(tsx?|vue|svelte)$/.test(path);
}

/** Files that aren't part of the app: settings, and types for tools. */
function isTooling(path: string): boolean {
  return path.endsWith('.d.ts') || !(isCode(path) || /\.(html|css)$/.test(path));
}

/** The line that an example is about: the call that verifies the second factor, or the call that's refused without it. */
export function decisiveLine(files: readonly ExampleFile[]): { path: string; line: number } {
  for (const call of ['.functions.invoke(', '.challengeAndVerify(', 'insufficient_aal']) {
    for (const { path, code } of files) {
      const line = code.split('\n').findIndex((text) => text.includes(call));
      if (line !== -1) return { path, line: line + 1 };
    }
  }
  return { path: files[0]?.path ?? '', line: 1 };
}

/** Returns the modules of an app in reading order: the decisive module first, then from the app's start, each followed by its imports. */
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

/** Whether readers can edit an example in the page. If so, `playground/build.ts` has made a page for it. */
export function isEditable(slug: string): boolean {
  return existsSync(`public/play/${slug}/edited/index.html`);
}

/** Returns the packages of an example with their versions, without type packages. Throws if there is no such example. */
export function exampleVersions(slug: string): [name: string, version: string][] {
  const { dependencies, devDependencies } = JSON.parse(textOf(`${home(slug)}/package.json`));
  return Object.entries<string>({ ...dependencies, ...devDependencies }).filter(
    ([name]) => !name.startsWith('@types/'),
  );
}

/**
 * Returns a file as readers see it, or only the part between `// #region NAME` and `// #endregion` (in HTML, the same in HTML
 * comments), without its indentation. Several names, with spaces between them, give several parts. Throws an error that names the
 * file or region if there's none.
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

/** Returns the files that `playground/build.ts` bundled for StackBlitz. Throws if it hasn't run. */
function bundled(name: string): string {
  return readFileSync(`public/play/for-stackblitz/${name}`, 'utf8');
}

/** The flows whose demo project has more to it, and the bundles that have it. */
const bundlesOf: { [flow: string]: { [name: string]: string } } = {
  'ways-in': { 'devices.js': 'devices-with-experiment.js' },
  'security-key': { 'devices.js': 'devices-with-security-key.js', 'vite.js': 'vite-with-security-key.js' },
  'lost-factor': { 'devices.js': 'devices-with-console.js', 'vite.js': 'vite-with-admin.js' },
};

/** Returns the packages that these bundled files import, in the demo project's versions. */
function packagesOf(parts: readonly string[]): Record<string, string> {
  const { dependencies } = JSON.parse(textOf('playground/demo-project/package.json'));
  const code = parts.join('\n');
  const isImported = (name: string) => new RegExp(`\\b(from|import\\()["\`]${name}["\`/]`).test(code);
  return Object.fromEntries(Object.entries<string>(dependencies).filter(([name]) => isImported(name)));
}

/**
 * Returns the project that StackBlitz gets for an example: its files at the root, and the runtime with the demo project as two or
 * three bundled files in `demo-project/`. It differs from git in three ways: imports of the runtime lead to `demo-project/`,
 * package.json has the packages of the bundles, and there are no region markers. Throws if there's no such example, or if the
 * playground isn't built.
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

/** Returns an example's tsconfig.json with the options that it extends written out. */
function wholeTsconfig(text: string): string {
  const { extends: _, compilerOptions, ...rest } = JSON.parse(text);
  const common = JSON.parse(textOf('playground/tsconfig.json')).compilerOptions;
  return json({ compilerOptions: { ...common, ...compilerOptions }, ...rest });
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
