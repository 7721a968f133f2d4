import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect, test } from 'vitest';

const require = createRequire(import.meta.url);
const grammars = path.join(import.meta.dirname, '../../grammars');
const installed = path.dirname(require.resolve('tree-sitter-c/package.json'));

test('the committed grammar is the one that its provenance names', () => {
  const bytes = fs.readFileSync(path.join(grammars, 'tree-sitter-c.wasm'));
  const provenance = fs.readFileSync(path.join(grammars, 'README.md'), 'utf8');
  const { version } = JSON.parse(fs.readFileSync(path.join(installed, 'package.json'), 'utf8'));
  expect(provenance).toContain(createHash('sha256').update(bytes).digest('hex'));
  expect(provenance).toContain(`tree-sitter-c\` ${version}`);
  expect(bytes.equals(fs.readFileSync(path.join(installed, 'tree-sitter-c.wasm')))).toBe(true);
  expect(fs.readFileSync(path.join(grammars, 'LICENSE'), 'utf8')).toBe(
    fs.readFileSync(path.join(installed, 'LICENSE'), 'utf8'),
  );
});
