/** What the rewrites of one function tell the work on it; offsets count from its beginning. */
import type { Rewrite } from '../source/rewrites.ts';

export function isSameRewrites(a: readonly Rewrite[], b: readonly Rewrite[]): boolean {
  return a === b || (a.length === b.length && JSON.stringify(a) === JSON.stringify(b));
}

/** The offsets of the statements behind `defer`. */
export function deferredStatements(rewrites: readonly Rewrite[]): ReadonlySet<number> {
  return new Set(rewrites.flatMap(({ kind, targets }) => (kind === 'defer' && targets ? targets : [])));
}

/** The conditions that hold since a branch had to be taken, each part of a conjunction alone. */
export function assumedConditions(rewrites: readonly Rewrite[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { kind, name } of rewrites) {
    if (kind !== 'directive' || name === undefined) continue;
    for (const part of name.split('&&')) found.add(part.replace(/\s+/g, ''));
  }
  return found;
}

export function iterationMacroAt(rewrites: readonly Rewrite[], offset: number): string | undefined {
  return rewrites.find((rewrite) => rewrite.kind === 'iteration-macro' && rewrite.start === offset)?.name;
}

/** The macros that make the heads of loops. */
export function iterationMacros(rewrites: readonly Rewrite[]): ReadonlySet<string> {
  return new Set(
    rewrites.flatMap(({ kind, name }) => (kind === 'iteration-macro' && name !== undefined ? [name] : [])),
  );
}

/** True when an annotation inside the range says that its pointers go to another address space. */
export function isElsewhere(rewrites: readonly Rewrite[], start: number, end: number): boolean {
  return rewrites.some(
    (rewrite) => rewrite.meaning?.kind === 'address-space' && rewrite.start < end && rewrite.end > start,
  );
}

/** A macro in front of a declaration makes static what is declared inside the range. */
export function isMadeStatic(rewrites: readonly Rewrite[], start: number, end: number): boolean {
  return rewrites.some(
    ({ meaning, targets }) => meaning?.kind === 'static' && targets?.some((target) => target >= start && target < end),
  );
}

export function cleanupWithin(rewrites: readonly Rewrite[], start: number, end: number): string | undefined {
  for (const rewrite of rewrites) {
    if (rewrite.meaning?.kind !== 'cleanup' && rewrite.meaning?.kind !== 'cleanup-type') continue;
    const isMeant = rewrite.targets?.some((target) => target >= start && target < end);
    if (!isMeant && (rewrite.start >= end || rewrite.end <= start)) continue;
    return rewrite.meaning.kind === 'cleanup' ? rewrite.meaning.function : `${rewrite.meaning.type}_autoptr_cleanup`;
  }
  return undefined;
}
