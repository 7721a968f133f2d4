import { doubleFree } from './double-free/rule.ts';
import { missingNullAfterFree } from './missing-null-after-free/rule.ts';
import { missingNullCheck } from './missing-null-check/rule.ts';
import type { Rule } from './rule.ts';

/**
 * The code of every rule that looks at functions, in the order of the registry, which has their metadata without it, and
 * that of `unused-suppression`, which looks at comments when all others are done.
 */
export const rules: readonly Rule[] = [missingNullCheck, missingNullAfterFree, doubleFree];
