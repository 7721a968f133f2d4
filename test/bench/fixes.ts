/**
 * Applies every offered fix alone, in every C file below the given folders, and checks again: how many findings have a
 * fix, whether it repairs them without a new finding and changes nothing when offered again, and whether the file still
 * compiles where it did. Findings without a fix are counted by the cause of the refusal. By hand, since it takes long:
 *
 *     node test/bench/run.mjs fixes -- [--show] [--gcc] [--rule=ID] FOLDER...
 *
 * `--show` prints each fix as a diff and each refusal; `--gcc` compiles, with the folders of the project's headers as
 * include paths; `--rule` looks at one rule, which is switched on where it is off.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createTwoFilesPatch } from 'diff';
import type { Fix } from '../../server/src/base/finding.ts';
import { isCSource, listSourceFiles, openWorkspace } from '../../server/src/workspace/node-workspace.ts';
import { tryFix } from '../support/fix-check.ts';

const words = process.argv.slice(2).filter((word) => word !== '--');
const options = words.filter((word) => word.startsWith('--'));
const folders = words.filter((word) => !word.startsWith('--'));
const shows = options.includes('--show');
const compiles = options.includes('--gcc');
const onlyRule = options.find((word) => word.startsWith('--rule='))?.slice('--rule='.length);

class Counts {
  findings = 0;
  fixed = 0;
  safe = 0;
  fixes = 0;
  /** The finding is still there after its fix. */
  remaining = 0;
  /** There are findings that were not there before. */
  adding = 0;
  /** The same fix is offered again for what it repaired. */
  repeating = 0;
  /** Edits that overlap, lie outside of the text, or leave brackets that do not match. */
  damaging = 0;
  compiled = 0;
  /** The file compiled before the fix and does not behind it. */
  broken = 0;
  readonly refusals = new Map<string, number>();
}
const counts = new Map<string, Counts>();

function countsOf(rule: string): Counts {
  const known = counts.get(rule) ?? new Counts();
  counts.set(rule, known);
  return known;
}

/** gcc's errors for a text in the place of a file; undefined when it is no compiler's business. */
function errorsOf(file: string, text: string, includes: readonly string[]): number {
  const copy = path.join(os.tmpdir(), `ritual-fixes-${process.pid}.c`);
  fs.writeFileSync(copy, text);
  const flags = [
    '-fsyntax-only',
    '-w',
    '-D_GNU_SOURCE',
    '-I',
    path.dirname(file),
    ...includes.flatMap((dir) => ['-I', dir]),
  ];
  const { stderr, status } = spawnSync('gcc', [...flags, copy], { encoding: 'utf8', timeout: 20_000 });
  fs.rmSync(copy);
  return status === 0 ? 0 : Math.max(1, stderr.split('\n').filter((line) => line.includes('error:')).length);
}

/** Folders that a build would search for headers: those that hold one, the shallowest first. */
function includeFolders(files: readonly string[]): string[] {
  const found = [...new Set(files.filter((file) => file.endsWith('.h')).map((file) => path.dirname(file)))];
  return found.sort((a, b) => a.split(path.sep).length - b.split(path.sep).length || (a < b ? -1 : 1)).slice(0, 12);
}

/** A message that holds wherever the lines it names have moved to. */
function withoutLines(message: string): string {
  return message.replace(/\d+/g, '');
}

function isDamaged(before: string, after: string, fix: Fix): boolean {
  const edits = [...fix.edits].sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
  let end = 0;
  for (const { range } of edits) {
    if (range.start < end || range.end < range.start || range.end > before.length) return true;
    end = range.end;
  }
  const depth = (text: string, open: string, close: string): number =>
    text.split(open).length - text.split(close).length;
  return [
    ['(', ')'],
    ['{', '}'],
    ['[', ']'],
  ].some(([open, close]) => depth(before, open, close) !== depth(after, open, close));
}

for (const folder of folders) {
  const root = path.resolve(folder);
  const { project } = await openWorkspace(root);
  const { files } = await listSourceFiles(root);
  const includes = includeFolders(files);
  for (const file of files.filter((name) => isCSource(name))) {
    const before = await project.check(file);
    let errorsBefore: number | undefined;
    for (const finding of before.findings) {
      if (onlyRule !== undefined && finding.rule !== onlyRule) continue;
      const count = countsOf(finding.rule);
      count.findings++;
      const line = before.text.slice(0, finding.range.start).split('\n').length;
      const where = `${path.relative(process.cwd(), file)}:${line} ${finding.rule}: ${finding.message}`;
      if (finding.fixes.length === 0) {
        const cause = finding.refusal ?? 'not said';
        count.refusals.set(cause, (count.refusals.get(cause) ?? 0) + 1);
        if (shows) console.log(`--- no fix (${cause}): ${where}`);
        continue;
      }
      count.fixed++;
      if (finding.fixes.some(({ safety }) => safety === 'safe')) count.safe++;
      for (const fix of finding.fixes) {
        count.fixes++;
        const { text, remains, added, report } = await tryFix(project, before, finding, fix);
        const isRepeated = report.findings.some(
          (other) =>
            other.rule === finding.rule &&
            other.functionName === finding.functionName &&
            other.fixes.some(({ title }) => title === fix.title) &&
            withoutLines(other.message) === withoutLines(finding.message) &&
            !before.findings.some(
              (known) => known !== finding && withoutLines(known.message) === withoutLines(other.message),
            ),
        );
        const isHarmed = isDamaged(before.text, text, fix);
        let isBroken = false;
        if (compiles) {
          errorsBefore ??= errorsOf(file, before.text, includes);
          if (errorsBefore === 0) {
            count.compiled++;
            isBroken = errorsOf(file, text, includes) > 0;
          }
        }
        if (remains) count.remaining++;
        if (added.length > 0) count.adding++;
        if (isRepeated) count.repeating++;
        if (isHarmed) count.damaging++;
        if (isBroken) count.broken++;
        const verdict = [
          remains && 'REMAINS',
          added.length > 0 && 'ADDS',
          isRepeated && 'REPEATS',
          isHarmed && 'DAMAGES',
          isBroken && 'BREAKS',
        ].filter(Boolean);
        if (!shows && verdict.length === 0) continue;
        console.log(`--- ${verdict.join(' ')} ${fix.safety} ${where}`);
        for (const other of added) console.log(`    + ${other.rule}: ${other.message}`);
        console.log(
          createTwoFilesPatch('a', 'b', before.text, text, '', '', { context: 4 }).split('\n').slice(4).join('\n'),
        );
      }
    }
    project.closeDocument(file);
  }
}

for (const [rule, { refusals, ...count }] of counts) {
  const share = (part: number, whole: number): string => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`);
  console.log(
    `${rule}: ${count.findings} findings, ${share(count.fixed, count.findings)} with a fix, ${share(count.safe, count.findings)} with a safe one`,
  );
  const failed = count.remaining + count.adding;
  console.log(
    `  ${count.fixes} fixes: ${share(count.fixes - failed, count.fixes)} clean, ${count.repeating} offered again, ${count.damaging} damage the text, ${count.broken} of ${count.compiled} no longer compile`,
  );
  for (const [cause, number] of [...refusals].sort((a, b) => b[1] - a[1]))
    console.log(`  refused, ${cause}: ${number}`);
}
