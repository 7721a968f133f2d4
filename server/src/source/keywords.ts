/** The words of C and of its GNU and Microsoft dialects, by the part they play in a declaration or statement. */

export const NOT_A_KEYWORD = 0;
/** `int`, `char`, `unsigned` ... */
export const TYPE_WORD = 1;
/** `struct`, `union`, `enum`. */
export const TAG_WORD = 2;
/** `static`, `extern`, `inline`, `typedef` ... */
export const STORAGE_WORD = 3;
/** `const`, `volatile`, `restrict` ... */
export const QUALIFIER_WORD = 4;
/** `if`, `while`, `for`, `switch`: followed by parentheses and a statement. */
export const HEAD_WORD = 5;
/** `else`, `do`: followed by a statement. */
export const LEAD_WORD = 6;
/** `return`, `goto`, `break`, `continue`. */
export const JUMP_WORD = 7;
/** `case`, `default`. */
export const CASE_WORD = 8;
/** Operators that take a type: `sizeof`, `typeof`, `_Alignof`, `offsetof`, `_Generic`. */
export const OPERATOR_WORD = 9;
/** `__attribute__`, `__declspec`, `_Alignas`: followed by parentheses, blanked with them. */
export const ATTRIBUTE_WORD = 10;
export const ASSEMBLY_WORD = 11;
/** Words that are blanked wherever they stand: `__extension__`, calling conventions, `_Noreturn`. */
export const NOISE_WORD = 12;
/** `typeof` and its kin: an operator that stands for a type. */
export const TYPEOF_WORD = 13;

type KeywordClass = number;

const classes: readonly (readonly [KeywordClass, string])[] = [
  [
    TYPE_WORD,
    'int char void float double long short signed unsigned _Bool __signed__ __signed __int128 __int64 _Complex __complex__',
  ],
  [TAG_WORD, 'struct union enum'],
  [
    STORAGE_WORD,
    'static extern inline typedef auto register _Thread_local thread_local __thread __inline __inline__ constexpr __forceinline',
  ],
  [QUALIFIER_WORD, 'const volatile restrict __const __const__ __volatile __volatile__ __restrict __restrict__ _Atomic'],
  [HEAD_WORD, 'if while for switch'],
  [LEAD_WORD, 'else do'],
  [JUMP_WORD, 'return goto break continue'],
  [CASE_WORD, 'case default'],
  [OPERATOR_WORD, 'sizeof _Alignof __alignof__ __alignof alignof offsetof _Generic __builtin_offsetof'],
  [TYPEOF_WORD, 'typeof __typeof__ __typeof typeof_unqual'],
  [ATTRIBUTE_WORD, '__attribute__ __attribute __declspec _Alignas alignas'],
  [ASSEMBLY_WORD, 'asm __asm__ __asm'],
  [
    NOISE_WORD,
    '__extension__ __seg_fs __seg_gs __cdecl __stdcall __fastcall __thiscall __vectorcall __clrcall __pascal _cdecl _stdcall _fastcall ' +
      '__unaligned __w64 __ptr32 __ptr64 _Noreturn noreturn __nullable __nonnull _Nullable _Nonnull _Null_unspecified',
  ],
];

const classOfWord = new Map<string, KeywordClass>();
for (const [keywordClass, words] of classes) for (const word of words.split(' ')) classOfWord.set(word, keywordClass);

/** The part a word plays, or `NOT_A_KEYWORD`. */
export function keywordClass(word: string): KeywordClass {
  return classOfWord.get(word) ?? NOT_A_KEYWORD;
}

/** True for the words that can only stand in a declaration or type name. */
export function isDeclarationWord(keywordClass: KeywordClass): boolean {
  return keywordClass >= TYPE_WORD && keywordClass <= QUALIFIER_WORD;
}
