import type { RuleMetadata } from '../../base/rule-metadata.ts';

export const metadata: RuleMetadata = {
  id: 'memory-leak',
  summary: 'The last reference to allocated memory is lost before it is freed.',
  cwe: [401],
  defaultSeverity: 'warning',
  securitySeverity: 5.3,
  options: {},
};
