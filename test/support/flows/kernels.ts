/*
 * Kernels: the smallest form of each heap error, and what it looks like when it is right. A kernel is cut where a
 * carrier may stand: `make` gives a pointer its value, `event` changes what that value stands for, `misuse` is the error, `correct`
 * what stands in its place in the corrected twin, `finish` what both do in the end. `$` is the place of the pointer.
 */
export interface Kernel {
  readonly name: string;
  /** Rules one of which tells of it. Most often one: where two readings are right, both. */
  readonly rules: readonly string[];
  /** What the pointer points to. */
  readonly element: string;
  readonly make: string;
  readonly event: string;
  readonly misuse: string;
  readonly correct: string;
  readonly finish: string;
  /** What may stand in the place of the misuse where the event did not happen. */
  readonly without?: string;
  /** The error is that nothing happens: in the corrected twin `correct` has to be reached. */
  readonly omission?: boolean;
  /** Why some carriers do not fit; see `DataCarrier.not`. */
  readonly traits: readonly Trait[];
}

/**
 * - `dangling`: behind the event the pointer may not be looked at any more, so that handing it over is another error;
 * - `lost`: the error is that no place holds the memory, so that a place that lives on is right;
 * - `local`: what it points to dies with the function that made it;
 * - `unset`: the pointer has no value, so that to copy it is an error of another kind;
 * - `null`: the pointer is NULL from the beginning;
 * - `renewed`: the misuse gives the pointer another value, which other names for it do not see;
 * - `tested`: the event is a test, which says nothing to a caller of whoever makes it;
 * - `returns`: the misuse is a return of the pointer out of the flow.
 */
export type Trait = 'dangling' | 'lost' | 'local' | 'unset' | 'null' | 'renewed' | 'tested' | 'returns';

const allocate = "$ = malloc(16); if ($ == NULL) exit(1); $[0] = 'a';";

function kernel(name: string, rule: string, parts: Partial<Kernel>): Kernel {
  const empty = { element: 'char', make: '', event: '', misuse: '', correct: '', finish: '', traits: [] };
  return { name, rules: rule.split(' or '), ...empty, ...parts };
}

export const kernels: readonly Kernel[] = [
  kernel('malloc is not checked', 'missing-null-check', {
    make: '$ = malloc(16);',
    misuse: "$[0] = 'a';",
    correct: "if ($ != NULL) $[0] = 'a';",
    finish: 'free($);',
  }),
  kernel('a read of freed memory', 'use-after-free', {
    make: allocate,
    event: 'free($);',
    misuse: 'record($[0]);',
    without: 'record($[0]); free($); $ = NULL;',
    finish: '$ = NULL;',
    traits: ['dangling'],
  }),
  kernel('a write to freed memory', 'use-after-free', {
    make: allocate,
    event: 'free($);',
    misuse: "$[1] = 'b';",
    without: "$[1] = 'b'; free($); $ = NULL;",
    finish: '$ = NULL;',
    traits: ['dangling'],
  }),
  kernel('freed memory is passed on', 'use-after-free', {
    make: allocate,
    event: 'free($);',
    misuse: 'puts($);',
    without: 'puts($); free($); $ = NULL;',
    correct: 'puts("gone");',
    finish: '$ = NULL;',
    traits: ['dangling'],
  }),
  kernel('a second free', 'double-free', {
    make: allocate,
    event: 'free($);',
    misuse: 'free($);',
    without: 'free($);',
    finish: '$ = NULL;',
    traits: ['dangling'],
  }),
  kernel('freed memory is returned', 'use-after-free', {
    make: allocate,
    event: 'free($);',
    misuse: 'return $;',
    without: 'return $;',
    correct: 'return NULL;',
    traits: ['dangling', 'returns'],
  }),
  kernel('nobody frees', 'memory-leak', {
    make: allocate,
    misuse: 'record($[0]);',
    correct: 'free($);',
    omission: true,
    traits: ['lost'],
  }),
  kernel('another value takes the place of the only reference', 'memory-leak', {
    make: allocate,
    misuse: '$ = NULL;',
    correct: 'free($); $ = NULL;',
    finish: 'record($ == NULL);',
    omission: true,
    traits: ['renewed'],
  }),
  kernel('realloc replaces the only reference', 'realloc-leak or memory-leak', {
    make: allocate,
    misuse: '$ = realloc($, 32);',
    correct: 'char *larger = realloc($, 32); if (larger == NULL) { free($); exit(1); } $ = larger;',
    finish: 'free($); $ = NULL;',
    traits: ['renewed'],
  }),
  kernel('a local array is freed', 'invalid-free', {
    make: "char room[16]; $ = room; $[0] = 'a';",
    misuse: 'free($);',
    correct: 'record($[0]);',
    traits: ['local'],
  }),
  kernel('a static array is freed', 'invalid-free', {
    make: "static char room[16]; $ = room; $[0] = 'a';",
    misuse: 'free($);',
    correct: 'record($[0]);',
    finish: '$ = NULL;',
  }),
  kernel('a literal is freed', 'invalid-free', {
    make: '$ = "literal";',
    misuse: 'free($);',
    correct: 'record($[0]);',
    finish: '$ = NULL;',
  }),
  kernel('the inside of a block is freed', 'invalid-free', {
    make: allocate,
    misuse: 'free($ + 1);',
    correct: 'free($);',
    finish: '$ = NULL;',
    traits: ['lost'],
  }),
  kernel('a pointer that was moved is freed', 'invalid-free', {
    make: allocate,
    event: '$++;',
    misuse: 'free($);',
    correct: 'free($ - 1);',
    finish: '$ = NULL;',
    traits: ['renewed'],
  }),
  kernel('mapped memory is freed', 'mismatched-deallocator', {
    make: '$ = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); if ($ == MAP_FAILED) exit(1);',
    misuse: 'free($);',
    correct: 'munmap($, 4096);',
    finish: '$ = NULL;',
  }),
  kernel('memory with a deallocator of its own is freed', 'mismatched-deallocator', {
    make: '$ = ticket_take();',
    misuse: 'free($);',
    correct: 'ticket_drop($);',
    finish: '$ = NULL;',
  }),
  kernel('NULL is dereferenced', 'null-dereference', {
    make: '$ = NULL;',
    misuse: "$[0] = 'a';",
    correct: "if ($ != NULL) $[0] = 'a';",
    traits: ['null'],
  }),
  kernel('a pointer that a test found NULL is dereferenced', 'null-dereference', {
    make: '$ = lookup();',
    event: 'if ($ == NULL) puts("not found");',
    misuse: "$[0] = 'a';",
    correct: "if ($ != NULL) $[0] = 'a';",
    traits: ['tested'],
  }),
  kernel('a string has no room for its end', 'allocation-size', {
    make: '$ = malloc(strlen(word)); if ($ == NULL) exit(1);',
    misuse: 'strcpy($, word);',
    correct: 'memcpy($, word, strlen(word));',
    finish: 'free($); $ = NULL;',
  }),
  kernel('bytes where elements were meant', 'allocation-size', {
    element: 'int',
    make: '$ = malloc(12); if ($ == NULL) exit(1); $[0] = 0;',
    misuse: '$[11] = 1;',
    correct: '$[2] = 1;',
    finish: 'free($); $ = NULL;',
  }),
  kernel('a loop goes past the end', 'allocation-size', {
    element: 'int',
    make: '$ = malloc(10 * sizeof(int)); if ($ == NULL) exit(1); $[0] = 0;',
    misuse: 'for (int turn = 0; turn <= 10; turn++) $[turn] = turn;',
    correct: 'for (int turn = 0; turn < 10; turn++) $[turn] = turn;',
    finish: 'free($); $ = NULL;',
  }),
  kernel('the address of a local is kept', 'stack-address-escape', {
    make: "char room[16]; $ = room; $[0] = 'a';",
    misuse: 'kept = $;',
    correct: 'kept = NULL;',
    traits: ['local'],
  }),
  kernel('the address of a local is returned', 'stack-address-escape', {
    make: "char room[16]; $ = room; $[0] = 'a';",
    misuse: 'return $;',
    correct: 'return NULL;',
    traits: ['local', 'returns'],
  }),
  kernel('fresh memory is read', 'uninitialized-heap-read', {
    make: '$ = malloc(16); if ($ == NULL) exit(1);',
    misuse: 'record($[0]);',
    correct: "$[0] = 'a'; record($[0]);",
    finish: 'free($); $ = NULL;',
  }),
  kernel('a pointer without a value is freed', 'invalid-free', {
    misuse: 'free($);',
    correct: '$ = NULL; free($);',
    traits: ['unset'],
  }),
];
