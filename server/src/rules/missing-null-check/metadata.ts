import type { RuleMetadata } from '../../base/rule-metadata.ts';

export const metadata: RuleMetadata = {
  id: 'missing-null-check',
  summary: 'The result of an allocation is dereferenced before it is compared with NULL.',
  cwe: [690],
  defaultSeverity: 'warning',
  securitySeverity: 5.5,
  options: {
    strict: {
      default: false,
      description:
        'Also report the result of an allocation that is kept, and that nobody compares with NULL or dereferences in view.',
    },
  },
};
