import { expect, test } from 'vitest';
import { tokenise } from '../../server/src/source/lexer.ts';
import {
  MEMBER_COMPOSITE,
  MEMBER_FIRST,
  MEMBER_LATER,
  MEMBER_SCALAR,
  MEMBER_SHARED,
  readMembers,
} from '../../server/src/source/members.ts';

const words: readonly [number, string][] = [
  [MEMBER_FIRST, 'first'],
  [MEMBER_LATER, 'later'],
  [MEMBER_SHARED, 'shared'],
  [MEMBER_SCALAR, 'scalar'],
  [MEMBER_COMPOSITE, 'composite'],
];

function members(text: string): Record<string, string> {
  return Object.fromEntries(
    readMembers(tokenise(text)).map(({ name, traits }) => [
      name,
      words
        .filter(([bit]) => (traits & bit) !== 0)
        .map(([, word]) => word)
        .join(' '),
    ]),
  );
}

test('the place of a member, and whether its name is its value', () => {
  expect(members('struct s { int a, b; char *name; char text[8]; struct t inner; size_t n; my_type own; };')).toEqual({
    a: 'first scalar',
    b: 'first scalar',
    name: 'later scalar',
    text: 'later composite',
    inner: 'later composite',
    n: 'later scalar',
    own: 'later composite',
  });
});

test('pointers to functions and to arrays, bit-fields', () => {
  expect(members('struct s { void (*call)(int, char *); int (*table[4])(void); unsigned flag : 1; };')).toEqual({
    call: 'first scalar',
    table: 'later composite',
    flag: 'later scalar',
  });
});

test('unions and what stands inside them share a place', () => {
  expect(members('struct s { int tag; union { int i; struct { char *p; long n; } both; } u; };')).toEqual({
    tag: 'first scalar',
    i: 'first shared scalar',
    p: 'first shared scalar',
    n: 'first shared scalar',
    both: 'first shared composite',
    u: 'later composite',
  });
});

test('a member that a condition may take away leaves the next one first', () => {
  expect(members('struct s {\n#ifdef DEBUG\nint magic;\n#endif\nint a;\nint b;\n};')).toEqual({
    magic: 'first scalar',
    a: 'first scalar',
    b: 'later scalar',
  });
});

test('an anonymous member in front', () => {
  expect(members('struct s { struct { int x; }; int y; };')).toEqual({ x: 'first scalar', y: 'later scalar' });
});

test('what several structures say is added', () => {
  expect(members('struct a { int x; int p; }; struct b { int p; };').p).toBe('first later scalar');
});

test('functions have no members', () => {
  expect(members('int f(void) { int a; if (a) { int b; } return a; }')).toEqual({});
});
