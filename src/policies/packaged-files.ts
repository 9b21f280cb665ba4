import type { Plugin } from 'vite';

/** Leaves PGlite's own copies of its files out of the build, 16 MB that nobody would load: the page hands it those that prepared.ts compressed. */
export function withoutPackagedFiles(): Plugin {
  return {
    name: 'without-packaged-files',
    enforce: 'pre',
    transform: {
      filter: { id: /@electric-sql\/pglite\/dist/ },
      handler: (code) => code.replaceAll(/new URL\("(?:\.\/)?\w+\.(?:wasm|data)",import\.meta\.url\)/g, 'undefined'),
    },
  };
}
