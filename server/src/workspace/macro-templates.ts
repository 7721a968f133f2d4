import type { Parser } from 'web-tree-sitter';
import type { MacroTemplate } from '../ir/lowering.ts';
import { keepsModel } from '../models/registry.ts';
import type { MacroDefinition, MacroLookup } from '../source/macros.ts';
import type { Grammar } from '../syntax/grammar.ts';
import { parseMacroBody } from '../syntax/macro-body.ts';

/** Parses macro bodies for inlining, each once. */
export class MacroTemplates {
  readonly #grammar: Grammar;
  readonly #parser: Parser;
  readonly #isDefined: (name: string) => boolean;
  readonly #parsed = new Map<MacroDefinition, MacroTemplate | undefined>();

  constructor(grammar: Grammar, parser: Parser, isDefined: (name: string) => boolean) {
    this.#isDefined = isDefined;
    this.#grammar = grammar;
    this.#parser = parser;
  }

  /**
   * The body to inline for a name in a file. Of several definitions the file's own first one counts; else all must say
   * the same, or the macro's meaning is not known. The name of a standard allocator keeps its model unless the file
   * itself defines it: projects wrap `malloc` in macros of the same name all the time.
   */
  find(
    name: string,
    file: string,
    macros: MacroLookup,
  ): { template: MacroTemplate; definition: MacroDefinition } | undefined {
    const definitions = macros.definitionsOf(name);
    if (definitions.length === 0) return undefined;
    const [first] = definitions;
    // A choice of allocators by configuration (`#ifdef USE_TCMALLOC`) is still an allocator.
    if (keepsModel(name) && (first.condition !== '' || (first.file !== file && !this.#isRedirected(first))))
      return undefined;
    if (first.file !== file) {
      const text = signature(first);
      for (const other of definitions) if (signature(other) !== text) return undefined;
    }
    const template = this.#parse(first, macros);
    return template && { template, definition: first };
  }

  /** The macro hands on to a function whose body is in sight, which says more than the model of the name. */
  #isRedirected({ body }: MacroDefinition): boolean {
    const callee = /^\(?\s*([A-Za-z_]\w*)\s*\(/.exec(body)?.[1];
    return callee !== undefined && this.#isDefined(callee);
  }

  #parse(definition: MacroDefinition, macros: MacroLookup): MacroTemplate | undefined {
    if (this.#parsed.has(definition)) return this.#parsed.get(definition);
    const body = parseMacroBody(this.#grammar, this.#parser, definition, macros);
    const template: MacroTemplate | undefined =
      body === undefined || body.kind === 'head'
        ? undefined
        : {
            kind: body.kind,
            arrays: body.arrays,
            body: body.body,
            parameters: definition.parameters,
            isVariadic: definition.isVariadic,
          };
    this.#parsed.set(definition, template);
    return template;
  }
}

/** What a definition says, without the blanks that do not matter. */
const signatures = new WeakMap<MacroDefinition, string>();

export function signature(definition: MacroDefinition): string {
  let text = signatures.get(definition);
  if (text === undefined) {
    text = computeSignature(definition);
    signatures.set(definition, text);
  }
  return text;
}

function computeSignature(definition: MacroDefinition): string {
  return `${definition.parameters?.join(',') ?? '-'} ${definition.body.replace(/\s+/g, ' ')}`;
}
