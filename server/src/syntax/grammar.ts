import { Language, Parser } from 'web-tree-sitter';
import { fieldNames, nodeKindNames } from './generated/node-kinds.ts';

/** The bytes of the two WebAssembly modules; who reads them (disk, URL, bundle) is the shell's business. */
interface GrammarBinaries {
  /** `web-tree-sitter.wasm`, the parsing run time. */
  readonly runtime: Uint8Array;
  /** `tree-sitter-c.wasm`, the grammar of C. */
  readonly grammar: Uint8Array;
}

/** A loaded grammar with the tables that translate its numbers into ours. */
export interface Grammar {
  readonly language: Language;
  /** By the grammar's symbol number: our `NodeKind`. */
  readonly kindOfSymbol: Uint8Array;
  /** By the grammar's symbol number: 1 for named nodes. */
  readonly isNamedSymbol: Uint8Array;
  /** By the grammar's field number: our `Field`. */
  readonly fieldOfId: Uint8Array;
}

let loading: Promise<Grammar> | undefined;

/**
 * Loads the run time and the grammar once per process or worker; later calls return the same grammar.
 * Rejects when the binaries are damaged or of another ABI version.
 */
export function loadGrammar(binaries: GrammarBinaries): Promise<Grammar> {
  loading ??= load(binaries);
  return loading;
}

async function load(binaries: GrammarBinaries): Promise<Grammar> {
  // `wasmBinary` keeps Emscripten from looking for the file itself, which fails inside bundles and browsers.
  // A worker made from a blob has no address that a file's could be made from.
  await Parser.init({ wasmBinary: binaries.runtime, locateFile: (name: string) => name });
  const language = await Language.load(binaries.grammar);
  const kindByName = new Map(nodeKindNames.map((name, kind) => [name, kind]));
  const fieldByName = new Map(fieldNames.map((name, field) => [name, field]));
  const kindOfSymbol = new Uint8Array(65536);
  const isNamedSymbol = new Uint8Array(65536);
  for (let symbol = 0; symbol < language.nodeTypeCount; symbol++) {
    if (!language.nodeTypeIsNamed(symbol)) continue;
    kindOfSymbol[symbol] = kindByName.get(language.nodeTypeForId(symbol) ?? '') ?? 0;
    isNamedSymbol[symbol] = 1;
  }
  // tree-sitter numbers error nodes 65535, outside the grammar's own table.
  kindOfSymbol[65535] = kindByName.get('ERROR') ?? 0;
  isNamedSymbol[65535] = 1;
  const fieldOfId = new Uint8Array(language.fieldCount + 1);
  for (let id = 1; id <= language.fieldCount; id++) {
    fieldOfId[id] = fieldByName.get(language.fieldNameForId(id) ?? '') ?? 0;
  }
  return { language, kindOfSymbol, isNamedSymbol, fieldOfId };
}

/** A new parser for the grammar; `delete()` it when done. */
export function createParser(grammar: Grammar): Parser {
  return new Parser().setLanguage(grammar.language);
}
