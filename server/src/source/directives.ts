/** Preprocessor lines: what they are, and how conditional ones nest. */
import { detached } from '../base/detached.ts';
import {
  bothConditions,
  type Condition,
  type DefineLookup,
  definedCondition,
  negateCondition,
  parseCondition,
} from './conditions.ts';
import { blockCommentEnd, DIRECTIVE, literalEnd, type Tokens } from './lexer.ts';

export interface Directive {
  /** The word after `#`, e.g. `ifdef`; '' for a null directive or a line marker. */
  readonly name: string;
  /** What follows the word, with comments and continuations blanked to spaces; as long as the original. */
  readonly argument: string;
  /** The offset at which the argument begins. */
  readonly argumentStart: number;
}

/** The directive of the token at `index`. */
export function directiveAt(tokens: Tokens, index: number): Directive {
  const { text } = tokens;
  const end = tokens.end[index];
  let position = tokens.start[index] + 1;
  while (position < end && isBlank(text.charCodeAt(position))) position++;
  const nameStart = position;
  while (position < end && isLowerCaseLetter(text.charCodeAt(position))) position++;
  return {
    name: text.slice(nameStart, position),
    argument: blankComments(detached(text.slice(position, end))),
    argumentStart: position,
  };
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

function isLowerCaseLetter(code: number): boolean {
  return code >= 97 && code <= 122;
}

/** Comments and backslash continuations (with their line breaks) become spaces; the length stays. */
function blankComments(text: string): string {
  if (!text.includes('/') && !text.includes('\\')) return text;
  const pieces: string[] = [];
  let kept = 0;
  let position = 0;
  const blank = (end: number): void => {
    pieces.push(text.slice(kept, position), ' '.repeat(end - position));
    kept = position = end;
  };
  while (position < text.length) {
    const code = text.charCodeAt(position);
    const next = text.charCodeAt(position + 1);
    if (code === 34) position = literalEnd(text, position);
    else if (code === 39 && text.charCodeAt(literalEnd(text, position) - 1) === 39)
      position = literalEnd(text, position);
    else if (code === 47 && next === 42) blank(blockCommentEnd(text, position));
    else if (code === 47 && next === 47) blank(text.length);
    else if (code === 92 && next === 10) blank(position + 2);
    else if (code === 92 && next === 13) blank(position + (text.charCodeAt(position + 2) === 10 ? 3 : 2));
    else position++;
  }
  pieces.push(text.slice(kept));
  return pieces.join('');
}

/** One branch of a conditional group. */
interface Branch {
  /** The index of the token of its own directive (`#if`, `#elif`, `#else`). */
  readonly directive: number;
  /** The index of the token of the directive that ends it; the number of tokens if the group is never closed. */
  end: number;
  /** The condition under which this branch is compiled: its own and that of no branch before it. */
  readonly condition: Condition;
}

/** A group from `#if` to `#endif`. */
export interface ConditionalGroup {
  readonly branches: Branch[];
  /** What each branch's own line asks, without what follows from the branches before it. */
  readonly asked: Condition[];
  /** The index of the token of `#endif`; the number of tokens if it is missing. */
  end: number;
  /** The group around it. */
  readonly parent: ConditionalGroup | undefined;
}

/** True for the words that open, divide or close a conditional group. */
export function isConditional(name: string): boolean {
  return (
    name === 'if' ||
    name === 'ifdef' ||
    name === 'ifndef' ||
    name === 'elif' ||
    name === 'elifdef' ||
    name === 'elifndef' ||
    name === 'else' ||
    name === 'endif'
  );
}

/** The condition that an `#if`, `#ifdef`, `#elif` ... line asks. */
export function conditionOf(directive: Directive, defines: DefineLookup): Condition {
  const { name, argument } = directive;
  if (name === 'if' || name === 'elif') return parseCondition(argument, defines);
  const word = /^\s*([\w$]+)/.exec(argument)?.[1] ?? '';
  return definedCondition(word, name.endsWith('ndef'), defines);
}

/**
 * All conditional groups, outer ones before the groups inside them. Stray `#else` and `#endif` lines are ignored, a
 * missing `#endif` is added at the end of the text. `onDirective` sees every other directive in order, with the groups
 * that are open, so that defines can be known before a later condition asks for them.
 */
export function conditionalGroups(
  tokens: Tokens,
  defines: DefineLookup,
  onDirective?: (directive: Directive, index: number, group: ConditionalGroup | undefined) => void,
): ConditionalGroup[] {
  const groups: ConditionalGroup[] = [];
  let open: ConditionalGroup | undefined;
  const { kind, count } = tokens;
  for (let index = 0; index < count; index++) {
    if (kind[index] !== DIRECTIVE) continue;
    const directive = directiveAt(tokens, index);
    const { name } = directive;
    if (!isConditional(name)) {
      onDirective?.(directive, index, open);
    } else if (name.startsWith('if')) {
      const condition = conditionOf(directive, defines);
      const group: ConditionalGroup = { branches: [], asked: [condition], end: count, parent: open };
      group.branches.push({ directive: index, end: count, condition });
      groups.push(group);
      open = group;
    } else if (open !== undefined) {
      open.branches[open.branches.length - 1].end = index;
      if (name === 'endif') {
        open.end = index;
        open = open.parent;
      } else {
        const own = name === 'else' ? { text: '', value: true } : conditionOf(directive, defines);
        open.branches.push({ directive: index, end: count, condition: bothConditions(notBefore(open), own) });
        open.asked.push(own);
      }
    }
  }
  return groups;
}

/** The condition that none of the branches so far is compiled; long chains keep only their last link in the text. */
function notBefore(group: ConditionalGroup): Condition {
  let result: Condition = { text: '', value: true };
  const count = group.asked.length;
  for (let i = 0; i < count; i++) {
    const negated = negateCondition(group.asked[i]);
    result = bothConditions(result, i >= count - 4 ? negated : { text: '', value: negated.value });
  }
  return result;
}
