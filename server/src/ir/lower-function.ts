import { Field, NodeKind } from '../syntax/generated/node-kinds.ts';
import {
  childByField,
  childrenOf,
  NO_NODE,
  type NodeIndex,
  type SyntaxArrays,
  textOf,
} from '../syntax/syntax-arrays.ts';
import { readDeclarator } from './declarators.ts';
import { argumentsRead } from './forgetting.ts';
import type { FunctionIr, VariableId } from './instructions.ts';
import { lowerStatements } from './lower-statement.ts';
import { Lowering } from './lowering.ts';
import type { LoweringEnvironment } from './lowering-environment.ts';
import { endScopes } from './scope-ends.ts';
import { readDeclared, readSpecifier, type TypeTerm, UNKNOWN_TYPE } from './type-terms.ts';

const NORETURN = /\b(_Noreturn|noreturn|__noreturn__)\b/;

/**
 * Lowers a function definition. `tree` is the copy of its `function_definition` node. Returns undefined when it has no
 * name or no body; regions that were not understood inside it only make the result partial. `originalText` is the
 * function's text where `tree` is that of its expansion; `marksPoints` marks where statements could be put.
 */
export function lowerFunction(
  tree: SyntaxArrays,
  environment: LoweringEnvironment,
  originalText?: string,
  marksPoints = false,
): FunctionIr | undefined {
  const root = 0;
  const l = new Lowering(tree, environment, marksPoints);
  const declaratorNode = l.child(root, Field.Declarator);
  const body = l.child(root, Field.Body);
  if (declaratorNode === NO_NODE || body === NO_NODE) return undefined;
  const declarator = readDeclarator(tree, declaratorNode);
  if (declarator.name === '') return undefined;
  l.functionName = declarator.name;

  const typeNode = l.child(root, Field.Type);
  const typeText = typeNode === NO_NODE ? 'int' : textOf(tree, typeNode);
  const head = tree.text.slice(0, tree.start[body]);
  let isStatic = false;
  let givesConst = false;
  for (const child of childrenOf(tree, root)) {
    if (l.kind(child) === NodeKind.TypeQualifier && l.text(child) === 'const') givesConst = true;
    if (l.kind(child) === NodeKind.StorageClassSpecifier && l.text(child) === 'static') isStatic = true;
  }

  l.returnType = returnTypeOf(tree, declaratorNode, typeNode);
  l.openScope(root);
  const { parameters, isVariadic } = lowerParameters(l, declarator.parameters, root);
  l.openScope(body);
  collectLabels(l, body);
  const entry = l.current.id;
  lowerStatements(l, childrenOf(tree, body));
  l.markPoint('end', body);
  const closing = l.place(Math.max(0, tree.end[body] - 1), tree.end[body]);
  endScopes(l, 0, closing);
  l.current.terminator = { kind: 'return', value: undefined, origin: closing };
  return {
    name: declarator.name,
    parameters,
    isVariadic,
    isStatic,
    givesConst: givesConst && declarator.pointerDepth === 1,
    returnType: `${typeText}${' *'.repeat(declarator.pointerDepth).trimEnd()}`,
    variables: l.variables,
    blocks: l.blocks,
    entry,
    isNoreturn: NORETURN.test(head),
    isPartial: l.isPartial || tree.hasError,
    misread: l.misread,
    argumentsRead: argumentsRead(l),
    callees: [...l.callees].sort(),
    localTypes: l.localTypes,
    text: originalText ?? tree.text,
    isExpanded: tree.places !== undefined,
    closing,
  };
}

function lowerParameters(
  l: Lowering,
  list: NodeIndex,
  root: NodeIndex,
): { parameters: VariableId[]; isVariadic: boolean } {
  const parameters: VariableId[] = [];
  let isVariadic = false;
  if (list === NO_NODE) return { parameters, isVariadic };
  for (const child of childrenOf(l.tree, list)) {
    if (l.kind(child) === NodeKind.VariadicParameter) isVariadic = true;
    if (l.kind(child) === NodeKind.Identifier) {
      // An old-style (K&R) parameter list names its parameters only. One that nobody declares may have been anything in the source.
      const { typeText, pointerDepth, type } = declaredBehind(l, root, l.text(child)) ?? UNDECLARED;
      parameters.push(addParameter(l, l.text(child), typeText, pointerDepth, l.origin(child), type));
    }
    if (l.kind(child) !== NodeKind.ParameterDeclaration) continue;
    const typeNode = l.child(child, Field.Type);
    const typeText = typeNode === NO_NODE ? '' : l.text(typeNode);
    const declaratorNode = l.child(child, Field.Declarator);
    if (declaratorNode === NO_NODE && typeText === 'void') continue;
    const declarator = declaratorNode === NO_NODE ? undefined : readDeclarator(l.tree, declaratorNode);
    // `f(OBJECT(widget))`: the parameter of a function with a body has a name, which the macro makes.
    const isUnnamed = declarator?.name === '' && l.text(child).endsWith(')');
    if (isUnnamed && l.environment.isMacro(typeText)) l.isPartial = true;
    // An array parameter is a pointer (C17 6.7.6.3.7).
    const pointerDepth = declarator === undefined ? 0 : declarator.pointerDepth + (declarator.isArray ? 1 : 0);
    const type = declaratorNode === NO_NODE ? UNKNOWN_TYPE : parameterType(l, declaratorNode, typeNode);
    const qualifiers = childrenOf(l.tree, child)
      .filter((node) => l.kind(node) === NodeKind.TypeQualifier)
      .map((node) => l.text(node));
    parameters.push(
      addParameter(l, declarator?.name ?? '', [...qualifiers, typeText].join(' '), pointerDepth, l.origin(child), type),
    );
  }
  return { parameters, isVariadic };
}

interface ParameterDeclared {
  readonly typeText: string;
  readonly pointerDepth: number;
  readonly type: TypeTerm;
}

const UNDECLARED: ParameterDeclared = { typeText: '', pointerDepth: 1, type: UNKNOWN_TYPE };

/** What the declarations between an old-style parameter list and the body say of a parameter (C17 6.9.1p6). */
function declaredBehind(l: Lowering, root: NodeIndex, name: string): ParameterDeclared | undefined {
  for (const declaration of childrenOf(l.tree, root)) {
    if (l.kind(declaration) !== NodeKind.Declaration) continue;
    const typeNode = l.child(declaration, Field.Type);
    if (typeNode === NO_NODE) continue;
    for (const child of childrenOf(l.tree, declaration)) {
      if (l.tree.field[child] !== Field.Declarator) continue;
      const declarator = readDeclarator(l.tree, child);
      if (declarator.name !== name) continue;
      const pointerDepth = declarator.pointerDepth + (declarator.isArray ? 1 : 0);
      return { typeText: l.text(typeNode), pointerDepth, type: parameterType(l, child, typeNode) };
    }
  }
  return undefined;
}

function addParameter(
  l: Lowering,
  name: string,
  typeText: string,
  pointerDepth: number,
  origin: { start: number; end: number },
  type: TypeTerm,
): VariableId {
  const id = l.addVariable({
    name,
    kind: 'parameter',
    isArray: false,
    pointerDepth,
    type,
    typeText,
    isElsewhere: l.environment.isElsewhere(origin.start, origin.end),
    cleanup: undefined,
    origin,
  });
  if (name !== '') l.declare(name, id);
  return id;
}

/** An array parameter is a pointer, a function one too (C17 6.7.6.3). */
function parameterType(l: Lowering, declarator: NodeIndex, specifier: NodeIndex): TypeTerm {
  const { type } = readDeclared(l.tree, declarator, readSpecifier(l.tree, specifier));
  if (type.kind === 'array') return { kind: 'pointer', to: type.of };
  return type.kind === 'function' ? { kind: 'pointer', to: type } : type;
}

/** What stands in front of the function's own parameter list. */
function returnTypeOf(tree: SyntaxArrays, declarator: NodeIndex, specifier: NodeIndex): TypeTerm {
  let type = readSpecifier(tree, specifier);
  let node = declarator;
  while (node !== NO_NODE && tree.kind[node] === NodeKind.PointerDeclarator) {
    type = { kind: 'pointer', to: type };
    node = childByField(tree, node, Field.Declarator);
  }
  return node !== NO_NODE && tree.kind[node] === NodeKind.FunctionDeclarator ? type : UNKNOWN_TYPE;
}

/** Finds all labels first, with the scopes around them: a goto may jump forwards, out of scopes and into scopes. */
function collectLabels(l: Lowering, body: NodeIndex): void {
  const { tree } = l;
  // The scopes that are open on the way to a node; they end where the walk passes their end.
  const open: { node: NodeIndex; end: number }[] = [
    { node: 0, end: tree.length },
    { node: body, end: tree.next[body] },
  ];
  for (let node = body + 1; node < tree.next[body]; node++) {
    while (open.at(-1)!.end <= node) open.pop();
    const kind = tree.kind[node];
    if (
      kind === NodeKind.CompoundStatement ||
      kind === NodeKind.ForStatement ||
      kind === NodeKind.WhileStatement ||
      kind === NodeKind.DoStatement
    ) {
      open.push({ node, end: tree.next[node] });
    }
    if (kind === NodeKind.LabeledStatement) {
      const label = l.child(node, Field.Label);
      if (label === NO_NODE) continue;
      l.labels.set(l.text(label), { block: l.newBlock().id, scopes: open.map((scope) => scope.node) });
    }
  }
  if (l.labels.size === 0) return;
  for (let node = body + 1; node < tree.next[body]; node++) {
    // `&&label`, which the grammar reads as the address of an address.
    if (tree.kind[node] !== NodeKind.PointerExpression || !l.text(node).startsWith('&&')) continue;
    const inner = l.child(node, Field.Argument);
    const name = inner === NO_NODE ? NO_NODE : l.child(inner, Field.Argument);
    if (name !== NO_NODE && l.labels.has(l.text(name))) l.addressedLabels.add(l.text(name));
  }
}
