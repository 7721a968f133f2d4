import { ruleRegistry } from '../rules/registry.ts';
import { suggestName } from '../workspace/nearest-name.ts';
import { UsageError } from './exit-codes.ts';

const ruleNames = ruleRegistry.map(({ id }) => id);

/** The rule with that name. Throws a UsageError that names the nearest one. */
export function knownRule(name: string): string {
  if (!ruleNames.includes(name)) throw new UsageError(`unknown rule "${name}"${suggestName(name, ruleNames)}`);
  return name;
}

/** The rules of `--select RULE,…`, added to those of earlier ones. */
export function ruleList(value: string, earlier: readonly string[] = []): string[] {
  const names = value.split(',').map((name) => name.trim());
  return [...earlier, ...names.filter((name) => name !== '').map(knownRule)];
}

/** A count on the command line. Throws a UsageError. */
export function wholeNumber(option: string): (value: string) => number {
  return (value) => {
    if (!/^\d{1,9}$/.test(value)) throw new UsageError(`${option}: "${value}" is not a whole number`);
    return Number(value);
  };
}

/** Beyond this many threads a machine only gets slower. */
const MAXIMUM_JOBS = 64;

/** The count of `--jobs`. Throws a UsageError. */
export function jobCount(value: string): number {
  const count = wholeNumber('--jobs')(value);
  if (count < 1 || count > MAXIMUM_JOBS)
    throw new UsageError(`--jobs: "${value}" is not between 1 and ${MAXIMUM_JOBS}`);
  return count;
}
