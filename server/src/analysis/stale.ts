import { keptPer } from '../base/kept.ts';
import { isInLoop, reachableBlocks } from '../ir/control-flow.ts';
import { definitionOf, variableAt } from '../ir/definitions.ts';
import type { BlockId } from '../ir/instructions.ts';
import { pathOfLocation, pathOfValue } from './access-paths.ts';
import { factOf, isNull } from './constraints.ts';
import type { AnalysisContext, ExitState } from './context.ts';
import { epochOf, loadValue } from './memory.ts';
import { changedRegion, type Region, type Site, type State } from './state.ts';
import type { Location, Value } from './value-shapes.ts';

/** Names that programs give to error codes. */
const ERROR_NAME =
  /(^|_)(ERR|ERROR|FAIL|FAILED|FAILURE|ENOMEM|NOMEM|NO_MEM|NO_MEMORY|OOM|EINVAL|EIO|BAD|INVALID)(_|$)|^E[A-Z]{2,}$|ERR/;

const TRUTH_TYPE = /(?:^|[\s_])(?:bool|g?boolean)(?:_t)?$/i;

/** True for a type of truth values as it is written, a program's own among them: `cJSON_bool`. */
export const isTruthType = (type: string): boolean => TRUTH_TYPE.test(type.trim());

/** What such names say where all results begin alike: `LIBX_ERR_SUCCESS`. */
const SUCCESS_NAME = /(^|_)(SUCCESS|OK|NONE|NOERROR|NO_ERROR)$/;

/** A place that the caller sees and that holds a freed pointer. */
interface DanglingPlace {
  readonly location: Location;
  readonly path: readonly string[];
  readonly value: Value;
  /** The function got the memory itself: what the caller had there is something else. */
  readonly isOwn: boolean;
  readonly region: Region & { readonly free: Site };
}

/** Adds a flaw for each freed pointer that stands in a place the caller still sees when the function returns. */
export function findStaleAtExits(context: AnalysisContext): void {
  for (const exit of context.exits) {
    const isFailure = isErrorExit(context, exit);
    for (const { location, path, region, isOwn } of placesThatDangle(context, exit.state)) {
      if (
        isFailure &&
        isKeptVariable(context, location) &&
        isMadeBefore(context, location, region) &&
        isBehindFlag(context, exit)
      )
        continue;
      context.flaws.push({
        kind: 'stale-at-exit',
        free: region.free,
        exit: exit.site,
        place: asWritten(context, location, path),
        isErrorExit: isFailure,
        isRefilledElsewhere:
          !isToldBeside(context, exit.state, location) &&
          !isTagged(context, exit.state, location) &&
          isRefilledElsewhere(context, location),
        isByCallee: context.freesByCallees.has(region.free.id),
        isResult: isOwn && region.allocation !== undefined && path.length === 2 && path[1] === '*',
      });
    }
  }
}

/** A number was written beside the place, or beside the union that it is in: `value->type = NOTHING;`. */
function isTagged({ table }: AnalysisContext, { memory }: State, location: Location): boolean {
  const holders = new Set<Location>();
  for (let shape = table.locations[location]; shape.kind === 'field'; shape = table.locations[shape.parent])
    holders.add(shape.parent);
  for (const [other, value] of memory) {
    const beside = table.locations[other];
    if (beside.kind === 'field' && holders.has(beside.parent) && table.integerOf(value) !== undefined) return true;
  }
  return false;
}

/** `free(box->name); if (name) box->name = strdup(name);`: on one way out the place holds something that the function put there. */
function isRefilledElsewhere({ exits, table }: AnalysisContext, location: Location): boolean {
  return exits.some(({ state }) => {
    const held = state.memory.get(location);
    if (held === undefined || table.integerOf(held) !== undefined) return false;
    return state.regions.get(table.base(held))?.status !== 'freed';
  });
}

/**
 * The places that dangle at an exit, and of which the caller cannot know from what was freed of its own: they hold memory that the
 * function made.
 */
export function danglingPlaces(context: AnalysisContext, exit: ExitState): DanglingPlace[] {
  const places = placesThatDangle(context, exit.state).filter(({ isOwn }) => isOwn);
  if (places.length === 0 || isErrorExit(context, exit)) return places;
  return places.filter(({ region }) => region.allocation !== undefined);
}

function placesThatDangle(context: AnalysisContext, state: State): DanglingPlace[] {
  const found: DanglingPlace[] = [];
  for (const [value, region] of state.regions) {
    const { free } = region;
    // What was used after the free is told of as that.
    if (region.status !== 'freed' || !free || !region.isDefinite || region.isUsed) continue;
    if (!context.environment.models.family(region.family).isMemory) continue;
    for (const location of placesHolding(context, state, value)) {
      const path = pathOfPlace(context, location);
      if (!path || isUndeclared(context, location)) continue;
      // What a loop frees one after the other is an array that goes away, as a rule.
      const isElement = path.at(-1) === '*' || path.some((step) => step.startsWith('['));
      if (isElement && isInLoop(context.flow, free.block)) continue;
      if (isHolderDead(context, state, location)) continue;
      const isOwn = pathOfValue(context.table, context.ir, value) === undefined;
      if (isOwn && isToldBeside(context, state, location)) continue;
      found.push({ location, path, value, isOwn, region: changedRegion(region, { free }) });
    }
  }
  return found;
}

/** A variable outside of functions, or one that stays from call to call. */
function isKeptVariable({ table, ir }: AnalysisContext, location: Location): boolean {
  const shape = table.locations[location];
  return shape.kind === 'variable' && ['global', 'static'].includes(ir.variables[shape.variable].kind);
}

/**
 * Where all goes well the function sets a number that is kept beside the pointer, `initialized = 1;`, and not where it fails: who
 * uses the pointer asks that first. Memory that the function itself made was there for nobody yet.
 */
function isBehindFlag(context: AnalysisContext, { state, site }: ExitState): boolean {
  const successes = successesOf(context);
  if (successes.length === 0) return false;
  const leadsToSuccess = (reached: ReadonlySet<BlockId>): boolean =>
    successes.some((exit) => reached.has(exit.site.block));
  if (flagsSet(context).some((reached) => !reached.has(site.block) && leadsToSuccess(reached))) return true;
  return context.ir.variables.some((_, id) => {
    const flag = context.table.variable(id);
    if (!isKeptVariable(context, flag) || isSet(context, state, flag)) return false;
    return successes.every((exit) => isSet(context, exit.state, flag));
  });
}

/** Asked only when all exits are there. */
const successesOf = keptPer((context: AnalysisContext) => context.exits.filter((exit) => !isErrorExit(context, exit)));

/** The function stored something in the variable before it freed what stood there. */
function isMadeBefore(
  { table, ir }: AnalysisContext,
  location: Location,
  { allocation, free }: DanglingPlace['region'],
): boolean {
  const shape = table.locations[location];
  if (allocation || shape.kind !== 'variable') return allocation !== undefined;
  return ir.blocks.some(({ id, instructions }) => {
    const stored = instructions.findIndex(
      (store, at) => store.op === 'store' && variableAt(instructions, at, store.address) === shape.variable,
    );
    return stored >= 0 && (id === free.block ? stored < free.instruction : reachableBlocks(ir, [id]).has(free.block));
  });
}

/** By each place that sets such a number: the blocks that may come behind it. */
const flagsSet = keptPer(({ ir }: AnalysisContext): readonly ReadonlySet<BlockId>[] => {
  return ir.blocks.flatMap(({ id, instructions }) => {
    const sets = instructions.some((store, at) => {
      if (store.op !== 'store') return false;
      const variable = variableAt(instructions, at, store.address);
      const value = definitionOf(instructions, at, store.value);
      const isNumber = value?.op === 'constant' && value.value !== 0;
      return isNumber && variable !== undefined && ['global', 'static'].includes(ir.variables[variable].kind);
    });
    return sets ? [reachableBlocks(ir, [id])] : [];
  });
});

/** The function wrote a number to the variable, and not 0. */
function isSet({ table }: AnalysisContext, state: State, variable: Location): boolean {
  const held = state.memory.get(variable);
  const number = held === undefined ? undefined : table.integerOf(held);
  return number !== undefined && number !== 0;
}

/** Of a name that nobody declares it is not known that it is a variable which outlives the function: a macro's body may be meant for others. */
function isUndeclared({ table, ir }: AnalysisContext, location: Location): boolean {
  const root = table.locations[table.root(location)];
  return root.kind === 'variable' && ir.variables[root.variable].isUndeclared === true;
}

/** The path of a place; an element whose index is not a known number is `[]`. */
function pathOfPlace(context: AnalysisContext, location: Location): readonly string[] | undefined {
  const { table, ir } = context;
  const shape = table.locations[location];
  if (shape.kind !== 'element' || table.integerOf(shape.index) !== undefined)
    return pathOfLocation(table, ir, location);
  const parent = pathOfLocation(table, ir, shape.parent);
  return parent && [...parent, '[]'];
}

/** The path of a place with the names that the function has for members of unions, which are one place under the first one's name. */
function asWritten({ table, places }: AnalysisContext, location: Location, path: readonly string[]): readonly string[] {
  const written = [...path];
  let current = location;
  for (let i = path.length - 1; i >= 0; i--) {
    const shape = table.locations[current];
    if (shape.kind === 'field') written[i] = `.${places.writtenName(current) ?? shape.name}`;
    if (shape.kind === 'field' || shape.kind === 'element') current = shape.parent;
    else {
      const holder = shape.kind === 'pointee' ? table.values[shape.pointer] : undefined;
      if (holder?.kind !== 'symbol' || holder.origin.kind !== 'initial') break;
      current = holder.origin.location;
      i--;
    }
  }
  return written;
}

/** The places that hold a value: where it was stored, or where it was read from and has stayed since. */
export function placesHolding(context: AnalysisContext, state: State, value: Value): Location[] {
  const { table } = context;
  const places: Location[] = [];
  for (const [location, held] of state.memory) if (held === value) places.push(location);
  const shape = table.values[value];
  if (shape.kind === 'symbol' && shape.origin.kind === 'initial') {
    const { location, epoch } = shape.origin;
    if (epoch === epochOf(context, state, location) && !isOverwritten(context, state, location)) places.push(location);
  }
  if (shape.kind === 'symbol' && shape.origin.kind === 'part' && /^(\.\w+)+$/.test(shape.origin.path)) {
    const names = shape.origin.path.slice(1).split('.');
    const whole = table.values[shape.origin.whole];
    const isRead = whole.kind === 'symbol' && whole.origin.kind === 'initial';
    for (const [location, held] of isRead ? state.memory : []) {
      if (held !== shape.origin.whole) continue;
      const place = names.reduce((parent, name) => context.places.placeOfMember(parent, name), location);
      if (loadValue(context, state, place) === value) places.push(place);
    }
  }
  return places;
}

/** Something is known of what stands at a place, or at one that it is a part of. */
export function isOverwritten(context: AnalysisContext, state: State, location: Location): boolean {
  let current = location;
  for (;;) {
    if (state.memory.has(current)) return true;
    const shape = context.table.locations[current];
    if (shape.kind !== 'field' && shape.kind !== 'element') return false;
    current = shape.parent;
  }
}

/** Another member of the holder was set to 0, or found to be: a size or a flag that tells its users to leave the pointer alone. */
function isToldBeside({ table }: AnalysisContext, state: State, location: Location): boolean {
  const shape = table.locations[location];
  if (shape.kind !== 'field') return false;
  for (const [other, value] of state.memory) {
    const beside = table.locations[other];
    if (other !== location && value === table.zero && beside.kind === 'field' && beside.parent === shape.parent)
      return true;
  }
  for (const [value, { low, high }] of state.facts) {
    const known = table.values[value];
    if (low !== 0 || high !== 0 || known.kind !== 'symbol' || known.origin.kind !== 'initial') continue;
    const beside = table.locations[known.origin.location];
    if (known.origin.location !== location && beside.kind === 'field' && beside.parent === shape.parent) return true;
  }
  return false;
}

/** The object that holds the place was freed as well, or the one that holds that object. */
export function isHolderDead(context: AnalysisContext, state: State, location: Location): boolean {
  const { table } = context;
  let current = location;
  for (let depth = 0; depth < 8; depth++) {
    const root = table.locations[table.root(current)];
    if (root.kind !== 'pointee') return false;
    const base = table.base(root.pointer);
    const status = state.regions.get(base)?.status;
    if (status === 'freed') return true;
    const shape = table.values[base];
    if (shape.kind !== 'symbol' || shape.origin.kind !== 'initial') return false;
    current = shape.origin.location;
  }
  return false;
}

/** `return reply_failed(message);`: who answers with an object where something went wrong, answers with NULL where nothing did. */
const returnsErrors = keptPer(({ ir }: AnalysisContext): boolean => {
  return ir.blocks.some(({ instructions, terminator }) => {
    if (terminator.kind !== 'return' || terminator.value === undefined) return false;
    const read = definitionOf(instructions, instructions.length, terminator.value);
    const temporary =
      read?.op === 'load' ? variableAt(instructions, instructions.indexOf(read), read.address) : undefined;
    if (temporary === undefined) return false;
    return instructions.some((store, at) => {
      if (store.op !== 'store' || variableAt(instructions, at, store.address) !== temporary) return false;
      const made = definitionOf(instructions, at, store.value);
      return made?.op === 'call' && FAILURE_NAME.test(made.callee);
    });
  });
});

/** What makes an object that tells of a failure, by its name. */
const FAILURE_NAME =
  /(?<![A-Za-z])(?:error|err|failed|failure|invalid)(?![a-z])|[a-z](?:Error|Failed|Failure)(?![a-z])/;

/** Some way out gives another pointer than NULL: where a thread's function gives nothing else, that is no failure. */
function givesPointers({ table, exits }: AnalysisContext): boolean {
  return exits.some(({ state, value }) => value !== undefined && !isNull(table, state, value));
}

/** The function reports failure: a negative number, NULL where a pointer is due, false, or a constant named so. */
export function isErrorExit(context: AnalysisContext, exit: ExitState): boolean {
  const { table, ir } = context;
  if (exit.value === undefined) return false;
  if (ir.returnType.includes('*')) {
    return isNull(table, exit.state, exit.value) && !returnsErrors(context) && givesPointers(context);
  }
  const fact = factOf(table, exit.state, exit.value);
  if (fact.high < 0) return true;
  if (isTruthType(ir.returnType) && fact.low === 0 && fact.high === 0) return true;
  const shape = table.values[exit.value];
  if (shape.kind !== 'symbol' || shape.origin.kind !== 'named') return false;
  return isErrorName(shape.origin.key);
}

export const isSuccessName = (name: string): boolean => SUCCESS_NAME.test(name);

export const isErrorName = (name: string): boolean => ERROR_NAME.test(name) && !isSuccessName(name);
