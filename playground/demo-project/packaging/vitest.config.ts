import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['*.packaging.test.ts'],
    globalSetup: './consumer.ts',
    // These tests start programs, including a browser, and share a folder.
    fileParallelism: false,
    testTimeout: 120_000,
  },
});
