import type { RuleMetadata } from '../../base/rule-metadata.ts';

export const metadata: RuleMetadata = {
  id: 'uninitialized-heap-read',
  summary: 'Fresh memory is read before anything was written to it.',
  cwe: [908],
  defaultSeverity: 'warning',
  securitySeverity: 5.5,
  options: {},
};
