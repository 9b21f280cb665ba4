import { defineConfig } from 'vite';

/** Builds host `page` and the devices. `playground/build.ts` says where to. */
export default defineConfig({
  base: './',
  define: { 'import.meta.env.VITE_DEMO_HOST': '"page"' },
  build: {
    rollupOptions: {
      input: 'runtime.ts',
      output: { entryFileNames: '[name]-[hash].js', chunkFileNames: '[name]-[hash].js' },
      // It warns of each part that the project needs at once, as host `page` asks for all parts.
      onwarn: (warning, warn) => warning.plugin === 'vite:reporter' || warn(warning),
    },
  },
});
