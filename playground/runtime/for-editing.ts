/** Prepares an example for editing in the page: its packages as browser modules, and a page that runs the edited app. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Rollup } from 'vite';
import { besideDevices } from './frame.ts';

/** Whether a browser can run this example's sources without types and JSX. Other examples need their framework's compiler, or a server. */
export function isEditable(folder: string): boolean {
  return (
    globSync('index.html', { cwd: folder }).length > 0 && globSync('src/*.{vue,svelte}', { cwd: folder }).length === 0
  );
}

/** Returns the names of the packages that an example's sources import. */
export function packagesIn(folder: string): string[] {
  const files = globSync('{index.html,src/*.{ts,tsx}}', { cwd: folder });
  const imported = files.flatMap((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    return [...text.matchAll(/^ *(?:import|\}) .*?from '([^.'][^']*)'/gm)].map(([, name = '']) => name);
  });
  // Compiled JSX imports this.
  return files.some((file) => file.endsWith('.tsx')) ? [...imported, 'react/jsx-runtime'] : imported;
}

/**
 * Bundles the packages of these examples into `outDir`, each with all of its exports. Shared code goes into separate files. Returns
 * the packages' files by name.
 */
export async function bundlePackages(folders: string[], outDir: string): Promise<Map<string, string>> {
  const names = [...new Set(folders.flatMap(packagesIn))].sort();
  const exported = new Map(
    await Promise.all(names.map(async (name) => [name, Object.keys(await import(name))] as const)),
  );
  const { output } = (await build({
    root: import.meta.dirname,
    configFile: false,
    logLevel: 'error',
    plugins: [
      {
        name: 'packages',
        resolveId: (id) =>
          exported.has(id.replace(/^package:/, '')) && id.startsWith('package:') ? `\0${id}` : undefined,
        load(id) {
          const name = id.replace(/^\0package:/, '');
          // Exports are listed by name, because a bundler can't know those of a CommonJS package.
          if (id !== name) return `export { ${exported.get(name)?.join(', ')} } from '${name}';`;
          return undefined;
        },
      },
    ],
    build: {
      outDir,
      rollupOptions: {
        input: Object.fromEntries(
          names.map((name) => [name.replace(/^@/, '').replaceAll('/', '-'), `package:${name}`]),
        ),
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: '[name]-[hash].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  })) as Rollup.RollupOutput;
  const entries = output.flatMap((file) => (file.type === 'chunk' && file.isEntry ? [file] : []));
  return new Map(
    entries.map(({ facadeModuleId, fileName }) => [facadeModuleId?.replace('\0package:', '') ?? '', fileName]),
  );
}

/**
 * The Content-Security-Policy of edited apps, in addition to the site's headers. They may run their own modules and load the sandbox's
 * files. They can't request or submit anything to another host, and can't have frames or workers.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self' blob:",
  "worker-src 'none'", // otherwise the rule for scripts would apply
  "style-src 'self'",
  'img-src data:',
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
].join('; ');

/**
 * Returns the page that runs edited versions of an example, without an app.
 * @param scripts the URLs of host and loader, in this order
 * @param packages the URLs of packages by name
 */
export function editedPage(flow: string, scripts: string[], packages: Record<string, string>): string {
  const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="robots" content="noindex">
    <title>Your app</title>
    <link rel="icon" href="data:,">
    <script type="application/json" id="packages">${JSON.stringify(packages)}</script>
${scripts.map((src) => `    <script type="module" src="${src}"></script>\n`).join('')}  </head>
  <body></body>
</html>
`;
  return besideDevices(html, flow);
}
