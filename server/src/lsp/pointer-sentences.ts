import type { TextRange } from '../base/range.ts';
import type { Allocation, PlaceOfEvent, PointerState, PointerStory } from '../workspace/pointers.ts';

/** The one-based line of an offset. */
export type LineOf = (offset: number) => number;

/** What is known of a pointer at a place, in Markdown. */
export function describePointer(story: PointerStory, lineOf: LineOf): string {
  const sentences = [...new Set(story.states.map((state) => describeState(state, lineOf)))];
  const name = `**\`${story.text.replaceAll('`', "'").replace(/\s+/g, ' ')}\`**`;
  const where = story.isWrite ? 'from here on' : 'here';
  const note = `${describeFrees(story, lineOf)}${story.isIncomplete ? '\n\n*Not all paths of this function were followed.*' : ''}`;
  if (sentences.length === 1) return `${name} ${where}: ${sentences[0]}${note}`;
  const list = sentences.map((sentence) => `- on some paths ${sentence}`).join('\n');
  return `${name} ${where}, depending on the path:\n\n${list}${note}`;
}

/** Where else the function frees the memory, now that the states have told what happened before. */
function describeFrees({ frees, states }: PointerStory, lineOf: LineOf): string {
  const told = new Set(states.map(({ free }) => free && lineOf(free.range.start)));
  const lines = linesOf(frees, lineOf).filter((line) => !told.has(line));
  return lines.length === 0
    ? ''
    : `\n\nThis function ${told.size > 1 || !told.has(undefined) ? 'also ' : ''}frees it on ${listOf(lines)}.`;
}

function describeState(state: PointerState, lineOf: LineOf): string {
  const { status, nullness, allocation, free, assumedNull, callee } = state;
  const line = (range: TextRange): string => `line ${lineOf(range.start)}`;
  const by = (place: PlaceOfEvent): string => {
    const name = place.callee === '' ? '' : ` by \`${place.callee}\``;
    const inner = place.inner === '' || place.inner === place.callee ? '' : ` (\`${place.inner}\` inside it)`;
    return `${name}${inner} on ${line(place.range)}`;
  };
  const isNonNull = nullness === 'non-null';
  switch (status) {
    case 'owned':
      return `owned, allocated${allocation ? by(allocation) : ''}${describeCheck(nullness)}`;
    case 'shared':
      return `allocated${allocation ? by(allocation) : ''}${describeCheck(nullness)}; others may hold it by now`;
    case 'freed': {
      const how = state.isDefinite ? 'freed' : 'perhaps freed';
      const origin = allocation ? `, allocated on ${line(allocation.range)}` : '';
      return `${how}${free ? by(free) : ''}${origin}`;
    }
    case 'null':
      if (allocation) return `\`NULL\`, since the allocation on ${line(allocation.range)} failed`;
      return assumedNull ? `\`NULL\`, found on ${line(assumedNull)}` : '`NULL`';
    case 'object':
      return 'the address of a variable or a literal, which must not be freed';
    case 'uninitialised':
      return 'never given a value';
    case 'handed-in':
      return `handed in from outside this function${isNonNull ? ', not `NULL`' : ''}`;
    case 'result':
      return `returned by ${callee === '' ? 'a call' : `\`${callee}\``}${isNonNull ? ', not `NULL`' : ''}`;
    case 'unknown':
      return isNonNull ? 'not `NULL`, and not followed any further' : 'not followed any further';
  }
}

function describeCheck(nullness: PointerState['nullness']): string {
  if (nullness === 'unchecked') return ', not checked for `NULL` yet';
  return nullness === 'non-null' ? ', not `NULL`' : '';
}

/** What becomes of an allocation within its function, in one line of plain text. */
export function describeAllocation({ frees, isReturned, isShared }: Allocation, lineOf: LineOf): string {
  const lines = linesOf(frees, lineOf);
  const fates: string[] = [];
  if (lines.length > 0) fates.push(`freed on ${listOf(lines)}`);
  if (isReturned) fates.push('returned');
  else if (isShared) fates.push('handed on');
  return `allocated here, ${fates.length > 0 ? fates.join(' or ') : 'not freed in this function'}`;
}

/** The lines of some places, each once, in order. */
function linesOf(places: readonly PlaceOfEvent[], lineOf: LineOf): number[] {
  return [...new Set(places.map(({ range }) => lineOf(range.start)))].sort((a, b) => a - b);
}

/** E.g. "line 3", "lines 3, 5 and 8". */
function listOf(lines: readonly number[]): string {
  return lines.length < 2 ? `line ${lines.join('')}` : `lines ${lines.slice(0, -1).join(', ')} and ${lines.at(-1)}`;
}
