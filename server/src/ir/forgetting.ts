/**
 * Text of which not everything is understood: what it may have done to the variables that it mentions. Nothing is reported out of
 * what was not understood, so that afterwards nothing is known of them.
 */
import type { RewrittenArgument } from '../syntax/macro-body.ts';
import type { NodeIndex } from '../syntax/syntax-arrays.ts';
import type { VariableId } from './instructions.ts';
import type { Lowering } from './lowering.ts';

/** Every variable that a text which was not understood mentions is no longer tracked. */
export function forgetMentions(l: Lowering, node: NodeIndex): void {
  l.isPartial = true;
  l.misread ??= l.origin(node);
  clobberMentions(l, node);
}

/** What is mentioned may be anything afterwards, as behind assembly. */
export function clobberMentions(l: Lowering, node: NodeIndex): void {
  l.emit({ op: 'forget', variables: mentioned(l, node), forgetsMemory: true });
}

/** Something stands here that would have been read, had there not been so much before it: all variables may be anything. */
export function forgetAll(l: Lowering, node: NodeIndex): void {
  l.isPartial = true;
  l.misread ??= l.origin(node);
  const variables = l.variables.filter(({ name }) => name !== '').map(({ id }) => id);
  l.emit({ op: 'forget', variables, forgetsMemory: true });
}

/** An argument that is no expression was given to a call: what it mentions may be anything afterwards. */
export function forgetArgument(l: Lowering, node: NodeIndex, { kind, text }: RewrittenArgument): void {
  l.forgottenArguments.add(l.frame.origin?.start ?? l.tree.start[node]);
  if (text === undefined) forgetMentions(l, node);
  const variables = text === undefined ? [] : mentionedIn(l, text);
  const forgetsMemory = kind === 'statement';
  if (forgetsMemory || variables.length > 0) l.emit({ op: 'forget', variables, forgetsMemory });
}

/** The offsets of arguments that are no expressions and were lowered in the bodies of their macros. */
export function argumentsRead(l: Lowering): ReadonlySet<number> {
  const read = new Set<number>();
  for (const [offset, use] of l.argumentsInBodies)
    if (!l.forgottenArguments.has(offset) && !l.forgottenArguments.has(use)) read.add(offset);
  return read;
}

/** The addresses of all variables that a text mentions are known to code that runs at any time from now on. */
export function escapeMentions(l: Lowering, node: NodeIndex): void {
  for (const id of mentioned(l, node)) {
    const { kind } = l.variables[id];
    if (kind !== 'local' && kind !== 'parameter') continue;
    const value = l.newRegister();
    l.emit({ op: 'variable', destination: value, variable: id });
    l.emit({ op: 'escape', value });
  }
}

function mentioned(l: Lowering, node: NodeIndex): VariableId[] {
  return mentionedIn(l, l.text(node));
}

function mentionedIn(l: Lowering, text: string): VariableId[] {
  const variables: VariableId[] = [];
  for (const word of text.match(/[A-Za-z_]\w*/g) ?? []) {
    const id = l.lookUp(word);
    if (id !== undefined && !variables.includes(id)) variables.push(id);
  }
  return variables;
}
