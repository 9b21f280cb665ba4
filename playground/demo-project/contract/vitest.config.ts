import { defineConfig } from 'vitest/config';

/** The tests of the demo project. They only need Node, not a browser or the built guide. */
export default defineConfig({
  test: {
    include: ['**/*.spec.ts'],
    setupFiles: ['random-runs.ts'],
    // Test files share their modules, because none of them changes any.
    isolate: false,
    // Long enough for a busy machine. Passing tests don't take longer because of it.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    slowTestThreshold: 10_000,
  },
});
