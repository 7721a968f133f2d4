import type { FunctionAnalysis } from '../../analysis/analyse-function.ts';
import type { Holding, Holdings } from '../../analysis/holdings.ts';
import { NodeKind } from '../../syntax/generated/node-kinds.ts';
import { NO_NODE, type NodeIndex } from '../../syntax/syntax-arrays.ts';
import type { Cleanup } from './cleanup.ts';
import { type ErrorExit, isErrorValue, type ReturnKind } from './error-exits.ts';
import type { FunctionText } from './function-text.ts';
import { placePattern, wholePlacePattern } from './place-pattern.ts';

/** A label to jump to when an allocation failed. */
export interface CleanupLabel {
  readonly name: string;
  /** Places that must be freed before the jump, since what stands at the label does not. */
  readonly uncovered: readonly string[];
  /** `result = -1;` as other jumps to the label have it. */
  readonly assignments: readonly string[];
  readonly messages: readonly string[];
  readonly isCertain: boolean;
}

interface Situation {
  readonly fn: FunctionText;
  readonly analysis: FunctionAnalysis;
  readonly holdings: Holdings;
  readonly cleanup: Cleanup;
  /** Where the jump will stand, as an offset in the function, and the statement in front of it. */
  readonly position: number;
  readonly statement: NodeIndex;
  /** The places that are NULL there. */
  readonly subjects: readonly string[];
  readonly kind: ReturnKind;
  readonly final: string | undefined;
}

/**
 * The label whose clean-up fits: error exits of the function jump to it, the jump is valid C, what stands there frees all
 * that is held and touches nothing that is not there yet. Of several the last, which does the least.
 */
export function cleanupLabel(situation: Situation, exits: readonly ErrorExit[]): CleanupLabel | undefined {
  const { fn } = situation;
  const labels: CleanupLabel[] = [];
  for (let node = 1; node < fn.tree.length; node++) {
    if (fn.kind(node) !== NodeKind.LabeledStatement || fn.start(node) <= situation.position) continue;
    // A label that was shortened is called something else.
    if (!fn.isAsWritten(fn.start(node), fn.end(node + 1) + 1)) continue;
    const name = fn.textOf(node + 1);
    const jumps = exits.filter(({ leaves, target }) => leaves === 'goto' && target === name);
    if (jumps.length === 0) continue;
    const label = fittingLabel(situation, node, name, jumps);
    if (label) labels.push(label);
  }
  return labels.findLast((label) => label.uncovered.length === 0) ?? labels.at(-1);
}

function fittingLabel(
  situation: Situation,
  node: NodeIndex,
  name: string,
  jumps: readonly ErrorExit[],
): CleanupLabel | undefined {
  const { fn, analysis, holdings, cleanup, position, statement, subjects } = situation;
  const block = fn.parent(node);
  if (block === NO_NODE || !fn.isWithin(statement, block)) return undefined;
  const { text } = fn.tree;
  const skipped = text.slice(position, fn.start(node));
  // A jump must not enter the scope of an array of variable length (C17 6.8.6.1), nor that of a cleanup attribute.
  if (/^[ \t]*[A-Za-z_][\w \t*]*\[[^\]"';]*[a-z_]\w*[^\]]*\]\s*[;=,]/m.test(skipped)) return undefined;
  if (/cleanup|auto_?(free|ptr|unref)/.test(fn.text.slice(position, fn.start(node)))) return undefined;
  const tail = text.slice(fn.start(node));

  for (const variable of analysis.ir.variables) {
    if (variable.kind !== 'local' && variable.kind !== 'parameter') continue;
    if (variable.name === '' || !mentions(tail, variable.name)) continue;
    if (variable.kind === 'local' && variable.origin.start > position && variable.origin.start < fn.start(node)) {
      return undefined;
    }
    if (variable.isArray || variable.origin.start > fn.start(node)) continue;
    const holding: Holding | undefined = holdings.variables.get(variable.id);
    const isAfter = variable.kind === 'local' && variable.origin.start > holdings.site.origin.start;
    if (isAfter) {
      // Declared between the allocation and the jump: it must have a value by then.
      const rest = fn.tree.text.slice(variable.origin.end, variable.origin.end + 40);
      if (!/^\s*=[^=]/.test(rest) && !subjects.includes(variable.name)) return undefined;
      continue;
    }
    if (holding?.kind === 'freed' && freesIn(tail, variable.name)) return undefined;
    if (
      holding?.kind === 'uninitialised' &&
      !subjects.includes(variable.name) &&
      !isWrittenFirst(tail, variable.name)
    ) {
      return undefined;
    }
    if (holding?.kind === 'integer' && holding.value === 0 && dereferencesIn(tail, variable.name)) return undefined;
  }
  if (subjects.some((subject) => dereferencesIn(tail, subject))) return undefined;

  const uncovered = cleanup.owned.filter(({ place }) => !freesIn(tail, place)).map(({ place }) => place);
  // What is mentioned there, but not freed, may be handed on: freeing it before would be too early.
  if (uncovered.some((place) => mentions(tail, place))) return undefined;
  if (cleanup.doubtful.some((place) => !freesIn(tail, place))) return undefined;
  const nearest =
    jumps.findLast(({ start, tests }) => start < position && tests === 'allocation') ??
    jumps.find(({ tests }) => tests === 'allocation') ??
    jumps.findLast(({ start }) => start < position) ??
    jumps[0];
  const isError = returnsError(situation, tail, nearest);
  if (isError === undefined) return undefined;
  return {
    name,
    uncovered,
    assignments: isError.assignments,
    messages: nearest.tests === 'allocation' ? nearest.messages : [],
    isCertain: true,
  };
}

/** Whether the function reports a failure from the label on, and what must be assigned before the jump for that. */
function returnsError(
  situation: Situation,
  tail: string,
  jump: ErrorExit,
): { assignments: readonly string[] } | undefined {
  const { analysis, holdings, kind, final, subjects } = situation;
  const returned = /\breturn\b\s*([^;]*);/.exec(tail)?.[1].trim();
  if (returned === undefined || returned === '') return kind === 'void' ? { assignments: [] } : undefined;
  const stopsAtFinal = returned === final;
  if (isErrorValue(returned, kind, stopsAtFinal ? undefined : final)) return { assignments: [] };
  if (subjects.includes(returned) && kind === 'pointer') return { assignments: [] };
  const variable = analysis.ir.variables.find(({ name, kind: k }) => name === returned && k !== 'global');
  if (!variable) return undefined;
  const own = jump.assignments.filter((text) => new RegExp(`^${returned}\\s*=`).test(text));
  if (own.length > 0) return { assignments: own };
  const holding = holdings.variables.get(variable.id);
  if (holding?.kind !== 'integer') return undefined;
  if (kind === 'pointer') return holding.value === 0 ? { assignments: [] } : undefined;
  if (kind === 'boolean') return holding.value === 0 ? { assignments: [] } : undefined;
  return holding.value !== 0 ? { assignments: [] } : undefined;
}

function mentions(text: string, place: string): boolean {
  return new RegExp(wholePlacePattern(place)).test(text);
}

/** A call of a function whose name says that it frees, with the place as its argument. */
function freesIn(text: string, place: string): boolean {
  return new RegExp(
    `\\w*(?:free|destroy|delete|release|dispose|unref|drop|cleanup|clear)\\w*\\s*\\(\\s*(?:\\([^()]*\\)\\s*)?&?${placePattern(place)}\\s*\\)`,
    'i',
  ).test(text);
}

/** The memory behind the place is read, with no test of it in sight. */
function dereferencesIn(text: string, place: string): boolean {
  const name = placePattern(place);
  if (!new RegExp(`(?<![\\w.>])${name}\\s*(->|\\[)|(?<![\\w)\\]]\\s*)\\*\\s*${name}(?!\\w)`).test(text)) return false;
  return !new RegExp(`\\(\\s*${name}\\s*(\\)|!=|&&)|&&\\s*${name}\\s*\\)|NULL\\s*!=\\s*${name}`).test(text);
}

function isWrittenFirst(text: string, name: string): boolean {
  const first = new RegExp(`(?<![\\w.>])${escape(name)}(?!\\w)\\s*(=(?!=))?`).exec(text);
  return first?.[1] !== undefined;
}
