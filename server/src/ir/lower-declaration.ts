import { suggestsCleanup } from '../source/names.ts';
import { Field, NodeKind } from '../syntax/generated/node-kinds.ts';
import { childByField, childrenOf, NO_NODE, type NodeIndex } from '../syntax/syntax-arrays.ts';
import { type Declarator, readDeclarator } from './declarators.ts';
import { constant, convert, storeVariable, unknown, variableAddress } from './emit.ts';
import { forgetMentions } from './forgetting.ts';
import type { ListPosition, Register, VariableId } from './instructions.ts';
import { lowerExpression } from './lower-expression.ts';
import type { Lowering } from './lowering.ts';
import { substitutedName } from './macro-inlining.ts';
import { convertToNumber } from './number-conversions.ts';
import { readDeclared, readSpecifier, UNKNOWN_TYPE } from './type-terms.ts';

const CLEANUP_ATTRIBUTE = /\bcleanup(?:__)?\s*\(\s*([A-Za-z_]\w*)\s*\)/;

/** Lowers a declaration inside a function: each declarator becomes a variable, each initialiser a store. */
export function lowerDeclaration(l: Lowering, node: NodeIndex): void {
  const typeNode = l.child(node, Field.Type);
  const typeText = typeNode === NO_NODE ? '' : l.text(typeNode);
  let isStatic = false;
  let isExternal = false;
  for (let child = node + 1; child < l.tree.next[node]; child = l.tree.next[child]) {
    if (l.kind(child) !== NodeKind.StorageClassSpecifier) continue;
    const word = l.text(child);
    if (word === 'static') isStatic = true;
    if (word === 'extern') isExternal = true;
    if (word === 'typedef') return;
  }
  if (isMisreadCall(l, node)) {
    forgetMentions(l, node);
    return;
  }
  const specifier = readSpecifier(l.tree, typeNode);
  if (specifier.kind === 'record') l.localTypes.set(`${specifier.tag} ${specifier.name}`, specifier);
  const cleanup = cleanupOf(l, node);
  if (!l.frame.origin && l.environment.isMadeStatic(l.tree.start[node], l.tree.end[node])) isStatic = true;
  const isElsewhere = !l.frame.origin && l.environment.isElsewhere(l.tree.start[node], l.tree.end[node]);
  for (let child = node + 1; child < l.tree.next[node]; child = l.tree.next[child]) {
    if (l.tree.field[child] !== Field.Declarator) continue;
    const initializer = l.kind(child) === NodeKind.InitDeclarator ? l.child(child, Field.Value) : NO_NODE;
    const declarator = readDeclarator(
      l.tree,
      l.kind(child) === NodeKind.InitDeclarator ? childByField(l.tree, child, Field.Declarator) : child,
    );
    if (declarator.name === '' || declarator.isFunction) continue;
    if (isExternal) {
      if (!l.frame.origin) l.global(declarator.name, readDeclared(l.tree, child, specifier).type);
      continue;
    }
    const name = substitutedName(l, declarator.name);
    // Only the branches of a conditional group declare a name twice in one scope. An array is another object than a pointer or number.
    const other = isStatic ? undefined : l.declaredHere(name);
    const isArray = declarator.isArray || isArrayByType(l, typeNode, declarator, initializer);
    const id =
      (other !== undefined && l.variables[other].isArray === isArray ? other : undefined) ??
      l.addVariable({
        name,
        kind: isStatic ? 'static' : 'local',
        isArray,
        pointerDepth: declarator.pointerDepth,
        type: l.frame.origin ? UNKNOWN_TYPE : readDeclared(l.tree, child, specifier).type,
        typeText,
        isElsewhere,
        cleanup,
        origin: l.origin(declarator.nameNode),
      });
    if (isStatic) {
      // A static's initialiser runs once, before the program; its value on entry is unknown.
      l.declare(name, id);
      continue;
    }
    if (initializer === NO_NODE) {
      l.declare(name, id);
      l.emit({ op: 'declare', variable: id });
    } else if (l.kind(initializer) === NodeKind.InitializerList) {
      l.declare(name, id);
      l.emit({ op: 'declare', variable: id });
      l.fullExpression(() => lowerInitializer(l, id, initializer));
    } else {
      // The scope of the name begins before its initialiser (C17 6.2.1.7), but the old value is what a reader means.
      l.fullExpression(() => {
        const outer = l.declaring;
        l.declaring = l.variables[id];
        const value = lowerExpression(l, initializer);
        l.declaring = outer;
        convert(l, value, l.variables[id].type, initializer);
        l.declare(name, id);
        l.emit({ op: 'declare', variable: id });
        storeVariable(l, id, convertToNumber(l, value, l.variables[id].type, initializer), child);
      });
    }
  }
}

/** A list in braces stands for an array or a structure, and of an array the name is its address: it matters which the type is. */
function isArrayByType(l: Lowering, type: NodeIndex, { pointerDepth }: Declarator, initializer: NodeIndex): boolean {
  if (type === NO_NODE || pointerDepth > 0 || initializer === NO_NODE) return false;
  if (l.kind(type) !== NodeKind.TypeIdentifier || l.kind(initializer) !== NodeKind.InitializerList) return false;
  return l.environment.isArrayType(l.text(type));
}

/**
 * `MAYBE free(p);` reads as the declaration of a function `free` whose parameter has the type `p`. A variable in sight is no
 * type: it is a call, and what `MAYBE` makes of it is not known.
 */
function isMisreadCall(l: Lowering, node: NodeIndex): boolean {
  const type = l.child(node, Field.Type);
  const declarator = l.child(node, Field.Declarator);
  if (type === NO_NODE || declarator === NO_NODE || l.kind(type) !== NodeKind.TypeIdentifier) return false;
  if (l.kind(declarator) !== NodeKind.FunctionDeclarator) return false;
  const list = l.child(declarator, Field.Parameters);
  if (list === NO_NODE) return false;
  return childrenOf(l.tree, list).some(
    (parameter) =>
      l.kind(parameter) === NodeKind.ParameterDeclaration &&
      l.tree.next[parameter] === parameter + 2 &&
      l.kind(parameter + 1) === NodeKind.TypeIdentifier &&
      l.lookUp(l.text(parameter + 1)) !== undefined,
  );
}

/** A cleanup from `__attribute__((cleanup(f)))` in the text, or from an annotation that the normaliser blanked. */
function cleanupOf(l: Lowering, node: NodeIndex): string | undefined {
  const text = l.text(node);
  if (text.includes('cleanup')) {
    const match = CLEANUP_ATTRIBUTE.exec(text);
    if (match) return match[1];
  }
  const noted = l.frame.cleanupWithin(l.tree.start[node], l.tree.end[node]);
  if (noted !== undefined) return noted;
  const type = l.child(node, Field.Type);
  if (type === NO_NODE || l.kind(type) !== NodeKind.TypeIdentifier || !suggestsCleanup(l.text(type))) return undefined;
  return l.environment.isTypeName(l.text(type)) ? undefined : l.text(type);
}

/** Stores an initialiser, list or expression, into a variable. */
export function lowerInitializer(l: Lowering, variable: VariableId, node: NodeIndex): void {
  if (l.kind(node) === NodeKind.InitializerList) {
    beginInitializerList(l, variable, node);
    lowerInitializerList(l, () => variableAddress(l, variable), node, { variable, path: [] });
    return;
  }
  storeVariable(l, variable, lowerExpression(l, node), node);
}

/**
 * What an initialiser list does not mention is zero (C17 6.7.9.21). Without designators it is not known which members
 * those are.
 */
function beginInitializerList(l: Lowering, variable: VariableId, node: NodeIndex): void {
  const children = childrenOf(l.tree, node);
  const isPlain = children.every((child) => l.kind(child) === NodeKind.InitializerPair || isZero(l, child));
  storeVariable(l, variable, isPlain ? constant(l, 0) : unknown(l, node), node);
}

function isZero(l: Lowering, node: NodeIndex): boolean {
  return l.text(node) === '0' || l.text(node) === 'NULL';
}

/** Members and elements further behind are not found by their position. */
const MAXIMUM_POSITIONS = 64;

/**
 * `base` is the address of what the list initialises; undefined for what is found by its position in a list alone. `listed` is
 * the variable and how its parts are found there, where no designator stands on the way. Returns whether all of it is zero.
 */
function lowerInitializerList(
  l: Lowering,
  base: (() => Register) | undefined,
  node: NodeIndex,
  listed: { readonly variable: VariableId; readonly path: readonly ListPosition[] } | undefined,
): boolean {
  let isAllZero = true;
  let position = 0;
  const unbraced: number[] = [];
  let isByPosition = listed !== undefined;
  for (let child = node + 1; child < l.tree.next[node]; child = l.tree.next[child]) {
    if (l.kind(child) === NodeKind.ERROR) {
      forgetMentions(l, child);
      isAllZero = false;
      continue;
    }
    if (l.kind(child) === NodeKind.Comment) continue;
    const isPair = l.kind(child) === NodeKind.InitializerPair;
    // Longer lists are tables.
    if (isPair || position >= MAXIMUM_POSITIONS) isByPosition = false;
    const path = listed && isByPosition ? [...listed.path, { position, unbraced: [...unbraced] }] : undefined;
    const part = listed && path ? { variable: listed.variable, path } : undefined;
    position++;
    const value = isPair ? l.child(child, Field.Value) : child;
    if (value === NO_NODE) continue;
    const address = isPair && base ? designatedAddress(l, base, child) : undefined;
    if (l.kind(value) === NodeKind.InitializerList) {
      if (!lowerInitializerList(l, address, value, part)) isAllZero = false;
      continue;
    }
    unbraced.push(position - 1);
    const register = lowerExpression(l, value);
    if (!isZero(l, value)) isAllZero = false;
    if (address) {
      l.emit({
        op: 'store',
        address: address(),
        value: register,
        origin: l.origin(child),
        pointer: undefined,
        mayWritePointers: false,
      });
    } else {
      // By position: which member it is depends on a type that may not be in sight. Then the value is held, but not found.
      l.emit({ op: 'escape', value: register, initialises: part });
    }
  }
  if (base && isAllZero && node + 1 < l.tree.next[node] && l.kind(node + 1) !== NodeKind.InitializerPair) {
    const address = base();
    l.emit({
      op: 'store',
      address,
      value: constant(l, 0),
      origin: l.origin(node),
      pointer: undefined,
      mayWritePointers: false,
    });
  }
  return isAllZero;
}

function designatedAddress(l: Lowering, base: () => Register, pair: NodeIndex): (() => Register) | undefined {
  const steps: NodeIndex[] = [];
  for (let child = pair + 1; child < l.tree.next[pair]; child = l.tree.next[child]) {
    if (l.tree.field[child] === Field.Designator) steps.push(child);
  }
  if (steps.length === 0 || steps.some((step) => l.kind(step) === NodeKind.SubscriptRangeDesignator)) return undefined;
  return () => {
    let register = base();
    for (const step of steps) {
      const destination = l.newRegister();
      const inner = step + 1;
      if (inner >= l.tree.next[step]) continue;
      if (l.kind(step) === NodeKind.FieldDesignator) {
        l.emit({ op: 'field', destination, base: register, name: l.text(inner), of: UNKNOWN_TYPE });
      } else {
        const index = lowerExpression(l, inner);
        l.emit({ op: 'element', destination, base: register, index, type: UNKNOWN_TYPE });
      }
      register = destination;
    }
    return register;
  };
}
