import fs from 'node:fs';
import path from 'node:path';
import { describe } from 'vitest';
import { testFixtures } from '../support/caret-fixtures.ts';

const fixtures = path.join(import.meta.dirname, '../fixtures/analysis');

for (const file of fs.readdirSync(fixtures).sort()) {
  if (file.endsWith('.md')) describe(file, () => testFixtures(fs.readFileSync(path.join(fixtures, file), 'utf8')));
}
