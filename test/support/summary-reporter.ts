import type { Reporter, TestModule } from 'vitest/node';

/** Prints the plain closing line that continuous integration reads: how many tests passed and failed. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    let passed = 0;
    let failed = 0;
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const state = test.result().state;
        if (state === 'passed') passed++;
        else if (state === 'failed') failed++;
      }
      // A module that cannot be loaded has no tests, and must not look like a pass.
      failed += module.errors().length;
    }
    console.log(`\n${passed} passed, ${failed} failed`);
  }
}
