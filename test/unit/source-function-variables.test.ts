import { expect, test } from 'vitest';
import { readFunctionVariables } from '../../server/src/source/function-variables.ts';
import { tokenise } from '../../server/src/source/lexer.ts';

function functionsIn(text: string): Record<string, string> {
  const entries = readFunctionVariables(tokenise(text)).map(({ name, isConst, isStatic, functions }) => [
    `${isStatic ? 'static ' : ''}${isConst ? 'const ' : ''}${name}`,
    functions.map(({ place, name: target }) => `${place}=${target}`).join(' '),
  ]);
  return Object.fromEntries(entries);
}

test('pointers to functions, by whatever type', () => {
  expect(
    functionsIn(
      'void (*const done)(int) = finish; static void (*failed)(const char *) = &die; handler *const last = end;',
    ),
  ).toEqual({ 'const done': '=finish', 'static failed': '=die', 'const last': '=end' });
});

test('tables: the first element is the table itself', () => {
  expect(
    functionsIn('static int (*const table[3])(void) = { one, [2] = three }; const handler_t all[] = { a, 0, c };'),
  ).toEqual({
    'static const table': '=one [2]=three',
    'const all': '=a [2]=c',
  });
});

test('structures of functions, and tables of them', () => {
  expect(functionsIn('static const struct ops plain = { "x", .open = f, .in.close = g };')).toEqual({
    'static const plain': '.open=f .in.close=g',
  });
  expect(functionsIn('const struct ops all[] = { { .open = f }, [4] = { .close = g }, { h } };')).toEqual({
    'const all': '.open=f [4].close=g',
  });
});

test('what may change, is computed or is no function is left out', () => {
  expect(functionsIn('struct ops ops = { .open = f }; handler_t all[] = { a };')).toEqual({});
  expect(functionsIn('const int sizes[] = { one, two }; const char *names[] = { first };')).toEqual({});
  expect(
    functionsIn('handler *const h = pick(1); handler *const n = NULL; int f(void) { handler *const l = g; }'),
  ).toEqual({});
});

test('any text gives a list', () => {
  expect(functionsIn('const a b = { { { { { x')).toEqual({});
  expect(functionsIn('const a b[] = { [1] = , .c')).toEqual({});
});
