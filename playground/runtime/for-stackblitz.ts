import { readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { minifySync } from 'oxc-minify';
import { build, normalizePath, type Plugin } from 'vite';

/** Modules that no example uses, because they need a service key or the project object. */
const ofNobody = /demo-project.(src.(authenticator|routes.(invite|generate-link))|node.mailbox)\.ts$/;

/** Modules that only an example's server uses. */
const ofAdmin = /demo-project.src.routes.admin\.ts$/;

/** Modules that only the example with a security key uses. */
const ofKeys = /demo-project.src.(routes.passkeys|auth.webauthn-factors)\.ts$/;

/** Replaces the functions of these modules by one that throws. A reader who calls them in their copy gets its error. */
function withoutUncalled(...uncalled: RegExp[]): Plugin {
  return {
    name: 'without-uncalled',
    enforce: 'pre',
    load(id) {
      if (!uncalled.some((pattern) => pattern.test(id))) return;
      const names = [...readFileSync(id, 'utf8').matchAll(/^export (?:async )?function (\w+)/gm)].map(
        ([, name]) => name,
      );
      return `function leftOut() { throw new Error('This copy of the demo project answers only what its example calls.'); }
        export { ${names.map((name) => `leftOut as ${name}`)} };`;
    },
  };
}

/** Modules that only the experiment needs, and what replaces them for other flows. */
const ofExperiment: { [file: string]: string } = {
  'devices/experiment.ts': 'export const DemoExperiment = undefined;',
  'devices/app.ts': 'export const appWindow = () => window;',
  'devices/ways.ts': 'export const explain = undefined, wayOf = () => undefined, instructions = undefined;',
  'devices/other-browser.ts':
    'export const showAppAlone = undefined; export class DemoOtherBrowser extends HTMLElement {}',
  'runtime/other-browser.ts': 'export const isOtherBrowser = false;',
};

/** The same for the flow with a security key. */
const ofSecurityKey: { [file: string]: string } = {
  'devices/security-key.ts': 'export const DemoSecurityKey = undefined;',
  'devices/key-steps.ts': 'export const keySteps = undefined;',
  'runtime/key-accounts.ts': 'export const keyAccounts = [];',
  'src/seed-keys.ts': 'export const checkKeys = () => {}, credentialOf = checkKeys, plantPasskeys = checkKeys;',
};

/** The same for the flow that removes a lost factor. */
const ofConsole: { [file: string]: string } = {
  'devices/console.ts': 'export const DemoConsole = undefined;',
  'devices/your-server.ts': 'export const yourServer = undefined;',
  'devices/lost.ts': 'export const procedure = undefined, afterwards = undefined, lostEnds = undefined;',
};

/** Replaces these modules by the texts beside them. */
function without(modules: { [file: string]: string }): Plugin {
  return {
    name: 'without-other-flows',
    enforce: 'pre',
    load(id) {
      const file = Object.keys(modules).find((file) => normalizePath(id).endsWith(`/${file}`));
      return file && modules[file];
    },
  };
}

/** Makes a bundle small: a kilobyte smaller than with esbuild, and a hundred times as fast as with terser. */
const minified: Plugin = {
  name: 'minified',
  enforce: 'post',
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle))
      if (file.type === 'chunk') file.code = minifySync(file.fileName, file.code, { module: true }).code;
  },
};

/** For an app that uses neither the admin API nor passkeys. */
const smallest = [withoutUncalled(ofNobody, ofAdmin, ofKeys), without(ofSecurityKey)];

/** The bundles, by name. */
const bundles: { [name: string]: { entry: string; plugins: Plugin[] } } = {
  vite: { entry: 'vite.ts', plugins: smallest },
  'vite-with-security-key': { entry: 'vite.ts', plugins: [withoutUncalled(ofNobody, ofAdmin)] },
  'vite-with-admin': { entry: 'vite.ts', plugins: [withoutUncalled(ofNobody, ofKeys), without(ofSecurityKey)] },
  server: { entry: 'server.ts', plugins: smallest },
  devices: {
    entry: 'devices/devices.ts',
    plugins: [
      without({
        ...ofExperiment,
        ...ofSecurityKey,
        ...ofConsole,
        'devices/own-device.ts': 'export const ownDevices = undefined;',
      }),
    ],
  },
  'devices-with-experiment': { entry: 'devices/devices.ts', plugins: [without({ ...ofSecurityKey, ...ofConsole })] },
  'devices-with-security-key': { entry: 'devices/devices.ts', plugins: [without({ ...ofExperiment, ...ofConsole })] },
  'devices-with-console': { entry: 'devices/devices.ts', plugins: [without({ ...ofExperiment, ...ofSecurityKey })] },
};

/**
 * Bundles what an example's dev server needs in StackBlitz into `outDir`: the runtime with the demo project, the
 * devices, and the host for an app on a server. Leaves out packages, because npm installs them.
 */
export async function bundleForStackBlitz(outDir: string): Promise<void> {
  for (const [name, { entry, plugins }] of Object.entries(bundles))
    await build({
      root: import.meta.dirname,
      configFile: false,
      logLevel: 'error',
      plugins: [...plugins, minified],
      define: { 'import.meta.env.VITE_DEMO_HOST': '"node"' }, // leaves out the code for host `page`
      build: {
        ssr: entry, // for the devices too, because this leaves out packages
        minify: false, // `minified` does it
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
