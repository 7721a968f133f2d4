import { isLiteral, variableAt } from '../ir/definitions.ts';
import { type BlockId, type Origin, successors, type Terminator } from '../ir/instructions.ts';
import type { AnalysisContext } from './context.ts';
import { isOwned } from './leaks.ts';
import { escapeValue } from './memory.ts';
import { placesHolding } from './stale.ts';
import type { Region, State } from './state.ts';
import type { Location, Value } from './value-shapes.ts';

/*
 * Tests of allocators ask for what cannot be had, and expect NULL: `expect_null(realloc(p, SIZE_MAX))`. Where the macro goes
 * aside because there is a block after all, and then on as if there were none, the test has failed.
 */

/** Blocks of a macro that are looked through for the way back from its aside. */
const MAXIMUM_ASIDE = 16;
/** A statement begins so many characters behind the end of another at most. */
const MAXIMUM_BLANKS = 120;

/**
 * For a branch in a macro which finds memory that nothing but the macro holds: false where that means that a
 * reallocation which was expected to fail moved its block, and the path is not worth following. What another allocator gave
 * there is for nobody to free.
 * @param block the block that ends with the branch
 */
export function noteUnexpectedSuccess(
  context: AnalysisContext,
  state: State,
  condition: Value,
  truth: boolean,
  block: BlockId,
  { whenTrue, whenFalse }: Extract<Terminator, { kind: 'branch' }>,
): boolean {
  if (state.regions.size === 0) return true;
  const found = foundPointer(context, condition, truth);
  const region = found === undefined ? undefined : state.regions.get(found);
  if (found === undefined || !region?.allocation || !isOwned(context, region)) return true;
  if (!placesHolding(context, state, found).every((place) => isOfMacro(context, place))) return true;
  if (!leadsAside(context, block, truth ? whenTrue : whenFalse, truth ? whenFalse : whenTrue)) return true;
  if (isMoved(state, region)) return false;
  escapeValue(context, state, found);
  return true;
}

/**
 * A check of a test suite stands as a statement, and where it fails it prints something, notes it in a variable outside of functions
 * and goes on: `CHECK(open(&file)); CHECK(close(file));`. Behind it nobody asks how it went, since the test has failed by then.
 * @param target the block to which the check's branch goes
 * @param other the block to which it goes otherwise
 */
export function isFailedCheck(
  context: AnalysisContext,
  block: BlockId,
  target: BlockId,
  other: BlockId,
  { start, end }: Origin,
): boolean {
  const { ir } = context;
  const blocks = asideBlocks(context, block, target, other);
  if (!blocks || !isStatement(ir.text, start, end)) return false;
  let prints = false;
  let notes = false;
  for (const id of blocks) {
    const { instructions } = ir.blocks[id];
    for (const [position, instruction] of instructions.entries()) {
      if (instruction.op === 'call') prints = true;
      if (instruction.op !== 'store') continue;
      const variable = variableAt(instructions, position, instruction.address);
      const kind = variable === undefined ? undefined : ir.variables[variable].kind;
      if ((kind === 'global' || kind === 'static') && isLiteral(instructions, position, instruction.value))
        notes = true;
    }
  }
  return prints && notes;
}

/** The expression between two offsets is a statement of its own. */
function isStatement(text: string, start: number, end: number): boolean {
  return /[;{})]\s*$/.test(text.slice(Math.max(0, start - MAXIMUM_BLANKS), start)) && /^\s*;/.test(text.slice(end));
}

/** The pointer that a condition finds not to be NULL. */
function foundPointer({ table }: AnalysisContext, condition: Value, truth: boolean): Value | undefined {
  const shape = table.values[condition];
  if (shape.kind === 'symbol') return truth ? condition : undefined;
  if (shape.kind !== 'binary' || shape.operator !== (truth ? '!=' : '==')) return undefined;
  if (shape.right === table.zero) return shape.left;
  return shape.left === table.zero ? shape.right : undefined;
}

/** A variable that a macro declares stands where the macro is used, and not where it is named. */
function isOfMacro({ table, ir }: AnalysisContext, place: Location): boolean {
  const shape = table.locations[place];
  if (shape.kind !== 'variable') return false;
  const { kind, name, origin } = ir.variables[shape.variable];
  return kind === 'local' && ir.text.slice(origin.start, origin.end) !== name;
}

/** True when control gets from one block to another, does something on its way, and does not come by a branch again. */
function leadsAside(context: AnalysisContext, branch: BlockId, from: BlockId, to: BlockId): boolean {
  return asideBlocks(context, branch, from, to) !== undefined;
}

/** The blocks between the two. */
function asideBlocks({ ir }: AnalysisContext, branch: BlockId, from: BlockId, to: BlockId): Set<BlockId> | undefined {
  const seen = new Set<BlockId>([from]);
  let acts = false;
  let returns = false;
  for (const id of seen) {
    if (seen.size > MAXIMUM_ASIDE) return undefined;
    const { instructions, terminator } = ir.blocks[id];
    acts ||= instructions.some(({ op }) => op === 'call' || op === 'store');
    for (const next of successors(terminator)) {
      if (next === to) returns = true;
      else if (next !== branch) seen.add(next);
    }
  }
  return acts && returns ? seen : undefined;
}

/** The call that made the region gave back another. */
function isMoved(state: State, { allocation }: Region): boolean {
  for (const [, { free }] of state.regions) {
    if (free && free.block === allocation?.block && free.instruction === allocation.instruction) return true;
  }
  return false;
}
