import type { FunctionIr } from '../ir/instructions.ts';
import { memberOf } from './aggregates.ts';
import type { AnalysisContext } from './context.ts';
import { loadValue } from './memory.ts';
import type { State } from './state.ts';
import type { AccessPath } from './summary.ts';
import type { Location, Value, ValueTable } from './values.ts';

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
    case 'pointee':
      path = pathOfValue(table, ir, shape.pointer);
      return extend(path, '*');
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

/** The path of a value: a parameter's, or what a nameable location held on entry. */
export function pathOfValue(table: ValueTable, ir: FunctionIr, value: Value): AccessPath | undefined {
  const shape = table.values[value];
  if (shape.kind !== 'symbol') return undefined;
  if (shape.origin.kind === 'parameter') return [`p${shape.origin.index}`];
  if (shape.origin.kind === 'initial' && shape.origin.epoch === 0) {
    return extend(pathOfLocation(table, ir, shape.origin.location), '=');
  }
  if (shape.origin.kind === 'part') return pathOfPart(table, ir, shape.origin.whole, shape.origin.path);
  return undefined;
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
  const { table } = context;
  let value: Value | undefined;
  let location: Location | undefined;
  for (const step of path) {
    if (step.startsWith('p')) {
      value = callArguments[Number(step.slice(1))];
      if (value === undefined) return undefined;
    } else if (step.startsWith('g:')) {
      const name = step.slice(2);
      const variable = context.ir.variables.find((candidate) => candidate.kind === 'global' && candidate.name === name);
      if (!variable) return undefined;
      location = table.variable(variable.id);
    } else if (step === '*') {
      location = table.pointee(value!);
      value = undefined;
    } else if (step === '=') {
      value = loadValue(context, state, location!);
      location = undefined;
    } else if (step.startsWith('.')) {
      if (location === undefined) {
        value = memberOf(table, value!, step.slice(1));
        if (value === undefined) return undefined;
      } else location = table.field(location, step.slice(1));
    } else {
      location = table.element(location!, table.integer(Number(step.slice(1, -1))));
    }
  }
  if (value !== undefined) return { value };
  return location === undefined ? undefined : { location };
}
