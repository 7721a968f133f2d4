import { rulePageUrl, withLinksResolved } from '../report/rule-page-url.ts';
import { readRulePage } from '../workspace/rule-page.ts';
import { knownRule } from './arguments.ts';
import type { CommandOutput } from './diagnostics-output.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

/** `ritual explain RULE`: prints the rule's page, which is Markdown. */
export function explain(rule: string, output: CommandOutput): ExitCode {
  const id = knownRule(rule);
  output.stdout(withLinksResolved(readRulePage(id), id, rulePageUrl));
  return exitCodes.clean;
}
