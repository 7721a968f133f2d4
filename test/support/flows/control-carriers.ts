/*
 * Control carriers: ways to say that a statement is executed, or that it is not, which the analysis has to see through.
 */
export interface ControlCarrier {
  readonly name: string;
  /** In front of the functions of each file. */
  readonly file?: string;
  /** Another file of the program. */
  readonly other?: string;
  /** At the beginning of each function. */
  readonly begin?: string;
  /** The statement, executed once whenever this carrier's condition holds. `number` tells labels apart. */
  readonly taken: (statement: string, number: number) => string;
  /** The statement, executed never, or only where the condition of `taken` does not hold. */
  readonly dead?: (statement: string, number: number) => string;
  /** The condition holds on some runs only, and only within one function it is one condition. */
  readonly open?: boolean;
  /** Parameters of the function. */
  readonly parameters?: string;
}

/** `if (condition) …`, and `if (its negation) …`. */
function condition(name: string, holds: string, fails: string, rest: Partial<ControlCarrier> = {}): ControlCarrier {
  return {
    name,
    taken: (statement) => `if (${holds}) { ${statement} }`,
    dead: (statement) => `if (${fails}) { ${statement} }`,
    ...rest,
  };
}

export const controlCarriers: readonly ControlCarrier[] = [
  { name: 'none', taken: (statement) => statement, dead: () => '' },
  condition('a constant', '1', '0'),
  condition('constants compared', '7 > 3', '7 < 3'),
  condition('a macro', 'ENABLED', '!ENABLED', { file: '#define ENABLED 1' }),
  condition('a static constant', 'enabled', '!enabled', { file: 'static const int enabled = 1;' }),
  condition('a static constant compared', 'level == 5', 'level != 5', { file: 'static const int level = 5;' }),
  condition('a static variable that nobody writes', 'enabled', '!enabled', { file: 'static int enabled = 1;' }),
  condition('a variable of the file that is set before', 'enabled', '!enabled', {
    file: 'int enabled;',
    begin: 'enabled = 1;',
  }),
  condition('a local variable', 'enabled', '!enabled', { begin: 'int enabled = 1;' }),
  condition('a static function', 'enabled()', '!enabled()', { file: 'static int enabled(void) { return 1; }' }),
  condition('a static function of a static variable', 'enabled()', '!enabled()', {
    file: 'static int state = 3;\nstatic int enabled(void) { return state == 3; }',
  }),
  condition('a function of another file', 'enabled()', '!enabled()', {
    file: 'int enabled(void);',
    other: 'int enabled(void) { return 1; }',
  }),
  condition('a constant of another file', 'enabled', '!enabled', {
    file: 'extern const int enabled;',
    other: 'const int enabled = 1;',
  }),
  condition('a predicate of an argument', 'is_even(4)', 'is_even(5)', {
    file: 'static int is_even(int n) { return n % 2 == 0; }',
  }),
  condition('an enumerator', 'mode == WRITING', 'mode == READING', {
    file: 'enum mode { READING, WRITING };',
    begin: 'enum mode mode = WRITING;',
  }),
  condition('a conditional expression', '(enabled ? 1 : 0)', '(enabled ? 0 : 1)', { begin: 'int enabled = 1;' }),
  condition('a conjunction', 'enabled && random_bit() >= 0', '!enabled && random_bit() >= 0', {
    file: 'static int random_bit(void) { return 0; }',
    begin: 'int enabled = 1;',
  }),
  {
    name: 'else',
    taken: (statement) => `if (0) { puts("no"); } else { ${statement} }`,
    dead: (statement) => `if (1) { puts("yes"); } else { ${statement} }`,
  },
  {
    name: 'switch on a constant',
    taken: (statement) => `switch (6) { case 6: { ${statement} break; } default: puts("other"); break; }`,
    dead: (statement) => `switch (6) { case 6: puts("six"); break; default: { ${statement} break; } }`,
  },
  {
    name: 'switch on a variable',
    begin: 'int kind = 2;',
    taken: (statement) =>
      `switch (kind) { case 1: puts("one"); break; case 2: { ${statement} break; } default: break; }`,
    dead: (statement) =>
      `switch (kind) { case 1: { ${statement} break; } case 2: puts("two"); break; default: break; }`,
  },
  {
    name: 'while with a break',
    taken: (statement) => `while (1) { ${statement} break; }`,
    dead: (statement) => `while (0) { ${statement} break; }`,
  },
  {
    name: 'for, one turn',
    taken: (statement) => `for (int turn = 0; turn < 1; turn++) { ${statement} }`,
    dead: (statement) => `for (int turn = 0; turn < 0; turn++) { ${statement} }`,
  },
  {
    name: 'while a flag is set',
    taken: (statement, number) => `int more${number} = 1; while (more${number}) { ${statement} more${number} = 0; }`,
    dead: (statement, number) => `int more${number} = 0; while (more${number}) { ${statement} more${number} = 0; }`,
  },
  {
    name: 'do while (0)',
    taken: (statement) => `do { ${statement} } while (0);`,
    dead: (statement) => `do { if (1) break; ${statement} } while (0);`,
  },
  {
    name: 'goto',
    taken: (statement, number) => `goto act${number}; act${number}: ; { ${statement} }`,
    dead: (statement, number) => `goto past${number}; { ${statement} } past${number}: ;`,
  },
  condition('a parameter', 'wanted', '!wanted', { parameters: 'int wanted', open: true }),
  condition('a comparison of parameters', 'low < high', 'low >= high', { parameters: 'int low, int high', open: true }),
  condition('a flag that was set together', 'done == 1', 'done == 0', {
    parameters: 'int wanted',
    begin: 'int done = 0; if (wanted > 3) { puts("wanted"); done = 1; }',
    open: true,
  }),
  condition('a number out of sight', 'wanted > 0', 'wanted <= 0', {
    file: 'int setting(void);',
    begin: 'int wanted = setting();',
    open: true,
  }),
  {
    name: 'switch on a parameter',
    parameters: 'int kind',
    taken: (statement) => `switch (kind) { case 3: { ${statement} break; } default: break; }`,
    dead: (statement) => `switch (kind) { case 3: break; default: { ${statement} break; } }`,
    open: true,
  },
];
