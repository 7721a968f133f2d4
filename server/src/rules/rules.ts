import { allocationSize } from './allocation-size/rule.ts';
import { doubleFree } from './double-free/rule.ts';
import { heapFragmentation } from './heap-fragmentation/rule.ts';
import { invalidFree } from './invalid-free/rule.ts';
import { memoryLeak } from './memory-leak/rule.ts';
import { mismatchedDeallocator } from './mismatched-deallocator/rule.ts';
import { missingNullAfterFree } from './missing-null-after-free/rule.ts';
import { missingNullCheck } from './missing-null-check/rule.ts';
import { nullDereference } from './null-dereference/rule.ts';
import { reallocLeak } from './realloc-leak/rule.ts';
import type { Rule } from './rule.ts';
import { stackAddressEscape } from './stack-address-escape/rule.ts';
import { uninitializedHeapRead } from './uninitialized-heap-read/rule.ts';
import { useAfterFree } from './use-after-free/rule.ts';

/**
 * The code of every rule that looks at functions, in the order of the registry, which has their metadata without it, and
 * that of `unused-suppression`, which looks at comments when all others are done.
 */
export const rules: readonly Rule[] = [
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
];
