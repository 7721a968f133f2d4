import type { RuleMetadata } from '../../base/rule-metadata.ts';

export const metadata: RuleMetadata = {
  id: 'heap-fragmentation',
  summary: 'A loop allocates and frees a small block of the same size in each turn.',
  cwe: [],
  defaultSeverity: 'off',
  securitySeverity: 0,
  options: {},
};
