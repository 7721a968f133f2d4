import type { RuleMetadata } from '../base/rule-metadata.ts';
import { metadata as doubleFree } from './double-free/metadata.ts';
import { metadata as missingNullAfterFree } from './missing-null-after-free/metadata.ts';
import { metadata as missingNullCheck } from './missing-null-check/metadata.ts';

/** Every rule, in the order in which lists show them. */
export const ruleRegistry: readonly RuleMetadata[] = [missingNullCheck, missingNullAfterFree, doubleFree];

export function ruleById(id: string): RuleMetadata | undefined {
  return ruleRegistry.find((rule) => rule.id === id);
}
