import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/system/**/*.test.ts'],
    exclude: ['test/system/host/**'],
    reporters: ['verbose', './test/support/summary-reporter.ts'],
    // One editor at a time: each needs a processor of its own, and timings are part of what is tested.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 600_000,
  },
});
