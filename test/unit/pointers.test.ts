import { describe, expect, test } from 'vitest';
import { LineIndex } from '../../server/src/base/line-index.ts';
import { describeAllocation, describePointer } from '../../server/src/lsp/pointer-sentences.ts';
import { defaultConfiguration } from '../../server/src/workspace/configuration.ts';
import { Project } from '../../server/src/workspace/project.ts';
import { testGrammar } from '../support/grammar.ts';

const grammar = await testGrammar();

/** A project over one file, and the offset of the mark `|` in its text, which is taken out. */
function open(marked: string) {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const project = new Project({ grammar, configuration: defaultConfiguration, readText: () => undefined });
  project.openDocument('/a.c', text);
  const lines = new LineIndex(text);
  const lineOf = (at: number) => lines.positionAt(at).line + 1;
  return { project, offset, text, lineOf };
}

/** What the hover says at the mark. */
function said(marked: string): string | undefined {
  const { project, offset, lineOf } = open(marked);
  const story = project.pointerAt('/a.c', offset);
  return story && describePointer(story, lineOf);
}

describe('what is known of a pointer', () => {
  test('an allocation that nothing has tested', () => {
    expect(said('void f(int n) {\n  char *|p = malloc(n);\n  free(p);\n}')).toBe(
      '**`p`** from here on: owned, allocated by `malloc` on line 2, not checked for `NULL` yet\n\n' +
        'This function frees it on line 3.',
    );
  });

  test('after the test it is not NULL', () => {
    expect(said('void f(int n) {\n  char *p = malloc(n);\n  if (!p) return;\n  use(0);\n  free(|p);\n}')).toBe(
      '**`p`** here: owned, allocated by `malloc` on line 2, not `NULL`\n\nThis function frees it on line 5.',
    );
  });

  test('on the way of the failure it is NULL', () => {
    expect(said('void *f(int n) {\n  char *p = malloc(n);\n  if (!p) return |p;\n  return p;\n}')).toBe(
      '**`p`** here: `NULL`, since the allocation on line 2 failed',
    );
  });

  test('freed on some of the paths', () => {
    const text = 'void f(int n) {\n  char *p = malloc(8);\n  if (!p) return;\n  if (n)\n    free(p);\n  g(|p);\n}';
    expect(said(text)).toBe(
      '**`p`** here, depending on the path:\n\n' +
        '- on some paths owned, allocated by `malloc` on line 2, not `NULL`\n' +
        '- on some paths freed by `free` on line 5, allocated on line 2',
    );
  });

  test('a parameter, and what its dereference says of it', () => {
    expect(said('int f(int *p) { return *|p; }')).toBe('**`p`** here: handed in from outside this function');
    expect(said('int f(int *p) { int a = *p; return a + *|p; }')).toBe(
      '**`p`** here: handed in from outside this function, not `NULL`',
    );
  });

  test('a member', () => {
    const text =
      'struct s { char *b; };\nint f(struct s *o) {\n  o->b = malloc(3);\n  free(o->b);\n  return *o->|b;\n}';
    expect(said(text)).toBe('**`o->b`** here: freed by `free` on line 4, allocated on line 3');
  });

  test('a member that was handed in, and where it is freed', () => {
    const text =
      'struct s { char *b; };\nvoid f(struct s *o, int n) {\n  if (n)\n    free(o->b);\n  else\n    free(|o->b);\n}';
    expect(said(text)).toBe('**`o`** here: handed in from outside this function');
    expect(said(text.replace('|o->b', 'o->|b'))).toBe(
      '**`o->b`** here: handed in from outside this function\n\nThis function frees it on lines 4 and 6.',
    );
  });

  test('the holder of a member that is written is no member', () => {
    const text = 'struct l { struct l *next; };\nvoid f(struct l *|l) {\n  |l->next = malloc(3);\n}';
    expect(said(text.replace('*|l', '*l'))).toBe('**`l`** here: handed in from outside this function');
    expect(said('void f(char *p) {\n  *|p++ = 1;\n}')).toBe(
      '**`p`** from here on: handed in from outside this function',
    );
  });

  test('what is not NULL on some of the paths may be NULL', () => {
    expect(said('int f(int *p, int n) {\n  if (n) n = *p;\n  return g(|p);\n}')).toBe(
      '**`p`** here: handed in from outside this function',
    );
  });

  test('where else it is freed, besides the frees in front', () => {
    const text =
      'void f(int n) {\n  char *p = malloc(8);\n  if (n)\n    free(p);\n  g(|p);\n  if (!n)\n    free(p);\n}';
    expect(said(text)).toContain('\n\nThis function also frees it on line 7.');
  });

  test('memory that a function of the program gave and another took', () => {
    const text =
      'static char *make(void) { char *p = malloc(3); return p; }\n' +
      'static void drop(char *p) { free(p); }\n' +
      'void f(void) {\n  char *q = make();\n  if (!q) return;\n  drop(q);\n  g(|q);\n}';
    expect(said(text)).toBe('**`q`** here: freed by `drop` (`free` inside it) on line 6, allocated on line 4');
  });

  test('the address of a variable, a literal, nothing', () => {
    expect(said('void f(void) { int x; int *p = &x; g(|p); }')).toContain('the address of a variable');
    expect(said('void f(void) { char *p = "s"; g(|p); }')).toContain('a literal');
    expect(said('void f(void) { char *p; g(|p); }')).toContain('never given a value');
    expect(said('void f(void) { char *p = NULL; g(|p); }')).toContain('`NULL`');
  });

  test.each([
    ['an integer', 'void f(int n) { int i = 0; g(|i); }'],
    ['a keyword', 'void f(int n) { ret|urn; }'],
    ['a call', 'void f(int n) { char *p = mal|loc(3); free(p); }'],
    ['outside of functions', 'char *|p;\nvoid f(void) {}'],
    ['text that is not understood', 'void f(void) { char *p = malloc(3); ]] @ g(|p); }'],
  ])('nothing is said of %s', (_, text) => {
    expect(said(text)).toBeUndefined();
  });
});

describe('the places that concern one region', () => {
  const related = (marked: string) => {
    const { project, offset, text } = open(marked);
    const found = project.relatedRanges('/a.c', offset);
    const show = (ranges: readonly { start: number; end: number }[]) =>
      ranges.map(({ start, end }) => `${text.slice(start, end)}@${start}`).sort();
    return found && { allocations: show(found.allocations), frees: show(found.frees), all: show(found.reads) };
  };

  test('go with the memory and not with the name', () => {
    const text =
      'void f(void) {\n  char *p = malloc(3);\n  char *q = |p;\n  if (!q) return;\n  free(q);\n  p = other();\n}';
    const plain = text.replace('|', '');
    expect(related(text)).toEqual({
      allocations: [`malloc@${plain.indexOf('malloc')}`],
      frees: [`free@${plain.indexOf('free')}`],
      all: [`p@${plain.indexOf('p;')}`, `q@${plain.indexOf('q)')}`, `q@${plain.indexOf('q);')}`].sort(),
    });
  });

  test('are none for a pointer that is neither allocated nor freed here', () => {
    expect(related('int f(int *p) { return *|p + *p; }')).toBeUndefined();
  });

  test('begin with a parameter that is freed', () => {
    expect(related('void f(char *p) { g(p); free(|p); }')?.frees).toHaveLength(1);
  });
});

describe('what becomes of an allocation', () => {
  const fates = async (text: string) => {
    const { project, lineOf } = open(text);
    return (await project.allocations('/a.c')).map((allocation) => describeAllocation(allocation, lineOf));
  };

  test('it is freed, on several paths', async () => {
    const text =
      'int f(int n) {\n  char *p = malloc(3);\n  if (n) {\n    free(p);\n    return 1;\n  }\n  free(p);\n  return 0;\n}';
    expect(await fates(text)).toEqual(['allocated here, freed on lines 4 and 7']);
  });

  test('it is returned, handed on, or neither', async () => {
    expect(await fates('char *f(void) { char *p = malloc(3); return p; }')).toEqual(['allocated here, returned']);
    expect(await fates('char *g;\nvoid f(void) { g = malloc(3); }')).toEqual(['allocated here, handed on']);
    expect(await fates('void f(void) { char *p = malloc(3); if (p) *p = 1; }')).toEqual([
      'allocated here, not freed in this function',
    ]);
  });

  test('after an edit elsewhere it is told where it stands now, and after one in a callee what that does', async () => {
    const callee = 'void drop(char *p) { (void)p; }\n';
    const caller = 'void f(void) {\n  char *p = malloc(3);\n  drop(p);\n}\n';
    const { project } = open(callee + caller);
    const told = async (text: string) => {
      const lines = new LineIndex(text);
      const allocations = await project.allocations('/a.c');
      return allocations.map((each) => describeAllocation(each, (offset) => lines.positionAt(offset).line + 1));
    };
    expect(await told(callee + caller)).toEqual(['allocated here, not freed in this function']);
    project.changeDocument('/a.c', { range: { start: 0, end: 0 }, newText: '\n\n' });
    const freeing = callee.replace('(void)p', 'free(p)');
    project.changeDocument('/a.c', { range: { start: 2, end: 2 + callee.length }, newText: freeing });
    const [freed] = await told(`\n\n${freeing}${caller}`);
    expect(freed).toBe('allocated here, freed on line 6');
    project.changeDocument('/a.c', { range: { start: 0, end: 1 }, newText: '' });
    expect(await told(`\n${freeing}${caller}`)).toEqual(['allocated here, freed on line 5']);
  });
});
