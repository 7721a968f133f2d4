import type { RuleMetadata } from '../base/rule-metadata.ts';
import { ruleRegistry } from '../rules/registry.ts';
import type { Configuration, RuleConfiguration } from './configuration.ts';

/** Which rules run, whatever the configuration switches on and off. */
export interface RuleSelection {
  /** Only these run, those among them too that are off otherwise. Undefined: as configured. */
  readonly select?: readonly string[];
  /** These do not run; stronger than `select`. */
  readonly ignore?: readonly string[];
}

/** What is off by default is a suggestion at most when somebody switches it on without a severity. */
const severityOfOptionalRules = 'hint';

/** The severity of a rule's certain findings under a configuration; "off" when the rule does not run. */
export function effectiveSeverity(rule: RuleMetadata, configuration: Configuration) {
  return configuration.rules[rule.id]?.severity ?? rule.defaultSeverity;
}

/** The configuration in which only the selected rules run; their options and severities stay. */
export function selectRules(configuration: Configuration, { select, ignore }: RuleSelection): Configuration {
  if (!select && !ignore) return configuration;
  const rules: Record<string, RuleConfiguration> = {};
  for (const rule of ruleRegistry) {
    const configured = configuration.rules[rule.id];
    const isSelected = !ignore?.includes(rule.id) && (select?.includes(rule.id) ?? true);
    if (!isSelected) rules[rule.id] = { ...configured, severity: 'off' };
    else if (select && effectiveSeverity(rule, configuration) === 'off') {
      const severity = rule.defaultSeverity === 'off' ? severityOfOptionalRules : rule.defaultSeverity;
      rules[rule.id] = { ...configured, severity };
    } else if (configured) rules[rule.id] = configured;
  }
  return { ...configuration, rules };
}
