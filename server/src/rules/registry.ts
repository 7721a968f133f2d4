import type { RuleMetadata } from '../base/rule-metadata.ts';
import { metadata as allocationSize } from './allocation-size/metadata.ts';
import { metadata as doubleFree } from './double-free/metadata.ts';
import { metadata as heapFragmentation } from './heap-fragmentation/metadata.ts';
import { metadata as invalidFree } from './invalid-free/metadata.ts';
import { metadata as memoryLeak } from './memory-leak/metadata.ts';
import { metadata as mismatchedDeallocator } from './mismatched-deallocator/metadata.ts';
import { metadata as missingNullAfterFree } from './missing-null-after-free/metadata.ts';
import { metadata as missingNullCheck } from './missing-null-check/metadata.ts';
import { metadata as nullDereference } from './null-dereference/metadata.ts';
import { metadata as reallocLeak } from './realloc-leak/metadata.ts';
import { metadata as stackAddressEscape } from './stack-address-escape/metadata.ts';
import { metadata as uninitializedHeapRead } from './uninitialized-heap-read/metadata.ts';
import { metadata as unusedSuppression } from './unused-suppression/metadata.ts';
import { metadata as useAfterFree } from './use-after-free/metadata.ts';

/** What every rule says about itself, in the order in which lists show them. Plain data: clients import it. */
export const ruleRegistry: readonly RuleMetadata[] = [
  missingNullCheck,
  missingNullAfterFree,
  doubleFree,
  useAfterFree,
  nullDereference,
  invalidFree,
  mismatchedDeallocator,
  stackAddressEscape,
  uninitializedHeapRead,
  memoryLeak,
  reallocLeak,
  allocationSize,
  heapFragmentation,
  unusedSuppression,
];

export function ruleById(id: string): RuleMetadata | undefined {
  return ruleRegistry.find((rule) => rule.id === id);
}
