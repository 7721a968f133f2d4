/** What a file's preprocessor lines tell others: macros, the ends of macros, and what is included. */
import { bothConditions, type Condition } from './conditions.ts';
import { type ConditionalGroup, conditionalGroups, type Directive, directiveAt } from './directives.ts';
import { DIRECTIVE, type Tokens } from './lexer.ts';
import { type MacroDefinition, parseDefine } from './macros.ts';
import { commentedUndefs, type UndefFact, withLifetimes } from './undefinitions.ts';

export interface IncludeFact {
  readonly path: string;
  /** `"..."` rather than `<...>`. */
  readonly isQuoted: boolean;
  readonly offset: number;
  /** Normal form of the conditions around the line, but for the file's include guard; '' if there are none. */
  readonly condition: string;
}

export interface DirectiveFacts {
  readonly macros: readonly MacroDefinition[];
  readonly undefs: readonly UndefFact[];
  /** Names that a generated header says are not defined. */
  readonly undefined: readonly string[];
  readonly includes: readonly IncludeFact[];
}

/** What a file's preprocessor lines say. */
export function directiveFacts(file: string, tokens: Tokens): DirectiveFacts {
  const macros: MacroDefinition[] = [];
  const undefs: UndefFact[] = [];
  const includes: IncludeFact[] = [];
  let guard: ConditionalGroup | undefined;
  const takeDirective = (directive: Directive, index: number, group: ConditionalGroup | undefined): void => {
    if (directive.name === 'define') {
      if (macros.length === 0 && isIncludeGuard(tokens, group, directive)) guard = group;
      const definition = parseDefine(directive, file, tokens.start[index], conditionAround(group, guard));
      if (definition !== undefined) macros.push(definition);
    } else if (directive.name === 'undef') {
      const name = /^\s*([\w$]+)/.exec(directive.argument)?.[1];
      if (name !== undefined)
        undefs.push({ name, offset: tokens.start[index], condition: conditionAround(group, guard) });
    } else if (directive.name === 'include' || directive.name === 'include_next' || directive.name === 'import') {
      const match = /^\s*(?:"([^"]+)"|<([^>]+)>)/.exec(directive.argument);
      if (match === null) return;
      const isQuoted = match[1] !== undefined;
      includes.push({
        path: isQuoted ? match[1] : match[2],
        isQuoted,
        offset: tokens.start[index],
        condition: conditionAround(group, guard),
      });
    }
  };
  conditionalGroups(tokens, () => undefined, takeDirective);
  return { macros: withLifetimes(macros, undefs), undefs, undefined: commentedUndefs(tokens), includes };
}

/** True for the `#ifndef NAME` around a whole header whose first definition is that of `NAME`. */
function isIncludeGuard(tokens: Tokens, group: ConditionalGroup | undefined, define: Directive): boolean {
  if (group === undefined || group.parent !== undefined || group.branches.length !== 1) return false;
  const name = /^\s*([\w$]+)/.exec(define.argument)?.[1];
  if (group.asked[0].text !== `!defined(${name})`) return false;
  // `#pragma once` may stand in front; anything else would be outside of the guard.
  for (let index = group.branches[0].directive - 1; index >= 0; index--) {
    if (tokens.kind[index] !== DIRECTIVE || directiveAt(tokens, index).name !== 'pragma') return false;
  }
  return true;
}

/** The conditions of the groups around a line. A header's include guard says nothing about what is compiled. */
function conditionAround(group: ConditionalGroup | undefined, guard: ConditionalGroup | undefined): string {
  let condition: Condition = { text: '', value: true };
  let depth = 0;
  for (let each = group; each !== undefined && each !== guard && depth < 16; each = each.parent, depth++) {
    condition = bothConditions(each.branches[each.branches.length - 1].condition, condition);
  }
  return condition.text;
}
