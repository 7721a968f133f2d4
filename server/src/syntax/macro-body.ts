import type { Parser } from 'web-tree-sitter';
import { type MacroDefinition, type MacroLookup, noMacros } from '../source/macros.ts';
import { normalise } from '../source/normalise.ts';
import type { Rewrite, RewriteKind } from '../source/rewrites.ts';
import { Field, NodeKind } from './generated/node-kinds.ts';
import type { Grammar } from './grammar.ts';
import {
  childByField,
  copySubtree,
  firstChild,
  NO_NODE,
  type NodeIndex,
  nextSibling,
  type SyntaxArrays,
} from './syntax-arrays.ts';

/** A macro's replacement as syntax. */
interface MacroBody {
  /**
   * `expression`: `body` is the expression. `statements`: `body` is the compound statement that holds them.
   * `head`: a loop or `if` head without its statement; `body` is the `for`, `while`, `if` or `switch` statement, whose
   * body is empty and stands for the statement behind the macro's use.
   */
  readonly kind: 'expression' | 'statements' | 'head';
  /** Of the wrapper function; node texts are the body's own, offsets are meaningless outside. */
  readonly arrays: SyntaxArrays;
  readonly body: NodeIndex;
  /** Arguments in the body that are no expressions, by offset: what stood in their place. */
  readonly rewritten: ReadonlyMap<number, RewrittenArgument>;
  /** The rewrites of the body's declarations that give them a function to clean up with. */
  readonly cleanups: readonly Rewrite[];
}

/** A piece of text as syntax. */
interface Parsed {
  readonly arrays: SyntaxArrays;
  readonly rewritten: ReadonlyMap<number, RewrittenArgument>;
  readonly cleanups: readonly Rewrite[];
}

/** Longer texts are no macro's body. */
export const MAXIMUM_BODY = 10_000;
const PREFIX = 'void __macro(void) { ';

/**
 * Parses a macro's body alone, as C. `undefined` when it is not a piece of C of its own: brackets that do not match, a type. `macros` answers for the macros that the body uses; `texts` are those arguments of the call, by position,
 * that are part of the body: the ones that it pastes into names, and those that are no expressions.
 */
export function parseMacroBody(
  grammar: Grammar,
  parser: Parser,
  definition: MacroDefinition,
  macros: MacroLookup = noMacros,
  texts: ReadonlyMap<number, string> = noTexts,
): MacroBody | undefined {
  const body = expandedBody(definition, texts);
  if (body.length > MAXIMUM_BODY) return undefined;
  if (body === '') return definition.parameters && parseStatements(grammar, parser, '', macros);
  if (BEGINS_STATEMENT.test(body)) return parseStatements(grammar, parser, body, macros);
  const wrapped = parseWrapped(grammar, parser, `${PREFIX}(${body}); }`, macros);
  if (wrapped !== undefined && !body.startsWith('{')) {
    const asExpression = wrapped.arrays;
    const statement = firstStatement(asExpression);
    const outer = statement === NO_NODE ? NO_NODE : firstChild(asExpression, statement);
    if (
      statement !== NO_NODE &&
      asExpression.kind[statement] === NodeKind.ExpressionStatement &&
      outer !== NO_NODE &&
      asExpression.kind[outer] === NodeKind.ParenthesizedExpression
    ) {
      const inner = firstChild(asExpression, outer);
      if (inner !== NO_NODE) return { kind: 'expression', ...wrapped, body: inner };
    }
  }
  return parseStatements(grammar, parser, body, macros);
}

/** Within parentheses the grammar would read `return (x)` as a call. */
const BEGINS_STATEMENT = /^(?:return|goto|break|continue|if|for|while|do|switch)\b/;

function parseStatements(grammar: Grammar, parser: Parser, body: string, macros: MacroLookup): MacroBody | undefined {
  const wrapped = parseWrapped(grammar, parser, `${PREFIX}${body}; }`, macros);
  if (wrapped === undefined) return undefined;
  const asStatements = wrapped.arrays;
  const block = childByField(asStatements, 0, Field.Body);
  if (block === NO_NODE) return undefined;
  const head = waitingHead(asStatements, block, body.length);
  if (head !== NO_NODE) return { kind: 'head', ...wrapped, body: head };
  const only = body.endsWith(';') ? onlyExpression(asStatements, block) : NO_NODE;
  if (only !== NO_NODE) return { kind: 'expression', ...wrapped, body: only };
  return { kind: 'statements', ...wrapped, body: block };
}

/**
 * `#define made() (struct s *)malloc(sizeof(struct s));`: the semicolon that is too many is an empty statement where the macro is
 * used, as in `p = made();`, and the rest is the value.
 */
function onlyExpression(arrays: SyntaxArrays, block: NodeIndex): NodeIndex {
  let only: NodeIndex = NO_NODE;
  for (let child = firstChild(arrays, block); child !== NO_NODE; child = nextSibling(arrays, block, child)) {
    if (arrays.kind[child] !== NodeKind.ExpressionStatement) return NO_NODE;
    const expression = firstChild(arrays, child);
    if (expression === NO_NODE) continue;
    if (only !== NO_NODE) return NO_NODE;
    only = expression;
  }
  return only;
}

const PASTED = /\w+(?:\s*##\s*\w+)+/g;

/** The positions of the parameters that the body pastes into names with `##`: what it says depends on their text. */
export function pastedParameters({ body, parameters }: MacroDefinition): readonly number[] {
  if (!parameters || !body.includes('##')) return [];
  const words = new Set((body.match(PASTED) ?? []).flatMap((text) => text.split(/\s*##\s*/)));
  return [...parameters.keys()].filter((i) => words.has(parameters[i]));
}

/** A word, and a word behind it. */
const NAME_BEFORE = /\b([A-Za-z_]\w*)\s+(?=([A-Za-z_]\w*)\b)/g;
const KEYWORD_BEFORE = /^(?:return|sizeof|else|do|case|goto|typeof|__typeof__|alignof|_Alignof)$/;

/**
 * The positions of the parameters in front of which a name stands, `create_message text`: an argument that brings its parentheses
 * along, as in `LOG(("%s", s))`, makes a call of it.
 */
export function calledParameters({ body, parameters }: MacroDefinition): readonly number[] {
  if (!parameters) return [];
  const called: number[] = [];
  for (const [, name, next] of body.matchAll(NAME_BEFORE)) {
    const position = parameters.indexOf(next);
    if (position >= 0 && !KEYWORD_BEFORE.test(name)) called.push(position);
  }
  return called;
}

const noTexts: ReadonlyMap<number, string> = new Map();
/** The words of a text, and its literals, in which nothing is replaced. */
export const WORD_OR_LITERAL = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[A-Za-z_]\w*/g;

/** The body with some of its parameters replaced by text, as the preprocessor would. */
function expandedBody(definition: MacroDefinition, texts: ReadonlyMap<number, string>): string {
  const body = withoutPasting(definition, texts);
  const { parameters } = definition;
  if (texts.size === 0 || !parameters) return body;
  return body.replace(WORD_OR_LITERAL, (word) => texts.get(parameters.indexOf(word)) ?? word);
}

/** `##` joins words to one, with the arguments in the place of parameters; `#x` becomes a string. */
function withoutPasting(definition: MacroDefinition, texts: ReadonlyMap<number, string>): string {
  const { body, parameters } = definition;
  if (!body.includes('#')) return body;
  const part = (word: string): string => {
    const position = parameters?.indexOf(word) ?? -1;
    return position >= 0 ? (texts.get(position) ?? word).trim() : word;
  };
  return body
    .replace(/,\s*##\s*(?=__VA_ARGS__|\w)/g, ', ')
    .replace(PASTED, (text) =>
      text
        .split(/\s*##\s*/)
        .map(part)
        .join(''),
    )
    .replace(/\s*##\s*/g, '')
    .replace(/#\s*[A-Za-z_]\w*/g, '""');
}

/** The name of the macro in what `parseMacroUse` makes. */
export const USED_MACRO = '__used';

/**
 * A function whose body is one use of a macro, its parameters being the arguments; `count` is undefined for an object-like
 * macro. `isExpression`: the function returns the use's value.
 */
export function parseMacroUse(
  grammar: Grammar,
  parser: Parser,
  count: number | undefined,
  isExpression: boolean,
): SyntaxArrays | undefined {
  const names = Array.from({ length: count ?? 0 }, (_, i) => `p${i}`);
  const use = count === undefined ? USED_MACRO : `${USED_MACRO}(${names.join(', ')})`;
  const head = `void *f(${names.map((name) => `void *${name}`).join(', ')})`;
  return parseWrapped(grammar, parser, `${head} { ${isExpression ? 'return ' : ''}${use}; }`, noMacros)?.arrays;
}

/** An argument that is no expression: a `0` stands for it. */
export interface RewrittenArgument {
  readonly kind: 'type' | 'operator' | 'statement' | 'empty';
  /** What stood there; undefined where that is too long to be kept. */
  readonly text: string | undefined;
}

const argumentKinds: ReadonlyMap<RewriteKind, RewrittenArgument['kind']> = new Map([
  ['type-argument', 'type'],
  ['operator-argument', 'operator'],
  ['statement-argument', 'statement'],
  ['empty-argument', 'empty'],
]);

/** The arguments that are no expressions, by the offset of what stands for them. */
export function rewrittenArguments(rewrites: readonly Rewrite[]): ReadonlyMap<number, RewrittenArgument> {
  const found = new Map<number, RewrittenArgument>();
  for (const { kind, start, name } of rewrites) {
    const own = argumentKinds.get(kind);
    if (own) found.set(start, { kind: own, text: own === 'empty' ? '' : name });
  }
  return found;
}

/** The wrapper function's arrays, or `undefined` if it was not understood in full. */
function parseWrapped(grammar: Grammar, parser: Parser, text: string, macros: MacroLookup): Parsed | undefined {
  const { text: normalised, rewrites } = normalise(text, macros, { defines: {} });
  const tree = parser.parse(normalised);
  if (tree === null) throw new Error('the parser has no language');
  const cursor = tree.walk();
  try {
    if (tree.rootNode.hasError || !cursor.gotoFirstChild()) return undefined;
    if (grammar.kindOfSymbol[cursor.nodeTypeId] !== NodeKind.FunctionDefinition) return undefined;
    if (cursor.endIndex !== text.length) return undefined;
    const arrays = copySubtree(cursor, grammar, normalised);
    const cleanups = rewrites.filter(({ meaning }) => meaning?.kind === 'cleanup' || meaning?.kind === 'cleanup-type');
    return arrays.hasError ? undefined : { arrays, rewritten: rewrittenArguments(rewrites), cleanups };
  } finally {
    cursor.delete();
    tree.delete();
  }
}

function firstStatement(arrays: SyntaxArrays): NodeIndex {
  const block = childByField(arrays, 0, Field.Body);
  return block === NO_NODE ? NO_NODE : firstChild(arrays, block);
}

/** The innermost head whose statement is the `;` that was added behind the body. */
function waitingHead(arrays: SyntaxArrays, block: NodeIndex, bodyLength: number): NodeIndex {
  let last: NodeIndex = NO_NODE;
  for (let child = firstChild(arrays, block); child !== NO_NODE; child = nextSibling(arrays, block, child))
    last = child;
  const semicolon = PREFIX.length + bodyLength;
  for (let depth = 0; last !== NO_NODE && depth < 16; depth++) {
    const kind = arrays.kind[last];
    let statement: NodeIndex = NO_NODE;
    if (kind === NodeKind.ForStatement || kind === NodeKind.WhileStatement || kind === NodeKind.SwitchStatement) {
      statement = childByField(arrays, last, Field.Body);
    } else if (kind === NodeKind.IfStatement) {
      const alternative = childByField(arrays, last, Field.Alternative);
      statement =
        alternative === NO_NODE ? childByField(arrays, last, Field.Consequence) : firstChild(arrays, alternative);
    }
    if (statement === NO_NODE) return NO_NODE;
    if (arrays.start[statement] === semicolon) return last;
    last = statement;
  }
  return NO_NODE;
}
