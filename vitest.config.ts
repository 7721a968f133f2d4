import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{unit,protocol}/**/*.test.ts', 'server/src/**/*.test.ts'],
    reporters: ['default', './test/support/summary-reporter.ts'],
    testTimeout: 30_000,
  },
});
