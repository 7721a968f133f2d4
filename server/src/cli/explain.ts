import { ruleById, ruleRegistry } from '../rules/registry.ts';
import { suggestName } from '../workspace/nearest-name.ts';
import { readRulePage } from '../workspace/rule-page.ts';
import type { CommandOutput } from './diagnostics-output.ts';
import { type ExitCode, exitCodes, UsageError } from './exit-codes.ts';

/** `ritual explain RULE`: prints the rule's page, which is Markdown. */
export function explain(rule: string, output: CommandOutput): ExitCode {
  if (!ruleById(rule)) {
    const hint = suggestName(
      rule,
      ruleRegistry.map(({ id }) => id),
    );
    throw new UsageError(`unknown rule "${rule}"${hint}`);
  }
  output.stdout(readRulePage(rule));
  return exitCodes.clean;
}
