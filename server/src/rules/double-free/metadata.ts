import type { RuleMetadata } from '../../base/rule-metadata.ts';

export const metadata: RuleMetadata = {
  id: 'double-free',
  summary: 'Memory is freed a second time on one path.',
  cwe: [415],
  defaultSeverity: 'error',
  securitySeverity: 7.8,
  options: {},
};
