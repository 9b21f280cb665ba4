import { defineConfig } from 'vitest/config';

/** The tests of the demo project: plain Node, no browser, no built guide. */
export default defineConfig({
  test: {
    include: ['**/*.spec.ts'],
    setupFiles: ['random-runs.ts'],
    // Files share their modules: none of them changes any.
    isolate: false,
    // Long enough for a machine that does much else. A test that passes is no slower for it.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    slowTestThreshold: 10_000,
  },
});
