import type { RuleMetadata } from '../../base/rule-metadata.ts';

export const metadata: RuleMetadata = {
  id: 'unused-suppression',
  summary: 'A suppression comment silences nothing.',
  cwe: [],
  defaultSeverity: 'information',
  securitySeverity: 0,
  options: {},
};
