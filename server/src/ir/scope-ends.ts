/**
 * The ends of scopes, on every way out of them: what was deferred runs, the cleanup functions of the variables are called, and the
 * variables die.
 */
import type { Origin, VariableId } from './instructions.ts';
import type { Lowering } from './lowering.ts';

/** Ends the innermost scope: its variables die, in reverse order of their declaration. */
export function closeScope(l: Lowering, end: Origin): void {
  endScopes(l, l.scopes.length - 1, end);
  l.scopes.pop();
}

/** Emits the ends of all scopes above the given depth, innermost first, without closing them: for a jump out. */
export function endScopes(l: Lowering, depth: number, origin: Origin): void {
  for (let i = l.scopes.length - 1; i >= depth; i--) {
    const { deferred } = l.scopes[i];
    const variables = [...l.scopes[i].variables].reverse();
    let next = deferred.length;
    for (const [position, id] of variables.entries()) {
      const declaredBefore = variables.length - 1 - position;
      while (next > 0 && deferred[next - 1].behind > declaredBefore) runDeferred(l, i, --next);
      callCleanup(l, id, origin);
    }
    while (next > 0) runDeferred(l, i, --next);
    if (variables.length > 0) l.emit({ op: 'scope-end', variables, origin });
  }
}

/** Lets the statement that is lowered by `lower` wait for the end of the innermost scope. */
export function defer(l: Lowering, lower: () => void): void {
  const scope = l.scopes[l.scopes.length - 1];
  scope.deferred.push({ lower, behind: scope.variables.length });
}

/** Runs a deferred statement of a scope as if those inside it and what was deferred after it were gone. */
function runDeferred(l: Lowering, depth: number, position: number): void {
  const inner = l.scopes.splice(depth + 1);
  const later = l.scopes[depth].deferred.splice(position);
  later[0].lower();
  l.scopes[depth].deferred.push(...later);
  l.scopes.push(...inner);
}

function callCleanup(l: Lowering, id: VariableId, origin: Origin): void {
  const { cleanup } = l.variables[id];
  if (cleanup === undefined) return;
  l.callees.add(cleanup);
  l.fullExpression(() => {
    const address = l.newRegister();
    l.emit({ op: 'variable', destination: address, variable: id });
    l.emit({
      op: 'call',
      hook: '',
      destination: l.newRegister(),
      callee: cleanup,
      pointer: undefined,
      arguments: [address],
      argumentOrigins: [l.variables[id].origin],
      origin,
      isImplicit: true,
      isResultUsed: false,
      macro: '',
    });
  });
}
