/**
 * What other tools call the flaws that our rules find, so that their comments silence ours as well. Written from the
 * tools' manuals; docs/suppressions.md shows the table. A name belongs here when whoever silenced it has looked at the
 * very flaw that the rule reports.
 */
interface ForeignNames {
  /** Checks of clang-tidy and of the static analyser behind it, as `NOLINT` names them. */
  readonly clang: readonly string[];
  /** Identifiers of cppcheck, as `cppcheck-suppress` names them. */
  readonly cppcheck: readonly string[];
}

export const foreignNames: Readonly<Record<string, ForeignNames>> = {
  'missing-null-check': {
    clang: ['clang-analyzer-core.NullDereference', 'clang-analyzer-core.NonNullParamChecker'],
    cppcheck: [
      'nullPointerOutOfMemory',
      'nullPointerArithmeticOutOfMemory',
      'ctunullpointerOutOfMemory',
      'nullPointer',
    ],
  },
  'null-dereference': {
    clang: ['clang-analyzer-core.NullDereference', 'clang-analyzer-core.NonNullParamChecker'],
    cppcheck: ['nullPointer', 'nullPointerRedundantCheck', 'nullPointerArithmetic', 'ctunullpointer'],
  },
  'double-free': {
    clang: ['clang-analyzer-unix.Malloc', 'clang-analyzer-cplusplus.NewDelete'],
    cppcheck: ['doubleFree', 'deallocDealloc'],
  },
  'use-after-free': {
    clang: ['clang-analyzer-unix.Malloc', 'clang-analyzer-cplusplus.NewDelete'],
    cppcheck: ['deallocuse', 'deallocret'],
  },
  'memory-leak': {
    clang: ['clang-analyzer-unix.Malloc', 'clang-analyzer-cplusplus.NewDeleteLeaks'],
    cppcheck: ['memleak', 'leakReturnValNotUsed', 'leakNoVarFunctionCall'],
  },
  'realloc-leak': {
    clang: ['bugprone-suspicious-realloc-usage', 'clang-analyzer-unix.Malloc'],
    cppcheck: ['memleakOnRealloc'],
  },
  'invalid-free': {
    clang: ['clang-analyzer-unix.Malloc', 'clang-analyzer-cplusplus.NewDelete'],
    cppcheck: ['autovarInvalidDeallocation', 'invalidFree'],
  },
  'mismatched-deallocator': {
    clang: ['clang-analyzer-unix.MismatchedDeallocator'],
    cppcheck: ['mismatchAllocDealloc'],
  },
  'allocation-size': {
    clang: [
      'bugprone-sizeof-expression',
      'bugprone-not-null-terminated-result',
      'bugprone-misplaced-operator-in-strlen-in-alloc',
      'bugprone-suspicious-memset-usage',
      'clang-analyzer-unix.MallocSizeof',
    ],
    cppcheck: ['pointerSize', 'sizeofwithnumericparameter', 'memsetZeroBytes', 'sizeofDivisionMemfunc'],
  },
  'stack-address-escape': {
    clang: ['clang-analyzer-core.StackAddressEscape'],
    cppcheck: ['autoVariables', 'returnDanglingLifetime', 'danglingLifetime'],
  },
  'uninitialized-heap-read': {
    clang: [
      'clang-analyzer-core.uninitialized.Assign',
      'clang-analyzer-core.uninitialized.Branch',
      'clang-analyzer-core.UndefinedBinaryOperatorResult',
      'clang-analyzer-core.CallAndMessage',
    ],
    cppcheck: ['uninitdata'],
  },
};
