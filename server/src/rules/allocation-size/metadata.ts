import type { RuleMetadata } from '../../base/rule-metadata.ts';

export const metadata: RuleMetadata = {
  id: 'allocation-size',
  summary: 'A size does not fit the memory that it is the size of.',
  cwe: [131, 467, 190],
  defaultSeverity: 'warning',
  securitySeverity: 7.3,
  options: {},
};
