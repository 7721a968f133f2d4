/**
 * Conditional groups: which branches stay. What is known (`#if 0`, C++, foreign platforms, the user's defines) is
 * answered; whole declarations at the top level stay side by side; whole statements that touch memory or control flow
 * stay as a choice; everything else resolves to one branch, the same for the same condition all over the file.
 */
import {
  BLOCK,
  contextOf,
  contextOfBrace,
  FILE_SCOPE,
  isSequenceContext,
  type OpenBracket,
  PARENTHESES,
  STRUCT_BODY,
  SUBSCRIPT,
  type TokenSequence,
} from './brackets.ts';
import { BranchAnswers } from './branch-answers.ts';
import {
  bothConditions,
  type Condition,
  type DefineLookup,
  isConditionExpression,
  negateCondition,
} from './conditions.ts';
import { conditionOf, directiveAt, isConditional } from './directives.ts';
import { FileDefines } from './file-defines.ts';
import { FunctionChoices } from './function-choices.ts';
import { JUMP_WORD, keywordClass } from './keywords.ts';
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  CLOSE_PAREN,
  DIRECTIVE,
  IDENTIFIER,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_PAREN,
  type Tokens,
} from './lexer.ts';
import { endsWhole, isBoundary, isCrampedLabel, isFollowedByElse, startsWhole } from './statement-borders.ts';

/** A part of the text that is not analysed. */
export interface DeadRange {
  readonly start: number;
  readonly end: number;
  /** Normal form of the condition under which it would be compiled. */
  readonly condition: string;
}

export interface ResolvedConditionals {
  /** The tokens that are left; directives among them belong to groups that stay as a choice. */
  readonly sequence: TokenSequence;
  /** Branches that were not chosen, in order; they do not overlap. */
  readonly dead: readonly DeadRange[];
  /** Token indices of the preprocessor lines that are blanked. */
  readonly blankedDirectives: readonly number[];
  /** By the token of a branch's line: the condition that holds because the branch was taken though it is not known to. */
  readonly assumed: ReadonlyMap<number, string>;
}

interface BranchState {
  readonly directive: number;
  readonly asked: Condition;
  readonly condition: Condition;
  /** Its tokens in the sequence: from `from` to the next branch's `from` or the end. */
  readonly from: number;
  to: number;
  state: OpenBracket | undefined;
  closedParen: number;
  lowest: number;
  isWhole: boolean;
  touches: boolean;
}

interface GroupState {
  readonly outer: GroupState | undefined;
  readonly entry: OpenBracket | undefined;
  readonly entryClosedParen: number;
  readonly entryContext: number;
  /** False when the token before the group leaves a statement open. */
  readonly startsClean: boolean;
  readonly branches: BranchState[];
  /** The shallowest bracket depth within the current branch. */
  lowest: number;
  touches: boolean;
}

const memoryName =
  /alloc|free|dup|new|create|destroy|delete|release|unref|dispose|clear|cleanup|printf|getline|exit|abort|die|fatal/i;

/** Resolves all conditional groups of a text in one pass. */
export function resolveConditionals(
  tokens: Tokens,
  defines: Readonly<Record<string, string | null>>,
  headers: DefineLookup = () => undefined,
  isOwnFallback: (name: string) => boolean = () => false,
): ResolvedConditionals {
  return new Resolver(tokens, new FileDefines(defines, headers, isOwnFallback)).resolve();
}

class Resolver {
  readonly #tokens: Tokens;
  readonly #defines: FileDefines;
  readonly #sequence: TokenSequence;
  readonly #answers = new BranchAnswers();
  readonly #dead: DeadRange[] = [];
  readonly #blanked: number[] = [];
  readonly #assumed = new Map<number, string>();
  #open: OpenBracket | undefined;
  #closedParen = -1;
  #group: GroupState | undefined;
  readonly #choices = new FunctionChoices();

  constructor(tokens: Tokens, defines: FileDefines) {
    this.#tokens = tokens;
    this.#defines = defines;
    this.#sequence = { tokens, indices: new Int32Array(tokens.count), length: 0 };
  }

  resolve(): ResolvedConditionals {
    const { kind, count } = this.#tokens;
    for (let index = 0; index < count - 1; index++) {
      if (kind[index] === DIRECTIVE) {
        index = this.#directive(index);
        continue;
      }
      this.#take(index);
    }
    while (this.#group !== undefined) {
      this.#endBranch(this.#group);
      this.#close(count - 1);
    }
    // The end of the text stays whatever happens: every walk over the tokens ends there.
    this.#take(count - 1);
    this.#dead.sort((a, b) => a.start - b.start || b.end - a.end);
    return {
      sequence: this.#sequence,
      dead: withoutInner(this.#dead),
      blankedDirectives: this.#blanked,
      assumed: this.#assumed,
    };
  }

  #take(index: number): void {
    const sequence = this.#sequence;
    const at = this.#tokens.kind[index];
    if (at === OPEN_PAREN || at === OPEN_BRACKET || at === OPEN_BRACE) {
      const outer = contextOf(this.#open);
      const context =
        at === OPEN_PAREN
          ? PARENTHESES
          : at === OPEN_BRACKET
            ? SUBSCRIPT
            : contextOfBrace(sequence, outer, this.#closedParen);
      this.#open = { context, at: sequence.length, depth: (this.#open?.depth ?? 0) + 1, outer: this.#open };
    } else if (at === CLOSE_PAREN || at === CLOSE_BRACKET || at === CLOSE_BRACE) {
      this.#shut(at);
    } else if (at === IDENTIFIER && this.#group !== undefined && !this.#group.touches) {
      const word = this.#tokens.names[this.#tokens.symbol[index]];
      if (keywordClass(word) === JUMP_WORD || (this.#tokens.kind[index + 1] === OPEN_PAREN && memoryName.test(word))) {
        this.#group.touches = true;
      }
    }
    sequence.indices[sequence.length++] = index;
  }

  /** Closes the innermost bracket that fits; a brace closes the parentheses left open inside it. */
  #shut(at: number): void {
    let open = this.#open;
    if (at === CLOSE_BRACE) {
      while (open !== undefined && (open.context === PARENTHESES || open.context === SUBSCRIPT)) open = open.outer;
      this.#open = open?.outer;
    } else {
      const wanted = at === CLOSE_PAREN ? PARENTHESES : SUBSCRIPT;
      if (open?.context === wanted) {
        if (at === CLOSE_PAREN) this.#closedParen = open.at;
        this.#open = open.outer;
      } else if (open?.outer?.context === wanted && open.context !== BLOCK) {
        if (at === CLOSE_PAREN) this.#closedParen = open.outer.at;
        this.#open = open.outer.outer;
      }
    }
    const depth = this.#open?.depth ?? 0;
    if (this.#group !== undefined && depth < this.#group.lowest) this.#group.lowest = depth;
  }

  /** Handles a preprocessor line; returns the index of the last token consumed. */
  #directive(index: number): number {
    const directive = directiveAt(this.#tokens, index);
    const { name } = directive;
    this.#blanked.push(index);
    if (!isConditional(name)) {
      const asked = this.#group?.branches.at(-1)?.asked.text ?? '';
      this.#defines.take(directive, asked, (isDefault) => this.#isCertain(isDefault));
      return index;
    }
    if (name.startsWith('if')) {
      const asked = conditionOf(directive, this.#defines.known);
      const group: GroupState = {
        outer: this.#group,
        entry: this.#open,
        entryClosedParen: this.#closedParen,
        entryContext: contextOf(this.#open),
        startsClean:
          isBoundary(this.#sequence, this.#sequence.length - 1) &&
          !isCrampedLabel(this.#sequence, this.#sequence.length - 1, index),
        branches: [],
        lowest: 0,
        touches: false,
      };
      this.#group = group;
      return this.#beginBranch(group, index, asked, asked);
    }
    const group = this.#group;
    if (group === undefined) return index;
    this.#endBranch(group);
    if (name === 'endif') {
      this.#close(index);
      return index;
    }
    const own: Condition = name === 'else' ? { text: '', value: true } : conditionOf(directive, this.#defines.known);
    let condition: Condition = own;
    const { branches } = group;
    for (let i = Math.max(0, branches.length - 4); i < branches.length; i++) {
      condition = bothConditions(negateCondition(branches[i].asked), condition);
    }
    if (branches.some((branch) => branch.asked.value === true)) condition = { text: condition.text, value: false };
    return this.#beginBranch(group, index, own, condition);
  }

  /** Every condition around the present line holds, or is an include guard; the innermost may ask for what it defines. */
  #isCertain(isDefault: boolean): boolean {
    for (let group = this.#group; group !== undefined; group = group.outer) {
      const { branches } = group;
      const [first] = branches;
      if (branches[branches.length - 1].condition.value === true) continue;
      const isGuard = group.outer === undefined && first.from === 0 && first.asked.text.startsWith('!defined(');
      if (branches.length > 1 || !(isGuard || (isDefault && group === this.#group))) return false;
    }
    return true;
  }

  #beginBranch(group: GroupState, index: number, asked: Condition, condition: Condition): number {
    this.#open = group.entry;
    this.#closedParen = group.entryClosedParen;
    group.lowest = group.entry?.depth ?? 0;
    group.branches.push({
      directive: index,
      asked,
      condition,
      from: this.#sequence.length,
      to: this.#sequence.length,
      state: group.entry,
      closedParen: group.entryClosedParen,
      lowest: group.lowest,
      isWhole: false,
      touches: false,
    });
    return condition.value === false ? this.#skipBranch(index) : index;
  }

  /** The last token before the directive that ends a branch which is not compiled. */
  #skipBranch(index: number): number {
    const { kind, count } = this.#tokens;
    let depth = 0;
    for (let at = index + 1; at < count; at++) {
      if (kind[at] !== DIRECTIVE) continue;
      const { name } = directiveAt(this.#tokens, at);
      if (!isConditional(name)) continue;
      if (name.startsWith('if')) depth++;
      else if (depth === 0) return at - 1;
      else if (name === 'endif') depth--;
    }
    return count - 2;
  }

  #endBranch(group: GroupState): void {
    const branch = group.branches[group.branches.length - 1];
    branch.to = this.#sequence.length;
    branch.state = this.#open;
    branch.closedParen = this.#closedParen;
    branch.lowest = group.lowest;
    const entryDepth = group.entry?.depth ?? 0;
    branch.isWhole =
      branch.from === branch.to ||
      (group.lowest >= entryDepth &&
        this.#open === group.entry &&
        startsWhole(this.#sequence, branch.from) &&
        endsWhole(this.#sequence, branch.to - 1));
    branch.touches = group.touches;
  }

  /** Decides the innermost group, whose `#endif` is the token `end`. */
  #close(end: number): void {
    const group = this.#group!;
    this.#group = group.outer;
    const { branches } = group;
    if (group.outer !== undefined) {
      group.outer.touches ||= group.touches;
    }
    const open = branches.filter((branch) => branch.condition.value !== false);
    const isWhole =
      end < this.#tokens.count - 1 &&
      group.startsClean &&
      isSequenceContext(group.entryContext) &&
      open.every((branch) => branch.isWhole) &&
      !isFollowedByElse(this.#tokens, end);
    const isKnown = open.length === 0 || open.some((branch) => branch.condition.value === true && branch === open[0]);
    if (!isKnown && isWhole) {
      if (group.entryContext === FILE_SCOPE || group.entryContext === STRUCT_BODY) {
        this.#keepAll(group, end);
        return;
      }
      const asked = branches.map((branch) => branch.asked.text);
      if (
        group.touches &&
        open.length === branches.length &&
        asked.every((text) => text === '' || (text.length < 200 && isConditionExpression(text))) &&
        !this.#choices.areSettled(group.entry, asked, (text) => this.#answers.of(text)) &&
        this.#choices.add(group.entry, asked)
      ) {
        this.#keepChoice(group, end);
        return;
      }
    }
    if (!isKnown && open.length > 1 && group.entry !== undefined) {
      this.#choices.settle(
        group.entry,
        open.map(({ asked }) => asked.text),
      );
    }
    this.#choose(group, end, isKnown ? open[0] : this.#preferred(group, open));
  }

  /** The branch that earlier answers to the same questions ask for, else the first. */
  #preferred(group: GroupState, open: readonly BranchState[]): BranchState | undefined {
    for (const branch of open) {
      const answer = branch.asked.value ?? this.#answers.of(branch.asked.text);
      if (answer === true) return branch;
      if (answer === undefined) {
        for (const before of open) {
          if (before === branch) break;
          this.#answers.note(before.asked.text, false);
        }
        this.#answers.note(branch.asked.text, true);
        return branch;
      }
    }
    return group.branches.some((branch) => branch.asked.text === '') ? open[open.length - 1] : undefined;
  }

  #bury(group: GroupState, branch: BranchState, end: number): void {
    const position = group.branches.indexOf(branch);
    const next = position + 1 < group.branches.length ? group.branches[position + 1].directive : end;
    const start = this.#tokens.end[branch.directive];
    const stop = this.#tokens.start[next];
    if (start < stop) this.#dead.push({ start, end: stop, condition: branch.condition.text });
  }

  #keepAll(group: GroupState, end: number): void {
    for (const branch of group.branches) if (branch.condition.value === false) this.#bury(group, branch, end);
    this.#open = group.entry;
    this.#closedParen = group.entryClosedParen;
  }

  /** The group's own lines go back into the sequence, each before its branch. */
  #keepChoice(group: GroupState, end: number): void {
    const sequence = this.#sequence;
    const { branches } = group;
    const extra = branches.length + 1;
    const { indices } = sequence;
    for (let i = branches.length - 1; i >= 0; i--) {
      const { from, to, directive } = branches[i];
      indices.copyWithin(from + i + 1, from, to);
      indices[from + i] = directive;
    }
    sequence.length += extra;
    indices[sequence.length - 1] = end;
    const lines = new Set(branches.map((branch) => branch.directive));
    lines.add(end);
    // The group's lines are among the latest blanked ones; they stay.
    let write = this.#blanked.length;
    const kept: number[] = [];
    while (write > 0 && this.#blanked[write - 1] >= branches[0].directive) {
      const line = this.#blanked[--write];
      if (!lines.has(line)) kept.push(line);
    }
    this.#blanked.length = write;
    this.#blanked.push(...kept.reverse());
    this.#open = group.entry;
    this.#closedParen = group.entryClosedParen;
  }

  #choose(group: GroupState, end: number, chosen: BranchState | undefined): void {
    const sequence = this.#sequence;
    const start = group.branches[0].from;
    for (const branch of group.branches) if (branch !== chosen) this.#bury(group, branch, end);
    if (chosen === undefined) {
      sequence.length = start;
      this.#open = group.entry;
      this.#closedParen = group.entryClosedParen;
      return;
    }
    if (chosen.condition.value === undefined) this.#assumed.set(chosen.directive, chosen.condition.text);
    sequence.indices.copyWithin(start, chosen.from, chosen.to);
    sequence.length = start + (chosen.to - chosen.from);
    this.#open = chosen.state;
    this.#closedParen = chosen.closedParen;
    if (group.outer !== undefined) group.outer.lowest = Math.min(group.outer.lowest, chosen.lowest);
  }
}

/** Ranges sorted by start, without those that lie inside another. */
function withoutInner(ranges: readonly DeadRange[]): DeadRange[] {
  const result: DeadRange[] = [];
  let end = -1;
  for (const range of ranges) {
    if (range.start < end) continue;
    result.push(range);
    end = range.end;
  }
  return result;
}
