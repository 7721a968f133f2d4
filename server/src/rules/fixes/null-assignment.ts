import type { TextEdit } from '../../base/range.ts';
import type { FunctionIr, Origin } from '../../ir/instructions.ts';
import { Field, NodeKind } from '../../syntax/generated/node-kinds.ts';
import { childByField, childrenOf, NO_NODE, type NodeIndex } from '../../syntax/syntax-arrays.ts';
import { bare, type FunctionText, isPure, statementOf } from './function-text.ts';
import { insertAfter, line } from './statement-edits.ts';
import type { Style } from './style.ts';

/** A call that stands as a statement of its own. */
export interface CallStatement {
  readonly statement: NodeIndex;
  readonly call: NodeIndex;
  readonly arguments: readonly NodeIndex[];
}

/** The statement that consists of this call, if the program's own text calls `callee` there: no macro does it. */
export function callStatement(fn: FunctionText, origin: Origin, callee: string): CallStatement | undefined {
  const call = fn.find(NodeKind.CallExpression, origin);
  if (call === NO_NODE || !fn.isAsWritten(origin.start, origin.end)) return undefined;
  const named = childByField(fn.tree, call, Field.Function);
  const list = childByField(fn.tree, call, Field.Arguments);
  if (named === NO_NODE || list === NO_NODE || fn.textOf(named) !== callee) return undefined;
  const statement = statementOf(fn, call);
  if (statement === NO_NODE || fn.kind(statement) !== NodeKind.ExpressionStatement) return undefined;
  // A cast to void may stand around it.
  if (bare(fn, statement + 1) !== call) return undefined;
  return { statement, call, arguments: childrenOf(fn.tree, list) };
}

/** The lvalue that a freed argument reads, without casts; undefined when it cannot be assigned to. */
export function assignable(fn: FunctionText, ir: FunctionIr, argument: NodeIndex): NodeIndex | undefined {
  const target = bare(fn, argument);
  if (!isPure(fn, target) || !fn.isAsWritten(fn.start(argument), fn.end(argument))) return undefined;
  if (!isLvalue(fn, target)) return undefined;
  const text = fn.textOf(target);
  if (/\/\*|\/\/|\n/.test(text)) return undefined;
  // A macro may stand for a call, a cast or a constant.
  for (const [word] of text.matchAll(/[A-Za-z_]\w*/g)) {
    if (/^[A-Z][A-Z0-9_]*$/.test(word) || fn.file.definesMacro(word)) return undefined;
  }
  return isConstant(fn, ir, target) || !holdsPointer(fn, ir, target, argument) ? undefined : target;
}

function isLvalue(fn: FunctionText, node: NodeIndex): boolean {
  switch (fn.kind(node)) {
    case NodeKind.Identifier:
    case NodeKind.FieldExpression:
    case NodeKind.SubscriptExpression:
      return true;
    case NodeKind.PointerExpression: {
      const operator = childByField(fn.tree, node, Field.Operator);
      return operator !== NO_NODE && fn.textOf(operator) === '*';
    }
    default:
      return false;
  }
}

/** The identifier that an lvalue begins with, and the last member that it names. */
function rootAndMember(fn: FunctionText, target: NodeIndex): { root: string; member: string } {
  let root = '';
  let member = '';
  for (let node = target; node < fn.tree.next[target]; node++) {
    if (fn.kind(node) === NodeKind.Identifier && root === '') root = fn.textOf(node);
  }
  if (fn.kind(target) === NodeKind.FieldExpression) {
    const field = childByField(fn.tree, target, Field.Field);
    if (field !== NO_NODE) member = fn.textOf(field);
  }
  return { root, member };
}

/** True when a `const` may forbid the assignment: `T *const p`, or a member behind a pointer to const. */
function isConstant(fn: FunctionText, ir: FunctionIr, target: NodeIndex): boolean {
  const { root, member } = rootAndMember(fn, target);
  if (member !== '' && isConstantMember(fn, member)) return true;
  const constantPointer = new RegExp(`\\*\\s*(?:\\w+\\s+)*const\\s+(?:\\w+\\s+)*${root}\\b`);
  const variables = ir.variables.filter(({ name, kind }) => name === root && kind !== 'temporary');
  const isIdentifier = fn.kind(target) === NodeKind.Identifier;
  for (const variable of variables) {
    if (variable.kind === 'global') {
      if (fn.file.has(constantPointer)) return true;
      const toConstant = new RegExp(`\\bconst\\b[^;{}()]*\\b${root}\\s*[;=,[]`);
      if (!isIdentifier && fn.file.has(toConstant)) return true;
      continue;
    }
    if (variable.isArray && isIdentifier) return true;
    const declaration = declarationText(fn, variable.origin);
    if (declaration === undefined || constantPointer.test(declaration)) return true;
    if (!isIdentifier && /\bconst\b/.test(declaration)) return true;
  }
  return false;
}

/** True when the file declares a member of that name as `T *const`. */
export function isConstantMember(fn: FunctionText, member: string): boolean {
  return fn.file.has(new RegExp(`\\*\\s*const\\s+${member}\\b`));
}

const DECLARATIONS = new Set([NodeKind.Declaration, NodeKind.ParameterDeclaration, NodeKind.FunctionDefinition]);

/** The declaration around a declared name, up to the end of its declarator. */
function declarationText(fn: FunctionText, origin: Origin): string | undefined {
  for (let node = 0; node < fn.tree.length; node++) {
    if (fn.start(node) < origin.start || fn.end(node) !== origin.end) continue;
    if (fn.start(node) > origin.start) break;
    const declaration = fn.enclosing(node, DECLARATIONS);
    return declaration === NO_NODE ? undefined : fn.text.slice(fn.start(declaration), origin.end);
  }
  return undefined;
}

/** A number that is freed through a cast cannot become NULL. */
function holdsPointer(fn: FunctionText, ir: FunctionIr, target: NodeIndex, argument: NodeIndex): boolean {
  if (fn.kind(target) !== NodeKind.Identifier) return !/\(\s*(u?intptr_t|size_t|u?long)\b/.test(fn.textOf(argument));
  const variable = ir.variables.find(({ name }) => name === fn.textOf(target));
  if (!variable || variable.pointerDepth > 0 || variable.kind === 'global') return true;
  return !/^(unsigned|signed|long|int|short|char|u?int\d*_t|u?intptr_t|size_t|ssize_t)\b/.test(variable.typeText);
}

/** Sets a place to NULL behind the statement that freed it. */
export function assignNull(
  fn: FunctionText,
  style: Style,
  statement: NodeIndex,
  place: string,
): TextEdit[] | undefined {
  return insertAfter(fn, statement, [line(`${place} = ${style.nullPointer};`)], style);
}
