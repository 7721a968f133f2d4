import { expect, test } from 'vitest';
import { NodeKind } from '../../server/src/syntax/generated/node-kinds.ts';
import { createParser } from '../../server/src/syntax/grammar.ts';
import { copySubtree, textOf } from '../../server/src/syntax/syntax-arrays.ts';
import { testGrammar } from '../support/grammar.ts';

test('a subtree is copied in pre-order, without comments', async () => {
  const grammar = await testGrammar();
  const parser = createParser(grammar);
  const text = 'int x; /* é */ int f(void) { return x + 1; }';
  const tree = parser.parse(text)!;
  const arrays = copySubtree(tree.walk(), grammar, text);
  tree.delete();
  const kinds = [...arrays.kind];
  expect(kinds).not.toContain(NodeKind.Comment);
  expect(arrays.hasError).toBe(false);
  expect(textOf(arrays, kinds.indexOf(NodeKind.FunctionDefinition))).toBe('int f(void) { return x + 1; }');
  expect(textOf(arrays, kinds.indexOf(NodeKind.BinaryExpression))).toBe('x + 1');
  expect(arrays.next[0]).toBe(arrays.length);
});

test('ERROR and MISSING nodes are noticed', async () => {
  const grammar = await testGrammar();
  const parser = createParser(grammar);
  for (const text of ['int f( { }', 'void f(void) { g() }']) {
    const tree = parser.parse(text)!;
    expect(copySubtree(tree.walk(), grammar, text).hasError).toBe(true);
    tree.delete();
  }
});
