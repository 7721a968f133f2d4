import type { Parser } from 'web-tree-sitter';
import { lowerFunction } from '../ir/lower-function.ts';
import type { ArgumentText, LoweringEnvironment, MacroTemplate } from '../ir/lowering-environment.ts';
import { type CalleeKind, macroEffect } from '../ir/macro-effect.ts';
import { keepsModel } from '../models/registry.ts';
import { negateCondition } from '../source/conditions.ts';
import { macroShape } from '../source/macro-shapes.ts';
import type { MacroDefinition, MacroLookup } from '../source/macros.ts';
import type { Grammar } from '../syntax/grammar.ts';
import { calledParameters, parseMacroBody, parseMacroUse, pastedParameters, USED_MACRO } from '../syntax/macro-body.ts';
import { cleanupWithin } from './function-rewrites.ts';
import { isFallback } from './known-defines.ts';

/** More definitions than this that say different things are not compared: they mean nothing in common. */
const MAXIMUM_CANDIDATES = 6;
/** Of one definition that takes arguments into its text, so many bodies are kept. */
const MAXIMUM_BODIES = 500;
const noTexts = (): readonly ArgumentText[] => [];

/** What the templates ask of the program around them. */
interface MacroSurroundings {
  readonly isDefined: (name: string) => boolean;
  readonly isFunction: (name: string) => boolean;
  /** True where a file that sees a macro, or is told of one by a header that it does not include, may mean a function of that name. */
  readonly mayMeanFunction: (name: string, file: string, macroFile: string) => boolean;
  /** The file has a prototype of the function. */
  readonly declares: (file: string, name: string) => boolean;
  readonly calleeKind: (name: string) => CalleeKind;
  readonly macrosFor: (file: string) => MacroLookup;
}

/** Finds the definition that a macro's name means, and parses its body for inlining, each once. */
export class MacroTemplates {
  readonly #grammar: Grammar;
  readonly #parser: Parser;
  readonly #surroundings: MacroSurroundings;
  /** By the lookup of the definition's file: what its body means depends on the macros that the file sees. */
  readonly #parsed = new WeakMap<MacroLookup, Map<MacroDefinition, Map<string, MacroTemplate | undefined>>>();
  readonly #chosen = new WeakMap<MacroLookup, Map<string, MacroDefinition | undefined>>();
  readonly #inQuestion = new Set<string>();

  constructor(grammar: Grammar, parser: Parser, surroundings: MacroSurroundings) {
    this.#surroundings = surroundings;
    this.#grammar = grammar;
    this.#parser = parser;
  }

  /**
   * The body to inline for a name in a file. Of several definitions the file's own first one counts; else all must do the
   * same to memory, or the macro's meaning is not known. The name of a standard allocator keeps its model unless the file
   * itself defines it: projects wrap `malloc` in macros of the same name all the time. `texts` are the call's arguments.
   */
  find(
    name: string,
    file: string,
    macros: MacroLookup,
    texts: () => readonly ArgumentText[] = noTexts,
  ): MacroTemplate | undefined {
    const definition = this.definition(name, file, macros);
    return definition && this.#parse(definition, texts);
  }

  /** The definition that a name means in a file, or undefined when it is no macro there or one of unknown meaning. */
  definition(name: string, file: string, macros: MacroLookup): MacroDefinition | undefined {
    const chosen = this.#chosen.get(macros) ?? new Map<string, MacroDefinition | undefined>();
    this.#chosen.set(macros, chosen);
    if (!chosen.has(name)) chosen.set(name, this.#choose(name, file, macros));
    return chosen.get(name);
  }

  /**
   * The same, and where definitions disagree the first one, unless it says something about memory: for functions that are not
   * understood before their macros are written out.
   */
  likelyDefinition(name: string, file: string, macros: MacroLookup): MacroDefinition | undefined {
    const sure = this.definition(name, file, macros);
    const [first] = sure ? [] : macros.definitionsOf(name);
    return first && (keepsModel(name) || MEMORY_NAME.test(first.body)) ? undefined : (sure ?? first);
  }

  #choose(name: string, file: string, macros: MacroLookup): MacroDefinition | undefined {
    const definitions = macros.definitionsOf(name);
    if (definitions.length === 0) return undefined;
    const [first] = definitions;
    // A choice of allocators by configuration (`#ifdef USE_TCMALLOC`) is still an allocator.
    if (keepsModel(name)) {
      if (first.condition !== '' || first.heldCondition !== undefined) return undefined;
      if (first.file !== file && callsSomething(first) && !this.#isRedirected(first)) return undefined;
    }
    // Under conditions a macro may take a function's place; without a word on whether they hold, the function is meant.
    const isSure = definitions.some(({ condition }) => condition === '') || isOneOfTwo(definitions);
    if (!isSure && this.#surroundings.mayMeanFunction(name, file, first.file) && !this.#isPlainAlternative(first))
      return undefined;
    // Whether it frees hangs on the configuration, and so may what it is given.
    if (MEMORY_NAME.test(first.body) && definitions.some((other) => isEmptyAlternative(first, other))) return undefined;
    const candidates = candidatesAmong(definitions, file);
    const text = signature(first);
    if (candidates.every((other) => signature(other) === text)) return first;
    if (candidates.length > MAXIMUM_CANDIDATES) return undefined;
    const effect = this.#effect(first, file, macros, candidates);
    const agree =
      effect !== undefined && candidates.every((other) => this.#effect(other, file, macros, candidates) === effect);
    // The shortest says it most plainly: the others count, trace, or check.
    if (!agree) return undefined;
    // Of what they declare one part says nothing without the other: those that are seen first belong together.
    if (effect === '' && declares(first, macros)) return first;
    // `IF_WIDE(code)` is its argument or nothing: statements that somebody wrote there are read.
    const handingOn = candidates.find(({ body, parameters }) => parameters?.length === 1 && parameters[0] === body);
    return handingOn ?? candidates.reduce((a, b) => (b.body.length < a.body.length ? b : a));
  }

  /**
   * `#if TRACKING void release(void *p); #else #define release free #endif`: one header says that a name is a function, or one of the C
   * library's that gives or takes memory. That is what it is in a build that defines nothing.
   */
  #isPlainAlternative({ name, body, file, condition, isRuledOut }: MacroDefinition): boolean {
    if (isRuledOut || !condition.startsWith('!')) return false;
    const callee = /^\(*\s*([A-Za-z_]\w*)/.exec(body)?.[1];
    if (callee === undefined || callee === name || !keepsModel(callee) || !MEMORY_NAME.test(callee)) return false;
    return this.#surroundings.declares(file, name);
  }

  /** The macro hands on to a function whose body is in sight, which says more than the model of the name. */
  #isRedirected({ body }: MacroDefinition): boolean {
    const callee = /^\(?\s*([A-Za-z_]\w*)\s*\(/.exec(body)?.[1];
    return callee !== undefined && this.#surroundings.isDefined(callee);
  }

  #parse(definition: MacroDefinition, callTexts: () => readonly ArgumentText[]): MacroTemplate | undefined {
    const macros = this.#surroundings.macrosFor(definition.file);
    const byDefinition = this.#parsed.get(macros) ?? new Map<MacroDefinition, Map<string, MacroTemplate | undefined>>();
    this.#parsed.set(macros, byDefinition);
    const bodies = byDefinition.get(definition) ?? new Map<string, MacroTemplate | undefined>();
    byDefinition.set(definition, bodies);
    const texts = textsInBody(definition, callTexts);
    if (texts === undefined) return undefined;
    const key = JSON.stringify([...texts]);
    if (!bodies.has(key)) {
      if (bodies.size >= MAXIMUM_BODIES) bodies.clear();
      bodies.set(key, this.#parseBody(definition, macros, texts));
    }
    return bodies.get(key);
  }

  #parseBody(
    definition: MacroDefinition,
    macros: MacroLookup,
    texts: ReadonlyMap<number, string>,
  ): MacroTemplate | undefined {
    const body = parseMacroBody(this.#grammar, this.#parser, definition, macros, texts);
    if (body === undefined || body.kind === 'head') return undefined;
    const { parameters, isVariadic } = definition;
    const words = new Set(definition.body.match(/[A-Za-z_]\w*/g));
    const written = new Set([...texts.keys()].filter((position) => words.has(parameters?.[position] ?? '')));
    const { kind, arrays, rewritten, cleanups } = body;
    const cleanup = (start: number, end: number): string | undefined => cleanupWithin(cleanups, start, end);
    return { kind, arrays, body: body.body, parameters, isVariadic, rewritten, written, cleanupWithin: cleanup };
  }

  /** What one of several definitions does, comparable with the others; undefined when that cannot be told. */
  #effect(
    definition: MacroDefinition,
    file: string,
    macros: MacroLookup,
    candidates: readonly MacroDefinition[],
  ): string | undefined {
    const { name, parameters, isVariadic } = definition;
    if (isVariadic || this.#inQuestion.has(name)) return undefined;
    this.#inQuestion.add(name);
    try {
      const template = this.#parse(definition, noTexts);
      if (!template) return undefined;
      // A value counts only where every definition has one.
      const isExpression = candidates.every((each) => this.#parse(each, noTexts)?.kind === 'expression');
      const count = parameters?.length ?? 0;
      const use = parseMacroUse(
        this.#grammar,
        this.#parser,
        parameters === undefined ? undefined : count,
        isExpression,
      );
      const environment: LoweringEnvironment = {
        macro: (inner, texts) => (inner === USED_MACRO ? template : this.find(inner, file, macros, texts)),
        assignedArguments: () => [],
        skippedArguments: () => [],
        isMacro: () => false,
        isArrayType: () => false,
        isTypeName: () => false,
        constant: () => undefined,
        fileVariable: () => undefined,
        isFunction: (inner) => this.#surroundings.isFunction(inner),
        rewrittenArgumentAt: () => undefined,
        assumedConditions: new Set(),
        iterationMacroAt: () => undefined,
        isDeferred: () => false,
        cleanupWithin: () => undefined,
        isElsewhere: () => false,
        isMadeStatic: () => false,
        hasLabelsElsewhere: true,
      };
      const ir = use && lowerFunction(use, environment);
      return ir && macroEffect(ir, this.#surroundings.calleeKind);
    } finally {
      this.#inQuestion.delete(name);
    }
  }
}

/** A macro that calls nothing is no allocator, whatever its name: `#define getline(f, pc) ((f)->lines[pc])`. */
function callsSomething({ body, parameters }: MacroDefinition): boolean {
  return parameters === undefined || /[A-Za-z_]\w*\s*\(/.test(body);
}

/** True for a macro that stands for a type, or a declaration. */
function declares({ name }: MacroDefinition, macros: MacroLookup): boolean {
  const role = macroShape(name, macros)?.role;
  return role === 'type' || role === 'declaration';
}

/** The definitions among which the place of use may choose: alternatives by conditions in one file are one. */
function candidatesAmong(definitions: readonly MacroDefinition[], file: string): readonly MacroDefinition[] {
  const [first] = definitions;
  if (first.file === file) {
    // The normaliser, too, takes the first branch of a group whose condition it does not know.
    return first.condition === '' ? definitions.filter((each) => each.file === file && each.condition === '') : [first];
  }
  const isCertain = definitions.some((each) => each.condition === '' && !isFallback(each));
  return isCertain ? definitions.filter((each) => !isFallback(each)) : definitions;
}

/**
 * The arguments that become part of the body's text, by position: those pasted into names, those that make a call of the name in front
 * of them, and statements and operators.
 * Undefined when they cannot.
 */
function textsInBody(
  definition: MacroDefinition,
  callTexts: () => readonly ArgumentText[],
): ReadonlyMap<number, string> | undefined {
  const texts = new Map<number, string>();
  const { parameters, isVariadic } = definition;
  if (!parameters) return texts;
  const given = callTexts();
  for (const [position, { text, isRewritten }] of given.entries()) {
    if (!isRewritten) continue;
    if (position >= parameters.length - (isVariadic ? 1 : 0)) return undefined;
    if (mentionsAny(text, parameters)) return undefined;
    texts.set(position, text);
  }
  for (const position of pastedParameters(definition)) {
    const text = given[position]?.text ?? '';
    // What is pasted into a name is a piece of a name.
    if (!/^\s*\w*\s*$/.test(text)) return undefined;
    texts.set(position, text);
  }
  for (const position of calledParameters(definition)) {
    const text = given[position]?.text ?? '';
    if (texts.has(position) || !/^\s*\(/.test(text)) continue;
    if (mentionsAny(text, parameters)) return undefined;
    texts.set(position, text);
  }
  return texts;
}

/** A word of the argument that a parameter is named like would be taken for the parameter. */
function mentionsAny(text: string, parameters: readonly string[]): boolean {
  return (text.match(/[A-Za-z_]\w*/g) ?? []).some((word) => parameters.includes(word));
}

/** One definition for a condition and one for its opposite, in one file: whatever holds, there is a macro. */
function isOneOfTwo(definitions: readonly MacroDefinition[]): boolean {
  return definitions.some(({ condition, file }) => {
    const opposite = negateCondition({ text: condition, value: undefined }).text;
    return definitions.some((other) => other.file === file && other.condition === opposite);
  });
}

/** What a macro that gives or takes memory calls, by its name. */
const MEMORY_NAME = /free|alloc|release|destroy/i;

function isEmptyAlternative(first: MacroDefinition, other: MacroDefinition): boolean {
  return other.file === first.file && other.condition !== first.condition && other.body.trim() === '';
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
