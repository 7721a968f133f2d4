import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Grammar, loadGrammar } from '../syntax/grammar.ts';

/**
 * Loads the grammar from disk: from beside the bundle, or from where the sources keep it.
 * Rejects when an installation lost its WebAssembly files.
 */
export async function loadNodeGrammar(): Promise<Grammar> {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const grammar = path.join(here, 'tree-sitter-c.wasm');
  if (fs.existsSync(grammar)) {
    return loadGrammar({
      runtime: fs.readFileSync(path.join(here, 'web-tree-sitter.wasm')),
      grammar: fs.readFileSync(grammar),
    });
  }
  const { resolve } = createRequire(import.meta.url);
  return loadGrammar({
    runtime: fs.readFileSync(resolve('web-tree-sitter/web-tree-sitter.wasm')),
    grammar: fs.readFileSync(path.join(here, '../../../grammars/tree-sitter-c.wasm')),
  });
}
