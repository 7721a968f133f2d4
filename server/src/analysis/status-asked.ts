import type { AnalysisContext } from './context.ts';
import { writtenPlace } from './memory.ts';
import type { Place } from './regions.ts';
import { changedRegion, type Region, type Site, type State, siteKey } from './state.ts';
import type { Location, SymbolOrigin, Value } from './value-shapes.ts';
import type { ValueTable } from './values.ts';

/*
 * Some callees tell of failure beside their result: in an object that they are given (`x = parse(info); if (info->error)
 * return;`), or through a status that they fill in. Where a branch asks the object and not the result, nobody knows whether
 * there is anything behind the result on this side of it.
 */

/** Objects that hold objects are looked through no deeper than this. */
const MAXIMUM_HOLDERS = 6;

/**
 * Remembers what a call was given, for the case that the function asks one of these how it went. `isTold` where the call's own result
 * tells whether there is memory, and is asked for it: no other call that is given the same needs to say so.
 */
export function noteGiven(
  context: AnalysisContext,
  state: State,
  place: Place,
  values: readonly Value[],
  isTold = false,
): void {
  if (values.length === 0) return;
  const given = values.filter((value) => context.table.values[value].kind !== 'integer');
  if (given.length > 0)
    context.givenTo.set(siteKey(place.block, place.instruction), { values: given, epoch: state.epoch, isTold });
}

/** A branch asks what a call left in an object: what the call returned, and nobody looked at, may be there or not. */
export function noteStatusAsked(context: AnalysisContext, state: State, condition: Value): void {
  if (state.regions.size === 0 || context.givenTo.size === 0) return;
  for (const [pointer, region] of state.regions) {
    const made = region.allocation ?? region.source;
    if (!made || region.status === 'freed' || region.status === 'failed') continue;
    if (region.status === 'escaped' && !region.isUnchecked && region.handovers === undefined) continue;
    if (region.isTested) continue;
    const given = context.givenTo.get(siteKey(made.block, made.instruction));
    if (!given) continue;
    // How much is asked for, or of what kind it is, tells whether anything was left.
    let isStatus =
      region.source !== undefined && region.isStoredByCallee && isAboutGiven(context, condition, given.values);
    isStatus ||= questionsOf(context, condition, pointer, region, made).some(
      ({ objects, epoch }) =>
        (epoch === undefined || epoch === given.epoch) && objects.some((object) => given.values.includes(object)),
    );
    if (!isStatus) continue;
    if (region.source) state.deleteRegion(pointer);
    else
      state.setRegion(pointer, changedRegion(region, { status: 'escaped', isUnchecked: false, handovers: undefined }));
  }
}

/** The path has asked the call itself how it went with what it left in a variable: other calls are asked how they went themselves. */
function isAnswered({ beliefs }: AnalysisContext, { isStoredByCallee, handovers }: Region, made: Site): boolean {
  return (
    isStoredByCallee === true &&
    handovers !== undefined &&
    beliefs.lists(handovers).every((list) => list.some(({ site, outcome }) => site.id === made.id && outcome !== ''))
  );
}

/** True when a condition reads one of the values that a call was given. */
function isAboutGiven({ table }: AnalysisContext, condition: Value, values: readonly Value[]): boolean {
  let isAbout = false;
  table.forEachSymbol(condition, (symbol) => {
    isAbout ||= values.includes(symbol);
  });
  return isAbout;
}

/** The objects that a condition asks of what the call at `made` returned, and the epoch of what was read from them. */
function questionsOf(
  context: AnalysisContext,
  condition: Value,
  pointer: Value,
  region: Region,
  made: Site,
): { readonly objects: readonly Value[]; readonly epoch: number | undefined }[] {
  const { table } = context;
  const found: { objects: readonly Value[]; epoch: number | undefined }[] = [];
  table.forEachSymbol(condition, (symbol) => {
    const origin = wholeOf(table, symbol);
    if (!origin) return;
    if (origin.kind === 'initial') found.push({ objects: holdersOf(table, origin.location), epoch: origin.epoch });
    else if (origin.kind === 'unknown') {
      // What a callee wrote is named after the place (`writtenValue`, `havocPointee`).
      const location = writtenPlace(origin);
      if (location !== undefined && table.locations[location]) {
        found.push({ objects: holdersOf(table, location), epoch: undefined });
      }
    } else if (origin.kind === 'result') {
      const site = context.sites[origin.site];
      const given = site && context.givenTo.get(siteKey(site.block, site.instruction));
      // The result of the call itself tells of its other results by the callee's own cases.
      const isOther = site && (site.block !== made.block || site.instruction !== made.instruction);
      const isTold = context.givenTo.get(siteKey(made.block, made.instruction))?.isTold === true;
      if (given && isOther && !isTold && !given.values.includes(pointer)) {
        // What has a number's type is no object, and two calls that are given it need not have to do with each other.
        if (!isAnswered(context, region, made))
          found.push({ objects: given.values.filter((value) => !context.places.isNumber(value)), epoch: undefined });
        // `succeeded(status)` asks of what a call that was given `&status` left there.
        const variables = given.values.flatMap((value) => ownVariable(context, value) ?? []);
        if (variables.length > 0) found.push({ objects: variables, epoch: undefined });
      }
    }
  });
  return found;
}

/** The address of the variable of this function that a value was read from, whoever wrote it there. */
function ownVariable({ table, ir }: AnalysisContext, value: Value): Value | undefined {
  const shape = table.values[value];
  if (shape.kind !== 'symbol') return undefined;
  const { origin } = shape;
  const location = origin.kind === 'initial' ? origin.location : writtenPlace(origin);
  const place = location === undefined ? undefined : table.locations[location];
  if (place?.kind !== 'variable') return undefined;
  const { kind, pointerDepth } = ir.variables[place.variable];
  return kind === 'local' && pointerDepth === 0 ? table.addressOf(location!) : undefined;
}

/** Where a symbol comes from, or the object that it is a part of. */
function wholeOf(table: ValueTable, symbol: Value): SymbolOrigin | undefined {
  for (let value = symbol, depth = 0; depth < MAXIMUM_HOLDERS; depth++) {
    const shape = table.values[value];
    if (shape.kind !== 'symbol') return undefined;
    if (shape.origin.kind !== 'part') return shape.origin;
    value = shape.origin.whole;
  }
  return undefined;
}

/** The pointers through which a location is reached, from the nearest; the address of the variable that it lies in. */
function holdersOf(table: ValueTable, location: Location): Value[] {
  const holders: Value[] = [];
  for (let current = location; holders.length < MAXIMUM_HOLDERS; ) {
    const root = table.locations[table.root(current)];
    if (root.kind === 'variable') holders.push(table.addressOf(table.root(current)));
    if (root.kind !== 'pointee') break;
    const base = table.base(root.pointer);
    holders.push(base);
    const shape = table.values[base];
    if (shape.kind !== 'symbol' || shape.origin.kind !== 'initial') break;
    current = shape.origin.location;
  }
  return holders;
}
