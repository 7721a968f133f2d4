/**
 * Per project: functions, functions lost (with errors or not found), the share of their bodies' text that was blanked, and
 * the functions found against those that ctags finds, as a set of (file, name), every difference put in a class.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { LineIndex } from '../../server/src/base/line-index.ts';
import { collectFacts } from '../../server/src/source/facts.ts';
import { loadGrammar } from '../../server/src/syntax/grammar.ts';
import type { TopLevelItem } from '../../server/src/syntax/translation-unit.ts';
import type { AnalysedFile } from '../../server/src/workspace/analysed-file.ts';
import { defaultConfiguration } from '../../server/src/workspace/configuration.ts';
import { blankedBytes, healthCauses, lostFunctions, startOfBody } from '../../server/src/workspace/file-health.ts';
import { listSourceFiles, readText } from '../../server/src/workspace/node-workspace.ts';
import { Program } from '../../server/src/workspace/program.ts';

const root = process.env.RITUAL_ROOT ?? process.cwd();
const ratchetFile = path.join(root, 'test/bench/front-end.json');
const options = process.argv.slice(2).filter((word) => word.startsWith('--'));
const folders = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const siteLimit = Number(options.find((word) => word.startsWith('--sites='))?.slice(8) ?? 0);

interface Counts {
  readonly project: string;
  readonly version: string;
  readonly functions: number;
  readonly lost: number;
  /** In percent of the text of the functions' bodies. */
  readonly blanked: number;
  /** The functions that ctags or Ritual finds alone, by class. */
  readonly ctags: Readonly<Record<Difference, number>>;
}

interface Tag {
  readonly name: string;
  readonly line: number;
}

/** The function definitions that ctags finds, by file. */
function tagsOf(files: readonly string[]): Map<string, Tag[]> {
  const output = execFileSync(
    'ctags',
    ['--quiet', '--language-force=C', '--kinds-C=f', '-x', '--_xformat=%F\t%N\t%n', '-L', '-'],
    { input: files.join('\n'), encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  const tags = new Map<string, Tag[]>();
  for (const row of output.split('\n')) {
    const [file, name, line] = row.split('\t');
    if (line === undefined) continue;
    const list = tags.get(file);
    if (list) list.push({ name, line: Number(line) });
    else tags.set(file, [{ name, line: Number(line) }]);
  }
  return tags;
}

/**
 * Why one of the two finds a function alone. Of ctags: in a branch that is not compiled; in a file of another language; the name of a macro
 * in a head, or whose use it takes for a head; within the body of another function. Here: named by a macro, or by a head that ctags passes over.
 * `missed` and `unexplained` are what is left.
 */
const classes = ['not-compiled', 'other-language', 'macro', 'within', 'missed', 'passed-over', 'unexplained'] as const;
type Difference = (typeof classes)[number];

/** Lines that no C has: what a file with them says of itself is that it is C++, or Markdown with C in it. */
const OTHER_LANGUAGE =
  /^\s*(?:(?:class|namespace)\s+\w+[^;]*$|template\s*<|using\s+namespace\b|(?:public|private|protected)\s*:|<!\[CDATA\[)/m;

/** In UTF-16 code units. */
const MINIMUM_HEAD = 200;

/** Every function that one of the two finds alone, with its class. */
function* differences(
  analysed: AnalysedFile,
  tags: readonly Tag[],
  isMacro: (name: string) => boolean,
): Generator<[Difference, string, number]> {
  const { unit, text } = analysed;
  const lines = new LineIndex(text);
  const functions = unit.items.filter((item) => item.kind === 'function');
  const names = new Set(functions.map((item) => item.name));
  const tagged = new Set(tags.map((tag) => tag.name));
  const { rewrites } = unit.source;
  const branches = rewrites.filter((rewrite) => rewrite.kind === 'branch');
  const isC = !OTHER_LANGUAGE.test(unit.source.text);
  /** Names that are read as macros where they stand, with or without a definition in sight. */
  const readAsMacros = new Set(rewrites.flatMap(({ kind, name }) => (kind !== 'branch' && name ? [name] : [])));
  for (const { name, line } of tags) {
    if (names.has(name)) continue;
    const start = lines.offsetAt({ line: line - 1, character: 0 });
    const end = lines.offsetAt({ line, character: 0 });
    const around = functions.find((item) => startOfBody(item) < end && start < item.end);
    const isHead = functions.some((item) => item.start < end && start <= startOfBody(item));
    if (branches.some((branch) => branch.start < end && start < branch.end)) yield ['not-compiled', name, line];
    else if (!isC) yield ['other-language', name, line];
    else if (isHead || isMacro(name) || readAsMacros.has(name)) yield ['macro', name, line];
    else yield [around === undefined ? 'missed' : 'within', name, line];
  }
  for (const item of functions) {
    if (tagged.has(item.name)) continue;
    const line = lines.positionAt(item.start).line + 1;
    // What is read with its macros written out alone may have no body in the text as it stands.
    const written = text.slice(item.start, Math.max(startOfBody(item), item.start + MINIMUM_HEAD));
    const head = written.replace(/^\s*#.*$/gm, '');
    // `PUBLIC(name)(void)` and `void (name)(int)` are written as well.
    const isWritten = item.name !== '' && new RegExp(`\\b${item.name}\\b`).test(head);
    const isNamedByMacro = item.rewrites.some(
      ({ kind, start, end }) =>
        (kind === 'declaration-macro' || kind === 'frame-macro' || kind === 'cut-name') &&
        item.start + start < startOfBody(item) + 1 &&
        end > 0,
    );
    if (!isC) yield ['other-language', item.name, line];
    else if (isNamedByMacro) yield ['macro', item.name, line];
    else yield [isWritten ? 'passed-over' : 'unexplained', item.name, line];
  }
}

const grammar = await loadGrammar({
  runtime: fs.readFileSync(path.join(root, 'node_modules/web-tree-sitter/web-tree-sitter.wasm')),
  grammar: fs.readFileSync(path.join(root, 'grammars/tree-sitter-c.wasm')),
});

async function measure(folder: string): Promise<Counts> {
  const program = new Program(grammar, defaultConfiguration, readText);
  const { files } = await listSourceFiles(fs.realpathSync(folder));
  for (const file of files) {
    const text = readText(file);
    if (text !== undefined) program.setText(file, text);
  }
  const tags = tagsOf(files);
  const counted = new Map<Difference, number>(classes.map((each) => [each, 0]));
  const macroNames = new Set<string>();
  for (const file of files) {
    const text = readText(file);
    if (text !== undefined) for (const { name } of collectFacts(file, text).macros) macroNames.add(name);
  }
  const sites: string[] = [];
  let functions = 0;
  let lost = 0;
  let blanked = 0;
  let expanded = 0;
  let size = 0;
  for (const file of files) {
    const analysed = program.analysed(file);
    if (!analysed) continue;
    const missing = lostFunctions(analysed.unit).length;
    functions += missing;
    lost += missing;
    const misread = new Map<TopLevelItem, number | undefined>();
    for (const item of analysed.unit.items) {
      if (item.kind !== 'function') continue;
      functions++;
      const ir = program.lowered(analysed, item);
      if (ir?.isPartial !== false) {
        lost++;
        misread.set(item, ir?.misread?.start);
      } else if (ir.isExpanded) expanded++;
      size += Buffer.byteLength(analysed.text.slice(startOfBody(item), item.end));
      blanked += blankedBytes(analysed.unit, item, ir);
    }
    for (const { line, function: name, kind, text } of healthCauses(file, analysed.unit, misread, new Set())) {
      sites.push(`  ${path.relative(folder, file)}:${line} ${name}: ${kind}: ${text}`);
    }
    for (const [difference, name, line] of differences(analysed, tags.get(file) ?? [], (word) =>
      macroNames.has(word),
    )) {
      counted.set(difference, counted.get(difference)! + 1);
      sites.push(`  ${path.relative(folder, file)}:${line} ctags ${difference}: ${name}`);
    }
  }
  const [, project, version] = /^(.*?)-(\d.*)$/.exec(path.basename(folder)) ?? ['', path.basename(folder), ''];
  const counts = {
    project,
    version,
    functions,
    lost,
    blanked: Number(((100 * blanked) / Math.max(1, size)).toFixed(3)),
    ctags: Object.fromEntries(counted) as Counts['ctags'],
  };
  const all = [...counted].map(([name, count]) => `${name} ${count}`);
  console.log(
    `${project} ${version}: ${functions} functions, lost ${lost} (${((100 * lost) / Math.max(1, functions)).toFixed(2)} %), ${expanded} only with macros written out, blanked ${counts.blanked} %; ctags: ${all.join(', ')}`,
  );
  for (const site of sites.slice(0, siteLimit)) console.log(site);
  return counts;
}

const before: Counts[] = fs.existsSync(ratchetFile) ? JSON.parse(fs.readFileSync(ratchetFile, 'utf8')) : [];
const measured: Counts[] = [];
for (const folder of folders) measured.push(await measure(folder));
const functions = measured.reduce((sum, each) => sum + each.functions, 0);
const lost = measured.reduce((sum, each) => sum + each.lost, 0);
console.log(`all: ${functions} functions, lost ${((100 * lost) / Math.max(1, functions)).toFixed(3)} %`);
if (options.includes('--record')) {
  const others = before.filter((each) => !measured.some(({ project }) => project === each.project));
  const list = [...others, ...measured].sort((a, b) => (a.project < b.project ? -1 : 1));
  fs.writeFileSync(ratchetFile, `${JSON.stringify(list, undefined, 2)}\n`);
} else {
  for (const each of measured) {
    const known = before.find(({ project, version }) => project === each.project && version === each.version);
    if (known === undefined) continue;
    const complain = (what: string, now: number, before: number): void => {
      if (now <= before) return;
      console.error(`${each.project}: ${now} functions are ${what}, and were ${before}`);
      process.exitCode = 1;
    };
    complain('lost', each.lost, known.lost);
    complain('found by ctags alone', each.ctags.missed, known.ctags.missed);
    complain('found here alone, nobody knows why', each.ctags.unexplained, known.ctags.unexplained);
  }
}
