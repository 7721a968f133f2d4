import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../server/src/base/range.ts';
import { fileSuppressionEdit } from '../../server/src/rules/file-suppression.ts';
import { disableRuleEdits } from '../../server/src/workspace/configuration-edit.ts';
import { parseConfiguration } from '../../server/src/workspace/configuration-text.ts';

const rule = 'double-free';

function disabled(text: string): string {
  const result = applyEdits(text, disableRuleEdits(text, rule)!);
  const { configuration, problems } = parseConfiguration(result);
  expect(problems).toEqual([]);
  expect(configuration.rules[rule].severity).toBe('off');
  expect(disableRuleEdits(result, rule)).toEqual([]);
  return result;
}

describe('switching a rule off in a configuration', () => {
  test('makes one of nothing', () => {
    expect(disabled('')).toBe('{\n  "rules": {\n    "double-free": "off"\n  }\n}\n');
  });

  test('keeps comments, order and indentation', () => {
    expect(disabled('// ours\n{\n\t// why\n\t"noreturn": ["die"] // here\n}\n')).toBe(
      '// ours\n{\n\t// why\n\t"noreturn": ["die"], // here\n\t"rules": {\n\t\t"double-free": "off"\n\t}\n}\n',
    );
  });

  test('stands beside other rules', () => {
    expect(disabled('{\n  "rules": {\n    "missing-null-check": "error"\n  }\n}\n')).toBe(
      '{\n  "rules": {\n    "missing-null-check": "error",\n    "double-free": "off"\n  }\n}\n',
    );
  });

  test('replaces a severity', () => {
    expect(disabled('{ "rules": { "double-free": "error", } }')).toBe('{ "rules": { "double-free": "off", } }');
  });

  test('keeps the options of a rule', () => {
    const text = '{ "rules": { "missing-null-after-free": { "always": true, "severity": "hint" } } }';
    expect(applyEdits(text, disableRuleEdits(text, 'missing-null-after-free')!)).toBe(
      '{ "rules": { "missing-null-after-free": { "always": true, "severity": "off" } } }',
    );
  });

  test.each(['{', '[]', '7', '{ "rules": 3 }', '{ "rules": {} ] }'])('leaves %s alone', (text) => {
    expect(disableRuleEdits(text, rule)).toBeUndefined();
  });
});

describe('silencing a rule in a file', () => {
  const silenced = (text: string) => {
    const edit = fileSuppressionEdit(text, rule, 'why');
    return edit && applyEdits(text, [edit]);
  };
  const comment = '/* ritual-ignore-file double-free -- why */';

  test.each([
    ['at the top', 'int x;\n', `${comment}\nint x;\n`],
    ['behind the licence', '/* Licence\n * text */\n\nint x;\n', `/* Licence\n * text */\n${comment}\n\nint x;\n`],
    ['behind line comments', '// a\n// b\nint x;\n', `// a\n// b\n${comment}\nint x;\n`],
    ['not between a comment and its code', '/* x */ int x;\n', `${comment}\n/* x */ int x;\n`],
    ['with the line ends of the file', 'int x;\r\n', `${comment}\r\nint x;\r\n`],
    ['in an empty file', '', `${comment}\n`],
    ['in a comment that never ends', '/* x', `${comment}\n/* x`],
    [
      'in the suppression that is there',
      '/* ritual-ignore-file memory-leak -- a tool */\nint x;\n',
      '/* ritual-ignore-file memory-leak, double-free -- a tool */\nint x;\n',
    ],
    ['not twice', `${comment}\nint x;\n`, undefined],
    ['not where all rules are silenced', '// ritual-ignore-file\n', undefined],
  ])('%s', (_, before, after) => {
    expect(silenced(before)).toBe(after);
  });
});
