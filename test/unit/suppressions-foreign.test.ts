import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { foreignNames } from '../../server/src/rules/foreign-names.ts';
import { findForeignSuppressions } from '../../server/src/rules/foreign-suppressions.ts';
import { applySuppressions } from '../../server/src/rules/suppressions.ts';
import { root } from '../support/built-tool.ts';
import { doubleFree } from '../support/sample-report.ts';

/** The one-based lines with a `free(p)` whose double free is not silenced. */
function keptLines(text: string, rule = 'double-free'): number[] {
  const findings = [...text.matchAll(/free\(p\)/g)].map((match) => ({
    ...doubleFree,
    rule,
    range: { start: match.index, end: match.index + match[0].length },
  }));
  const { kept } = applySuppressions(text, findings, [], findForeignSuppressions(text));
  return kept.map(({ range }) => text.slice(0, range.start).split('\n').length);
}

describe('clang-tidy', () => {
  test.each([
    ['a bare NOLINT', 'free(p); // NOLINT\n'],
    ['with a reason', 'free(p); // NOLINT: the second is a copy\n'],
    ['in a block comment', 'free(p); /* NOLINT */\n'],
    ['behind other words', 'free(p); // fine, NOLINT\n'],
    ['a check of the analyser', 'free(p); // NOLINT(clang-analyzer-unix.Malloc)\n'],
    ['one of several checks', 'free(p); // NOLINT(google-*, clang-analyzer-unix.Malloc)\n'],
    ['a glob', 'free(p); // NOLINT(clang-analyzer-*)\n'],
    ['a glob in the middle', 'free(p); // NOLINT(clang-*-unix.*)\n'],
    ['every check', 'free(p); // NOLINT(*)\n'],
    ['our own name', 'free(p); // NOLINT(double-free)\n'],
    ['our own name with the tool in front', 'free(p); // NOLINT(ritual-double-free)\n'],
    ['the next line', '// NOLINTNEXTLINE\nfree(p);\n'],
    ['the next line, by name', '// NOLINTNEXTLINE(clang-analyzer-unix.Malloc)\r\nfree(p);\r\n'],
    ['a region', '// NOLINTBEGIN\nfree(p);\nfree(p);\n// NOLINTEND\n'],
    ['regions in one another', '// NOLINTBEGIN(*)\n// NOLINTBEGIN(a)\n// NOLINTEND(a)\nfree(p);\n// NOLINTEND(*)\n'],
  ])('%s silences', (_, text) => {
    expect(keptLines(text)).toEqual([]);
  });

  test.each([
    ['a check about something else', 'free(p); // NOLINT(cppcoreguidelines-no-malloc)\n'],
    ['no check', 'free(p); // NOLINT()\n'],
    [
      'a check that is taken out',
      'free(p); // NOLINT(*,-clang-analyzer-unix.Malloc,-double-free,-ritual-*,-clang-*)\n',
    ],
    ['a longer word', 'free(p); // NOLINTER\n'],
    ['the line above', 'free(p);\n// NOLINTNEXTLINE\n'],
    ['a line further on', '// NOLINTNEXTLINE\n\nfree(p);\n'],
    ['a string', 'puts("// NOLINT"); free(p);\n'],
    ['a region without an end', '// NOLINTBEGIN\nfree(p);\n'],
    ['an end without a region', 'free(p);\n// NOLINTEND\n'],
    ['an end with other names', '// NOLINTBEGIN(a)\nfree(p);\n// NOLINTEND(*)\n'],
  ])('%s does not', (_, text) => {
    expect(keptLines(text)).toHaveLength(1);
  });

  test('what comes behind a region is not silenced', () => {
    expect(keptLines('// NOLINTBEGIN\nfree(p);\n// NOLINTEND\nfree(p);\n')).toEqual([4]);
  });
});

describe('cppcheck', () => {
  test.each([
    ['on the line above', '// cppcheck-suppress doubleFree\nfree(p);\n'],
    ['on the same line', 'free(p); // cppcheck-suppress doubleFree\n'],
    ['in front, on the same line', '/* cppcheck-suppress doubleFree */ free(p);\n'],
    ['over other comments and blank lines', '// cppcheck-suppress doubleFree\n\n/* why */ // more\nfree(p);\n'],
    ['in a list', '// cppcheck-suppress [memleak, doubleFree]\nfree(p);\n'],
    ['in a list without a blank', '// cppcheck-suppress[doubleFree]\nfree(p);\n'],
    ['for a symbol', '// cppcheck-suppress doubleFree symbolName=p\nfree(p);\n'],
    ['for a symbol in a list', '// cppcheck-suppress [doubleFree symbolName=p]\nfree(p);\n'],
    ['with a reason', '// cppcheck-suppress doubleFree ; a copy\nfree(p);\n'],
    ['everything', '// cppcheck-suppress *\nfree(p);\n'],
    ['two of them', '// cppcheck-suppress memleak\n// cppcheck-suppress doubleFree\nfree(p);\n'],
    ['a region', '// cppcheck-suppress-begin doubleFree\nfree(p);\nfree(p);\n// cppcheck-suppress-end doubleFree\n'],
    ['the file', '// cppcheck-suppress-file doubleFree\nfree(p);\nfree(p);\n'],
  ])('%s silences', (_, text) => {
    expect(keptLines(text)).toEqual([]);
  });

  test.each([
    ['another flaw', '// cppcheck-suppress memleak\nfree(p);\n'],
    ['no name', '// cppcheck-suppress\nfree(p);\n'],
    ['a word in front', '// see cppcheck-suppress doubleFree\nfree(p);\n'],
    ['a comment behind other code', 'f(); // cppcheck-suppress doubleFree\nfree(p);\n'],
    ['an unknown form', '// cppcheck-suppress-line doubleFree\nfree(p);\n'],
  ])('%s does not', (_, text) => {
    expect(keptLines(text)).toHaveLength(1);
  });

  test('only the next line of code is meant', () => {
    expect(keptLines('// cppcheck-suppress doubleFree\nfree(p);\nfree(p);\n')).toEqual([3]);
  });
});

test('hostile text ends, and soon', () => {
  const texts = [
    `// NOLINT(${'a*'.repeat(100_000)}\nfree(p);\n`,
    `free(p); // NOLINT(${'*a'.repeat(100_000)})\n`,
    '// NOLINTBEGIN(a)\n'.repeat(50_000) + '// NOLINTEND(b)\n'.repeat(50_000),
    '/* cppcheck-suppress a */ '.repeat(50_000),
    '// cppcheck-suppress a\n'.repeat(50_000),
    '/* a */ _Pragma("GCC diagnostic push")\n'.repeat(50_000),
    `#define M ${'_Pragma("GCC diagnostic push") \\\n'.repeat(50_000)}`,
  ];
  const start = process.cpuUsage();
  for (const text of texts) keptLines(text);
  expect(process.cpuUsage(start).user).toBeLessThan(5_000_000);
});

describe('GCC', () => {
  const ignored = '#pragma GCC diagnostic ignored "-Wanalyzer-double-free"\n';

  test.each([
    ['the rest of the file', `${ignored}free(p);\n`],
    ['up to the pop', `#pragma GCC diagnostic push\n${ignored}free(p);\n#pragma GCC diagnostic pop\n`],
    ['as an operator', '_Pragma("GCC diagnostic ignored \\"-Wanalyzer-double-free\\"")\nfree(p);\n'],
    ['with spaces', '  #  pragma  GCC  diagnostic  ignored  "-Wanalyzer-double-free"\r\nfree(p);\r\n'],
    ['what held at the push', `${ignored}#pragma GCC diagnostic push\n#pragma GCC diagnostic pop\nfree(p);\n`],
  ])('%s is silenced', (_, text) => {
    expect(keptLines(text)).toEqual([]);
  });

  test.each([
    ['what comes before', `free(p);\n${ignored}`],
    ['what comes behind the pop', `#pragma GCC diagnostic push\n${ignored}#pragma GCC diagnostic pop\nfree(p);\n`],
    [
      'what comes behind another pragma',
      `${ignored}#pragma GCC diagnostic warning "-Wanalyzer-double-free"\nfree(p);\n`,
    ],
    ['another warning', '#pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"\nfree(p);\n'],
    ['a comment', `/* ${ignored} */ free(p);\n`],
    ['a macro', '#define QUIET \\\n  _Pragma("GCC diagnostic ignored \\"-Wanalyzer-double-free\\"")\nfree(p);\n'],
  ])('%s is not', (_, text) => {
    expect(keptLines(text)).toHaveLength(1);
  });
});

test('the documentation shows the table of names', () => {
  const page = fs.readFileSync(path.join(root, 'docs/suppressions.md'), 'utf8');
  const shown = [...page.matchAll(/^\| `([a-z-]+)` \| (.*) \| (.*) \| (.*) \|$/gm)].map(
    ([, rule, clang, cppcheck, gcc]) => {
      const names = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
      return [rule, { clang: names(clang), cppcheck: names(cppcheck), gcc: names(gcc) }];
    },
  );
  expect(Object.fromEntries(shown)).toEqual(foreignNames);
});
