/**
 * Applies every offered fix alone, in every C file below the given folders, and checks again: how many findings have a
 * fix, whether it repairs them without a new finding and changes nothing when offered again, and whether the file still
 * compiles where it did. Findings without a fix are counted by the cause of the refusal. Each folder is a workspace of its
 * own. By hand, since it takes long:
 *
 *     node test/bench/run.mjs fixes -- [--show] [--gcc] [--rule=ID,ID] [--files=FILE] [--list=FILE] FOLDER...
 *
 * `--show` prints each fix as a diff and each refusal; `--gcc` compiles, with the folders of the project's headers as
 * include paths; `--rule` looks at some rules only, `--files` at files that another file names, one a line; `--list` writes a line of JSON
 * for each finding, which another run adds to. At the end stand the totals beside what they ought to be.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { type Fix, whatIsSaid } from '../../server/src/base/finding.ts';
import { isCSource, listSourceFiles, openWorkspace } from '../../server/src/workspace/node-workspace.ts';
import { tryFix } from '../support/fix-check.ts';

const words = process.argv.slice(2).filter((word) => word !== '--');
const options = words.filter((word) => word.startsWith('--'));
const folders = words.filter((word) => !word.startsWith('--'));
const shows = options.includes('--show');
const compiles = options.includes('--gcc');
const optionOf = (name: string): string | undefined =>
  options.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
const onlyRules = optionOf('rule')?.split(',');
const fileList = optionOf('files');
const onlyFiles = fileList === undefined ? undefined : new Set(fs.readFileSync(fileList, 'utf8').split('\n'));
const list = optionOf('list');

/** Findings that are so many per cent repaired at least: what a user may expect of the rules whose repairs are plain. */
const OFFERED: readonly { readonly rules: readonly string[]; readonly share: number }[] = [
  { rules: ['missing-null-check'], share: 90 },
  { rules: ['missing-null-after-free'], share: 90 },
  { rules: ['double-free'], share: 70 },
  { rules: ['memory-leak', 'realloc-leak'], share: 60 },
];

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
  /** Edits of one fix that overlap. */
  overlapping = 0;
  /** Edits that lie outside of the text, or leave brackets that do not match. */
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

/** What builds define or include for every file; the first with which a file compiles is the one that is used for it. */
const BUILDS: readonly (readonly string[])[] = [[], ['-DHAVE_CONFIG_H'], ['-DHAVE_CONFIG_H', '-include', 'config.h']];

/** The first of the builds with which a text compiles in the place of a file; undefined where there is none. */
function buildOf(file: string, text: string, includes: readonly string[]): readonly string[] | undefined {
  return BUILDS.find((build) => errorsOf(file, text, includes, build) === 0);
}

/** gcc's errors for a text in the place of a file. */
function errorsOf(file: string, text: string, includes: readonly string[], build: readonly string[]): number {
  const copy = path.join(os.tmpdir(), `ritual-fixes-${process.pid}.c`);
  fs.writeFileSync(copy, text);
  const flags = [
    '-fsyntax-only',
    '-w',
    '-D_GNU_SOURCE',
    '-I',
    path.dirname(file),
    ...includes.flatMap((dir) => ['-I', dir]),
    ...build,
  ];
  const { stderr, status } = spawnSync('gcc', [...flags, copy], { encoding: 'utf8', timeout: 20_000 });
  fs.rmSync(copy);
  return status === 0 ? 0 : Math.max(1, stderr.split('\n').filter((line) => line.includes('error:')).length);
}

/** How many folders gcc searches for headers. */
const MAXIMUM_INCLUDE_FOLDERS = 24;

/**
 * Folders that a build would search for headers: those that hold one, the shallowest first, then the folders around them, as
 * for `#include <product/header.h>`.
 */
function includeFolders(root: string, files: readonly string[]): string[] {
  const depth = (dir: string): number => dir.split(path.sep).length;
  const byDepth = (dirs: Iterable<string>): string[] =>
    [...new Set(dirs)].sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
  const holding = byDepth(files.filter((file) => file.endsWith('.h')).map((file) => path.dirname(file)));
  const around = byDepth(holding.filter((dir) => dir !== root).map((dir) => path.dirname(dir)));
  return [...new Set([...holding.slice(0, MAXIMUM_INCLUDE_FOLDERS / 2), ...around])].slice(0, MAXIMUM_INCLUDE_FOLDERS);
}

function overlaps(fix: Fix): boolean {
  const edits = [...fix.edits].sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
  return edits.some(({ range }, i) => i > 0 && range.start < edits[i - 1].range.end);
}

function isDamaged(before: string, after: string, fix: Fix): boolean {
  if (fix.edits.some(({ range }) => range.end < range.start || range.end > before.length)) return true;
  const depth = (text: string, open: string, close: string): number =>
    text.split(open).length - text.split(close).length;
  return [
    ['(', ')'],
    ['{', '}'],
    ['[', ']'],
  ].some(([open, close]) => depth(before, open, close) !== depth(after, open, close));
}

/** Adds a line to the list, if one is kept. */
function note(entry: object): void {
  if (list !== undefined) fs.appendFileSync(list, `${JSON.stringify(entry)}\n`);
}

for (const folder of folders) {
  const root = path.resolve(folder);
  const { project } = await openWorkspace(root);
  const { files } = await listSourceFiles(root);
  const includes = includeFolders(root, files);
  for (const file of files.filter((name) => isCSource(name) && (onlyFiles?.has(name) ?? true))) {
    const before = await project.check(file);
    let build: readonly string[] | undefined;
    let isBuildKnown = false;
    for (const finding of before.findings) {
      if (onlyRules && !onlyRules.includes(finding.rule)) continue;
      const count = countsOf(finding.rule);
      count.findings++;
      const line = before.text.slice(0, finding.range.start).split('\n').length;
      const where = `${path.relative(process.cwd(), file)}:${line} ${finding.rule}: ${finding.message}`;
      if (finding.fixes.length === 0) {
        const cause = finding.refusal ?? 'not said';
        count.refusals.set(cause, (count.refusals.get(cause) ?? 0) + 1);
        note({ where, severity: finding.severity, refusal: cause });
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
            other.functionName === finding.functionName &&
            other.fixes.some(({ title }) => title === fix.title) &&
            whatIsSaid(other) === whatIsSaid(finding) &&
            !before.findings.some((known) => known !== finding && whatIsSaid(known) === whatIsSaid(other)),
        );
        const isOverlapping = overlaps(fix);
        const isHarmed = isDamaged(before.text, text, fix);
        let isBroken = false;
        if (compiles) {
          if (!isBuildKnown) build = buildOf(file, before.text, includes);
          isBuildKnown = true;
          if (build) {
            count.compiled++;
            isBroken = errorsOf(file, text, includes, build) > 0;
          }
        }
        if (remains) count.remaining++;
        if (added.length > 0) count.adding++;
        if (isRepeated) count.repeating++;
        if (isOverlapping) count.overlapping++;
        if (isHarmed) count.damaging++;
        if (isBroken) count.broken++;
        const verdict = [
          remains && 'REMAINS',
          added.length > 0 && 'ADDS',
          isRepeated && 'REPEATS',
          isOverlapping && 'OVERLAPS',
          isHarmed && 'DAMAGES',
          isBroken && 'BREAKS',
        ].filter(Boolean);
        note({ where, severity: finding.severity, title: fix.title, safety: fix.safety, verdict });
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

const share = (part: number, whole: number): string => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`);

for (const [rule, { refusals, ...count }] of counts) {
  console.log(
    `${rule}: ${count.findings} findings, ${share(count.fixed, count.findings)} with a fix, ${share(count.safe, count.findings)} with a safe one`,
  );
  const failed = count.remaining + count.adding;
  console.log(
    `  ${count.fixes} fixes: ${share(count.fixes - failed, count.fixes)} clean, ${count.repeating} offered again, ${count.overlapping} overlap, ${count.damaging} damage the text, ${count.broken} of ${count.compiled} no longer compile`,
  );
  for (const [cause, number] of [...refusals].sort((a, b) => b[1] - a[1]))
    console.log(`  refused, ${cause}: ${number}`);
}

const sum = (of: (each: Counts) => number, rules?: readonly string[]): number =>
  [...counts].reduce((total, [rule, each]) => total + (rules && !rules.includes(rule) ? 0 : of(each)), 0);
const findings = sum((each) => each.findings);
const fixes = sum((each) => each.fixes);
const failed = sum((each) => each.remaining + each.adding);
const compiled = sum((each) => each.compiled);
console.log(`\nall: ${findings} findings, ${sum((each) => each.fixed)} with ${fixes} fixes`);
const rows: readonly (readonly [string, string, boolean])[] = [
  ['findings, at least 1,000', String(findings), findings >= 1000],
  ['fixes that lint clean, at least 99 %', share(fixes - failed, fixes), failed <= fixes / 100],
  ['fixes in files that compiled before, at least 300', String(compiled), compiled >= 300],
  [
    'of these in files that still compile, at least 99 %',
    share(compiled - sum((each) => each.broken), compiled),
    sum((each) => each.broken) <= compiled / 100,
  ],
  ['fixes offered again, none', String(sum((each) => each.repeating)), sum((each) => each.repeating) === 0],
  [
    'fixes that overlap or damage the text, none',
    String(sum((each) => each.overlapping + each.damaging)),
    sum((each) => each.overlapping + each.damaging) === 0,
  ],
  ...OFFERED.map(({ rules, share: wanted }): readonly [string, string, boolean] => {
    const all = sum((each) => each.findings, rules);
    const fixed = sum((each) => each.fixed, rules);
    return [
      `${rules.join(' and ')} with a fix, at least ${wanted} %`,
      `${share(fixed, all)} of ${all}`,
      fixed * 100 >= all * wanted,
    ];
  }),
];
for (const [what, value, isMet] of rows) console.log(`${isMet ? 'met   ' : 'MISSED'} ${what}: ${value}`);
