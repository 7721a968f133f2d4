import type { RuleMetadata } from '../../base/rule-metadata.ts';

export const metadata: RuleMetadata = {
  id: 'realloc-leak',
  summary: "realloc's result replaces the only pointer to the old block, which is lost when realloc fails.",
  cwe: [401],
  defaultSeverity: 'warning',
  securitySeverity: 5.3,
  options: {},
};
