import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../server/src/base/range.ts';
import { type Configuration, defaultConfiguration } from '../../server/src/workspace/configuration.ts';
import type { FileReport } from '../../server/src/workspace/file-report.ts';
import { Project } from '../../server/src/workspace/project.ts';
import { fixFile } from '../../server/src/workspace/safe-fixes.ts';
import { testGrammar } from '../support/grammar.ts';

/** The report on one file, with these rules switched off. */
async function report(text: string, off: readonly string[] = []): Promise<FileReport> {
  const rules = Object.fromEntries(off.map((id) => [id, { severity: 'off' as const }]));
  return (await open(text, { ...defaultConfiguration, rules })).check('/a.c');
}

async function open(text: string, configuration: Configuration = defaultConfiguration): Promise<Project> {
  const grammar = await testGrammar();
  return new Project({ grammar, configuration, readText: (file) => (file === '/a.c' ? text : undefined) });
}

const messages = ({ findings }: FileReport) =>
  findings.filter(({ rule }) => rule === 'unused-suppression').map(({ message }) => message);

/** A function with these lines as its body. */
const inFunction = (body: string) => `#include <stdlib.h>\nvoid f(char *p)\n{\n${body}}\n`;

describe('what is said', () => {
  test('of a comment without names', async () => {
    expect(messages(await report(inFunction('    free(p); // ritual-ignore\n')))).toEqual([
      'This comment silences nothing: this line has no finding.',
    ]);
  });

  test('of a comment for the file', async () => {
    expect(messages(await report('/* ritual-ignore-file double-free -- generated */\nint x;\n'))).toEqual([
      'This comment silences nothing: this file has no finding of "double-free".',
    ]);
  });

  test('of a name that is no rule, and of one that is, in one sentence', async () => {
    const text = inFunction('    free(p); // ritual-ignore double-free, because\n');
    expect(messages(await report(text))).toEqual([
      expect.stringMatching(
        /^This comment silences nothing: there is no rule "because"; .*, and this line has no finding of "double-free"\.$/,
      ),
    ]);
  });

  test('with the question at its end, where a name is misspelt', async () => {
    const text = inFunction('    free(p); // ritual-ignore duoble-free\n');
    expect(messages(await report(text))).toEqual([
      'This comment silences nothing: there is no rule "duoble-free"; did you mean "double-free"?',
    ]);
  });

  test('nothing of a rule that is off, and of all rules when one of them is', async () => {
    const text = inFunction('    free(p); // ritual-ignore double-free\n    free(0); // ritual-ignore\n');
    expect(messages(await report(text))).toHaveLength(2);
    expect(messages(await report(text, ['double-free']))).toEqual([]);
    expect(messages(await report(text, ['unused-suppression']))).toEqual([]);
  });

  test('nothing in a function that is not understood, nor of a file with one', async () => {
    const broken = 'void g(char *p)\n{\n    if (p { } ] free(p); // ritual-ignore double-free\n}\n';
    const { health, ...rest } = await report(`// ritual-ignore-file missing-null-check\n${inFunction('')}${broken}`);
    expect(health.functionsWithErrors).toBe(1);
    expect(messages({ health, ...rest })).toEqual([]);
  });

  test('nothing where a part of the workspace was not read', async () => {
    const project = await open(inFunction('    free(p); // ritual-ignore\n'));
    project.indexIsPartial();
    expect(messages(await project.check('/a.c'))).toEqual([]);
  });

  test('a repeated comment is used as often as it stands there', async () => {
    const text = inFunction(
      '    free(p);\n    // ritual-ignore-next-line double-free\n    free(p); // ritual-ignore\n',
    );
    const { findings, silenced } = await report(text);
    expect({ findings, silenced }).toEqual({ findings: [], silenced: { suppressed: 1, baselined: 0, gone: 0 } });
  });
});

describe('the repair', () => {
  test.each([
    ['    free(p); // ritual-ignore\n', '    free(p);\n'],
    ['    free(p);\t/* ritual-ignore */\r\n', '    free(p);\r\n'],
    ['    // ritual-ignore-next-line\n    free(p);\n', '    free(p);\n'],
    ['    /* ritual-ignore-next-line -- a\n     * story */\n    free(p);\n', '    free(p);\n'],
    ['    /* ritual-ignore */ free(p);\n', '    free(p);\n'],
    ['    free(p) /* ritual-ignore */ ;\n', '    free(p) ;\n'],
    ['    char/* ritual-ignore */*q = p; free(q);\n', '    char *q = p; free(q);\n'],
  ])('of %j', async (before, after) => {
    const text = inFunction(before);
    const project = await open(text);
    const { report: fixed } = await fixFile(project, await project.check('/a.c'));
    expect(fixed.text).toBe(inFunction(after));
    expect(messages(fixed)).toEqual([]);
  });

  test('of a comment at the end of the text', async () => {
    const text = 'int x;\n// ritual-ignore-file';
    const { findings } = await report(text);
    expect(applyEdits(text, findings[0].fixes[0].edits)).toBe('int x;\n');
  });
});
