import type { Site } from '../../analysis/state.ts';
import type { Variable } from '../../ir/instructions.ts';
import { Field, NodeKind } from '../../syntax/generated/node-kinds.ts';
import { childByField, childrenOf, NO_NODE } from '../../syntax/syntax-arrays.ts';
import type { RuleContext } from '../rule.ts';
import { bare, type FunctionText } from './function-text.ts';

/** A function that takes a block back, as a repair would call it: with the pointer and nothing else. */
export interface Deallocator {
  readonly name: string;
  /** False when it is not sure that it is the right one. */
  readonly isCertain: boolean;
  /** It frees what the block alone refers to as well. */
  readonly isDestructor: boolean;
  /** It is given the address of what holds the block, as `free_all(&list)`. */
  readonly takesAddress?: boolean;
}

/** Deallocators that do nothing when they are given NULL (C17 7.22.3.3, and the manuals of the libraries). */
const TAKES_NULL = new Set([
  'free',
  'g_free',
  'sqlite3_free',
  'git__free',
  'kfree',
  'zfree',
  'curl_free',
  'cJSON_Delete',
]);

const FREEING = /free|destroy|delete|release|dispose|unref|drop|cleanup|clear/i;

export function takesNull(deallocator: string): boolean {
  return TAKES_NULL.has(deallocator);
}

/** The function that frees a place: the one that the program itself calls for it, or the family's. */
export function deallocatorOf(
  fn: FunctionText,
  place: string,
  family: string,
  allocation: Site,
): { name: string; isCertain: boolean } | undefined {
  const known = freeingCall(fn, place, 0);
  if (known !== undefined) return { name: known, isCertain: true };
  if (family === 'malloc') return { name: 'free', isCertain: allocation.inner.length === 0 };
  return FREEING.test(family) && /^\w+$/.test(family) ? { name: family, isCertain: true } : undefined;
}

/**
 * The function that frees a block: the one that the function itself calls for the place, where its body or its library
 * says that it frees; the one that the program has for such objects; the family's own.
 */
export function deallocatorFor(
  context: RuleContext,
  fn: FunctionText,
  place: string,
  variable: Variable,
  family: string,
  allocation: Site,
): Deallocator | undefined {
  const { program } = context;
  const own = program.deallocator(family);
  const called = freeingCalls(fn, place).filter((name) => program.frees(name) !== false);
  const known = called.find((name) => program.frees(name)) ?? called[0];
  if (known !== undefined) {
    const isCertain = program.frees(known) === true || known === own;
    return { name: known, isCertain, isDestructor: known !== own };
  }
  // Such functions leave NULL there, or ask nobody to use it again; whether they free is known by their name alone.
  const [byAddress] = freeingCalls(fn, `&${place}`);
  if (byAddress !== undefined) return { name: byAddress, isCertain: false, isDestructor: true, takesAddress: true };
  const isWhole = place === variable.name || place === `*${variable.name}`;
  const type = isWhole ? objectType(variable) : undefined;
  if (allocation.inner.length > 0 || family === '') {
    const destructor = type === undefined ? undefined : program.destructor(type, allocation.callee);
    if (destructor !== undefined) return { name: destructor, isCertain: true, isDestructor: true };
  }
  if (own === undefined) return undefined;
  // Characters have no parts that a destructor would free.
  const isPlain = isWhole && type === undefined && variable.pointerDepth > 0;
  return { name: own, isCertain: allocation.inner.length === 0 || isPlain, isDestructor: false };
}

/** The function that frees what a call returned and no variable holds. */
export function deallocatorOfResult(context: RuleContext, family: string, allocation: Site): Deallocator | undefined {
  const { program } = context;
  const returned = program.returnType(allocation.callee);
  const type =
    returned === undefined ? undefined : objectType({ typeText: returned.replaceAll('*', ''), pointerDepth: 1 });
  if (allocation.inner.length > 0 && type !== undefined) {
    const name = program.destructor(type, allocation.callee);
    if (name !== undefined) return { name, isCertain: true, isDestructor: true };
  }
  const own = program.deallocator(family);
  if (own === undefined) return undefined;
  const isCertain = allocation.inner.length === 0 || (returned !== undefined && type === undefined);
  return { name: own, isCertain, isDestructor: false };
}

/** The tag or name of the structure that a pointer points to; undefined for characters, numbers and `void`. */
function objectType({ typeText, pointerDepth }: Pick<Variable, 'typeText' | 'pointerDepth'>): string | undefined {
  const words = typeText.match(/\w+/g) ?? [];
  const name = words.filter((word) => !/^(const|volatile|struct|union|register|static|extern)$/.test(word)).at(-1);
  if (name === undefined || pointerDepth > 1) return undefined;
  return /^(char|void|int|long|short|unsigned|signed|float|double|size_t|u?int\d*_t|u_char|u_int|bool|_Bool)$/.test(
    name,
  )
    ? undefined
    : name;
}

/** The function that the program calls to free a place, somewhere behind an offset. */
export function freeingCall(fn: FunctionText, place: string, after: number): string | undefined {
  return freeingCalls(fn, place, after)[0];
}

/** All of them, each once, in the order in which they stand in the text. */
function freeingCalls(fn: FunctionText, place: string, after = 0): string[] {
  const { tree } = fn;
  const found = new Set<string>();
  const written = place.replace(/\s+/g, '');
  for (let node = 1; node < tree.length; node++) {
    if (tree.kind[node] !== NodeKind.CallExpression || tree.start[node] < after) continue;
    const callee = childByField(tree, node, Field.Function);
    const list = childByField(tree, node, Field.Arguments);
    if (callee === NO_NODE || list === NO_NODE || fn.kind(callee) !== NodeKind.Identifier) continue;
    const callArguments = childrenOf(tree, list);
    if (callArguments.length !== 1 || fn.textOf(bare(fn, callArguments[0])).replace(/\s+/g, '') !== written) continue;
    const name = fn.textOf(callee);
    if (FREEING.test(name)) found.add(name);
  }
  return [...found];
}
