import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { defaultConfiguration } from '../../server/src/workspace/configuration.ts';
import { loadConfiguration } from '../../server/src/workspace/configuration-file.ts';
import { ConfigurationError, parseConfiguration } from '../../server/src/workspace/configuration-text.ts';

/** The problems of a configuration as `line:column: message`. */
function problems(text: string): string[] {
  return parseConfiguration(text).problems.map(({ line, column, message }) => `${line}:${column}: ${message}`);
}

describe('a valid configuration', () => {
  test('fills in every key', () => {
    const { configuration, problems } = parseConfiguration(`{
      // comments and trailing commas are welcome
      "$schema": "https://example.org/schema.json",
      "rules": {
        "double-free": "off",
        "missing-null-after-free": { "severity": "information", "always": true },
      },
      "allocators": [
        { "allocate": ["pool_get"], "free": ["pool_put"], "nullable": false },
        {
          "reallocate": ["grow", { "name": "grow_in", "argument": 2 }],
          "allocateTo": ["make", { "name": "print_to", "argument": 3, "success": "nonnegative" }],
          "free": [{ "name": "give_back", "argument": 2 }],
          "zeroed": true,
        },
        { "allocate": ["arena_get"], "arena": { "argument": 1, "end": ["arena_reset"] } },
      ],
      "macros": { "DROP(p)": "do { free(p); (p) = NULL; } while (0)" },
      "noreturn": ["panic"],
      "defines": { "NDEBUG": null, "VERSION": "3" },
      "exclude": ["third_party/"],
    }`);
    expect(problems).toEqual([]);
    expect(configuration).toEqual({
      rules: {
        'double-free': { severity: 'off' },
        'missing-null-after-free': { severity: 'information', options: { always: true } },
      },
      allocators: [
        {
          allocate: ['pool_get'],
          reallocate: [],
          allocateTo: [],
          free: [{ name: 'pool_put', argument: 0 }],
          nullable: false,
        },
        {
          allocate: [],
          reallocate: [
            { name: 'grow', argument: 0 },
            { name: 'grow_in', argument: 1 },
          ],
          allocateTo: [
            { name: 'make', argument: 0, success: 'zero' },
            { name: 'print_to', argument: 2, success: 'nonnegative' },
          ],
          free: [{ name: 'give_back', argument: 1 }],
          zeroed: true,
        },
        {
          allocate: ['arena_get'],
          reallocate: [],
          allocateTo: [],
          free: [],
          arena: { argument: 0, end: [{ name: 'arena_reset', argument: 0 }] },
        },
      ],
      macros: { 'DROP(p)': 'do { free(p); (p) = NULL; } while (0)' },
      noreturn: ['panic'],
      defines: { NDEBUG: null, VERSION: '3' },
      include: [],
      exclude: ['third_party/'],
    });
  });

  test.each(['', '  \n', '// nothing yet\n', '/* nothing */', '{}'])('is the default when empty: %j', (text) => {
    expect(parseConfiguration(text)).toEqual({ configuration: defaultConfiguration, problems: [] });
  });
});

describe('a wrong configuration is named by line and column', () => {
  test.each<[string, string, string[]]>([
    ['a misspelt key', '{\n  "ruels": {}\n}', ['2:3: unknown key "ruels"; did you mean "rules"?']],
    [
      'a misspelt rule',
      '{"rules": {"duoble-free": "off"}}',
      ['1:12: unknown key "duoble-free"; did you mean "double-free"?'],
    ],
    [
      'a misspelt option',
      '{"rules": {"missing-null-check": {"strickt": true}}}',
      ['1:35: unknown key "strickt"; did you mean "strict"?'],
    ],
    [
      'a key far from every other',
      '{"allocators": [{"allocate": ["a"], "zzzzzz": 1}]}',
      [
        '1:37: unknown key "zzzzzz"; expected one of "allocate", "reallocate", "allocateTo", "free", "nullable", "zeroed", "arena"',
      ],
    ],
    [
      'a misspelt severity',
      '{"rules": {"double-free": "eror"}}',
      ['1:27: "rules.double-free" must be a severity, not "eror"; did you mean "error"?'],
    ],
    [
      'a number for a severity',
      '{"rules": {"double-free": 3}}',
      [
        '1:27: "rules.double-free" must be a severity, not 3; expected one of "error", "warning", "information", "hint", "off"',
      ],
    ],
    ['a wrong type in an array', '{"noreturn": [\n  "panic",\n  7\n]}', ['3:3: "noreturn.1" must be a string, not 7']],
    ['a wrong type of a key', '{"exclude": "build"}', ['1:13: "exclude" must be an array, not "build"']],
    ['no identifier', '{"noreturn": ["a b"]}', ['1:15: "noreturn.0" must be an identifier of C, not "a b"']],
    ['no macro name', '{"defines": {"A B": null}}', ['1:14: unknown key "A B"; it must be an identifier of C']],
    ['a wrong define', '{"defines": {"A": 1}}', ['1:19: "defines.A" must be a string or null, not 1']],
    [
      'an empty object',
      '{"allocators": [{}]}',
      [
        '1:17: "allocators.0" is empty; expected one of "allocate", "reallocate", "allocateTo", "free", "nullable", "zeroed", "arena"',
      ],
    ],
    [
      'a missing key',
      '{"allocators": [{"free": [{"argument": 2}]}]}',
      ['1:27: "allocators.0.free.0" lacks the key "name"'],
    ],
    [
      'a misspelt key of a function',
      '{"allocators": [{"free": [{"name": "f", "arguments": 2}]}]}',
      ['1:41: unknown key "arguments"; did you mean "argument"?'],
    ],
    [
      'a function that is no name',
      '{"allocators": [{"free": [7, "a b", "c"]}]}',
      [
        '1:27: "allocators.0.free.0" must be a string, not 7',
        '1:30: "allocators.0.free.1" must be an identifier of C, not "a b"',
      ],
    ],
    [
      'a position that is none',
      '{"allocators": [{"free": [{"name": "f", "argument": 0}, {"name": "g", "argument": "2"}]}]}',
      [
        '1:53: "allocators.0.free.0.argument" must be a position from 1 to 32, not 0',
        '1:83: "allocators.0.free.1.argument" must be a whole number, not "2"',
      ],
    ],
    [
      'a result that is none',
      '{"allocators": [{"allocateTo": [{"name": "f", "success": "zerro"}]}]}',
      ['1:58: "allocators.0.allocateTo.0.success" must be one of its values, not "zerro"; did you mean "zero"?'],
    ],
    [
      'a macro without a name',
      '{"macros": {"F(x": "y", "2": "", "G(a, ...)": ""}}',
      [
        '1:13: unknown key "F(x"; it must be NAME or NAME(parameters)',
        '1:25: unknown key "2"; it must be NAME or NAME(parameters)',
      ],
    ],
    ['a key twice', '{"rules": {},\n "rules": {}}', ['2:2: the key "rules" occurs twice']],
    ['the prototype', '{"__proto__": {"rules": 1}}', ['1:2: unknown key "__proto__"']],
    ['another value', '[]', ['1:1: the configuration must be an object, not an array']],
    ['a syntax error', '{\n  "rules" {}\n}', ['2:11: syntax error: colon expected']],
    ['an end too early', '{"rules": ', ['1:11: syntax error: value expected']],
    [
      'several mistakes, in their order',
      '{"noreturn": 1,\n"incldue": []}',
      ['1:14: "noreturn" must be an array, not 1', '2:1: unknown key "incldue"; did you mean "include"?'],
    ],
  ])('%s', (_, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  test('hostile nesting ends in a message', () => {
    expect(problems('['.repeat(300_000))).toHaveLength(1);
  });
});

describe('loading', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ritual-configuration-'));
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  test('a file that does not exist is the default', () => {
    expect(loadConfiguration(path.join(folder, 'none.jsonc'))).toEqual(defaultConfiguration);
  });

  test('an error names the file', () => {
    const file = path.join(folder, '.ritual.jsonc');
    fs.writeFileSync(file, '\uFEFF{\r\n"rule": {}}');
    expect(() => loadConfiguration(file)).toThrow(
      new ConfigurationError(file, [
        { line: 2, column: 1, endLine: 2, endColumn: 7, message: 'unknown key "rule"; did you mean "rules"?' },
      ]),
    );
    expect(() => loadConfiguration(file)).toThrow(`${file}:2:1: unknown key`);
  });

  test('a folder of that name is an error, not a default', () => {
    fs.mkdirSync(path.join(folder, 'folder.jsonc'));
    expect(() => loadConfiguration(path.join(folder, 'folder.jsonc'))).toThrow('is a folder');
  });
});
