import { readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { build, type Plugin } from 'vite';

/** Leaves out what no example switches on. A reader who does gets this as the error of each call that needs it. */
const withoutPasskeys: Plugin = {
  name: 'without-passkeys',
  enforce: 'pre',
  load(id) {
    if (!/demo-project.src.(routes.passkeys|auth.webauthn-factors)\.ts$/.test(id)) return;
    const names = [...readFileSync(id, 'utf8').matchAll(/^export (?:async )?function (\w+)/gm)].map(([, name]) => name);
    return `function leftOut() { throw new Error('This small demo project has no passkeys.'); }
      export { ${names.map((name) => `leftOut as ${name}`)} };`;
  },
};

/**
 * Bundles what an example's dev server needs in StackBlitz into `outDir`: runtime with demo project, devices, and what only an app on a server needs.
 * Packages aren't among them: npm installs those.
 */
export async function bundleForStackBlitz(outDir: string): Promise<void> {
  for (const entry of ['vite.ts', 'server.ts', 'devices/devices.ts'])
    await build({
      root: import.meta.dirname,
      configFile: false,
      logLevel: 'error',
      plugins: [withoutPasskeys],
      build: {
        ssr: entry, // for the devices too: it's what leaves the packages out
        minify: 'terser', // a kilobyte smaller than with esbuild
        terserOptions: { ecma: 2020, compress: { passes: 2 } },
        target: 'node20.19',
        outDir,
        emptyOutDir: false,
        rollupOptions: {
          external: (id) => /^[^./\0]/.test(id) && !isAbsolute(id),
          output: { inlineDynamicImports: true },
        },
      },
    });
}
