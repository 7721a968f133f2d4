import type { RuleMetadata } from '../../base/rule-metadata.ts';

export const metadata: RuleMetadata = {
  id: 'null-dereference',
  summary: 'A pointer is dereferenced that is NULL on the path, or that is compared with NULL only afterwards.',
  cwe: [476],
  defaultSeverity: 'error',
  securitySeverity: 5.5,
  options: {},
};
