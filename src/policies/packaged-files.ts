import type { Plugin } from 'vite';

/** Leaves 16 MB of PGlite's own files out of the build. The page gives PGlite the files that prepared.ts compressed. */
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
