import { keptPer } from '../../base/kept.ts';
import type { FunctionIr } from '../../ir/instructions.ts';
import { Field, NodeKind } from '../../syntax/generated/node-kinds.ts';
import {
  childByField,
  childrenOf,
  NO_NODE,
  type NodeIndex,
  type SyntaxArrays,
  textOf,
} from '../../syntax/syntax-arrays.ts';
import { placePattern } from './place-pattern.ts';

/** How a function leaves when something failed: the end of an `if` that tests for it. */
export interface ErrorExit {
  /** Offset of the `if` in its function. */
  readonly start: number;
  /** It tests whether an allocation gave NULL, some pointer is NULL, or something else. */
  readonly tests: 'allocation' | 'pointer' | 'other';
  readonly leaves: 'return' | 'goto' | 'stop';
  /** The returned expression ('' for none), the label, or the call that ends the program, as it is written. */
  readonly target: string;
  /** `result = -1;` and messages in front of it, which hold for other failures as well. */
  readonly assignments: readonly string[];
  readonly messages: readonly string[];
}

/** Functions that end the program, by names everybody uses. */
const STOPS = /^(_?exit|_Exit|abort|errx?|die|fatal\w*|panic|usage)$/;
const MAXIMUM_EXITS = 200;

/** The error exits of a function, in order. */
export const errorExitsOf: (tree: SyntaxArrays) => readonly ErrorExit[] = keptPer(findErrorExits);

function findErrorExits(tree: SyntaxArrays): ErrorExit[] {
  const exits: ErrorExit[] = [];
  for (let node = 1; node < tree.length && exits.length < MAXIMUM_EXITS; node++) {
    if (tree.kind[node] !== NodeKind.IfStatement) continue;
    const condition = childByField(tree, node, Field.Condition);
    const body = childByField(tree, node, Field.Consequence);
    if (condition === NO_NODE || body === NO_NODE) continue;
    const exit = exitOf(tree, body);
    if (exit) exits.push({ start: tree.start[node], tests: testOf(tree, condition), ...exit });
  }
  return exits;
}

function exitOf(tree: SyntaxArrays, body: NodeIndex): Omit<ErrorExit, 'start' | 'tests'> | undefined {
  const statements = tree.kind[body] === NodeKind.CompoundStatement ? childrenOf(tree, body) : [body];
  const last = statements.at(-1);
  if (last === undefined) return undefined;
  const assignments: string[] = [];
  const messages: string[] = [];
  for (const statement of statements.slice(0, -1)) {
    if (tree.kind[statement] !== NodeKind.ExpressionStatement || statement + 1 >= tree.next[statement]) continue;
    const text = textOf(tree, statement);
    if (text.includes('\n') || text.includes('/*')) continue;
    if (isConstantAssignment(tree, statement + 1)) assignments.push(text);
    else if (isMessage(tree, statement + 1)) messages.push(text);
  }
  const inner = last + 1 < tree.next[last] ? last + 1 : NO_NODE;
  switch (tree.kind[last]) {
    case NodeKind.ReturnStatement:
      return { leaves: 'return', target: inner === NO_NODE ? '' : textOf(tree, inner), assignments, messages };
    case NodeKind.GotoStatement:
      return inner === NO_NODE ? undefined : { leaves: 'goto', target: textOf(tree, inner), assignments, messages };
    case NodeKind.ExpressionStatement: {
      if (inner === NO_NODE || tree.kind[inner] !== NodeKind.CallExpression) return undefined;
      if (!STOPS.test(textOf(tree, childByField(tree, inner, Field.Function))) || !hasConstantArguments(tree, inner)) {
        return undefined;
      }
      return { leaves: 'stop', target: textOf(tree, last), assignments, messages };
    }
    default:
      return undefined;
  }
}

/** `result = -1`, `error = ENOMEM`. */
function isConstantAssignment(tree: SyntaxArrays, node: NodeIndex): boolean {
  if (tree.kind[node] !== NodeKind.AssignmentExpression) return false;
  const left = childByField(tree, node, Field.Left);
  const right = childByField(tree, node, Field.Right);
  const operator = childByField(tree, node, Field.Operator);
  return (
    left !== NO_NODE &&
    right !== NO_NODE &&
    tree.kind[left] === NodeKind.Identifier &&
    (operator === NO_NODE || textOf(tree, operator) === '=') &&
    isConstantText(textOf(tree, right))
  );
}

/** A number, a NULL, a truth value, or the name of a constant, with a sign. */
export function isConstantText(text: string): boolean {
  return /^\(?\s*[-~]?\s*(\d\w*|[A-Z][A-Z0-9_]*|true|false|nullptr)\s*\)?$/.test(text);
}

/** A call that says what went wrong, in words that fit every failed allocation. */
function isMessage(tree: SyntaxArrays, node: NodeIndex): boolean {
  if (tree.kind[node] !== NodeKind.CallExpression) return false;
  const name = textOf(tree, childByField(tree, node, Field.Function));
  return (
    /^(perror|fprintf|fputs|puts|printf|warnx?|syslog|\w*(log|error|warn|err|msg|message)\w*)$/i.test(name) &&
    /mem|alloc|malloc|ENOMEM|perror/i.test(textOf(tree, node)) &&
    hasConstantArguments(tree, node)
  );
}

function hasConstantArguments(tree: SyntaxArrays, call: NodeIndex): boolean {
  const list = childByField(tree, call, Field.Arguments);
  if (list === NO_NODE) return false;
  return childrenOf(tree, list).every((argument) => {
    const kind = tree.kind[argument];
    if (kind === NodeKind.StringLiteral || kind === NodeKind.ConcatenatedString) return true;
    const text = textOf(tree, argument);
    return isConstantText(text) || /^(stderr|stdout|__func__|__FUNCTION__|errno|strerror\s*\(errno\))$/.test(text);
  });
}

/** What a condition tests: any of its alternatives counts. */
function testOf(tree: SyntaxArrays, condition: NodeIndex): ErrorExit['tests'] {
  const tested = testedForNull(tree, condition, 0);
  if (tested.length === 0) return 'other';
  const before = tree.text.slice(0, tree.end[condition]);
  const isAllocated = tested.some((place) =>
    new RegExp(`${placePattern(place)}\\s*=[^=;][^;]*(alloc|dup|asprintf|memalign)\\w*\\s*\\(`, 'i').test(before),
  );
  return isAllocated ? 'allocation' : 'pointer';
}

/** The places that a condition compares with NULL so that it holds when one of them is. */
function testedForNull(tree: SyntaxArrays, node: NodeIndex, depth: number): string[] {
  if (depth > 16) return [];
  const operatorNode = childByField(tree, node, Field.Operator);
  const operator = operatorNode === NO_NODE ? '' : textOf(tree, operatorNode);
  switch (tree.kind[node]) {
    case NodeKind.ParenthesizedExpression:
      return node + 1 < tree.next[node] ? testedForNull(tree, node + 1, depth + 1) : [];
    case NodeKind.UnaryExpression: {
      const argument = childByField(tree, node, Field.Argument);
      return operator === '!' && argument !== NO_NODE ? placeOf(tree, argument) : [];
    }
    case NodeKind.BinaryExpression: {
      const left = childByField(tree, node, Field.Left);
      const right = childByField(tree, node, Field.Right);
      if (left === NO_NODE || right === NO_NODE) return [];
      if (operator === '||') {
        return [...testedForNull(tree, left, depth + 1), ...testedForNull(tree, right, depth + 1)];
      }
      if (operator !== '==') return [];
      const isNull = (side: NodeIndex): boolean =>
        /^(NULL|nullptr|0|\(\s*(void|char)\s*\*\s*\)\s*(0|NULL))$/.test(textOf(tree, side));
      if (isNull(right)) return placeOf(tree, left);
      return isNull(left) ? placeOf(tree, right) : [];
    }
    default:
      return [];
  }
}

function placeOf(tree: SyntaxArrays, node: NodeIndex): string[] {
  let current = node;
  while (tree.kind[current] === NodeKind.ParenthesizedExpression && current + 1 < tree.next[current]) current++;
  if (tree.kind[current] === NodeKind.AssignmentExpression) current = childByField(tree, current, Field.Left);
  if (current === NO_NODE) return [];
  switch (tree.kind[current]) {
    case NodeKind.Identifier:
    case NodeKind.FieldExpression:
    case NodeKind.SubscriptExpression:
    case NodeKind.PointerExpression:
      return [textOf(tree, current)];
    default:
      return [];
  }
}

/** What the last statement of a function returns; undefined when that is no return. */
export function finalReturn(tree: SyntaxArrays): string | undefined {
  const body = childByField(tree, 0, Field.Body);
  let last = body === NO_NODE ? undefined : childrenOf(tree, body).at(-1);
  while (last !== undefined && tree.kind[last] === NodeKind.LabeledStatement) last = childrenOf(tree, last).at(-1);
  if (last === undefined || tree.kind[last] !== NodeKind.ReturnStatement) return undefined;
  return last + 1 < tree.next[last] ? textOf(tree, last + 1) : '';
}

export type ReturnKind = 'void' | 'pointer' | 'boolean' | 'number' | 'structure' | 'unknown';

export function returnKind(ir: FunctionIr): ReturnKind {
  const type = ir.returnType.replace(/\b(const|static|inline|extern|volatile)\b/g, '').trim();
  if (type.includes('*')) return 'pointer';
  if (type === 'void') return 'void';
  if (/^(bool|_Bool|gboolean|BOOL|boolean)$/.test(type)) return 'boolean';
  if (/^(struct|union)\b/.test(type)) return 'structure';
  if (/^(unsigned|signed|int|long|short|char|ssize_t|size_t|u?int\d*_t)\b/.test(type)) return 'number';
  return 'unknown';
}

/** True when returning this text tells the caller of a failure. */
export function isErrorValue(text: string, kind: ReturnKind, final: string | undefined): boolean {
  const value = text.replace(/[()\s]/g, '');
  switch (kind) {
    case 'void':
      return value === '';
    case 'pointer':
      return /^(NULL|nullptr|0|void\*0)$/.test(value);
    case 'boolean':
      return /^(false|FALSE|0)$/.test(value) && final !== text;
    default:
      if (/^-\w+$/.test(value)) return true;
      if (/^[A-Z]\w*$/.test(value)) return /ERR|FAIL|NOMEM|OOM|^E[A-Z]{2,}$|BAD|INVALID/.test(value);
      if (/^\d+$/.test(value) && final !== undefined && /^\d+$/.test(final)) {
        return Number(final) === 0 ? Number(value) !== 0 : Number(value) === 0;
      }
      return kind === 'structure';
  }
}
