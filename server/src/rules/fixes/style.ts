import { Field, NodeKind } from '../../syntax/generated/node-kinds.ts';
import { childByField, childrenOf, NO_NODE, type SyntaxArrays } from '../../syntax/syntax-arrays.ts';
import type { FileText } from './file-text.ts';
import type { FunctionText } from './function-text.ts';

/** Where an opening brace stands: behind its head, below it, or below it and indented (GNU). */
export type BraceStyle = 'same-line' | 'next-line' | 'gnu';

/** How a function is written, as far as new text has to follow it. */
export interface Style {
  readonly lineBreak: string;
  /** One step of indentation. */
  readonly unit: string;
  /** Blanks in front of a statement may mix tabs, eight columns wide, with spaces. */
  readonly mixesTabs: boolean;
  readonly braces: BraceStyle;
  /** A body of one statement gets braces. */
  readonly bracesSingle: boolean;
  /** A body of one statement without braces stands on the line of its head. */
  readonly joinsSingle: boolean;
  /** A blank between a function's name and its arguments. */
  readonly spacesCalls: boolean;
  readonly nullTest: '!p' | 'p == NULL' | 'NULL == p';
  /** How the program spells the null pointer. */
  readonly nullPointer: string;
}

const DEFAULT_UNIT = '    ';

export function styleOf(fn: FunctionText, neighbours: readonly SyntaxArrays[]): Style {
  const { file, tree } = fn;
  const firstBreak = file.text.indexOf('\n');
  const unit = indentationUnit(fn, neighbours);
  const samples = [tree, ...neighbours];
  return {
    lineBreak: firstBreak > 0 && file.text[firstBreak - 1] === '\r' ? '\r\n' : '\n',
    unit,
    mixesTabs: unit !== '\t' && unit.length < 8 && file.has(/^\t/m) && file.has(/^ {1,7}\S/m),
    braces: braceStyle(samples),
    ...singleBodies(samples),
    spacesCalls: spacesCalls(fn),
    nullTest: nullTest(samples),
    nullPointer: nullPointer(file),
  };
}

/** Blanks one step deeper than the given ones. */
export function deeper(style: Style, indentation: string, steps = 1): string {
  let result = indentation;
  for (let i = 0; i < steps; i++) {
    if (!style.mixesTabs) {
      result += style.unit;
      continue;
    }
    let columns = 0;
    for (const blank of result) columns = blank === '\t' ? columns - (columns % 8) + 8 : columns + 1;
    columns += style.unit.length;
    result = '\t'.repeat(Math.floor(columns / 8)) + ' '.repeat(columns % 8);
  }
  return result;
}

/** The indentation of the first statement of a body whose brace's line has less. */
function indentationUnit(fn: FunctionText, neighbours: readonly SyntaxArrays[]): string {
  for (const tree of [fn.tree, ...neighbours]) {
    const body = childByField(tree, 0, Field.Body);
    if (body === NO_NODE) continue;
    for (const child of childrenOf(tree, body)) {
      const start = tree.text.lastIndexOf('\n', tree.start[child] - 1) + 1;
      const blanks = tree.text.slice(start, tree.start[child]);
      if (start > tree.start[body] && /^([ ]+|\t)$/.test(blanks)) return blanks;
    }
  }
  return DEFAULT_UNIT;
}

/** Of what each sample votes for, the first that has a clear majority: the function itself decides before its file. */
function decide<T>(samples: readonly SyntaxArrays[], votesOf: (tree: SyntaxArrays) => T[], otherwise: T): T {
  const counts = new Map<T, number>();
  for (const [i, tree] of samples.entries()) {
    for (const vote of votesOf(tree)) counts.set(vote, (counts.get(vote) ?? 0) + 1);
    if (i > 0 && i < samples.length - 1 && i % 8 !== 0) continue;
    const ranked = [...counts].sort((a, b) => b[1] - a[1]);
    if (ranked.length === 1 || (ranked.length > 1 && ranked[0][1] > ranked[1][1])) return ranked[0][0];
  }
  return otherwise;
}

function braceStyle(samples: readonly SyntaxArrays[]): BraceStyle {
  return decide<BraceStyle>(
    samples,
    (tree) => {
      const votes: BraceStyle[] = [];
      for (let node = 1; node < tree.length; node++) {
        if (tree.kind[node] !== NodeKind.IfStatement && tree.kind[node] !== NodeKind.WhileStatement) continue;
        const body = childByField(
          tree,
          node,
          tree.kind[node] === NodeKind.IfStatement ? Field.Consequence : Field.Body,
        );
        if (body === NO_NODE || tree.kind[body] !== NodeKind.CompoundStatement) continue;
        const lineStart = tree.text.lastIndexOf('\n', tree.start[body] - 1) + 1;
        const before = tree.text.slice(lineStart, tree.start[body]);
        if (before.trim() !== '') votes.push('same-line');
        else {
          const headStart = tree.text.lastIndexOf('\n', tree.start[node] - 1) + 1;
          const head = /^[ \t]*/.exec(tree.text.slice(headStart, tree.start[node]))![0];
          votes.push(before.length > head.length ? 'gnu' : 'next-line');
        }
      }
      return votes;
    },
    'same-line',
  );
}

function singleBodies(samples: readonly SyntaxArrays[]): { bracesSingle: boolean; joinsSingle: boolean } {
  const votes = (tree: SyntaxArrays): ('braced' | 'joined' | 'below')[] => {
    const found: ('braced' | 'joined' | 'below')[] = [];
    for (let node = 1; node < tree.length; node++) {
      if (tree.kind[node] !== NodeKind.IfStatement) continue;
      const body = childByField(tree, node, Field.Consequence);
      if (body === NO_NODE) continue;
      if (tree.kind[body] === NodeKind.CompoundStatement) {
        if (body + 1 < tree.next[body] && tree.next[body + 1] === tree.next[body]) found.push('braced');
      } else {
        found.push(tree.text.slice(tree.start[node], tree.start[body]).includes('\n') ? 'below' : 'joined');
      }
    }
    return found;
  };
  const isBraced = decide(samples, (tree) => votes(tree).map((vote) => vote === 'braced'), false);
  const isJoined = decide(
    samples,
    (tree) =>
      votes(tree)
        .filter((vote) => vote !== 'braced')
        .map((vote) => vote === 'joined'),
    false,
  );
  return { bracesSingle: isBraced, joinsSingle: isJoined };
}

function spacesCalls(fn: FunctionText): boolean {
  let spaced = 0;
  let tight = 0;
  const { tree } = fn;
  for (let node = 1; node < tree.length; node++) {
    if (tree.kind[node] !== NodeKind.ArgumentList || tree.field[node] !== Field.Arguments) continue;
    if (/\s/.test(tree.text[tree.start[node] - 1] ?? '')) spaced++;
    else tight++;
  }
  return spaced > tight;
}

const NULL_WORD = /^(NULL|nullptr)$/;

function nullTest(samples: readonly SyntaxArrays[]): Style['nullTest'] {
  return decide<Style['nullTest']>(
    samples,
    (tree) => {
      const votes: Style['nullTest'][] = [];
      for (let node = 1; node < tree.length; node++) {
        if (tree.kind[node] === NodeKind.UnaryExpression) {
          const operator = childByField(tree, node, Field.Operator);
          const argument = childByField(tree, node, Field.Argument);
          if (operator === NO_NODE || argument === NO_NODE || tree.text[tree.start[operator]] !== '!') continue;
          const kind = tree.kind[argument];
          if (kind === NodeKind.Identifier || kind === NodeKind.FieldExpression) votes.push('!p');
        } else if (tree.kind[node] === NodeKind.BinaryExpression) {
          const left = childByField(tree, node, Field.Left);
          const right = childByField(tree, node, Field.Right);
          if (left === NO_NODE || right === NO_NODE) continue;
          if (NULL_WORD.test(tree.text.slice(tree.start[right], tree.end[right]))) votes.push('p == NULL');
          else if (NULL_WORD.test(tree.text.slice(tree.start[left], tree.end[left]))) votes.push('NULL == p');
        }
      }
      return votes;
    },
    '!p',
  );
}

function nullPointer(file: FileText): string {
  if (file.has(/\bNULL\b/)) return 'NULL';
  if (file.has(/\bnullptr\b/)) return 'nullptr';
  return file.has(/^[ \t]*#[ \t]*include\b/m) ? 'NULL' : '0';
}
