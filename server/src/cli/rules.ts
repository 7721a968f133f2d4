import { rulePageUrl } from '../report/rule-page-url.ts';
import { ruleRegistry } from '../rules/registry.ts';
import type { CommandOutput } from './diagnostics-output.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

/** `ritual rules`: lists the rules, as text or as JSON with all that they say about themselves. */
export function rules(options: { readonly format: 'text' | 'json' }, output: CommandOutput): ExitCode {
  if (options.format === 'json') {
    const list = ruleRegistry.map((rule) => ({ ...rule, url: rulePageUrl(rule.id) }));
    output.stdout(`${JSON.stringify(list, null, 2)}\n`);
    return exitCodes.clean;
  }
  const idWidth = Math.max(...ruleRegistry.map(({ id }) => id.length));
  const severityWidth = Math.max(...ruleRegistry.map(({ defaultSeverity }) => defaultSeverity.length));
  for (const { id, defaultSeverity, cwe, summary } of ruleRegistry) {
    const weaknesses = cwe.map((number) => `CWE-${number}`).join(', ');
    const suffix = weaknesses ? ` (${weaknesses})` : '';
    output.stdout(`${id.padEnd(idWidth)}  ${defaultSeverity.padEnd(severityWidth)}  ${summary}${suffix}\n`);
  }
  return exitCodes.clean;
}
