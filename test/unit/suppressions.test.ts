import { describe, expect, test } from 'vitest';
import type { Finding } from '../../server/src/base/finding.ts';
import { applyEdits } from '../../server/src/base/range.ts';
import { applySuppressions, findSuppressions, suppressionEdit } from '../../server/src/rules/suppressions.ts';
import { doubleFree, rangeOf } from '../support/sample-report.ts';

/** A double free at every `free(p)` of the text. */
function findings(text: string, rule = 'double-free'): Finding[] {
  return [...text.matchAll(/free\(p\)/g)].map((match) => ({
    ...doubleFree,
    rule,
    range: { start: match.index, end: match.index + match[0].length },
  }));
}

/** How many findings are kept, and how many suppressions were unused. */
function outcome(text: string): { kept: number; unused: number } {
  const { kept, suppressed, unused } = applySuppressions(text, findings(text), findSuppressions(text));
  expect(kept.length + suppressed.length).toBe(findings(text).length);
  return { kept: kept.length, unused: unused.length };
}

describe('a finding is silenced by', () => {
  test.each([
    ['a comment on the line above', '// ritual-ignore-next-line double-free -- why\nfree(p);\n'],
    ['a block comment', '\t/* ritual-ignore-next-line double-free -- why */\n\tfree(p);\n'],
    ['a block comment of several lines', '/* ritual-ignore-next-line double-free --\n * a long story\n */\nfree(p);\n'],
    ['a comment behind it', 'free(p); // ritual-ignore double-free -- why\n'],
    ['a comment before it', '/* ritual-ignore double-free */ free(p);\n'],
    ['one of several rules', 'free(p); // ritual-ignore use-after-free, double-free -- why\n'],
    ['all rules', 'free(p); // ritual-ignore\n'],
    ['all rules, with a reason', 'free(p); // ritual-ignore -- the second is a copy\n'],
    ['no blank', 'free(p); //ritual-ignore double-free\n'],
    ['a colon', 'free(p); // ritual-ignore: double-free\n'],
    ['a reason without dashes', 'free(p); // ritual-ignore double-free (a copy)\n'],
    ['a comment for the file', 'free(p);\n// ritual-ignore-file double-free -- generated\n'],
    ['a stack of comments', '// ritual-ignore-next-line double-free\n// ritual-ignore-next-line x\nfree(p);\n'],
    ['Windows line ends', '// ritual-ignore-next-line double-free\r\nfree(p);\r\n'],
    ['a comment in a macro', '#define F(p) free(p) // ritual-ignore double-free\n'],
  ])('%s', (_, text) => {
    expect(outcome(text).kept).toBe(0);
  });
});

describe('a finding is not silenced by', () => {
  test.each([
    ['another rule', 'free(p); // ritual-ignore use-after-free\n'],
    ['another line', '// ritual-ignore-next-line double-free\n\nfree(p);\n'],
    ['its own line, if the next is meant', 'free(p); // ritual-ignore-next-line double-free\n'],
    ['a string', 'puts("// ritual-ignore double-free"); free(p);\n'],
    ['a string that goes on', 'puts("\\"// ritual-ignore\\\n // ritual-ignore"); free(p);\n'],
    ['a longer word', 'free(p); // ritual-ignored double-free\n'],
    ['a mention', 'free(p); // see ritual-ignore\n'],
    ['a word that is no rule', 'free(p); // ritual-ignore because\n'],
    ['an unknown scope', 'free(p); // ritual-ignore-previous-line double-free\n'],
  ])('%s', (_, text) => {
    expect(outcome(text).kept).toBe(1);
  });
});

test('a comment behind an expression of several lines silences it', () => {
  const text = 'f(p,\n  q); // ritual-ignore double-free\n';
  const finding = { ...doubleFree, range: rangeOf(text, 'f(p,\n  q)') };
  expect(applySuppressions(text, [finding], findSuppressions(text)).kept).toEqual([]);
});

test('unused suppressions are told, name by name', () => {
  const text = 'free(p); // ritual-ignore double-free, nonsense -- why\n// ritual-ignore-file\n';
  const none = applySuppressions(text, [], findSuppressions(text));
  expect(none.unused.map(({ rules }) => rules)).toEqual([['double-free', 'nonsense'], []]);
  const some = applySuppressions(text, findings(text), findSuppressions(text));
  expect(some.unused.map(({ rules }) => rules)).toEqual([['nonsense']]);
});

test('the reason and the comment are kept for whoever shows them', () => {
  const text = 'x;\n/* ritual-ignore double-free -- it is\n fine */\n';
  expect(findSuppressions(text)).toEqual([
    {
      scope: 'line',
      range: rangeOf(text, '/* ritual-ignore double-free -- it is\n fine */'),
      rules: ['double-free'],
      rulesStart: text.indexOf('double-free'),
      rulesEnd: text.indexOf(' -- it'),
      reason: 'it is\n fine',
      line: 1,
    },
  ]);
});

test('hostile text ends', () => {
  expect(findSuppressions(`ritual-ignore${'/*"\''.repeat(200_000)}`)).toEqual([]);
  expect(findSuppressions(`// ritual-ignore ${'a,'.repeat(200_000)}`)).toHaveLength(1);
  expect(findSuppressions(`// ritual-ignore${' -'.repeat(100_000)}x`)).toHaveLength(1);
  expect(findSuppressions(`// ritual-ignore -- ${' '.repeat(1_000_000)}x`)).toHaveLength(1);
});

describe('suppressing a finding', () => {
  /** The text after the first finding was suppressed; the finding is gone then. */
  function suppressed(text: string, reason = 'why'): string | undefined {
    const [finding] = findings(text);
    const edit = suppressionEdit(text, finding, reason);
    if (!edit) return undefined;
    const result = applyEdits(text, [edit]);
    expect(applySuppressions(result, findings(result), findSuppressions(result)).kept).toEqual([]);
    return result;
  }

  test.each([
    [
      'keeps the indentation',
      'a;\n\t  free(p);\n',
      'a;\n\t  // ritual-ignore-next-line double-free -- why\n\t  free(p);\n',
    ],
    [
      'keeps the line ends',
      'a;\r\n free(p);\r\n',
      'a;\r\n // ritual-ignore-next-line double-free -- why\r\n free(p);\r\n',
    ],
    ['works on the only line', 'free(p);', '// ritual-ignore-next-line double-free -- why\nfree(p);'],
    [
      'uses the comments of the file',
      '/* old */\nfree(p);\n',
      '/* old */\n/* ritual-ignore-next-line double-free -- why */\nfree(p);\n',
    ],
    [
      'adds to a comment above',
      '/* ritual-ignore-next-line x -- because */\nfree(p);\n',
      '/* ritual-ignore-next-line x, double-free -- because */\nfree(p);\n',
    ],
    ['adds to a comment behind', 'free(p); // ritual-ignore x,y\n', 'free(p); // ritual-ignore x,y, double-free\n'],
  ])('%s', (_, text, expected) => {
    expect(suppressed(text)).toBe(expected);
  });

  test('a reason cannot end its comment or continue it', () => {
    expect(suppressed('/* c */\nfree(p);\n', 'a */ b\n\\')).toBe(
      '/* c */\n/* ritual-ignore-next-line double-free -- a * / b / */\nfree(p);\n',
    );
    expect(suppressed('free(p);\n', '')).toBe('// ritual-ignore-next-line double-free\nfree(p);\n');
  });

  test.each([
    ['in a macro', '#define F(p) \\\n  free(p)\n'],
    ['behind the end of a comment', '/* a\n b */ free(p);\n'],
    ['twice', 'free(p); // ritual-ignore\n'],
  ])('is refused %s', (_, text) => {
    expect(suppressed(text)).toBeUndefined();
  });
});
