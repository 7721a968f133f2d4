import type { RuleMetadata } from '../../base/rule-metadata.ts';

export const metadata: RuleMetadata = {
  id: 'missing-null-after-free',
  summary: 'A freed pointer that outlives the free keeps its stale value.',
  cwe: [825],
  defaultSeverity: 'warning',
  securitySeverity: 4.0,
  options: {
    always: {
      default: false,
      description: 'Also report members that no other function mentions, globals, and what destructors leave.',
    },
  },
};
