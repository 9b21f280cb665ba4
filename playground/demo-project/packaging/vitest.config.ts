import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['*.packaging.test.ts'],
    globalSetup: './consumer.ts',
    // They start programs, one of them a browser, and share a folder.
    fileParallelism: false,
    testTimeout: 120_000,
  },
});
