import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { renderJson } from '../../server/src/report/json-report.ts';
import { orderReport } from '../../server/src/report/report.ts';
import { openWorkspace, readText } from '../../server/src/workspace/node-workspace.ts';

const examples = path.join(import.meta.dirname, '../../examples');
const programs = fs.readdirSync(examples).filter((file) => file.endsWith('.c'));

/** One entry a line, e.g. "12 double-free". */
const marksOf = (text: string) =>
  text.split('\n').flatMap((line, i) => {
    const rule = /\/\* expect: ([\w-]+) \*\//.exec(line)?.[1];
    return rule ? [`${i + 1} ${rule}`] : [];
  });

test.each(programs)('%s shows what its marks say, and nothing else', async (program) => {
  const { project } = await openWorkspace(examples);
  const { text, findings } = await project.check(path.join(examples, program));
  const found = findings.map(({ rule, range }) => `${text.slice(0, range.start).split('\n').length} ${rule}`);
  expect(found).toEqual(marksOf(text));
});

test('the report does not depend on the order in which files are checked', async () => {
  const reportOf = async (order: readonly string[]) => {
    const { project } = await openWorkspace(examples);
    const files = [];
    for (const program of order) files.push(await project.check(path.join(examples, program)));
    return renderJson(orderReport({ currentFolder: examples, files, problems: [], textOf: readText }));
  };
  const forwards = await reportOf(programs);
  expect(await reportOf([...programs].reverse())).toBe(forwards);
  expect(await reportOf([...programs.slice(2), ...programs.slice(0, 2)])).toBe(forwards);
});
