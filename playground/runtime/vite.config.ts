import type { Rollup } from 'vite';
import { defineConfig } from 'vite';

/** What only one example needs goes into files of its own, which the others don't load. */
const isOfOneExample = (id: string) =>
  /devices.(console|your-server|project-date|server)\b|@supabase|node_modules.(tslib|iceberg-js)/.test(id);

/**
 * Whether a page needs the module at once. What the demo project loads later goes into one file: a page gets it in one request,
 * as soon as the app has started. bcryptjs isn't in it, as only passwords that come as hashes need it.
 */
function isNeededAtOnce(id: string, getModuleInfo: Rollup.GetModuleInfo): boolean {
  const module = getModuleInfo(id);
  if (isOfOneExample(id)) return false;
  if (!module || module.isEntry) return true;
  return module.importers.some((importer) => isNeededAtOnce(importer, getModuleInfo));
}

/** Builds host `page` with the devices, and what runs an edited app behind them. `playground/build.ts` says where to. */
export default defineConfig({
  base: './',
  define: { 'import.meta.env.VITE_DEMO_HOST': '"page"' },
  build: {
    rollupOptions: {
      input: ['runtime.ts', 'edited.ts'],
      output: {
        entryFileNames: '[name]-[hash].js',
        chunkFileNames: '[name]-[hash].js',
        onlyExplicitManualChunks: true, // or what a later part needs would go with it
        manualChunks: (id, { getModuleInfo }) =>
          isNeededAtOnce(id, getModuleInfo) || isOfOneExample(id) || id.includes('bcryptjs') ? undefined : 'later',
      },
      // It warns of each part that the project needs at once, as host `page` asks for all parts.
      onwarn: (warning, warn) => warning.plugin === 'vite:reporter' || warn(warning),
    },
  },
});
