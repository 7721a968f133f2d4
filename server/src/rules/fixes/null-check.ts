import type { FunctionAnalysis } from '../../analysis/analyse-function.ts';
import type { Holdings } from '../../analysis/holdings.ts';
import type { Fix } from '../../base/finding.ts';
import type { NodeIndex, SyntaxArrays } from '../../syntax/syntax-arrays.ts';
import { type Cleanup, cleanupAt, type Owned } from './cleanup.ts';
import { cleanupLabel } from './cleanup-labels.ts';
import {
  type ErrorExit,
  errorExitsOf,
  finalReturn,
  isConstantText,
  isErrorValue,
  type ReturnKind,
  returnKind,
} from './error-exits.ts';
import type { FunctionText } from './function-text.ts';
import { line, type NewLine } from './statement-edits.ts';
import { isPlainStop } from './stops.ts';
import type { Style } from './style.ts';

/** What a function does when an allocation failed: the statements in the body of the check. */
export interface FailureBranch {
  readonly statements: readonly string[];
  /** The function fails in a way in which it could not fail before. */
  readonly isNewFailure: boolean;
  readonly safety: Fix['safety'];
}

/** Learns how to fail from the function, then from its neighbours; undefined where nothing tells. */
export function failureBranch(
  fn: FunctionText,
  analysis: FunctionAnalysis,
  neighbours: readonly SyntaxArrays[],
  holdings: Holdings,
  statement: NodeIndex,
  position: number,
  subjects: readonly string[],
  style: Style,
): FailureBranch | undefined {
  const kind = returnKind(analysis.ir);
  const final = finalReturn(fn.tree);
  const exits = errorExitsOf(fn.tree);
  // One place that is NULL holds nothing to free; of several any may be the one.
  const cleanup = cleanupAt(fn, analysis, holdings, position, subjects.length === 1 ? subjects : []);
  const label = cleanupLabel({ fn, analysis, holdings, cleanup, position, statement, subjects, kind, final }, exits);
  const sibling = nearestSibling(fn, analysis, holdings, exits, position, kind, final);
  const isLabelNeeded =
    cleanup.owned.length > 0 || !cleanup.isCertain || sibling === undefined || sibling.leaves === 'goto';
  if (label && isLabelNeeded && (label.uncovered.length === 0 || cleanup.doubtful.length > 0)) {
    const frees = cleanup.owned.filter(({ place }) => label.uncovered.includes(place));
    return {
      statements: [...label.messages, ...freesOf(frees, style), ...label.assignments, `goto ${label.name};`],
      isNewFailure: false,
      safety: label.isCertain && !analysis.isIncomplete ? 'safe' : 'unsafe',
    };
  }
  if (cleanup.doubtful.length > 0) return undefined;
  const exit = leave(fn, analysis, neighbours, sibling, kind, final, style);
  if (!exit) return undefined;
  const frees = exit.isStop ? [] : freesOf(cleanup.owned, style);
  const isSafe = exit.isLearned && (exit.isStop || isCertain(cleanup));
  return {
    statements: [...exit.messages, ...frees, exit.statement],
    isNewFailure: !exit.isStop && (sibling?.leaves !== 'return' || kind === 'void'),
    safety: isSafe ? 'safe' : 'unsafe',
  };
}

const isCertain = (cleanup: Cleanup): boolean => cleanup.isCertain;

function freesOf(owned: readonly Owned[], style: Style): string[] {
  const space = style.spacesCalls ? ' ' : '';
  return owned.map(({ deallocator, place }) => `${deallocator}${space}(${place});`);
}

/** The error exit of the function to imitate: of a failed allocation before others, the nearest before it. */
function nearestSibling(
  fn: FunctionText,
  analysis: FunctionAnalysis,
  holdings: Holdings,
  exits: readonly ErrorExit[],
  position: number,
  kind: ReturnKind,
  final: string | undefined,
): ErrorExit | undefined {
  const isUsable = (exit: ErrorExit): boolean => {
    // What a program says when something else went wrong would be no word of memory.
    if (exit.leaves === 'stop') return exit.tests === 'allocation' || isPlainStop(exit.target);
    if (exit.leaves !== 'return') return true;
    if (!isTransferable(fn, analysis, holdings, exit.target)) return false;
    // Behind other tests a 1 is as often an answer as a failure, but for main.
    if (exit.tests === 'other' && /^\d+$/.test(exit.target) && kind !== 'pointer' && analysis.ir.name !== 'main') {
      return false;
    }
    return exit.tests === 'allocation' ? isPlausible(exit, kind) : isErrorValue(exit.target, kind, final);
  };
  const usable = exits.filter(isUsable);
  for (const tests of ['allocation', 'pointer', 'other'] as const) {
    const alike = usable.filter((exit) => exit.tests === tests);
    const nearest = alike.findLast(({ start }) => start < position) ?? alike[0];
    if (nearest) return nearest;
  }
  return undefined;
}

function isPlausible(exit: ErrorExit, kind: ReturnKind): boolean {
  if (kind === 'void') return exit.target === '';
  if (kind === 'pointer') return /^(NULL|nullptr|0|\(.*\*\s*\)\s*(0|NULL))$/.test(exit.target);
  return exit.target !== '';
}

/** True when the expression means the same at the allocation: it names no variable whose value there is not known. */
function isTransferable(fn: FunctionText, analysis: FunctionAnalysis, holdings: Holdings, text: string): boolean {
  if (isConstantText(text) || text === '') return true;
  if (/\n|\+\+|--|[^=!<>]=[^=]/.test(text) || /[A-Za-z_]\w*\s*\(/.test(text)) return false;
  for (const [name] of text.matchAll(/(?<![\w.>])[A-Za-z_]\w*/g)) {
    const variable = analysis.ir.variables.find((other) => other.name === name && other.kind !== 'global');
    if (!variable) continue;
    if (variable.kind === 'parameter' && variable.pointerDepth === 0) continue;
    const holding = holdings.variables.get(variable.id);
    // A constant so far, and no success.
    if (holding?.kind === 'integer' && (holding.value !== 0 || analysis.ir.returnType.includes('*'))) continue;
    return false;
  }
  return fn.text.length > 0;
}

interface Leave {
  readonly statement: string;
  readonly messages: readonly string[];
  /** The program ends there: nothing needs to be freed. */
  readonly isStop: boolean;
  /** The function or its file does so elsewhere, or nothing else is possible. */
  readonly isLearned: boolean;
}

function leave(
  fn: FunctionText,
  analysis: FunctionAnalysis,
  neighbours: readonly SyntaxArrays[],
  sibling: ErrorExit | undefined,
  kind: ReturnKind,
  final: string | undefined,
  style: Style,
): Leave | undefined {
  if (sibling && sibling.leaves !== 'goto') return imitate(sibling);
  const fromFile = neighbourExit(neighbours, kind, analysis.ir.returnType, analysis.ir.name === 'main');
  const returns = (value: string, isLearned: boolean): Leave => ({
    statement: value === '' ? 'return;' : `return ${value};`,
    messages: [],
    isStop: false,
    isLearned,
  });
  if (analysis.ir.name === 'main' && kind === 'number') {
    if (fromFile?.leaves === 'stop') return imitate(fromFile);
    return returns(fn.file.has(/\bEXIT_(FAILURE|SUCCESS)\b/) ? 'EXIT_FAILURE' : '1', true);
  }
  switch (kind) {
    case 'void':
      return fromFile ? imitate(fromFile) : returns('', true);
    case 'pointer':
      return fromFile ? imitate(fromFile) : returns(style.nullPointer, true);
    case 'boolean':
      if (fromFile) return { ...imitate(fromFile), isLearned: false };
      return returns(fn.file.has(/\bFALSE\b/) ? 'FALSE' : 'false', false);
    case 'number':
      // A function that answers 0 early and 1 at its end has no third answer either, whatever others in the file return.
      if (fromFile?.leaves !== 'stop' && isYesOrNo(fn.tree, final)) return returns('0', false);
      if (fromFile) return { ...imitate(fromFile), isLearned: false };
      // A function that answers 1 or 0 has no third answer.
      if (final !== '0' || /\breturn\s*\(?\s*[1-9A-Za-z]/.test(fn.tree.text)) return undefined;
      return /^(int|long|ssize_t)\b/.test(analysis.ir.returnType) ? returns('-1', false) : undefined;
    case 'structure':
      return returns(`(${analysis.ir.returnType}){0}`, false);
    default:
      return fromFile && fromFile.leaves !== 'stop' ? { ...imitate(fromFile), isLearned: false } : undefined;
  }
}

/** It returns 1 at the end and nothing but 0 and 1 before. */
function isYesOrNo(tree: SyntaxArrays, final: string | undefined): boolean {
  const returned = [...tree.text.matchAll(/\breturn\b\s*\(?\s*([^;)]*?)\s*\)?\s*;/g)].map(([, value]) => value);
  return final === '1' && returned.includes('0') && returned.every((value) => value === '0' || value === '1');
}

function imitate(exit: ErrorExit): Leave {
  const isStop = exit.leaves === 'stop';
  const statement = isStop ? exit.target : exit.target === '' ? 'return;' : `return ${exit.target};`;
  return { statement, messages: exit.tests === 'allocation' ? exit.messages : [], isStop, isLearned: true };
}

/** What the nearest function of the file that returns the same type does when an allocation fails. */
function neighbourExit(
  neighbours: readonly SyntaxArrays[],
  kind: ReturnKind,
  returnType: string,
  isMain: boolean,
): ErrorExit | undefined {
  const type = returnType.replace(/[\s*]/g, '');
  for (const tree of neighbours) {
    const head = tree.text.slice(0, tree.text.indexOf('{'));
    for (const exit of errorExitsOf(tree)) {
      if (exit.tests !== 'allocation' || exit.leaves === 'goto') continue;
      if (exit.leaves === 'stop') return exit;
      if (isMain || (exit.target !== '' && !isConstantText(exit.target))) continue;
      if (kind === 'void' || kind === 'pointer') {
        if (isPlausible(exit, kind)) return exit;
      } else if (
        type !== '' &&
        new RegExp(`\\b${type}\\b[^*]*$`).test(head.replace(/\([\s\S]*$/, '')) &&
        exit.target !== ''
      ) {
        return exit;
      }
    }
  }
  return undefined;
}

/** The condition that one of the places is NULL, as the function writes such tests. */
export function nullTest(places: readonly string[], style: Style): string {
  return places
    .map((place) => {
      if (style.nullTest === '!p') return `!${place}`;
      if (style.nullTest === 'NULL == p') return `${style.nullPointer} == ${place}`;
      return `${place} == ${style.nullPointer}`;
    })
    .join(' || ');
}

/** An `if` with its body, in the function's style of braces. */
export function conditional(head: string, statements: readonly string[], style: Style): NewLine[] {
  if (statements.length === 1 && !style.bracesSingle) {
    return style.joinsSingle ? [line(`${head} ${statements[0]}`)] : [line(head), line(statements[0], 1)];
  }
  const depth = style.braces === 'gnu' ? 2 : 1;
  const body = statements.map((text) => line(text, depth));
  if (style.braces === 'same-line') return [line(`${head} {`), ...body, line('}')];
  return [line(head), line('{', depth - 1), ...body, line('}', depth - 1)];
}
