import type { Parser } from 'web-tree-sitter';
import { readDefinition, type TypeKey, type TypeTerm } from '../ir/type-terms.ts';
import { NodeKind } from '../syntax/generated/node-kinds.ts';
import type { Grammar } from '../syntax/grammar.ts';
import { copySubtree } from '../syntax/syntax-arrays.ts';

/** Parses the definitions of types that somebody asks the size of, each once. */
export class TypeDefinitions {
  readonly #grammar: Grammar;
  readonly #parser: Parser;
  readonly #parsed = new Map<string, TypeTerm | undefined>();

  constructor(grammar: Grammar, parser: Parser) {
    this.#grammar = grammar;
    this.#parser = parser;
  }

  /** The type that a declaration's text gives a key; undefined when any of it was not understood as plain C. */
  read(key: TypeKey, text: string): TypeTerm | undefined {
    const id = `${key}\0${text}`;
    if (this.#parsed.has(id)) return this.#parsed.get(id);
    const term = this.#parse(key, text);
    this.#parsed.set(id, term);
    return term;
  }

  #parse(key: TypeKey, text: string): TypeTerm | undefined {
    // The text is read as it was written: what the normaliser blanks (alignment, packing) changes sizes.
    const tree = this.#parser.parse(text.endsWith(';') ? text : `${text};`);
    if (tree === null) throw new Error('the parser has no language');
    const cursor = tree.walk();
    try {
      if (tree.rootNode.hasError || !cursor.gotoFirstChild()) return undefined;
      const { kindOfSymbol } = this.#grammar;
      while (kindOfSymbol[cursor.nodeTypeId] === NodeKind.Comment) if (!cursor.gotoNextSibling()) return undefined;
      return readDefinition(copySubtree(cursor, this.#grammar, text), 0, key);
    } finally {
      cursor.delete();
      tree.delete();
    }
  }
}
