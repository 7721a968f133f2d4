import { createColors } from 'picocolors';
import { expect, test } from 'vitest';
import { applyEdits } from '../../server/src/base/range.ts';
import { renderReport } from '../../server/src/report/formats.ts';
import { countFindings } from '../../server/src/report/report.ts';
import { defaultConfiguration } from '../../server/src/workspace/configuration.ts';
import { Project } from '../../server/src/workspace/project.ts';
import { testGrammar } from '../support/grammar.ts';

/* Repairs are made when somebody looks at them, which may be after the next key. */

const file = '/w/a.c';
const text = '#include <stdlib.h>\n\nvoid drop(char *p)\n{\n    free(p);\n    free(p);\n}\n';
const repaired = '#include <stdlib.h>\n\nvoid drop(char *p)\n{\n    free(p);\n}\n';

async function openedProject(): Promise<Project> {
  const grammar = await testGrammar();
  const project = new Project({ grammar, configuration: defaultConfiguration, readText: () => undefined });
  project.openDocument(file, text);
  return project;
}

test('repairs looked at after an edit are those of the text that was checked', async () => {
  const project = await openedProject();
  const report = await project.check(file);
  project.changeDocument(file, { range: { start: 0, end: 0 }, newText: '/* moved */\n' });
  const later = await project.check(file);
  for (const [checked, start] of [
    [report, ''],
    [later, '/* moved */\n'],
  ] as const) {
    expect(checked.findings.map(({ rule }) => rule)).toEqual(['double-free']);
    const [fix] = checked.findings[0].fixes;
    expect(applyEdits(checked.text, fix.edits)).toBe(start + repaired);
  }
});

test('a finding is a plain object to all who copy or serialise it', async () => {
  const project = await openedProject();
  const [finding] = (await project.check(file)).findings;
  const titles = ['Remove the second free()', "Set 'p' to NULL after the first free()"];
  for (const copy of [finding, { ...finding }, structuredClone(finding), JSON.parse(JSON.stringify(finding))]) {
    expect(copy.fixes.map(({ title }: { title: string }) => title)).toEqual(titles);
  }
});

test('reports that show no repairs make none', async () => {
  const project = await openedProject();
  const checked = await project.check(file);
  const findings = checked.findings.map((finding) =>
    Object.defineProperty({ ...finding }, 'fixes', {
      get: () => {
        throw new Error('a repair was made');
      },
    }),
  );
  const files = [{ ...checked, findings }];
  const report = { currentFolder: '/w', files, problems: [], textOf: () => checked.text };
  const style = { colors: createColors(false), hasSummary: true };
  for (const format of ['concise', 'github', 'gitlab', 'junit'] as const) {
    expect(renderReport(format, report, style)).toContain('double-free');
  }
  const counts = countFindings(report);
  expect(counts.bySeverity.error).toBe(1);
  expect(() => counts.fixable).toThrow('a repair was made');
  expect(() => renderReport('json', report, style)).toThrow('a repair was made');
});
