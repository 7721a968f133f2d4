import type { BlockId, VariableId } from '../ir/instructions.ts';
import { isBelieved } from './beliefs.ts';
import { isNull } from './constraints.ts';
import type { AnalysisContext } from './context.ts';
import { isOwned } from './leaks.ts';
import { loadValue } from './memory.ts';
import type { Region, Site, State } from './state.ts';
import type { Location, Value } from './value-shapes.ts';

const MAXIMUM_PLACE_DEPTH = 4;
/** Names of one pointer that are looked at. */
const MAXIMUM_HOLDERS = 8;

/** A place as the program writes it: `buffer`, `node->name`, `lists[0]`. */
export interface ReleasePlace {
  /** The variable that the text begins with. */
  readonly variable: VariableId;
  readonly text: string;
  readonly steps: readonly (string | number)[];
}

/** What a place holds in one state. */
export type Content =
  | { readonly kind: 'owned'; readonly value: Value; readonly region: Region; readonly allocation: Site }
  /** What a call gave, or wrote, that makes memory on other paths: its body is known in part only. */
  | { readonly kind: 'result'; readonly call: Site; readonly isWritten: boolean }
  /** What the place held on several paths, which were joined: any of what it ever holds. */
  | { readonly kind: 'joined'; readonly block: BlockId }
  | { readonly kind: 'null' | 'absent' | 'uninitialised' | 'freed' | 'shared' | 'other' };

/** What a place holds in a state. */
export function contentOf(context: AnalysisContext, state: State, place: ReleasePlace): Content {
  const { table } = context;
  let location = table.variable(place.variable);
  // Before its declaration, and behind the end of its scope.
  if (context.ir.variables[place.variable].kind === 'local' && !isBound(context, state, location))
    return { kind: 'absent' };
  for (const step of place.steps) {
    if (step === '*') {
      const pointer = loadValue(context, state, location);
      // Nothing can be read through it; whoever frees such a part would have to ask first.
      if (isNull(table, state, pointer)) return { kind: 'absent' };
      location = table.pointee(pointer);
    } else if (typeof step === 'number') location = table.element(location, table.integer(step));
    else location = context.places.placeOfMember(location, step);
  }
  const value = loadValue(context, state, location);
  const shape = table.values[value];
  if (shape.kind === 'symbol' && shape.origin.kind === 'uninitialised') return { kind: 'uninitialised' };
  if (isNull(table, state, value)) return { kind: 'null' };
  const region = state.regions.get(value);
  if (shape.kind === 'symbol' && !region) {
    // A member of a structure that was joined as a whole was joined with it.
    const whole = shape.origin.kind === 'part' ? table.values[shape.origin.whole] : shape;
    if (whole.kind === 'symbol' && whole.origin.kind === 'merged') {
      const { origin } = whole;
      // What was joined within a block has a point of its own behind the blocks' numbers: what came there is not known.
      const isOwn =
        origin.block < context.ir.blocks.length &&
        (origin.location === location || (whole !== shape && table.isWithin(location, origin.location)));
      return isOwn ? { kind: 'joined', block: origin.block } : { kind: 'other' };
    }
  }
  if (shape.kind === 'symbol' && !isBelieved(region) && (!region || region.status === 'escaped')) {
    const { origin } = shape;
    if (origin.kind === 'result' || (origin.kind === 'answer' && origin.site >= 0))
      return { kind: 'result', call: context.sites[origin.site], isWritten: false };
    // What a callee wrote through the variable's address has a number of its call, doubled.
    const site = origin.kind === 'unknown' && origin.site >= 0 && origin.site % 2 === 0 ? origin.site / 2 : -1;
    const call = context.sites[site];
    if (call && call.callee !== '') return { kind: 'result', call, isWritten: true };
  }
  if (!region) return { kind: state.regions.get(table.base(value))?.status === 'freed' ? 'freed' : 'other' };
  if (region.status === 'freed') return { kind: 'freed' };
  if (region.status === 'failed') return { kind: 'null' };
  const allocation = region.allocation ?? region.source;
  if (allocation && (isOwned(context, region) || isBelieved(region)))
    return { kind: 'owned', value, region, allocation };
  return { kind: 'shared' };
}

function isBound({ table }: AnalysisContext, state: State, location: Location): boolean {
  if (state.memory.has(location)) return true;
  // A structure or an array of which only parts are known.
  for (const other of state.memory.keys()) if (table.root(other) === location) return true;
  return false;
}

/** The places of the program's text that hold exactly this pointer in a state. */
export function placesOf(context: AnalysisContext, state: State, value: Value): ReleasePlace[] {
  const places: ReleasePlace[] = [];
  for (const [location, held] of state.memory) {
    if (held !== value) continue;
    places.push(...namesOf(context, state, location, 0));
  }
  return places;
}

function namesOf(context: AnalysisContext, state: State, location: Location, depth: number): ReleasePlace[] {
  if (depth > MAXIMUM_PLACE_DEPTH) return [];
  const { table, ir } = context;
  const shape = table.locations[location];
  const named = (variable: VariableId, steps: ReleasePlace['steps']): ReleasePlace => {
    return { variable, steps, text: textOf(ir.variables[variable].name, steps) };
  };
  switch (shape.kind) {
    case 'variable': {
      const { name, kind } = ir.variables[shape.variable];
      return name === '' || kind === 'temporary' ? [] : [named(shape.variable, [])];
    }
    case 'pointee': {
      const holders: ReleasePlace[] = [];
      for (const [holder, held] of state.memory) {
        if (held === shape.pointer && holder !== location) holders.push(...namesOf(context, state, holder, depth + 1));
        if (holders.length > MAXIMUM_HOLDERS) break;
      }
      return holders.map(({ variable, steps }) => named(variable, [...steps, '*']));
    }
    case 'field':
      return namesOf(context, state, shape.parent, depth + 1).map(({ variable, steps }) =>
        named(variable, [...steps, shape.name]),
      );
    case 'element': {
      const index = table.integerOf(shape.index);
      if (index === undefined || index < 0) return [];
      return namesOf(context, state, shape.parent, depth + 1).map(({ variable, steps }) =>
        named(variable, [...steps, index]),
      );
    }
    default:
      return [];
  }
}

/** As the program would write it: `node->name`, `*result`, `(*list)->head`, `parts[2].text`. */
function textOf(name: string, steps: ReleasePlace['steps']): string {
  let text = name;
  for (const [i, step] of steps.entries()) {
    const isBehindPointer = i > 0 && steps[i - 1] === '*';
    if (typeof step === 'number') text += `[${step}]`;
    else if (step !== '*') text += `${isBehindPointer ? '->' : '.'}${step}`;
    else if (i === steps.length - 1) text = `*${text}`;
    else if (steps[i + 1] === '*') text = `(*${text})`;
  }
  return text;
}
