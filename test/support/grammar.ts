import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { type Grammar, loadGrammar } from '../../server/src/syntax/grammar.ts';

const require = createRequire(import.meta.url);

/** The grammar that ships, for tests that run the sources without a bundle. */
export function testGrammar(): Promise<Grammar> {
  return loadGrammar({
    runtime: fs.readFileSync(require.resolve('web-tree-sitter/web-tree-sitter.wasm')),
    grammar: fs.readFileSync(path.join(import.meta.dirname, '../../grammars/tree-sitter-c.wasm')),
  });
}
