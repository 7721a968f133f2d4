import type { FunctionAnalysis } from '../../analysis/analyse-function.ts';
import type { Holdings } from '../../analysis/holdings.ts';
import type { Site } from '../../analysis/state.ts';
import type { Origin, Variable, VariableId } from '../../ir/instructions.ts';
import { NodeKind } from '../../syntax/generated/node-kinds.ts';
import { NO_NODE, type NodeIndex } from '../../syntax/syntax-arrays.ts';
import { deallocatorOf, freeingCall } from './deallocators.ts';
import type { FunctionText } from './function-text.ts';

/** Memory that the function must give back when it leaves early. */
export interface Owned {
  /** As the program writes the pointer: `buffer`, `node->name`. */
  readonly place: string;
  readonly variable: VariableId;
  /** The function that frees it. */
  readonly deallocator: string;
  readonly allocation: Site;
}

export interface Cleanup {
  /** In the order in which they must be freed. */
  readonly owned: readonly Owned[];
  /** False when something may be left that the function should give back, or that it must not. */
  readonly isCertain: boolean;
  /** Places of which it is not known whether they must be freed. */
  readonly doubtful: readonly string[];
}

/** Other things than memory that a function acquires and has to give back. */
const RESOURCES =
  /\b(fopen|fdopen|freopen|opendir|fdopendir|popen|tmpfile|socket|accept4?|open|openat|creat|mkstemp|dup2?|pipe2?|dlopen|mmap|epoll_create1?|eventfd|regcomp|getaddrinfo|setlocale|\w*[a-z]_?(lock|trylock))\s*\(/;

/** What a function has to clean up where an allocation failed. `exclude` are the places that are NULL then. */
export function cleanupAt(
  fn: FunctionText,
  analysis: FunctionAnalysis,
  holdings: Holdings,
  position: number,
  exclude: readonly string[],
): Cleanup {
  const owned: Owned[] = [];
  const doubtful: string[] = [];
  let isCertain = !analysis.isIncomplete && !RESOURCES.test(fn.tree.text.slice(0, holdings.site.origin.start));
  const sites = new Map<number, string>();
  const add = (place: string, variable: VariableId, family: string, allocation: Site): void => {
    // Two names for memory from one place: which of them must be freed is not known.
    const other = sites.get(allocation.id);
    if (other !== undefined) {
      doubtful.push(place, other);
      return;
    }
    sites.set(allocation.id, place);
    const found = deallocatorOf(fn, place, family, allocation);
    if (found === undefined) {
      doubtful.push(place);
      return;
    }
    if (!found.isCertain) isCertain = false;
    owned.push({ place, variable, deallocator: found.name, allocation });
  };
  for (const [text, part] of [...holdings.parts].reverse()) {
    if (exclude.includes(text)) continue;
    if (part.isCertain && isInScope(fn, analysis, part.variable, position)) {
      add(text, part.variable, part.family, part.allocation);
    } else doubtful.push(text);
  }
  const variables = [...holdings.variables].sort(([, a], [, b]) => siteOrder(b) - siteOrder(a));
  for (const [id, holding] of variables) {
    const variable = analysis.ir.variables[id];
    if (exclude.includes(variable.name) || (variable.kind !== 'local' && variable.kind !== 'parameter')) continue;
    if (variable.cleanup !== undefined || !isInScope(fn, analysis, id, position)) continue;
    if (holding.kind === 'mixed') doubtful.push(variable.name);
    if (holding.kind !== 'owned' && holding.kind !== 'shared') continue;
    if (holding.kind === 'shared') {
      // Somebody was shown the memory; it is still this function's if the function frees it later.
      if (freeingCall(fn, variable.name, position) === undefined) continue;
      isCertain = false;
    }
    add(variable.name, id, holding.family, holding.allocation);
  }
  for (const { place, deallocator } of owned) {
    // A destructor frees the parts itself; one that frees parts by the same name does not.
    const parts = owned.filter((other) => other.place.startsWith(`${place}->`));
    const isPlain = deallocator === 'free' || parts.some((part) => part.deallocator === deallocator);
    if (parts.length > 0 && !isPlain) doubtful.push(place);
  }
  return { owned, isCertain: isCertain && doubtful.length === 0, doubtful };
}

function siteOrder(holding: { kind: string; allocation?: Site }): number {
  return holding.allocation?.origin.start ?? -1;
}

/** The node of a declared name and the block that its scope ends with. */
function scopeOf(fn: FunctionText, origin: Origin): NodeIndex {
  for (let node = 0; node < fn.tree.length; node++) {
    if (fn.start(node) === origin.start && fn.end(node) === origin.end) {
      return fn.enclosing(fn.parent(node), SCOPES);
    }
  }
  return NO_NODE;
}

const SCOPES = new Set([NodeKind.CompoundStatement, NodeKind.ForStatement, NodeKind.FunctionDefinition]);

/** True when the name at the position means this variable: declared before, in the innermost block that is open there. */
export function isInScope(fn: FunctionText, { ir }: FunctionAnalysis, id: VariableId, position: number): boolean {
  const { name, kind } = ir.variables[id];
  if (kind !== 'parameter' && kind !== 'local') return false;
  const own = scopeAt(fn, ir.variables[id], position);
  if (own === undefined) return false;
  // Another variable of the name may stand in an inner block.
  return ir.variables.every((other) => {
    if (other.id === id || other.name !== name || (other.kind !== 'local' && other.kind !== 'static')) return true;
    const scope = scopeAt(fn, other, position);
    return scope === undefined || scope < own;
  });
}

/** Where the scope begins in which a variable is known at a position; undefined where it is not. */
function scopeAt(fn: FunctionText, variable: Variable, position: number): number | undefined {
  if (variable.kind === 'parameter') return 0;
  if (variable.origin.end > position) return undefined;
  const scope = scopeOf(fn, variable.origin);
  if (scope === NO_NODE || fn.start(scope) > position || position > fn.end(scope)) return undefined;
  return fn.start(scope) + 1;
}
