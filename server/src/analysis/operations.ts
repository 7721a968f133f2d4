import { keptPer } from '../base/kept.ts';
import { variableAt } from '../ir/definitions.ts';
import type { FunctionIr, Variable } from '../ir/instructions.ts';
import { LAST_ERRORS, type NumberConversion } from '../ir/number-conversions.ts';
import { isComparison } from './constant-folding.ts';
import { assume, isNull } from './constraints.ts';
import type { AnalysisContext } from './context.ts';
import { areDistinctObjects } from './distinct-objects.ts';
import { escapeValue } from './memory.ts';
import type { State } from './state.ts';
import { isUnsigned, signOf } from './unsigned-values.ts';
import type { Value } from './value-shapes.ts';
import type { ValueTable } from './values.ts';

/** Pointer arithmetic gives the address of an element; the rest is an operation on integers. */
export function binaryOperation(
  context: AnalysisContext,
  state: State,
  operator: string,
  left: Value,
  right: Value,
): Value {
  const { table } = context;
  if ((operator === '==' || operator === '!=') && areDistinctObjects(context, state, left, right)) {
    return operator === '==' ? table.zero : table.one;
  }
  const isAddress = (value: Value): boolean =>
    table.values[value].kind === 'address' || state.regions.has(table.base(value));
  // `p += larger - block` takes a pointer from one block into another: which one it is in now is not known.
  if (operator === '+' && isAddress(left) && table.restsOn(right, table.base(left))) {
    return table.symbol({ kind: 'named', key: `moved ${left} ${right}` });
  }
  if (operator === '+' && isAddress(left)) return table.addressOf(table.element(table.pointee(left), right));
  if (operator === '+' && isAddress(right)) return table.addressOf(table.element(table.pointee(right), left));
  // A pointer that is taken from a pointer gives a number, wherever it points.
  if (operator === '-' && isAddress(left) && !isAddress(right) && !isPointer(context, right)) {
    return table.addressOf(table.element(table.pointee(left), table.binary('-', table.zero, right)));
  }
  const distance = isComparison(operator) ? comparedDistance(table, operator, left, right) : undefined;
  if (distance !== undefined) return distance;
  if (right === table.zero && (operator === '<' || operator === '>=') && isUnsigned(context, left)) {
    const sign = signOf(table, left);
    return operator === '<' ? sign : table.binary('==', sign, table.zero);
  }
  // `failed |= p == NULL` where nothing failed before says what the comparison says.
  if (operator === '|' && left !== right) {
    if (isNull(table, state, left)) return right;
    if (isNull(table, state, right)) return left;
  }
  if (operator === '&') {
    const bits = bitsSet(table, left, right) ?? bitsSet(table, right, left);
    if (bits !== undefined && assume(table, state, bits, true)) return bits;
  }
  return operator === '/' ? quotient(context, left, right) : table.binary(operator, left, right);
}

/** `flags |= CLOSED; … flags & CLOSED`: nothing in sight says which bits the name stands for, but they are set. */
function bitsSet(table: ValueTable, value: Value, mask: Value): Value | undefined {
  if (table.constantName(mask) === undefined) return undefined;
  for (let rest = value; ; ) {
    if (rest === mask) return mask;
    const shape = table.values[rest];
    if (shape.kind !== 'binary' || shape.operator !== '|') return undefined;
    if (shape.right === mask) return mask;
    rest = shape.left;
  }
}

/** `p < p + count` asks whether there is anything to count, as a loop through an array does in its first turn. */
function comparedDistance(table: ValueTable, operator: string, left: Value, right: Value): Value | undefined {
  const distance = (from: Value, to: Value): Value | undefined => {
    const shape = table.values[to];
    const place = shape.kind === 'address' ? table.locations[shape.location] : undefined;
    return place?.kind === 'element' && place.parent === table.pointee(from) ? place.index : undefined;
  };
  const behind = distance(left, right);
  if (behind !== undefined) return table.binary(operator, table.zero, behind);
  const before = distance(right, left);
  return before === undefined ? undefined : table.binary(operator, before, table.zero);
}

/**
 * `sizeof a / sizeof a[0]` is the number of elements of the array, also where nothing else is known of their type. Where the
 * array's length is not known either there is one element at least (C17 6.7.6.2).
 */
function quotient({ table, sizes }: AnalysisContext, left: Value, right: Value): Value {
  const whole = sizes.sizeofs.get(left);
  const part = sizes.sizeofs.get(right);
  if (!whole || !part) return table.binary('/', left, right);
  const { types } = sizes;
  const array = types.resolve(whole.type);
  const other = types.resolve(part.type);
  if (array.kind === 'array') {
    const element = types.resolve(array.of);
    const size = types.sizeOf(element);
    const isElement = types.isSame(element, other) || (size !== undefined && size === types.sizeOf(other));
    if (isElement && array.length !== undefined) return table.integer(array.length);
  }
  const wholeSize = types.sizeOf(array);
  const partSize = types.sizeOf(other);
  if (wholeSize !== undefined && partSize !== undefined) return table.integer(Math.trunc(wholeSize / partSize));
  const count = table.symbol({ kind: 'named', key: `count ${left} ${right}` });
  table.lowerBounds.set(count, 1);
  return count;
}

export function unaryOperation(context: AnalysisContext, state: State, operator: string, operand: Value): Value {
  const { table } = context;
  if (operator === '!') return table.binary('==', operand, table.zero);
  if (operator === '-') return table.binary('-', table.zero, operand);
  if (operator === '+') return operand;
  if (operator === '(error)') {
    if (!setsErrors(context.ir)) assume(table, state, operand, true);
    return operand;
  }
  if (operator === '(negative)') {
    assume(table, state, table.binary('<', operand, table.zero), true);
    return operand;
  }
  if (operator === '(bool)' || operator === '(int)') return pointerAsNumber(context, state, operator, operand);
  return table.binary('^', operand, table.integer(-1));
}

/** A pointer that is stored as a number (see `number-conversions.ts`); numbers are what they were. */
function pointerAsNumber(context: AnalysisContext, state: State, to: NumberConversion, operand: Value): Value {
  const { table } = context;
  const base = table.base(operand);
  if (table.values[base].kind !== 'address' && !state.regions.has(base)) return operand;
  if (to === '(bool)') return table.binary('!=', operand, table.zero);
  // Whoever reads the number may know how to make the pointer of it again.
  escapeValue(context, state, operand);
  return table.symbol({ kind: 'named', key: `the low bits of ${operand}` });
}

/** The function sets what tells of the last error itself, so that it may be told of none: `errno = 0; n = strtol(s, 0, 10);`. */
const setsErrors = keptPer(({ callees, blocks, variables }: FunctionIr): boolean => {
  const setters = [...LAST_ERRORS.values()];
  if (callees.some((callee) => setters.includes(callee))) return true;
  return blocks.some(({ instructions }) =>
    instructions.some((instruction, at) => {
      if (instruction.op !== 'store') return false;
      const variable = variableAt(instructions, at, instruction.address);
      return variable !== undefined && variables[variable].name === 'errno';
    }),
  );
});

/** The value is what a variable holds that is declared as a pointer. */
function isPointer(context: AnalysisContext, value: Value): boolean {
  const variable = variableOf(context, value);
  return variable !== undefined && (variable.pointerDepth > 0 || variable.isArray);
}

/** The variable that a value was first seen in. */
function variableOf({ table, ir }: AnalysisContext, value: Value): Variable | undefined {
  const shape = table.values[value];
  if (shape.kind !== 'symbol' || (shape.origin.kind !== 'initial' && shape.origin.kind !== 'merged')) return undefined;
  const place = table.locations[shape.origin.location];
  return place.kind === 'variable' ? ir.variables[place.variable] : undefined;
}
