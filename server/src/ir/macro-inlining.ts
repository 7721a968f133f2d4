import { NodeKind } from '../syntax/generated/node-kinds.ts';
import { MAXIMUM_BODY, WORD_OR_LITERAL } from '../syntax/macro-body.ts';
import { childrenOf, type NodeIndex } from '../syntax/syntax-arrays.ts';
import { type Argument, type Frame, type Lowering, MAXIMUM_MACRO_DEPTH } from './lowering.ts';
import type { ArgumentText, MacroTemplate } from './lowering-environment.ts';

/** Runs `lower` reading from another frame. */
export function withFrame<T>(l: Lowering, frame: Frame, lower: () => T): T {
  const before = l.frame;
  l.frame = frame;
  try {
    return lower();
  } finally {
    l.frame = before;
  }
}

/** The macro to inline for a name, unless it is being inlined already (C17 6.10.3.4) or too deep. */
export function macroFor(
  l: Lowering,
  name: string,
  callArguments: readonly Argument[] = [],
): MacroTemplate | undefined {
  if (l.isInliningDone || l.frame.depth >= MAXIMUM_MACRO_DEPTH || l.frame.macro.split(' ').includes(name))
    return undefined;
  return l.environment.macro(name, () => callArguments.map((argument) => textOfArgument(argument)));
}

/** True for a macro that would be inlined if not too much was already: its body may do anything to any variable. */
export function isLeftByBudget(l: Lowering, name: string, callArguments: readonly Argument[]): boolean {
  if (!l.isInliningDone) return false;
  return l.environment.macro(name, () => callArguments.map((argument) => textOfArgument(argument))) !== undefined;
}

/** The arguments in a call's parentheses; a variadic parameter stands for all that the macro's call gave for it. */
export function argumentsIn(l: Lowering, list: NodeIndex): Argument[] {
  const { frame } = l;
  return childrenOf(l.tree, list).flatMap((node) =>
    frame.rest && l.kind(node) === NodeKind.Identifier && l.text(node) === frame.rest.parameter
      ? frame.rest.arguments
      : { frame, node },
  );
}

/** True when a call with so many arguments is one of the macro. */
export function fitsMacro(macro: MacroTemplate, callArguments: readonly Argument[]): boolean {
  if (!macro.parameters) return false;
  // `f()` gives the one parameter of `f` nothing (C17 6.10.3).
  if (callArguments.length === 0 && macro.parameters.length === 1) return true;
  return macro.isVariadic
    ? callArguments.length >= macro.parameters.length - 1
    : callArguments.length === macro.parameters.length;
}

function textOfArgument(argument: Argument): ArgumentText {
  const { tree, rewrittenAt } = argument.frame;
  const { node } = argument;
  const rewritten = tree.kind[node] === NodeKind.NumberLiteral ? rewrittenAt(tree.start[node]) : undefined;
  const text = rewritten?.kind === 'statement' || rewritten?.kind === 'operator' ? rewritten.text : undefined;
  if (text === undefined) return { text: argumentText(argument), isRewritten: false };
  return { text: withArguments(argument.frame, text), isRewritten: true };
}

/** A piece of a macro's body with what its call gave in the place of the parameters (C17 6.10.3.1). */
function withArguments({ substitutions, rest }: Frame, text: string): string {
  if (substitutions.size === 0) return text;
  // What is too long for a body is not inlined: it need not grow any further.
  let { length } = text;
  return text.replace(WORD_OR_LITERAL, (word) => {
    const given = rest?.parameter === word ? rest.arguments : substitutions.get(word);
    if (!given || length > MAXIMUM_BODY) return word;
    const written = [given].flat().map((each) => textOfArgument(each).text);
    const joined = written.join(', ');
    length += joined.length;
    return joined;
  });
}

/** The text of an argument as the outermost caller wrote it. */
export function argumentText({ frame, node }: Argument): string {
  const { tree } = frame;
  const text = tree.text.slice(tree.start[node], tree.end[node]);
  const inner = tree.kind[node] === NodeKind.Identifier ? frame.substitutions.get(text) : undefined;
  return inner ? argumentText(inner) : text;
}

/** The name that a macro's parameter stands for, or the name itself. */
export function substitutedName(l: Lowering, name: string): string {
  const argument = l.frame.substitutions.get(name);
  return argument ? argumentText(argument) : name;
}

/** Of arguments that are no expressions the text was put into the body before it was parsed, where the body mentions them. */
function noteArgumentsInBody(
  l: Lowering,
  { written }: MacroTemplate,
  callArguments: readonly Argument[],
  call: NodeIndex,
): void {
  for (const [position, argument] of callArguments.entries()) {
    if (written.has(position) && textOfArgument(argument).isRewritten)
      l.argumentsInBodies.set(l.tree.start[argument.node], l.tree.start[call]);
  }
}

/**
 * Runs `lower` inside the body of a macro: its parameters stand for the call's arguments (by name, evaluated where they
 * are mentioned, as in the expansion), and every position is that of the call.
 */
export function enterMacro<T>(
  l: Lowering,
  name: string,
  macro: MacroTemplate,
  callArguments: readonly Argument[],
  call: NodeIndex,
  lower: () => T,
): T {
  const outer = l.frame;
  if (outer.depth === 0) noteArgumentsInBody(l, macro, callArguments, call);
  const substitutions = new Map<string, Argument>();
  const parameters = macro.parameters ?? [];
  for (const [i, parameter] of parameters.entries()) {
    if (i < callArguments.length) substitutions.set(parameter, callArguments[i]);
  }
  const rest = macro.isVariadic
    ? { parameter: parameters[parameters.length - 1], arguments: callArguments.slice(parameters.length - 1) }
    : undefined;
  return withFrame(
    l,
    {
      tree: macro.arrays,
      macro: `${outer.macro} ${name}`,
      substitutions,
      rest,
      origin: l.origin(call),
      depth: outer.depth + 1,
      rewrittenAt: (offset) => macro.rewritten.get(offset),
      cleanupWithin: macro.cleanupWithin,
    },
    lower,
  );
}
