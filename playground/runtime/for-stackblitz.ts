import { readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { build, normalizePath, type Plugin } from 'vite';

/** What no example can call: passkeys and security keys are switched off, and the rest takes a service key. */
const uncalled =
  /demo-project.(src.(routes.(passkeys|admin|invite|generate-link)|auth.webauthn-factors)|node.mailbox)\.ts$/;

/** Leaves that out. A reader who calls it in their copy gets this error each time. */
const withoutUncalled: Plugin = {
  name: 'without-uncalled',
  enforce: 'pre',
  load(id) {
    if (!uncalled.test(id)) return;
    const names = [...readFileSync(id, 'utf8').matchAll(/^export (?:async )?function (\w+)/gm)].map(([, name]) => name);
    return `function leftOut() { throw new Error('This small demo project has no passkeys and no admin API.'); }
      export { ${names.map((name) => `leftOut as ${name}`)} };`;
  },
};

/** What only one flow has, and what stands in its place for the others. */
const ofExperiment: { [file: string]: string } = {
  'devices/experiment.ts': 'export const DemoExperiment = undefined;',
  'devices/app.ts': 'export const appWindow = () => window;',
  'devices/ways.ts': 'export const explain = undefined, wayOf = () => undefined, instructions = undefined;',
  'devices/other-browser.ts':
    'export const showAppAlone = undefined; export class DemoOtherBrowser extends HTMLElement {}',
  'runtime/other-browser.ts': 'export const isOtherBrowser = false;',
};

/** Leaves the experiment out of the devices. */
const withoutExperiment: Plugin = {
  name: 'without-experiment',
  enforce: 'pre',
  load(id) {
    const file = Object.keys(ofExperiment).find((file) => normalizePath(id).endsWith(`/${file}`));
    return file && ofExperiment[file];
  },
};

/** What comes out, by its name. */
const bundles: { [name: string]: { entry: string; plugins: Plugin[] } } = {
  vite: { entry: 'vite.ts', plugins: [withoutUncalled] },
  server: { entry: 'server.ts', plugins: [withoutUncalled] },
  devices: { entry: 'devices/devices.ts', plugins: [withoutExperiment] },
  'devices-with-experiment': { entry: 'devices/devices.ts', plugins: [] },
};

/**
 * Bundles what an example's dev server needs in StackBlitz into `outDir`: runtime with demo project, devices, and what only an app on a server needs.
 * Packages aren't among them: npm installs those.
 */
export async function bundleForStackBlitz(outDir: string): Promise<void> {
  for (const [name, { entry, plugins }] of Object.entries(bundles))
    await build({
      root: import.meta.dirname,
      configFile: false,
      logLevel: 'error',
      plugins,
      define: { 'import.meta.env.VITE_DEMO_HOST': '"node"' }, // what is for host `page` alone is left out
      build: {
        ssr: entry, // for the devices too: it's what leaves the packages out
        minify: 'terser', // a kilobyte smaller than with esbuild
        terserOptions: { ecma: 2020, compress: { passes: 2, unsafe_arrows: true } },
        target: 'node20.19',
        outDir,
        emptyOutDir: false,
        rollupOptions: {
          external: (id) => /^[^./\0]/.test(id) && !isAbsolute(id),
          output: { inlineDynamicImports: true, entryFileNames: `${name}.js` },
        },
      },
    });
}
