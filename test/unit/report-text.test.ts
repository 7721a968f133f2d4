import picocolors from 'picocolors';
import { describe, expect, test } from 'vitest';
import { renderConcise } from '../../server/src/report/concise-report.ts';
import { excerpt } from '../../server/src/report/excerpt.ts';
import { renderFull } from '../../server/src/report/full-report.ts';
import { doubleFree, sampleReport, sampleText } from '../support/sample-report.ts';

const plain = { colors: picocolors.createColors(false), hasSummary: true };

describe('full', () => {
  test('shows message, place, excerpt, path, fixes and a summary', () => {
    expect(renderFull(sampleReport(), plain)).toBe(`\
error[double-free]: 'p' is freed a second time
 --> src/two words.c:6:2 in twice
6 |     free(p);
  |     ^^^^^^^
  1. freed here
5 |     free(p);
  |     ^^^^^^^
  2. freed again here
  = fix: Remove the second free (applied by --fix)
  = fix: Set it to NULL (needs a decision)

warning[missing-null-check]: 'q' may be NULL here: the result of malloc() is never checked
  --> src/two words.c:12:2 in first
12 |     q[0] = 0;
   |     ^^^^
   1. allocated here, may be NULL
11 |     char *q = malloc(n);
   |               ^^^^^^^^^
   2. declared here (include/x.h:1:1)
 1 | int declared;
   | ^^^
   3. dereferenced here

1 error, 1 warning in 2 files. 1 fixable with --fix. 1 path could not be checked.
`);
  });

  test('says what was checked when there is nothing to say, and what was given up', () => {
    const health = { functions: 1, functionsWithErrors: 0, functionsIncomplete: 1 };
    const files = [
      { file: '/project/a.c', text: '', findings: [], silenced: { suppressed: 0, baselined: 0, gone: 0 }, health },
    ];
    expect(renderFull(sampleReport({ files }), plain)).toBe(
      'No findings in 1 file. 1 function too complex to be analysed to the end. 1 path could not be checked.\n',
    );
  });

  test('uses colours only when told to', () => {
    expect(renderFull(sampleReport(), plain)).not.toContain('\x1b');
    expect(renderFull(sampleReport(), { ...plain, colors: picocolors.createColors(true) })).toContain('\x1b[31m');
  });
});

test('full without a summary says nothing when there is nothing to say', () => {
  const quiet = { ...plain, hasSummary: false };
  expect(renderFull(sampleReport({ files: [] }), quiet)).toBe('');
  expect(renderFull(sampleReport(), quiet)).toMatch(/\n {3}3\. dereferenced here\n$/);
});

describe('concise', () => {
  test('is one line a finding and nothing else', () => {
    expect(renderConcise(sampleReport())).toBe(
      "src/two words.c:6:2: error: 'p' is freed a second time [double-free]\n" +
        "src/two words.c:12:2: warning: 'q' may be NULL here: the result of malloc() is never checked [missing-null-check]\n",
    );
    expect(renderConcise(sampleReport({ files: [] }))).toBe('');
  });

  test('a hostile file name cannot move the cursor or break the line', () => {
    const file = '/project/\x1b[2Jx\n.c';
    const files = [{ ...sampleReport().files[0], file, text: sampleText, findings: [{ ...doubleFree, file }] }];
    expect(renderConcise(sampleReport({ files }))).toBe(
      "\\x1b[2Jx\\x0a.c:6:2: error: 'p' is freed a second time [double-free]\n",
    );
  });
});

describe('an excerpt', () => {
  test('keeps carets under tabs', () => {
    expect(excerpt('\tif (x)\tfree(p);', 8, 15)).toEqual({
      line: '    if (x)    free(p);',
      underline: '              ^^^^^^^',
    });
  });

  test('cuts long lines around the mark', () => {
    const line = `${'a'.repeat(500_000)}free(p)${'b'.repeat(500_000)}`;
    const { line: shown, underline } = excerpt(line, 500_000, 500_007);
    expect(shown).toHaveLength(122);
    expect(shown.slice(underline.indexOf('^'), underline.length)).toBe('free(p)');
    expect(shown).toMatch(/^…a+free\(p\)b+…$/);
  });

  test('marks an empty range, and the end of a line', () => {
    expect(excerpt('ab', 2, 2)).toEqual({ line: 'ab', underline: '  ^' });
  });
});
