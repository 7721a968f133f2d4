import { Field, NodeKind } from '../../syntax/generated/node-kinds.ts';
import {
  childByField,
  childrenOf,
  NO_NODE,
  type NodeIndex,
  type SyntaxArrays,
  textOf,
} from '../../syntax/syntax-arrays.ts';
import { errorExitsOf } from './error-exits.ts';
import type { FunctionText } from './function-text.ts';

/*
 * What a function does about memory that is not there when it has no way to tell its caller: it stops, as the rest of its
 * file does.
 */

/** Calls that say that a pointer is not NULL, and fail where it is. */
const ASSERTION = /assert|require|expect|check|fail_unless|fail_if_null|nonnull|not_null|ptr_ne|verify/i;

/** Statements that end the program whatever went wrong. */
const PLAIN_STOP = /^(abort\s*\(\s*\)|_?exit\s*\(\s*([1-9]\d*|-1|(?!EXIT_SUCCESS)[A-Z][A-Z0-9_]*)\s*\));$/;

/** Whether a statement ends the program without a word about what went wrong. */
export function isPlainStop(statement: string): boolean {
  return PLAIN_STOP.test(statement);
}

/** The standard library's header is there: it is included, or something that it declares is called. */
const STANDARD_LIBRARY = /[<"]stdlib\.h[>"]|\b(abort|exit|malloc|calloc|realloc|free|getenv|atoi|strtou?l)\s*\(/;
/** Where there is no process to end. */
const FREESTANDING = /#[ \t]*include[ \t]*[<"](linux\/(kernel|module|slab)|FreeRTOS|zephyr\/)/;

/** The file's own assertion that a pointer is not NULL, for a place; undefined where it has none. */
export function assertionFor(
  fn: FunctionText,
  neighbours: readonly SyntaxArrays[],
  file: string,
  place: string,
): string | undefined {
  const labels = namesIn(fn.tree, NodeKind.LabeledStatement);
  for (const tree of [fn.tree, ...neighbours]) {
    // A macro may jump to a label: one that no `goto` of the function names is named by its macros.
    const jumps = namesIn(tree, NodeKind.GotoStatement);
    const isOfMacros = (label: string): boolean => !jumps.has(label) && !labels.has(label);
    if (tree !== fn.tree && [...namesIn(tree, NodeKind.LabeledStatement)].some(isOfMacros)) continue;
    for (let node = 1; node < tree.length; node++) {
      if (tree.kind[node] !== NodeKind.ExpressionStatement) continue;
      const statement = assertionAt(tree, node, place);
      // What NDEBUG takes out is no check of a program, but of a test.
      if (statement !== undefined && (!/^assert\s*\(/.test(statement) || isTest(file))) return statement;
    }
  }
  return undefined;
}

/** The names of the labels in a function, or of those that its jumps go to. */
function namesIn(tree: SyntaxArrays, kind: NodeKind): ReadonlySet<string> {
  const names = new Set<string>();
  for (let node = 1; node < tree.length; node++) if (tree.kind[node] === kind) names.add(textOf(tree, node + 1));
  return names;
}

function assertionAt(tree: SyntaxArrays, statement: NodeIndex, place: string): string | undefined {
  const call = statement + 1;
  if (call >= tree.next[statement] || tree.kind[call] !== NodeKind.CallExpression) return undefined;
  const callee = childByField(tree, call, Field.Function);
  const list = childByField(tree, call, Field.Arguments);
  if (callee === NO_NODE || list === NO_NODE || tree.kind[callee] !== NodeKind.Identifier) return undefined;
  const name = textOf(tree, callee);
  const all = childrenOf(tree, list);
  const text = textOf(tree, statement);
  if (!ASSERTION.test(name) || all.length === 0 || all.length > 2 || text.includes('\n')) return undefined;
  const tested = testedForPresence(tree, name, all);
  if (tested === undefined) return undefined;
  const before = text.slice(0, tree.start[tested] - tree.start[statement]);
  const behind = text.slice(tree.end[tested] - tree.start[statement]);
  return before + place + behind;
}

const NULL = /^(NULL|nullptr|\(\s*void\s*\*\s*\)\s*0)$/;

/** The pointer of which an assertion says that it is not NULL. */
function testedForPresence(tree: SyntaxArrays, name: string, all: readonly NodeIndex[]): NodeIndex | undefined {
  const [first, second] = all;
  const isPlace = (node: NodeIndex): boolean =>
    tree.kind[node] === NodeKind.Identifier || tree.kind[node] === NodeKind.FieldExpression;
  if (second !== undefined) {
    if (!/ne(q|_?null)?$|not_?equal|differ/i.test(name)) return undefined;
    if (NULL.test(textOf(tree, second)) && isPlace(first)) return first;
    return NULL.test(textOf(tree, first)) && isPlace(second) ? second : undefined;
  }
  if (/non_?null|not_?null/i.test(name)) return isPlace(first) ? first : undefined;
  if (tree.kind[first] !== NodeKind.BinaryExpression) return undefined;
  const left = childByField(tree, first, Field.Left);
  const right = childByField(tree, first, Field.Right);
  const operator = childByField(tree, first, Field.Operator);
  if (left === NO_NODE || right === NO_NODE || operator === NO_NODE || textOf(tree, operator) !== '!=')
    return undefined;
  if (NULL.test(textOf(tree, right)) && isPlace(left)) return left;
  return NULL.test(textOf(tree, left)) && isPlace(right) ? right : undefined;
}

function isTest(file: string): boolean {
  return /(^|[/\\_.-])(unit)?(tests?|t|testsuite|regress|check|examples?|samples?|demos?|bench\w*)([/\\_.-]|\d|$)/i.test(
    file,
  );
}

/** The statements with which the function or its file stops when memory is short; `abort()` where there is none. */
export function stopStatements(fn: FunctionText, neighbours: readonly SyntaxArrays[]): readonly string[] | undefined {
  let plain: string | undefined;
  for (const tree of [fn.tree, ...neighbours]) {
    for (const { leaves, target, tests, messages } of errorExitsOf(tree)) {
      if (leaves !== 'stop') continue;
      if (tests === 'allocation') return [...messages, target];
      if (isPlainStop(target)) plain ??= target;
    }
  }
  if (plain !== undefined) return [plain];
  if (fn.file.has(FREESTANDING) || !fn.file.has(STANDARD_LIBRARY)) return undefined;
  return ['abort();'];
}
