import type { RuleMetadata } from '../../base/rule-metadata.ts';

export const metadata: RuleMetadata = {
  id: 'invalid-free',
  summary: 'Memory is freed that no allocator gave: a variable, a literal, the inside of a block.',
  cwe: [590, 761],
  defaultSeverity: 'error',
  securitySeverity: 7.3,
  options: {},
};
