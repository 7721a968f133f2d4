import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from './support/paths.ts';
import { runSuccessfully } from './support/run.ts';

const examples = path.join(root, 'examples');

/** Every C source below a folder. */
function sourcesBelow(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.c'))
    .map((name) => path.join(folder, name))
    .sort();
}

test('there are examples', () => {
  expect(sourcesBelow(examples).length).toBeGreaterThanOrEqual(4);
});

// They show flaws that a compiler accepts, so that is what they must be.
test.each(sourcesBelow(examples))('%s compiles', async (file) => {
  await runSuccessfully('gcc', ['-fsyntax-only', '-std=gnu11', '-Wall', `-I${path.dirname(file)}`, file]);
});
