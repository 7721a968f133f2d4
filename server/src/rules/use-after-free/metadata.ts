import type { RuleMetadata } from '../../base/rule-metadata.ts';

export const metadata: RuleMetadata = {
  id: 'use-after-free',
  summary: 'Memory is used after it was freed.',
  cwe: [416],
  defaultSeverity: 'error',
  securitySeverity: 8.1,
  options: {},
};
