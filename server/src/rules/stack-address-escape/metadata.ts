import type { RuleMetadata } from '../../base/rule-metadata.ts';

export const metadata: RuleMetadata = {
  id: 'stack-address-escape',
  summary: 'The address of a local variable outlives its function or its block.',
  cwe: [562],
  defaultSeverity: 'warning',
  securitySeverity: 6.5,
  options: {},
};
