import type { NodeIndex } from '../syntax/syntax-arrays.ts';
import { type Frame, type Lowering, MAXIMUM_MACRO_DEPTH, type MacroTemplate } from './lowering.ts';

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
export function macroFor(l: Lowering, name: string): MacroTemplate | undefined {
  if (l.frame.depth >= MAXIMUM_MACRO_DEPTH || l.frame.macro.split(' ').includes(name)) return undefined;
  return l.environment.macro(name);
}

/**
 * Runs `lower` inside the body of a macro: its parameters stand for the call's arguments (by name, evaluated where they
 * are mentioned, as in the expansion), and every position is that of the call.
 */
export function enterMacro<T>(
  l: Lowering,
  name: string,
  macro: MacroTemplate,
  callArguments: readonly NodeIndex[],
  call: NodeIndex,
  lower: () => T,
): T {
  const outer = l.frame;
  const substitutions = new Map<string, { frame: Frame; node: NodeIndex }>();
  for (const [i, parameter] of (macro.parameters ?? []).entries()) {
    if (i < callArguments.length) substitutions.set(parameter, { frame: outer, node: callArguments[i] });
  }
  return withFrame(
    l,
    {
      tree: macro.arrays,
      macro: `${outer.macro} ${name}`,
      substitutions,
      origin: l.origin(call),
      depth: outer.depth + 1,
    },
    lower,
  );
}
