import { keptPer } from '../base/kept.ts';
import { definitionOf } from '../ir/definitions.ts';
import type { FunctionIr, Instruction, Register } from '../ir/instructions.ts';
import { isComparison } from './constant-folding.ts';
import type { AnalysisContext } from './context.ts';
import type { Location, Value } from './value-shapes.ts';
import type { ValueTable } from './values.ts';

/*
 * `if (count) p = malloc(count); if (count > 0) free(p);`: of a number whose type is unsigned the two ask the same.
 */

/** The values whose places were asked for their type, and whether that is unsigned. */
const askedValues = keptPer((_: AnalysisContext) => new Map<Value, boolean>());

/** What ends a file is negative (C17 7.21.1), and -1 wherever C is compiled: it is neither a character nor of a class. */
const END_OF_FILE = 'EOF';

/** A constant of which only the name is in sight. */
export function namedNumber(table: ValueTable, name: string): Value {
  const symbol = table.symbol({ kind: 'named', key: name });
  if (name === END_OF_FILE) {
    table.lowerBounds.set(symbol, -1);
    table.upperBounds.set(symbol, -1);
  }
  return symbol;
}

/** A value was read that is known by the place in which it stands: that place's type may say that it is not negative. */
export function boundUnsigned(context: AnalysisContext, location: Location, value: Value): void {
  const { table, places, ir } = context;
  const shape = table.values[value];
  if (shape.kind !== 'symbol') return;
  const asked = askedValues(context);
  if (asked.has(value)) return;
  const { origin } = shape;
  const place = table.locations[location];
  const isOwn =
    origin.kind === 'initial' || origin.kind === 'merged'
      ? origin.location === location
      : origin.kind === 'parameter' && place.kind === 'variable' && ir.parameters[origin.index] === place.variable;
  if (!isOwn) return;
  const limit = table.lowerBounds.has(value) || comparesWithNegative(ir) ? undefined : places.unsignedLimit(location);
  asked.set(value, limit !== undefined);
  if (limit === undefined) return;
  table.lowerBounds.set(value, 0);
  if (Number.isFinite(limit)) table.upperBounds.set(value, limit);
}

/** A number that is not negative, since its place has an unsigned type. */
export function isUnsigned(context: AnalysisContext, value: Value): boolean {
  return askedValues(context).get(value) === true;
}

/** `(int)count < 0` of an unsigned number asks for its highest bit: nobody would ask without the conversion, which stands in no value. */
export function signOf(table: ValueTable, value: Value): Value {
  return table.symbol({ kind: 'named', key: `the sign of ${value}` });
}

/** Something is compared with a negative number in the function: `if (length == (size_t)-1)` asks for the greatest one. */
const comparesWithNegative = keptPer(({ blocks }: FunctionIr): boolean => {
  return blocks.some(({ instructions }) =>
    instructions.some(
      (each, at) =>
        each.op === 'binary' &&
        isComparison(each.operator) &&
        (isNegative(instructions, at, each.left) || isNegative(instructions, at, each.right)),
    ),
  );
});

/** A constant below zero, or what `-` and `~` make of one. */
function isNegative(instructions: readonly Instruction[], at: number, register: Register): boolean {
  const definition = definitionOf(instructions, at, register);
  if (definition?.op === 'constant') return definition.value < 0;
  if (definition?.op === 'named') return definition.key === END_OF_FILE;
  return definition?.op === 'unary' && (definition.operator === '-' || definition.operator === '~');
}
