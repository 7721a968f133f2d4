import type { Parser } from 'web-tree-sitter';
import { TypeModel } from '../analysis/type-model.ts';
import { detached } from '../base/detached.ts';
import type { FunctionIr } from '../ir/instructions.ts';
import { lowerFunction } from '../ir/lower-function.ts';
import type { LoweringEnvironment } from '../ir/lowering-environment.ts';
import type { TypeTerm } from '../ir/type-terms.ts';
import { isStandardAllocator } from '../models/registry.ts';
import { constantValue } from '../source/constant-expression.ts';
import type { MacroDefinition } from '../source/macros.ts';
import type { Rewrite } from '../source/rewrites.ts';
import { expandFunction } from '../syntax/expanded-function.ts';
import type { Grammar } from '../syntax/grammar.ts';
import { rewrittenArguments } from '../syntax/macro-body.ts';
import type { TopLevelItem } from '../syntax/translation-unit.ts';
import type { AnalysedFile } from './analysed-file.ts';
import { typeEnvironment } from './analysis-environment.ts';
import {
  assumedConditions,
  cleanupWithin,
  deferredStatements,
  isElsewhere,
  isMadeStatic,
  iterationMacroAt,
  iterationMacros,
} from './function-rewrites.ts';
import type { MacroTemplates } from './macro-templates.ts';
import type { ProgramIndex } from './program-index.ts';
import type { Ask } from './questions.ts';
import type { TypeDefinitions } from './type-definitions.ts';
import type { UnclearMacro } from './unclear-macros.ts';

const NO_POSITIONS: readonly number[] = [];

/** A function's own types are not known while it is lowered. */
const NO_LOCAL_TYPES: ReadonlyMap<string, TypeTerm> = new Map();

/** Lowers functions as they stand in their files, with the macros that are seen from there. */
export class FunctionLowering {
  readonly #grammar: Grammar;
  readonly #parser: Parser;
  readonly #index: ProgramIndex;
  readonly #templates: MacroTemplates;
  readonly #types: TypeDefinitions;

  constructor(
    grammar: Grammar,
    parser: Parser,
    index: ProgramIndex,
    templates: MacroTemplates,
    types: TypeDefinitions,
  ) {
    this.#grammar = grammar;
    this.#parser = parser;
    this.#index = index;
    this.#templates = templates;
    this.#types = types;
  }

  /**
   * As it stands where that is understood, else with its macros written out where that is. A macro that makes half a
   * block, or ends a statement in its middle, is read as a call without an error, and is none. Heads of loops are written out in any
   * case, where their macros are in sight.
   */
  lower({ file, source }: AnalysedFile, item: TopLevelItem, ask: Ask): FunctionIr | undefined {
    let isAllRead = true;
    const noteUnread = (): void => {
      isAllRead = false;
    };
    const { start, end, isTooLong } = item;
    // What a macro does besides making the head is not seen in the text as it stands.
    const isFramed = item.rewrites.some(({ kind }) => kind === 'frame-macro');
    const macros = this.#index.macrosAt(file, start);
    const expandedBy = (
      kind: 'macro' | 'likely-macro',
      keepsGroups: boolean,
      isExpanded: (name: string) => boolean = (name) => !isStandardAllocator(name),
    ): FunctionIr | undefined => {
      const definitionOf = (name: string): MacroDefinition | undefined =>
        isExpanded(name) ? ask(kind, name) : undefined;
      const range = { start, end };
      const expanded = expandFunction(this.#grammar, this.#parser, source, range, macros, definitionOf, keepsGroups);
      if (!expanded) return undefined;
      const environment = this.#environment(file, start, expanded.rewrites, ask, noteUnread);
      const better = lowerFunction(expanded.arrays, environment, detached(source.original.slice(start, end)));
      if (better?.isPartial !== false) return undefined;
      // With everything written out and read, nothing is left of what the text as it stands has as arguments.
      const isRead = expanded.rewrites.every(
        ({ kind, start: at }) =>
          (kind !== 'statement-argument' && kind !== 'operator-argument') || better.argumentsRead.has(at),
      );
      const argumentsRead = new Set(isRead ? rewrittenArguments(item.rewrites).keys() : []);
      return { ...better, argumentsRead };
    };
    const iterations = iterationMacros(item.rewrites);
    if (iterations.size > 0 && !isTooLong && !isFramed) {
      // The head of a loop is no call: a body in front of which it stands makes it whole.
      const looped = expandedBy('macro', true, (name) => iterations.has(name));
      if (looped && isAllRead) return looped;
      isAllRead = true;
    }
    const ir = lowerFunction(item.arrays, this.#environment(file, start, item.rewrites, ask, noteUnread));
    if (isTooLong || (ir?.isPartial === false && isAllRead && !isFramed)) return ir;
    const better = expandedBy('macro', true) ?? expandedBy('macro', false);
    if (better || ir?.isPartial === false) return better ?? ir;
    // As with branches of a group that must be resolved, the first definition counts where nothing else is understood.
    return expandedBy('likely-macro', true) ?? expandedBy('likely-macro', false) ?? ir;
  }

  /** As the function stands, with the places marked where a statement could be put. */
  lowerWithPoints({ file }: AnalysedFile, { arrays, start, rewrites }: TopLevelItem, ask: Ask): FunctionIr | undefined {
    const ir = lowerFunction(arrays, this.#environment(file, start, rewrites, ask), undefined, true);
    return ir?.isPartial ? undefined : ir;
  }

  #environment(
    file: string,
    start: number,
    rewrites: readonly Rewrite[],
    ask: Ask,
    noteUnread: () => void = () => {},
  ): LoweringEnvironment {
    const deferred = deferredStatements(rewrites);
    const rewritten = rewrittenArguments(rewrites);
    const macros = this.#index.macrosAt(file, start);
    // Macros that use others many times ask the same of each.
    const asked = new Map<string, UnclearMacro | undefined>();
    const unclear = (name: string): UnclearMacro | undefined => {
      if (!asked.has(name)) asked.set(name, ask('unclear-macro', name));
      return asked.get(name);
    };
    // And so does whoever goes into the same array in every line.
    const arrays = new Map<string, boolean>();
    let types: TypeModel | undefined;
    return {
      macro: (name, texts) => {
        const definition = ask('macro', name);
        const template = this.#templates.find(name, file, macros, texts);
        if (definition && !template && isMisreadAsCall(definition)) noteUnread();
        return template;
      },
      isMacro: (name) => (ask('macro', name) ?? ask('likely-macro', name)) !== undefined,
      isTypeName: (name) => ask('type', `typedef ${name}`) !== undefined,
      isArrayType: (name) => {
        let isArray = arrays.get(name);
        if (isArray === undefined) {
          types ??= new TypeModel(typeEnvironment(this.#types, ask), NO_LOCAL_TYPES);
          isArray = types.resolve({ kind: 'named', name }).kind === 'array';
          arrays.set(name, isArray);
        }
        return isArray;
      },
      assignedArguments: (name) => unclear(name)?.assigns ?? NO_POSITIONS,
      skippedArguments: (name) => unclear(name)?.skips ?? NO_POSITIONS,
      constant: (name) => {
        const known = ask('constant', name);
        const expression = known === undefined ? ask('constant-expression', name) : undefined;
        return expression === undefined ? known : constantValue(expression, (inner) => ask('value', inner));
      },
      fileVariable: (name) => ask('variable', name),
      isFunction: (name) => ask('function', name),
      assumedConditions: assumedConditions(rewrites),
      iterationMacroAt: (offset) => iterationMacroAt(rewrites, offset),
      rewrittenArgumentAt: (offset) => rewritten.get(offset),
      isDeferred: (offset) => deferred.has(offset),
      cleanupWithin: (from, to) => cleanupWithin(rewrites, from, to),
      isElsewhere: (from, to) => isElsewhere(rewrites, from, to),
      isMadeStatic: (from, to) => isMadeStatic(rewrites, from, to),
    };
  }
}

/** The macro makes statements or their halves, and not alone, or its body would have been read. */
function isMisreadAsCall({ body }: MacroDefinition): boolean {
  const count = (bracket: string): number => body.split(bracket).length;
  return body.includes(';') || count('{') !== count('}') || count('(') !== count(')');
}
