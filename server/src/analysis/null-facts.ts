import type { BlockId } from '../ir/instructions.ts';
import type { Event, Test } from './null-events.ts';

/*
 * What is known of the places at one point, a bit for each place, and how events change it: the transfer function and the join of
 * the analysis in `null-flow.ts`.
 */

export interface Facts {
  /** NULL on some path. */
  mayBeNull: number;
  /** NULL on every path. */
  isNull: number;
  /** On every path: dereferenced while nothing was known, and unchanged since. */
  used: number;
  /** On every path: nothing is known of it. */
  unknown: number;
  /** On every path: a test found it not NULL, and the function itself has stored nothing else there since. */
  found: number;
  /** On some path: what it holds goes by another name, too. */
  copied: number;
}

export function apply(facts: Facts, event: Event): void {
  if (event.kind === 'passed' || event.kind === 'ended' || event.kind === 'unknown-call') return;
  const { bits } = event;
  switch (event.kind) {
    case 'dereference':
      facts.mayBeNull &= ~bits;
      facts.isNull &= ~bits;
      facts.used |= bits & facts.unknown;
      facts.unknown &= ~bits;
      return;
    case 'read':
      facts.copied |= bits;
      return;
    case 'null':
      facts.found &= ~bits;
      facts.copied &= ~bits;
      facts.mayBeNull |= bits;
      facts.isNull |= bits;
      facts.used &= ~bits;
      facts.unknown &= ~bits;
      return;
    case 'known':
      facts.mayBeNull &= ~bits;
      facts.isNull &= ~bits;
      facts.used &= ~bits;
      facts.unknown &= ~bits;
      return;
    case 'changed':
      if (!event.isByOthers) facts.found &= ~bits;
      facts.copied &= ~bits;
      facts.mayBeNull &= ~bits;
      facts.isNull &= ~bits;
      facts.used &= ~bits;
      facts.unknown |= bits;
      return;
    case 'copied': {
      const { from } = event;
      const isNull = (facts.isNull & from) !== 0;
      facts.found = (facts.found & from) !== 0 ? facts.found | bits : facts.found & ~bits;
      facts.copied &= ~bits;
      facts.mayBeNull = (facts.mayBeNull & from) !== 0 ? facts.mayBeNull | bits : facts.mayBeNull & ~bits;
      facts.isNull = isNull ? facts.isNull | bits : facts.isNull & ~bits;
      facts.used &= ~bits;
      facts.unknown = isNull ? facts.unknown & ~bits : facts.unknown | bits;
    }
  }
}

/** What holds at the beginning of one target of a block. */
export function along(exit: Facts, test: Test | undefined, target: BlockId): Facts {
  if (!test) return exit;
  const facts = { ...exit, unknown: exit.unknown & ~test.bits };
  if (!test.isInlined) facts.used &= ~test.bits;
  if (target === test.nullTarget) {
    if (!test.isInlined) {
      facts.mayBeNull |= test.bits;
      facts.isNull |= test.bits;
    }
  } else {
    facts.found |= test.bits;
    facts.mayBeNull &= ~test.bits;
    facts.isNull &= ~test.bits;
  }
  return facts;
}

export function merge(entries: Map<BlockId, Facts>, block: BlockId, facts: Facts): boolean {
  const known = entries.get(block);
  if (!known) {
    entries.set(block, { ...facts });
    return true;
  }
  const mayBeNull = known.mayBeNull | facts.mayBeNull;
  const isNull = known.isNull & facts.isNull;
  const used = known.used & facts.used;
  const unknown = known.unknown & facts.unknown;
  const found = known.found & facts.found;
  const copied = known.copied | facts.copied;
  const isSame = mayBeNull === known.mayBeNull && isNull === known.isNull && copied === known.copied;
  if (isSame && used === known.used && unknown === known.unknown && found === known.found) return false;
  entries.set(block, { mayBeNull, isNull, used, unknown, found, copied });
  return true;
}
