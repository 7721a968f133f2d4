import { keptPer } from '../base/kept.ts';
import type { FunctionIr } from '../ir/instructions.ts';
import { memberOf } from './aggregates.ts';
import type { AnalysisContext } from './context.ts';
import { loadValue } from './memory.ts';
import { binaryOperation } from './operations.ts';
import type { State } from './state.ts';
import type { AccessPath } from './summary.ts';
import type { Location, Value } from './value-shapes.ts';
import type { ValueTable } from './values.ts';

/** Paths longer than this are not carried through calls. */
const MAXIMUM_LENGTH = 12;

/** The path of a location from the function's interface, or undefined when the caller cannot name it. */
export function pathOfLocation(table: ValueTable, ir: FunctionIr, location: Location): AccessPath | undefined {
  const shape = table.locations[location];
  let path: AccessPath | undefined;
  switch (shape.kind) {
    case 'variable': {
      const variable = ir.variables[shape.variable];
      return variable.kind === 'global' ? [`g:${variable.name}`] : undefined;
    }
    case 'pointee': {
      const name = hiddenGlobalName(table, shape.pointer);
      if (name !== undefined) return [`g:${name}`];
      path = pathOfValue(table, ir, shape.pointer);
      return extend(path, '*');
    }
    case 'field':
      path = pathOfLocation(table, ir, shape.parent);
      return extend(path, `.${shape.name}`);
    case 'element': {
      const index = table.integerOf(shape.index);
      path = index === undefined ? undefined : pathOfLocation(table, ir, shape.parent);
      return extend(path, `[${index}]`);
    }
    default:
      return undefined;
  }
}

const HIDDEN_GLOBAL = 'global ';

/** The place of a variable outside of functions that the function does not mention, and in which a callee leaves something of interest. */
export function makeHiddenGlobal({ table, hiddenGlobals }: AnalysisContext, path: AccessPath): Location | undefined {
  if (path.length !== 1 || !path[0].startsWith('g:')) return undefined;
  const name = path[0].slice(2);
  let location = hiddenGlobals.get(name);
  if (location === undefined) {
    location = table.pointee(table.symbol({ kind: 'named', key: HIDDEN_GLOBAL + name }));
    hiddenGlobals.set(name, location);
  }
  return location;
}

function hiddenGlobalName({ values }: ValueTable, pointer: Value): string | undefined {
  const shape = values[pointer];
  if (shape.kind !== 'symbol' || shape.origin.kind !== 'named') return undefined;
  const { key } = shape.origin;
  return key.startsWith(HIDDEN_GLOBAL) ? key.slice(HIDDEN_GLOBAL.length) : undefined;
}

/** The path of a value: a parameter's, or what a nameable location held on entry. */
export function pathOfValue(table: ValueTable, ir: FunctionIr, value: Value): AccessPath | undefined {
  const shape = table.values[value];
  if (shape.kind === 'address') {
    const target = table.locations[shape.location];
    // Another function may have the name of a static one where the caller stands.
    return target.kind === 'function' && table.sharedFunctions.has(target.name) ? [`f:${target.name}`] : undefined;
  }
  if (shape.kind !== 'symbol') return undefined;
  if (shape.origin.kind === 'parameter') return [`p${shape.origin.index}`];
  if (shape.origin.kind === 'initial' && shape.origin.epoch === 0) {
    return extend(pathOfLocation(table, ir, shape.origin.location), '=');
  }
  if (shape.origin.kind === 'part') return pathOfPart(table, ir, shape.origin.whole, shape.origin.path);
  return undefined;
}

/**
 * The path of an address inside what the function was given: `p0 * .link &` of `&item->link`, `p0 * [1] &` of `header + 1`. Undefined
 * where types do not tell whether that is the beginning.
 */
export function pathOfAddress({ table, ir, places }: AnalysisContext, pointer: Value): AccessPath | undefined {
  const shape = table.values[pointer];
  if (shape.kind !== 'address' && (shape.kind !== 'binary' || shape.operator !== '+')) return undefined;
  const location = table.pointee(pointer);
  if (table.locations[table.root(location)].kind !== 'pointee') return undefined;
  for (let part = table.locations[location]; part.kind === 'field' || part.kind === 'element'; ) {
    if (part.kind === 'field' && places.positionOfMember(part.parent, part.name) === 'unknown') return undefined;
    part = table.locations[part.parent];
  }
  return extend(pathOfLocation(table, ir, location), ADDRESS);
}

/**
 * The path of what a place of the caller's held when the function first looked, `*out` of a parameter `out`, also where unknown code ran
 * before: that code was not given the place, and who asks there whether it holds NULL means what the caller left in it.
 */
export function pathOfGivenPlace(
  table: ValueTable,
  ir: FunctionIr,
  state: State,
  value: Value,
): AccessPath | undefined {
  const shape = table.values[value];
  if (shape.kind !== 'symbol' || shape.origin.kind !== 'initial') return undefined;
  const place = table.locations[shape.origin.location];
  const pointer = place.kind === 'pointee' ? table.values[place.pointer] : undefined;
  if (place.kind !== 'pointee' || pointer?.kind !== 'symbol' || pointer.origin.kind !== 'parameter') return undefined;
  if (state.regions.has(place.pointer)) return undefined;
  const { index } = pointer.origin;
  return ir.variables[ir.parameters[index]].pointerDepth > 1 ? [`p${index}`, '*', '='] : undefined;
}

/** The same, and of what stood behind a parameter later, after unknown code ran: it may be what stood there on entry. */
export function pathOfContent(table: ValueTable, ir: FunctionIr, value: Value): AccessPath | undefined {
  const shape = table.values[value];
  if (shape.kind === 'symbol' && shape.origin.kind === 'initial') {
    return extend(pathOfLocation(table, ir, shape.origin.location), '=');
  }
  return pathOfValue(table, ir, value);
}

/** The path of a member of a structure that was passed as a whole; elements of arrays in it have none. */
function pathOfPart(table: ValueTable, ir: FunctionIr, whole: Value, part: string): AccessPath | undefined {
  const shape = table.values[whole];
  if (shape.kind !== 'symbol' || shape.origin.kind !== 'parameter' || !MEMBERS.test(part)) return undefined;
  let path = pathOfValue(table, ir, whole);
  for (const name of part.split('.').slice(1)) path = extend(path, `.${name}`);
  return path;
}

const MEMBERS = /^(?:\.\w+)+$/;

function extend(path: AccessPath | undefined, step: string): AccessPath | undefined {
  return path === undefined || path.length >= MAXIMUM_LENGTH ? undefined : [...path, step];
}

/** The address of the place in front of it, and no operation: nothing stands behind it. */
const ADDRESS = '&';

/** Operations on numbers that a path may end with. */
const OPERATIONS = /^[+&|](-?\d+)$/;

/** Whether a pointer is the address of a variable outside of functions: `p0 @none`. */
const SAME = '@';

/** Whether two parameters are the same: `p0 ~1`. */
const EQUAL = '~';

/** A number that a callee computes of what its caller may know: `p0 * .references = +-1`, `p0 @none`, `p0 ~1`. */
export function pathOfComputed(context: AnalysisContext, value: Value): AccessPath | undefined {
  const { table, ir, places } = context;
  const shape = table.values[value];
  if (shape.kind === 'binary' && shape.operator === '==') {
    const path = pathOfIdentity(context, shape.left, shape.right) ?? pathOfIdentity(context, shape.right, shape.left);
    return path ?? pathOfEquality(table, shape.left, shape.right);
  }
  const operand = shape.kind === 'binary' ? table.integerOf(shape.right) : undefined;
  if (shape.kind !== 'binary' || operand === undefined) return undefined;
  const step = `${shape.operator}${operand}`;
  if (!OPERATIONS.test(step)) return undefined;
  const inner = places.isNumber(shape.left) ? pathOfValue(table, ir, shape.left) : pathOfComputed(context, shape.left);
  return extend(inner, step);
}

/** `if (text != no_text) free(text);`: what is compared with the address of a variable is that variable, or is not. */
function pathOfIdentity({ table, ir }: AnalysisContext, pointer: Value, address: Value): AccessPath | undefined {
  const shape = table.values[address];
  const target = shape.kind === 'address' ? table.locations[shape.location] : undefined;
  if (target?.kind !== 'variable' || ir.variables[target.variable].kind !== 'global') return undefined;
  return extend(pathOfValue(table, ir, pointer), SAME + ir.variables[target.variable].name);
}

/** `if (parent == child) return NULL;`: who calls it may know that they differ. */
function pathOfEquality({ values }: ValueTable, left: Value, right: Value): AccessPath | undefined {
  const a = values[left];
  const b = values[right];
  if (a.kind !== 'symbol' || b.kind !== 'symbol') return undefined;
  if (a.origin.kind !== 'parameter' || b.origin.kind !== 'parameter') return undefined;
  return [`p${a.origin.index}`, EQUAL + b.origin.index];
}

/** The path asks whether two parameters are the same. */
export const isEqualityPath = (path: AccessPath): boolean => path[path.length - 1].startsWith(EQUAL);

/** The path asks whether a pointer is the address of a variable. */
export const isIdentityPath = (path: AccessPath): boolean => path[path.length - 1].startsWith(SAME);

/** The path is of an address inside something. */
export const isAddressPath = (path: AccessPath): boolean => path[path.length - 1] === ADDRESS;

/** The path is of an element of an array that was given, as a function that goes on to the next gives it. */
export const isStepPath = (path: AccessPath): boolean => isAddressPath(path) && path[path.length - 2].startsWith('[');

export function isComputedPath(path: AccessPath): boolean {
  return isIdentityPath(path) || isEqualityPath(path) || OPERATIONS.test(path[path.length - 1]);
}

interface PathStep {
  readonly kind:
    | 'parameter'
    | 'global'
    | 'function'
    | 'target'
    | 'content'
    | 'address'
    | 'field'
    | 'element'
    | 'operation'
    | 'same'
    | 'equal';
  readonly name: string;
  readonly number: number;
}

/** The steps of a path; every call of its function on every path of the caller asks for them. */
const parsed = keptPer((path: AccessPath): readonly PathStep[] => path.map(parseStep));

function parseStep(step: string): PathStep {
  if (step === '*') return { kind: 'target', name: '', number: 0 };
  if (step === '=') return { kind: 'content', name: '', number: 0 };
  if (step === ADDRESS) return { kind: 'address', name: '', number: 0 };
  if (step.startsWith('p')) return { kind: 'parameter', name: '', number: Number(step.slice(1)) };
  if (step.startsWith('g:')) return { kind: 'global', name: step.slice(2), number: 0 };
  if (step.startsWith('f:')) return { kind: 'function', name: step.slice(2), number: 0 };
  if (step.startsWith(SAME)) return { kind: 'same', name: step.slice(1), number: 0 };
  if (step.startsWith(EQUAL)) return { kind: 'equal', name: '', number: Number(step.slice(1)) };
  if (step.startsWith('.')) return { kind: 'field', name: step.slice(1), number: 0 };
  if (OPERATIONS.test(step)) return { kind: 'operation', name: step[0], number: Number(step.slice(1)) };
  return { kind: 'element', name: '', number: Number(step.slice(1, -1)) };
}

/** A path leads nowhere: the caller has no such argument, or does not mention the global. */
const NOWHERE = -1;

/**
 * Follows a callee's path from a call, to a value where it ends in `pN` or `=`, else to a location: twice the number of the value, or
 * twice that of the location and one, or NOWHERE. Every call walks along many paths, and a pair would be an object for each.
 */
function walk(context: AnalysisContext, state: State, path: AccessPath, callArguments: readonly Value[]): number {
  const { table } = context;
  let value: Value | undefined;
  let location: Location | undefined;
  for (const { kind, name, number } of parsed(path)) {
    switch (kind) {
      case 'parameter':
        value = callArguments[number];
        if (value === undefined) return NOWHERE;
        break;
      case 'global': {
        const variable = context.globalNamed(name);
        location = variable === undefined ? context.hiddenGlobals.get(name) : table.variable(variable);
        if (location === undefined) return NOWHERE;
        break;
      }
      case 'function':
        if (!context.isSharedFunction(name)) return NOWHERE;
        value = table.addressOf(table.functionLocation(name));
        break;
      case 'target':
        location = table.pointee(value!);
        value = undefined;
        break;
      case 'content':
        value = loadValue(context, state, location!);
        location = undefined;
        break;
      case 'address':
        value = table.addressOf(location!);
        location = undefined;
        break;
      case 'field':
        if (location === undefined) {
          value = memberOf(table, value!, name);
          if (value === undefined) return NOWHERE;
        } else location = context.places.placeOfMember(location, name);
        break;
      case 'element':
        location = table.element(location!, table.integer(number));
        break;
      case 'same': {
        const variable = context.globalNamed(name);
        if (variable === undefined) {
          // A variable that the caller does not mention is none whose address it has written, and no new memory.
          const shape = table.values[table.base(value!)];
          const isOther = shape.kind === 'address' || (shape.kind === 'symbol' && shape.origin.kind === 'allocation');
          if (!isOther) return NOWHERE;
          value = table.zero;
          break;
        }
        value = binaryOperation(context, state, '==', value!, table.addressOf(table.variable(variable)));
        break;
      }
      case 'equal':
        if (callArguments[number] === undefined) return NOWHERE;
        value = binaryOperation(context, state, '==', value!, callArguments[number]);
        break;
      case 'operation':
        value = table.binary(name, value!, table.integer(number));
        break;
    }
  }
  if (value !== undefined) return value * 2;
  return location === undefined ? NOWHERE : location * 2 + 1;
}

/**
 * What a callee's path means at a call: a value for a path that ends in `pN` or `=`, else a location. Undefined when the
 * caller has no such argument or does not mention the global.
 */
export function resolvePath(
  context: AnalysisContext,
  state: State,
  path: AccessPath,
  callArguments: readonly Value[],
): { value: Value } | { location: Location } | undefined {
  const found = walk(context, state, path, callArguments);
  if (found === NOWHERE) return undefined;
  return found % 2 === 0 ? { value: found / 2 } : { location: (found - 1) / 2 };
}

/** The value that a callee's path means at a call; undefined where it means a place, or nothing. */
export function valueAtCall(
  context: AnalysisContext,
  state: State,
  path: AccessPath,
  callArguments: readonly Value[],
): Value | undefined {
  const found = walk(context, state, path, callArguments);
  return found !== NOWHERE && found % 2 === 0 ? found / 2 : undefined;
}

/** The place that a callee's path means at a call; undefined where it means a value, or nothing. */
export function locationAtCall(
  context: AnalysisContext,
  state: State,
  path: AccessPath,
  callArguments: readonly Value[],
): Location | undefined {
  const found = walk(context, state, path, callArguments);
  return found !== NOWHERE && found % 2 === 1 ? (found - 1) / 2 : undefined;
}

/** The position of the argument that a path begins with; -1 for what begins elsewhere. */
export function argumentOf(path: AccessPath): number {
  return path[0].startsWith('p') ? Number(path[0].slice(1)) : -1;
}
