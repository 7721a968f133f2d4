import type { MacroDefinition, MacroLookup } from '../source/macros.ts';
import { topLevelParts } from './top-level-parts.ts';

/** Words by which a macro's body leaves the function that uses it, or ends the program. */
const LEAVING = /\b(return|goto|break|continue)\b|exit|abort|longjmp|throw|fatal|panic|\bdie/i;
/** A body that decides for itself whether it leaves: control may as well go on behind it. */
const CONDITIONAL = /\bif\b|\?|\bassert/i;
/** Names of macros that leave, where no definition is in sight. */
const LEAVING_NAME = /(^|_)(RETURN|RET|THROW|RAISE|GOTO|BAIL|FATAL|ABORT|EXIT|DIE|PANIC|FAIL|ERROR_OUT)(_|$)/;
/** A name in front of a parenthesis. */
const CALL = /\b([A-Za-z_]\w*)\s*\(/g;
/** So many macros, or parameters of theirs, are followed from one use. */
const MAXIMUM_SEEN = 64;

/** What is known of a macro whose meaning differs between its definitions, or that has none in sight. */
export interface UnclearMacro {
  /** By some definition control does not come back from it. */
  readonly mayLeave: boolean;
  /** The positions of the arguments that every definition mentions. */
  readonly uses: readonly number[];
  /** The positions of those that some definition does not evaluate. */
  readonly skips: readonly number[];
  /** The positions of the arguments that some definition may assign to. */
  readonly assigns: readonly number[];
}

/** Tells of a called name that was not inlined whether it is a macro all the same. Undefined when it is none. */
export function unclearMacro(name: string, macros: MacroLookup, isFunction: boolean): UnclearMacro | undefined {
  const definitions = macros.definitionsOf(name).filter(({ parameters }) => parameters !== undefined);
  if (definitions.length === 0) {
    if (isFunction || !/^[A-Z][A-Z0-9_]*$/.test(name)) return undefined;
    return { mayLeave: LEAVING_NAME.test(name), uses: [], skips: [], assigns: [] };
  }
  const count = Math.max(...definitions.map(({ parameters }) => parameters!.length));
  const positions = Array.from({ length: count }, (_, position) => position);
  const uses = positions.filter((position) => definitions.every((definition) => mentions(definition, position)));
  const assigns = positions.filter((position) =>
    definitions.some((definition) => mayAssign(definition, position, macros, new Set())),
  );
  const skips = positions.filter((position) => !uses.includes(position));
  return { mayLeave: definitions.some((definition) => leaves(definition, macros, new Set())), uses, skips, assigns };
}

function mentions({ parameters, body }: MacroDefinition, position: number): boolean {
  const parameter = parameters?.[position];
  return (
    parameter !== undefined &&
    /^\w+$/.test(parameter) &&
    new RegExp(`(?<!(?:sizeof|typeof|typeof__)\\s*\\(?\\s*)\\b${parameter}\\b`).test(body)
  );
}

/**
 * A definition, or a macro that it hands its parameter on to, assigns to the argument: `NEW(p)` is `p = make()` in each build.
 * @param seen The parameters that were looked at: macros that use others ten times each have a million ways through them.
 */
function mayAssign(definition: MacroDefinition, position: number, macros: MacroLookup, seen: Set<string>): boolean {
  const { parameters, body } = definition;
  const parameter = parameters?.[position];
  if (parameter === undefined || !/^\w+$/.test(parameter) || !mentions(definition, position)) return false;
  if (new RegExp(`(?<![\\w.>])${parameter}\\s*\\)?\\s*=(?!=)`).test(body)) return true;
  const given = new RegExp(`^\\(*\\s*${parameter}\\s*\\)*$`);
  for (const match of body.matchAll(CALL)) {
    const [head, callee] = match;
    const inner = macros.definitionsOf(callee);
    if (inner.length === 0) continue;
    for (const [at, argument] of topLevelParts(body.slice(match.index + head.length)).entries()) {
      if (!given.test(argument.trim()) || !isNew(seen, `${callee} ${at}`)) continue;
      if (inner.some((each) => mayAssign(each, at, macros, seen))) return true;
    }
  }
  return false;
}

/** A macro or one that it uses leaves; `seen` as above, by names. */
function leaves({ body }: MacroDefinition, macros: MacroLookup, seen: Set<string>): boolean {
  if (CONDITIONAL.test(body)) return false;
  if (LEAVING.test(body)) return true;
  for (const [, callee] of body.matchAll(CALL)) {
    if (!isNew(seen, callee)) continue;
    if (macros.definitionsOf(callee).some((inner) => leaves(inner, macros, seen))) return true;
  }
  return false;
}

/** Notes a key; false for one that was noted before, and when there are enough of them. */
function isNew(seen: Set<string>, key: string): boolean {
  if (seen.has(key) || seen.size >= MAXIMUM_SEEN) return false;
  seen.add(key);
  return true;
}
