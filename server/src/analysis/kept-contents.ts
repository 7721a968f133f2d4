import { type BelievedLoss, isBelieved } from './beliefs.ts';
import type { AnalysisContext } from './context.ts';
import { isErrorExit } from './stale.ts';
import { changedRegion, type Site, type State } from './state.ts';
import type { Value } from './value-shapes.ts';

/*
 * `if (insert(made) != 0) free(made);`: code out of sight was given a block, did not take it, and so nothing of what this function had
 * put into it. What stood in the block is believed in as one region that nothing in memory refers to, with a name for each block.
 */

function contentsOf({ table }: AnalysisContext, block: Value): Value {
  return table.symbol({ kind: 'named', key: `contents of ${block}` });
}

/** A block that is about to be handed to code out of sight holds memory of this function's own: it is remembered under its name. */
export function rememberContents(context: AnalysisContext, state: State, block: Value): Value | undefined {
  const { table, environment } = context;
  const contents = contentsOf(context, block);
  if (isBelieved(state.regions.get(contents))) return contents;
  const root = table.pointee(block);
  const { memory } = state;
  for (let i = 0; i < memory.size; i++) {
    const location = memory.keyAt(i);
    if (table.root(location) !== root || table.locations[location].kind !== 'field') continue;
    const region = state.regions.get(memory.valueAt(i));
    if (region?.status !== 'allocated' || !region.allocation || region.isInArray || region.isFromWidenedTurn) continue;
    // What a callee made with the block is its own destructor's to free.
    if (region.member !== undefined) continue;
    if (!environment.models.family(region.family).isLeakable) continue;
    context.beliefs.keepsContents = true;
    state.setRegion(contents, changedRegion(region, { status: 'escaped', isUnchecked: false, handovers: 0 }));
    return contents;
  }
  return undefined;
}

/** A member of the block is read, and may be freed: of what stands there nothing more is believed. */
export function forgetContents(context: AnalysisContext, state: State, block: Value): void {
  if (context.beliefs.keepsContents) state.deleteRegion(contentsOf(context, block));
}

/** The block is freed by this function itself, behind a call whose answer it has asked. */
export function loseContents(context: AnalysisContext, state: State, block: Value, site: Site): void {
  const { beliefs } = context;
  if (!beliefs.keepsContents) return;
  const contents = contentsOf(context, block);
  const region = state.regions.get(contents);
  if (!isBelieved(region) || !region.allocation) return;
  state.deleteRegion(contents);
  if (!beliefs.lists(region.handovers).every((list) => (list.at(-1)?.outcome ?? '') !== '')) return;
  state.noteLoss(contents, { allocation: region.allocation, at: site, manner: 'holder', region });
}

/** On another path, where the call answered otherwise, the function succeeds and keeps its hands off the block: it was taken there. */
export function isTakenElsewhere(context: AnalysisContext, { loss, isErrorExit: isError }: BelievedLoss): boolean {
  const { beliefs } = context;
  if (!isError || loss.manner !== 'holder') return false;
  const answers = beliefs.lists(loss.region.handovers ?? 0).map((list) => list.at(-1));
  return context.exits.some(
    (exit) =>
      !isErrorExit(context, exit) &&
      [...exit.state.regions.values()].some(
        (region) =>
          isBelieved(region) &&
          region.allocation?.id === loss.allocation.id &&
          beliefs
            .lists(region.handovers)
            .every((list) =>
              answers.every((answer) =>
                list.some((each) => each.site.id === answer?.site.id && each.outcome !== answer.outcome),
              ),
            ),
      ),
  );
}
