import type { RuleMetadata } from '../../base/rule-metadata.ts';

export const metadata: RuleMetadata = {
  id: 'mismatched-deallocator',
  summary: 'Memory of one allocator is given to the deallocator of another.',
  cwe: [762],
  defaultSeverity: 'warning',
  securitySeverity: 5.5,
  options: {},
};
