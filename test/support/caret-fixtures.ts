import path from 'node:path';
import { expect, test } from 'vitest';
import type { Finding } from '../../server/src/base/finding.ts';
import { LineIndex } from '../../server/src/base/line-index.ts';
import { applyEdits, type TextRange } from '../../server/src/base/range.ts';
import { type Configuration, defaultConfiguration } from '../../server/src/workspace/configuration.ts';
import { parseConfiguration } from '../../server/src/workspace/configuration-text.ts';
import type { FileReport } from '../../server/src/workspace/file-report.ts';
import { Project } from '../../server/src/workspace/project.ts';
import { testGrammar } from './grammar.ts';

/*
 * Markdown whose C is executed. Prose stands between fences, and comments under a line say what is found on it:
 *
 *     free(p);
 *     free(p);
 * //  ^^^^^^^ double-free: part of the message
 * //  ~~~~~~~ part of a step of some finding's path
 *
 * The carets begin where the finding or step begins, and may be shorter than it. What no caret points at must not be
 * found: a fence without carets is a promise of silence. `double-free[warning]` asks for a severity as well. These comments are
 * taken out before the check. The info string of a fence tells the rest:
 *
 * - `c`: a file of its own; `c file=list.c`: a file of the program that all named files under the same heading make;
 * - `c before`, then `c fixed`: the second is what the preferred repairs make of the first, and holds carets of its own;
 * - `jsonc`: the `.ritual.jsonc` for all fences under the same heading;
 * - anything else, or `c no-check`: is not executed.
 *
 * All functions must be understood. `c given-up=2` says that the analysis of two of them meets a budget today.
 */

/** A C file of a fixture. */
interface FixtureFile {
  /** Absolute, in a folder that does not exist. */
  readonly path: string;
  /** As in the fence, with its markers. */
  readonly source: string;
  /** How many of its functions meet a budget. */
  readonly givenUp: number;
}

/** One test: a program, and what is found in it. */
export interface Fixture {
  /** The headings above it, and its line in the Markdown. */
  readonly title: string;
  readonly configuration: Configuration;
  readonly files: readonly FixtureFile[];
  /** What the preferred repairs make of the first file. */
  readonly fixed: FixtureFile | undefined;
}

interface Fence {
  readonly headings: readonly string[];
  readonly line: number;
  readonly words: readonly string[];
  readonly code: string;
}

interface Marker {
  readonly kind: 'finding' | 'step';
  /** Zero-based columns on the code's line. */
  readonly start: number;
  readonly end: number;
  readonly rule: string;
  readonly severity: string | undefined;
  readonly message: string;
  readonly text: string;
}

/** Defines a test for every fixture of a Markdown text. */
export function testFixtures(markdown: string): void {
  const fixtures = readFixtures(markdown);
  test('has fixtures', () => expect(fixtures.length).toBeGreaterThan(0));
  for (const fixture of fixtures) {
    test(fixture.title, async () => {
      const { expected, actual } = await runFixture(fixture);
      expect(actual).toBe(expected);
    });
  }
}

/** The fixtures of a Markdown text, in order. */
export function readFixtures(markdown: string): Fixture[] {
  const fences = readFences(markdown);
  const fixtures: Fixture[] = [];
  const programs = new Set<string>();
  for (const [index, fence] of fences.entries()) {
    const [language, ...words] = fence.words;
    if (language !== 'c' || words.includes('fixed') || words.includes('no-check')) continue;
    const section = fences.filter((other) => isSameSection(other, fence));
    const title = `${fence.headings.join(' › ')} (line ${fence.line})`;
    const configuration = configurationOf(section);
    if (fileName(fence)) {
      const key = fence.headings.join('\n');
      if (programs.has(key)) continue;
      programs.add(key);
      const files = section.flatMap((other) => {
        const name = fileName(other);
        return name ? [{ path: `/fixture/${name}`, source: other.code, givenUp: givenUp(other) }] : [];
      });
      fixtures.push({ title, configuration, files, fixed: undefined });
      continue;
    }
    const file = { path: '/fixture/fixture.c', source: fence.code, givenUp: givenUp(fence) };
    const next = fences[index + 1];
    const hasFixed = words.includes('before');
    if (hasFixed && !next?.words.includes('fixed')) throw new Error(`line ${fence.line}: no fence \`c fixed\` follows`);
    const fixed = hasFixed ? { path: file.path, source: next.code, givenUp: givenUp(next) } : undefined;
    fixtures.push({ title, configuration, files: [file], fixed });
  }
  return fixtures;
}

function fileName(fence: Fence): string | undefined {
  return fence.words.find((word) => word.startsWith('file='))?.slice('file='.length);
}

function givenUp(fence: Fence): number {
  const word = fence.words.find((other) => other.startsWith('given-up='));
  return word ? Number(word.slice('given-up='.length)) : 0;
}

function isSameSection(a: Fence, b: Fence): boolean {
  return a.headings.join('\n') === b.headings.join('\n');
}

function configurationOf(section: readonly Fence[]): Configuration {
  const text = section.find(({ words }) => words[0] === 'jsonc')?.code;
  if (text === undefined) return defaultConfiguration;
  const { configuration, problems } = parseConfiguration(text);
  if (problems.length > 0) throw new Error(problems[0].message);
  return configuration;
}

function readFences(markdown: string): Fence[] {
  const fences: Fence[] = [];
  const headings: string[] = [];
  let open: { line: number; words: string[]; code: string[] } | undefined;
  for (const [index, line] of markdown.split('\n').entries()) {
    if (open) {
      if (/^```\s*$/.test(line)) {
        const code = open.code.map((codeLine) => `${codeLine}\n`).join('');
        fences.push({ headings: headings.filter(Boolean), line: open.line, words: open.words, code });
        open = undefined;
      } else open.code.push(line);
      continue;
    }
    const fence = /^```(.*)$/.exec(line);
    const heading = /^(#+)\s+(.*?)\s*$/.exec(line);
    if (fence) open = { line: index + 1, words: fence[1].trim().split(/\s+/), code: [] };
    else if (heading) {
      headings.length = heading[1].length;
      headings[heading[1].length - 1] = heading[2];
    }
  }
  if (open) throw new Error(`line ${open.line}: the fence is not closed`);
  return fences;
}

/** What the fixture says, and the same with the markers that the check gives: equal when all is as it should be. */
export async function runFixture(fixture: Fixture): Promise<{ expected: string; actual: string }> {
  const grammar = await testGrammar();
  const open = (files: readonly FixtureFile[]): Project => {
    const texts = new Map(files.map((file) => [file.path, withoutMarkers(file.source)]));
    const project = new Project({
      grammar,
      configuration: fixture.configuration,
      readText: (file) => texts.get(file),
    });
    for (const [file, text] of texts) project.indexFile(file, text);
    return project;
  };
  const check = async (files: readonly FixtureFile[]): Promise<string> => {
    const project = open(files);
    const reports: FileReport[] = [];
    for (const file of files) reports.push(await project.check(file.path));
    const findings = reports.flatMap((report) => report.findings);
    return files.map((file, i) => header(file, files) + annotate(file, reports[i], findings)).join('\n');
  };
  let expected = fixture.files.map((file) => header(file, fixture.files) + file.source).join('\n');
  let actual = await check(fixture.files);
  if (fixture.fixed) {
    const repaired = await repair(open(fixture.files), fixture.files[0].path);
    expected += `\nfixed:\n${fixture.fixed.source}`;
    // Where the repair is right, the markers of the fence that shows it are checked as well.
    const isRight = repaired === withoutMarkers(fixture.fixed.source);
    actual += `\nfixed:\n${isRight ? await check([fixture.fixed]) : repaired}`;
  }
  return { expected, actual };
}

function header(file: FixtureFile, files: readonly FixtureFile[]): string {
  return files.length > 1 ? `${path.basename(file.path)}:\n` : '';
}

/** Applies the first finding's preferred repair as long as there is one. */
async function repair(project: Project, file: string): Promise<string> {
  let report = await project.check(file);
  for (let turn = 0; turn < 10; turn++) {
    const fix = report.findings.find(({ fixes }) => fixes.length > 0)?.fixes[0];
    if (!fix) break;
    project.openDocument(file, applyEdits(report.text, fix.edits));
    report = await project.check(file);
  }
  return report.text;
}

const markerPattern = /^\s*\/\/\s*(\^+|~+)(?:\s+(.*))?$/;

function parseMarker(line: string): Marker | undefined {
  const match = markerPattern.exec(line);
  if (!match) return undefined;
  const [, carets, rest = ''] = match;
  const start = line.indexOf(carets);
  const range = { start, end: start + carets.length, text: line };
  if (carets[0] === '~') return { kind: 'step', ...range, rule: '', severity: undefined, message: rest };
  const parts = /^([\w-]+)(?:\[(\w+)\])?(?::\s*(.*))?$/.exec(rest);
  if (!parts) throw new Error(`not a marker: ${line}`);
  return { kind: 'finding', ...range, rule: parts[1], severity: parts[2], message: parts[3] ?? '' };
}

/** The code without the comments that say what is found. */
export function withoutMarkers(source: string): string {
  return source
    .split('\n')
    .filter((line) => !markerPattern.test(line))
    .join('\n');
}

/** A file's source with the markers that hold; those that do not are left out, findings without one get one. */
function annotate(file: FixtureFile, report: FileReport, allFindings: readonly Finding[]): string {
  const lines = new LineIndex(report.text);
  const result: string[] = [];
  let codeLine = -1;
  let unmatched: Finding[] = [];
  let misplacedSteps = false;
  const steps = allFindings.flatMap((finding) => finding.steps).filter((step) => step.file === file.path);
  const finishLine = (): void => {
    for (const finding of unmatched) result.push(findingMarker(finding, columnsOf(lines, finding.range)));
    if (misplacedSteps) {
      for (const step of steps) {
        if (lines.positionAt(step.range.start).line !== codeLine) continue;
        const { start, end } = columnsOf(lines, step.range);
        result.push(`${gutter(start)}${'~'.repeat(end - start)} ${step.message}`);
      }
    }
    misplacedSteps = false;
  };
  for (const line of file.source.split('\n')) {
    const marker = parseMarker(line);
    if (!marker) {
      finishLine();
      codeLine++;
      result.push(line);
      unmatched = report.findings.filter(({ range }) => lines.positionAt(range.start).line === codeLine);
      continue;
    }
    const fits = (range: TextRange): boolean => {
      const { start, end } = columnsOf(lines, range);
      return lines.positionAt(range.start).line === codeLine && start === marker.start && end >= marker.end;
    };
    if (marker.kind === 'step') {
      if (steps.some((step) => fits(step.range) && step.message.includes(marker.message))) result.push(line);
      else misplacedSteps = true;
      continue;
    }
    const found = unmatched.findIndex(
      (finding) =>
        finding.rule === marker.rule &&
        fits(finding.range) &&
        finding.message.includes(marker.message) &&
        (marker.severity === undefined || finding.severity === marker.severity),
    );
    if (found < 0) continue;
    unmatched.splice(found, 1);
    result.push(line);
  }
  finishLine();
  const { functionsWithErrors, functionsIncomplete } = report.health;
  if (functionsWithErrors > 0) result.push(`// not understood: ${functionsWithErrors} functions`);
  if (functionsIncomplete !== file.givenUp) result.push(`// analysis given up: ${functionsIncomplete} functions`);
  return result.join('\n');
}

/** The columns of a range on its first line. */
function columnsOf(lines: LineIndex, range: TextRange): { start: number; end: number } {
  const start = lines.positionAt(range.start);
  const end = lines.positionAt(range.end);
  if (end.line === start.line) return { start: start.character, end: end.character };
  const lineEnd = lines.positionAt(lines.lineStart(start.line + 1) - 1);
  return { start: start.character, end: lineEnd.character };
}

function gutter(column: number): string {
  return `//${' '.repeat(Math.max(0, column - 2))}`;
}

function findingMarker(finding: Finding, { start, end }: { start: number; end: number }): string {
  return `${gutter(start)}${'^'.repeat(end - start)} ${finding.rule}[${finding.severity}]: ${finding.message}`;
}
