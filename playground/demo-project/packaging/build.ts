/**
 * `npm run build -w playground/demo-project`: builds the package that we publish, in `dist/`, from the sources that
 * this repository runs.
 *
 * The entries are the `exports` and `bin` of package.json. Their JavaScript and types are laid out like the sources.
 * Shared code, and code that is loaded on first use, goes to `chunks/`. Dependencies are bundled, with their licenses
 * in LICENSES.md. Peer dependencies stay imports. If REPOSITORY_URL is set, the package names that repository, as npm's
 * provenance requires.
 */
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';

const root = join(import.meta.dirname, '..');
const out = join(root, 'dist');
const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
const peers = Object.keys(manifest.peerDependencies);

type Export = string | { browser: null; default: string };
const exported = Object.entries<Export>(manifest.exports);
const modules = exported
  .map(([, target]) => (typeof target === 'string' ? target : target.default))
  .filter((path) => path.endsWith('.ts'));

await rm(out, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: [...modules, manifest.bin],
  outdir: out,
  outbase: root,
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  platform: 'browser', // with the browser replacements for Node's modules
  target: 'node20.19',
  external: ['node:*', ...peers],
  metafile: true,
});

const types = await rollup({
  input: Object.fromEntries(modules.map((path) => [path.replace(/^\.\/|\.ts$/g, ''), join(root, path)])),
  external: [/^node:/, ...peers],
  plugins: [dts({ tsconfig: join(root, 'node/tsconfig.json') })],
});
await types.write({ dir: out, format: 'es', chunkFileNames: 'chunks/[name]-[hash].d.ts' });

await writeFile(join(out, 'package.json'), `${JSON.stringify(publishedManifest(), null, 2)}\n`);
await writeFile(join(out, 'LICENSES.md'), await licenses(metafile));
await cp(join(root, '../../LICENSE'), join(out, 'LICENSE'));
for (const file of ['README.md', 'CHANGELOG.md']) await cp(join(root, file), join(out, file));

/** Returns the package.json to publish: it points to the built files and leaves out what only this repository needs. */
function publishedManifest() {
  const { private: _, scripts, dependencies, devDependencies, bin, exports, ...published } = manifest;
  const repository = process.env['REPOSITORY_URL']?.replace(/\/$/, '');
  return {
    ...published,
    ...(repository && {
      repository: { type: 'git', url: `git+${repository}.git`, directory: 'playground/demo-project' },
    }),
    bin: bin.replace(/\.ts$/, '.js'),
    exports: Object.fromEntries(exported.map(([name, target]) => [name, publishedExport(target)])),
  };
}

function publishedExport(target: Export): unknown {
  const path = typeof target === 'string' ? target : target.default;
  if (!path.endsWith('.ts')) return path;
  const types = path.replace(/\.ts$/, '.d.ts');
  return { types, ...(typeof target === 'object' && { browser: null }), default: path.replace(/\.ts$/, '.js') };
}

/** Returns the licenses of all packages with code in the bundle. Throws if one has no license. */
async function licenses({ outputs }: Metafile): Promise<string> {
  const inputs = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  const folders = inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  const texts = [...new Set(folders)].sort().map(async (folder) => {
    const { name, version, license } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
    const text = await readFile(join(root, folder, 'LICENSE'), 'utf8').catch(() =>
      readFile(join(root, folder, 'LICENSE.md'), 'utf8'),
    );
    return `## ${name} ${version} (${license})\n\n${text.trim()}\n`;
  });
  return `# Licenses of bundled packages\n\n${(await Promise.all(texts)).join('\n')}`;
}
