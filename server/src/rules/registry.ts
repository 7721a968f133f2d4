import type { RuleMetadata } from '../base/rule-metadata.ts';
import { doubleFree } from './double-free/rule.ts';
import { missingNullAfterFree } from './missing-null-after-free/rule.ts';
import { missingNullCheck } from './missing-null-check/rule.ts';
import type { Rule } from './rule.ts';

/** Every rule, in the order in which lists show them. */
export const rules: readonly Rule[] = [missingNullCheck, missingNullAfterFree, doubleFree];

export const ruleRegistry: readonly RuleMetadata[] = rules.map((rule) => rule.metadata);

export function ruleById(id: string): RuleMetadata | undefined {
  return ruleRegistry.find((rule) => rule.id === id);
}
