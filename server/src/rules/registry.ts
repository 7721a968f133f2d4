import type { RuleMetadata } from '../base/rule-metadata.ts';
import { metadata as doubleFree } from './double-free/metadata.ts';
import { metadata as missingNullAfterFree } from './missing-null-after-free/metadata.ts';
import { metadata as missingNullCheck } from './missing-null-check/metadata.ts';
import { metadata as unusedSuppression } from './unused-suppression/metadata.ts';

/** What every rule says about itself, in the order in which lists show them. Plain data: clients import it. */
export const ruleRegistry: readonly RuleMetadata[] = [
  missingNullCheck,
  missingNullAfterFree,
  doubleFree,
  unusedSuppression,
];

export function ruleById(id: string): RuleMetadata | undefined {
  return ruleRegistry.find((rule) => rule.id === id);
}
