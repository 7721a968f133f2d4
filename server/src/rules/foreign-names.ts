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
  /** Warnings of GCC and of its analyser, as `#pragma GCC diagnostic` names them. */
  readonly gcc: readonly string[];
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
    gcc: ['-Wanalyzer-possible-null-dereference', '-Wanalyzer-possible-null-argument'],
  },
  'null-dereference': {
    clang: ['clang-analyzer-core.NullDereference', 'clang-analyzer-core.NonNullParamChecker'],
    cppcheck: ['nullPointer', 'nullPointerRedundantCheck', 'nullPointerArithmetic', 'ctunullpointer'],
    gcc: [
      '-Wnull-dereference',
      '-Wanalyzer-null-dereference',
      '-Wanalyzer-null-argument',
      '-Wanalyzer-deref-before-check',
    ],
  },
  'double-free': {
    clang: ['clang-analyzer-unix.Malloc', 'clang-analyzer-cplusplus.NewDelete'],
    cppcheck: ['doubleFree', 'deallocDealloc'],
    gcc: ['-Wanalyzer-double-free', '-Wanalyzer-double-fclose'],
  },
  'use-after-free': {
    clang: ['clang-analyzer-unix.Malloc', 'clang-analyzer-cplusplus.NewDelete'],
    cppcheck: ['deallocuse', 'deallocret'],
    gcc: ['-Wuse-after-free', '-Wanalyzer-use-after-free'],
  },
  'memory-leak': {
    clang: ['clang-analyzer-unix.Malloc', 'clang-analyzer-cplusplus.NewDeleteLeaks'],
    cppcheck: ['memleak', 'leakReturnValNotUsed', 'leakNoVarFunctionCall'],
    gcc: ['-Wanalyzer-malloc-leak', '-Wanalyzer-file-leak'],
  },
  'realloc-leak': {
    clang: ['bugprone-suspicious-realloc-usage', 'clang-analyzer-unix.Malloc'],
    cppcheck: ['memleakOnRealloc'],
    gcc: ['-Wanalyzer-malloc-leak'],
  },
  'invalid-free': {
    clang: ['clang-analyzer-unix.Malloc', 'clang-analyzer-cplusplus.NewDelete'],
    cppcheck: ['autovarInvalidDeallocation', 'invalidFree'],
    gcc: ['-Wfree-nonheap-object', '-Wanalyzer-free-of-non-heap'],
  },
  'mismatched-deallocator': {
    clang: ['clang-analyzer-unix.MismatchedDeallocator'],
    cppcheck: ['mismatchAllocDealloc'],
    gcc: ['-Wmismatched-dealloc', '-Wanalyzer-mismatching-deallocation'],
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
    gcc: [
      '-Wsizeof-pointer-memaccess',
      '-Wmemset-transposed-args',
      '-Wanalyzer-allocation-size',
      '-Wanalyzer-out-of-bounds',
    ],
  },
  'stack-address-escape': {
    clang: ['clang-analyzer-core.StackAddressEscape'],
    cppcheck: ['autoVariables', 'returnDanglingLifetime', 'danglingLifetime'],
    gcc: ['-Wreturn-local-addr', '-Wdangling-pointer'],
  },
  'uninitialized-heap-read': {
    clang: [
      'clang-analyzer-core.uninitialized.Assign',
      'clang-analyzer-core.uninitialized.Branch',
      'clang-analyzer-core.UndefinedBinaryOperatorResult',
      'clang-analyzer-core.CallAndMessage',
    ],
    cppcheck: ['uninitdata'],
    gcc: ['-Wuninitialized', '-Wmaybe-uninitialized', '-Wanalyzer-use-of-uninitialized-value'],
  },
};
