import { type Handover, isBelieved } from './beliefs.ts';
import { factOf } from './constraints.ts';
import type { AnalysisContext } from './context.ts';
import { writtenPlace } from './memory.ts';
import { changedRegion, type State } from './state.ts';
import type { Location, Value } from './value-shapes.ts';

/*
 * How calls of code out of sight ended, by what branches find out: from their results, from members of what they returned or left, and from
 * what they were given to say so.
 */

/** What a path knows of the sign of a result: `0`, `+`, `-`, `!` for not 0, or nothing. */
export function signOf({ table }: AnalysisContext, state: State, result: Value): string {
  const { low, high, isNonZero } = factOf(table, state, result);
  if (low === 0 && high === 0) return '0';
  return low > 0 ? '+' : high < 0 ? '-' : isNonZero ? '!' : '';
}

/** Two signs that no number has both of. */
function isContradiction(known: string, told: string): boolean {
  if (!SIGNS.has(known) || !SIGNS.has(told) || known === told) return false;
  return known === '0' || told === '0' || (known !== '!' && told !== '!');
}

/** Outcomes of calls that left what they were asked for: 0, anything where nobody asks, not -1, not below 0. */
const SUCCESS = /^0?$|^(==|<|<=)[\d,]+false$|^>=[\d,]+true$/;

/** Functions that answer a question: what they were asked for is there where the answer is yes. */
const PREDICATE = /^_*(?:is|has|can|may|was|does|should)_|(?<![A-Za-z])(?:is|has|can|was|does)[A-Z]|_(?:is|has)_/;

/** The function answers a question, by its name, and does nothing: `error_is_set(&error)`. */
export const asksOnly = (name: string): boolean =>
  PREDICATE.test(name) || /_(empty|set|valid|error|failed)$/.test(name);

/** The call has left what it was asked for, by what the path knows of its answer. */
export function isSuccess({ site, outcome }: Handover): boolean {
  return PREDICATE.test(site.callee) ? outcome !== '' && outcome !== '0' : SUCCESS.test(outcome);
}

const SIGNS: ReadonlySet<string> = new Set(['0', '+', '-', '!']);

/** A branch tells something of a call's result. */
export function noteOutcome(context: AnalysisContext, state: State, condition: Value, truth: boolean): void {
  const { table, beliefs } = context;
  if (beliefs.released.size === 0 && beliefs.objects.size === 0) return;
  const shape = table.values[condition];
  const isComparison = shape.kind === 'binary';
  for (const tested of isComparison ? [shape.left, shape.right] : [condition]) {
    const told = (): string =>
      signOf(context, state, tested) ||
      (isComparison ? `${shape.operator}${shape.left},${shape.right}${truth}` : String(truth));
    const asked = beliefs.results.has(tested) ? tested : storedResult(context, tested);
    if (asked === undefined) {
      if (!notePart(context, state, tested, told)) noteStatus(context, state, tested);
      continue;
    }
    const outcome = told();
    for (const [pointer, region] of state.regions) {
      if (!isBelieved(region)) continue;
      const lists = beliefs.lists(region.handovers);
      if (!lists.some((list) => list.some(({ result }) => result === asked))) continue;
      const remaining = lists
        .filter((list) => !list.some((each) => each.result === asked && isContradiction(each.outcome, outcome)))
        .map((list) => list.map((each) => (each.result === asked ? { ...each, outcome } : each)));
      state.setRegion(
        pointer,
        changedRegion(region, { handovers: remaining.length === 0 ? undefined : beliefs.number(remaining) }),
      );
    }
  }
}

/** `x->id = call(p); … if (!x->id)`: what was stored in a member is asked for there, whatever ran in between. */
function storedResult({ table, beliefs }: AnalysisContext, tested: Value): Value | undefined {
  const shape = table.values[tested];
  return shape.kind === 'symbol' && shape.origin.kind === 'initial'
    ? beliefs.storedResults.get(shape.origin.location)
    : undefined;
}

/**
 * `if (made->status)`: a member of what a call returned tells how the call went with all that it was given. So does
 * `if (error)` behind `call(made, &error)`.
 */
function noteStatus(context: AnalysisContext, state: State, tested: Value): void {
  const { beliefs } = context;
  const filled = filledPointer(context, tested);
  if (filled !== undefined) {
    const sign = signOf(context, state, tested);
    const address = context.table.addressOf(filled);
    if (sign === '0' || sign === '!')
      tellStatus(context, state, `${filled}:${sign}`, ({ site }) => beliefs.wasGiven(site, address));
    return;
  }
  const member = memberAt(context, tested);
  if (!member || !(beliefs.results.has(member.object) || isBelieved(state.regions.get(member.object)))) return;
  const sign = signOf(context, state, tested);
  if (sign === '') return;
  tellStatus(context, state, `${member.location}:${sign}`, ({ result }) => result === member.object);
}

/** `if (error.code)` behind `error = call(&made);`: a member of the structure that the call returned tells how it went. */
function notePart(context: AnalysisContext, state: State, tested: Value, told: () => string): boolean {
  const { beliefs, table } = context;
  const shape = table.values[tested];
  if (shape.kind !== 'symbol' || shape.origin.kind !== 'part') return false;
  const { whole, path } = shape.origin;
  if (!beliefs.results.has(whole)) return false;
  tellStatus(context, state, `${path}:${told()}`, ({ result }) => result === whole);
  return true;
}

/** What some calls were found to say of how they went is known of all that they were given. */
function tellStatus(
  { beliefs }: AnalysisContext,
  state: State,
  status: string,
  isTold: (handover: Handover) => boolean,
): void {
  for (const [pointer, region] of state.regions) {
    if (!isBelieved(region)) continue;
    const lists = beliefs.lists(region.handovers);
    if (!lists.some((list) => list.some(isTold))) continue;
    const told = lists.map((list) => list.map((each) => (isTold(each) ? { ...each, status } : each)));
    state.setRegion(pointer, changedRegion(region, { handovers: beliefs.number(told) }));
  }
}

/** The pointer variable of this function that a callee left a value in. */
function filledPointer({ table, ir }: AnalysisContext, value: Value): Location | undefined {
  const shape = table.values[value];
  const location = shape.kind === 'symbol' ? writtenPlace(shape.origin) : undefined;
  const place = location === undefined ? undefined : table.locations[location];
  if (place?.kind !== 'variable') return undefined;
  const { kind, pointerDepth } = ir.variables[place.variable];
  return kind === 'local' && pointerDepth === 1 ? location : undefined;
}

/** Where a value was read that is a member of what a pointer points to. */
export function memberAt({ table }: AnalysisContext, value: Value): { location: Location; object: Value } | undefined {
  const shape = table.values[value];
  if (shape.kind !== 'symbol' || shape.origin.kind !== 'initial') return undefined;
  const { location } = shape.origin;
  const root = table.locations[table.root(location)];
  return table.locations[location].kind === 'field' && root.kind === 'pointee'
    ? { location, object: root.pointer }
    : undefined;
}
