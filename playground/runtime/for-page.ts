import { join } from 'node:path';
import { type BuildOptions, build, type Rollup } from 'vite';

/** Modules that only one example needs are files of their own, which other examples don't load. */
const isOfOneExample = (id: string) =>
  /devices.(console|your-server|project-date|server)\b|@supabase|node_modules.(tslib|iceberg-js)/.test(id);

/**
 * Whether a page needs the module at once. Modules that the demo project loads later go into one file, which a page
 * requests as soon as the app has started. bcryptjs isn't in it, because only imported password hashes need it.
 */
function isNeededAtOnce(id: string, getModuleInfo: Rollup.GetModuleInfo): boolean {
  const module = getModuleInfo(id);
  if (isOfOneExample(id)) return false;
  if (!module || module.isEntry) return true;
  return module.importers.some((importer) => isNeededAtOnce(importer, getModuleInfo));
}

/** Builds host `page` with the devices, and the loader for edited apps. Returns what Vite's `build` returns: in watch mode, a watcher. */
export function bundleForPage(options: BuildOptions): ReturnType<typeof build> {
  return build({
    root: import.meta.dirname,
    configFile: false,
    logLevel: 'warn',
    base: './',
    define: { 'import.meta.env.VITE_DEMO_HOST': '"page"' },
    build: {
      ...options,
      rollupOptions: {
        input: ['runtime.ts', 'edited.ts'].map((name) => join(import.meta.dirname, name)),
        output: {
          entryFileNames: '[name]-[hash].js',
          chunkFileNames: '[name]-[hash].js',
          onlyExplicitManualChunks: true, // otherwise the dependencies of a later part would go with it
          manualChunks: (id, { getModuleInfo }) =>
            isNeededAtOnce(id, getModuleInfo) || isOfOneExample(id) || id.includes('bcryptjs') ? undefined : 'later',
        },
        // Rollup warns about each part that the project needs at once, because host `page` imports all parts.
        onwarn: (warning, warn) => warning.plugin === 'vite:reporter' || warn(warning),
      },
    },
  });
}
