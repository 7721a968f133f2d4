import type { ReportingDescriptor, ReportingDescriptorReference, Result, ToolComponent } from 'sarif';
import type { RuleMetadata } from '../base/rule-metadata.ts';
import { ruleRegistry } from '../rules/registry.ts';
import { rulePageUrl } from './rule-page-url.ts';

/** The weaknesses that the rules find, in numerical order. */
const weaknesses = [...new Set(ruleRegistry.flatMap((rule) => rule.cwe))].sort((a, b) => a - b);

/** The part of the Common Weakness Enumeration that the rules refer to. */
export const cweTaxonomy: ToolComponent = {
  name: 'CWE',
  organization: 'MITRE',
  shortDescription: { text: 'The MITRE Common Weakness Enumeration' },
  informationUri: 'https://cwe.mitre.org/',
  isComprehensive: false,
  taxa: weaknesses.map((number) => ({
    id: `${number}`,
    name: `CWE-${number}`,
    helpUri: `https://cwe.mitre.org/data/definitions/${number}.html`,
  })),
};

export function cweReference(number: number): ReportingDescriptorReference {
  const index = weaknesses.indexOf(number);
  return { id: `${number}`, ...(index >= 0 && { index }), toolComponent: { name: cweTaxonomy.name, index: 0 } };
}

/** What SARIF's readers, GitHub's code scanning first, show of a rule. */
export function reportingDescriptor(rule: RuleMetadata): ReportingDescriptor {
  return {
    id: rule.id,
    name: rule.id.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: rule.summary },
    helpUri: rulePageUrl(rule.id),
    help: {
      text: `${rule.summary} See ${rulePageUrl(rule.id)}`,
      markdown: `${rule.summary} [More about ${rule.id}](${rulePageUrl(rule.id)})`,
    },
    defaultConfiguration: {
      enabled: rule.defaultSeverity !== 'off',
      level: defaultLevels[rule.defaultSeverity],
    },
    relationships: rule.cwe.map((number) => ({ target: cweReference(number), kinds: ['superset'] })),
    properties: {
      tags: [
        ...(rule.securitySeverity > 0 ? ['security', 'correctness'] : ['maintainability']),
        ...rule.cwe.map((number) => `external/cwe/cwe-${number}`),
      ],
      // GitHub takes a rule with one for a matter of security, and shows it to other people.
      ...(rule.securitySeverity > 0 && { 'security-severity': rule.securitySeverity.toFixed(1) }),
      precision: 'high',
      'problem.severity': problemSeverities[rule.defaultSeverity],
    },
  };
}

/** As GitHub names severities of rules that are no matter of security. */
const problemSeverities: Readonly<Record<RuleMetadata['defaultSeverity'], string>> = {
  error: 'error',
  warning: 'warning',
  information: 'recommendation',
  hint: 'recommendation',
  off: 'recommendation',
};

const defaultLevels: Readonly<Record<RuleMetadata['defaultSeverity'], Result.level>> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'note',
  // What is off by default is a suggestion at most when it is switched on.
  off: 'note',
};
