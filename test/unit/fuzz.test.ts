import path from 'node:path';
import { expect, test } from 'vitest';
import { checkRun, textOfRun } from '../fuzz/run-one.ts';
import { readSeeds } from '../fuzz/seeds.ts';
import { testGrammar } from '../support/grammar.ts';

/*
 * The first runs of `npm run fuzz`: programs of this project, changed token by token and byte by byte. Nothing fails,
 * and nothing takes long, whatever the text.
 */

const RUNS = 2_000;

test(`${RUNS} programs that look real and are not`, { timeout: 600_000 }, async () => {
  const grammar = await testGrammar();
  const seeds = readSeeds(path.join(import.meta.dirname, '../..'));
  expect(seeds.length).toBeGreaterThan(100);
  const failures: string[] = [];
  for (let run = 0; run < RUNS; run++) {
    const text = textOfRun(seeds, run);
    await checkRun(grammar, text).catch((error: unknown) => failures.push(`run ${run}: ${error}\n${text}`));
  }
  expect(failures).toEqual([]);
});
