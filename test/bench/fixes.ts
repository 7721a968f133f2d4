/**
 * Applies every offered fix alone, in every C file below the given folders, and checks again: how many findings have a
 * fix, and whether it repairs them without a new finding. `--show` prints each fix as a diff, and the findings without
 * one; `--gcc` compiles before and after. It takes long, so it is no benchmark of `run.mjs`; bundle it as that does.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { isCSource, listSourceFiles, openWorkspace } from '../../server/src/workspace/node-workspace.ts';
import { tryFix } from '../support/fix-check.ts';

const options = process.argv.slice(2).filter((word) => word.startsWith('--'));
const folders = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const shows = options.includes('--show');
const compiles = options.includes('--gcc');

interface Counts {
  findings: number;
  fixed: number;
  safe: number;
  fixes: number;
  remaining: number;
  adding: number;
  repeating: number;
  broken: number;
}
const counts = new Map<string, Counts>();
const countsOf = (rule: string): Counts => {
  const known = counts.get(rule);
  if (known) return known;
  const fresh = { findings: 0, fixed: 0, safe: 0, fixes: 0, remaining: 0, adding: 0, repeating: 0, broken: 0 };
  counts.set(rule, fresh);
  return fresh;
};

/** gcc's errors for a text in the place of a file. */
function errorsOf(file: string, text: string): number {
  const copy = path.join(os.tmpdir(), `ritual-fixes-${process.pid}.c`);
  fs.writeFileSync(copy, text);
  const { stderr } = spawnSync('gcc', ['-fsyntax-only', '-w', '-I', path.dirname(file), copy], { encoding: 'utf8' });
  fs.rmSync(copy);
  return stderr.split('\n').filter((line) => line.includes('error:')).length;
}

for (const folder of folders) {
  const root = path.resolve(folder);
  const { project } = await openWorkspace(root);
  const { files } = await listSourceFiles(root);
  for (const file of files.filter((name) => isCSource(name))) {
    const before = await project.check(file);
    for (const finding of before.findings) {
      const count = countsOf(finding.rule);
      count.findings++;
      const line = before.text.slice(0, finding.range.start).split('\n').length;
      if (finding.fixes.length === 0) {
        if (shows) console.log(`--- no fix: ${path.relative(root, file)}:${line} ${finding.rule}: ${finding.message}`);
        continue;
      }
      count.fixed++;
      if (finding.fixes.some(({ safety }) => safety === 'safe')) count.safe++;
      for (const fix of finding.fixes) {
        count.fixes++;
        const { text, remains, added, report } = await tryFix(project, before, finding, fix);
        const again = report.findings.some(
          (other) =>
            other.rule === finding.rule &&
            other.functionName === finding.functionName &&
            other.fixes.some(({ title }) => title === fix.title) &&
            !before.findings.some((known) => known !== finding && known.message === other.message),
        );
        const broken = compiles && errorsOf(file, text) > errorsOf(file, before.text);
        if (remains) count.remaining++;
        if (added.length > 0) count.adding++;
        if (again && !remains && added.length > 0) count.repeating++;
        if (broken) count.broken++;
        if (shows || remains || added.length > 0 || broken) {
          const verdict = [remains && 'REMAINS', added.length > 0 && 'ADDS', broken && 'BREAKS']
            .filter(Boolean)
            .join(' ');
          console.log(
            `--- ${verdict} ${fix.safety} ${path.relative(root, file)}:${line} ${finding.rule}: ${finding.message}`,
          );
          for (const other of added) console.log(`    + ${other.rule}: ${other.message}`);
          console.log(
            createTwoFilesPatch('a', 'b', before.text, text, '', '', { context: 4 }).split('\n').slice(4).join('\n'),
          );
        }
      }
    }
    project.closeDocument(file);
  }
}
for (const [rule, count] of counts) console.log(rule, JSON.stringify(count));
