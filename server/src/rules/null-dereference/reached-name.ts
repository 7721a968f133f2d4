import type { AccessPath } from '../../analysis/summary.ts';

/**
 * How a caller writes the pointer that a path of a callee's summary leads to, where `argument` is written for the parameter at
 * its beginning: `p` for `&p` and what that points to, `box->item` for `box`. Undefined where that is not plain.
 */
export function reachedName(path: AccessPath, argument: string): string | undefined {
  const [first, ...steps] = path;
  let name = first.startsWith('g:') ? first.slice(2) : argument;
  if (!/^&?[\w.>[\]-]+$/.test(name)) return undefined;
  /** The name is a pointer's, and what it points to is meant. */
  let isBehind = false;
  for (const step of steps) {
    if (step === '=') {
      if (isBehind) name = `*${name}`;
      isBehind = false;
    } else if (step === '*') {
      if (isBehind) return undefined;
      if (name.startsWith('&')) name = name.slice(1);
      else isBehind = true;
    } else if (name.startsWith('&') || name.startsWith('*')) return undefined;
    else {
      name += isBehind && step.startsWith('.') ? `->${step.slice(1)}` : step;
      isBehind = false;
    }
  }
  return isBehind || name.startsWith('&') ? undefined : name;
}
