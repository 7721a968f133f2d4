/**
 * Per project: functions, functions with errors (plain and normalised), bytes blanked inside functions, and the time of
 * normalising against parsing. `--sites=N` prints the first N places that were not understood.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { Parser } from 'web-tree-sitter';
import { collectFacts, type SourceFacts } from '../../server/src/source/facts.ts';
import { joinedLookup, type MacroLookup, macroLookup } from '../../server/src/source/macros.ts';
import { type NormalisedSource, normalise } from '../../server/src/source/normalise.ts';
import { createParser, type Grammar, loadGrammar } from '../../server/src/syntax/grammar.ts';
import { type TopLevelItem, TranslationUnit } from '../../server/src/syntax/translation-unit.ts';

const root = process.env.RITUAL_ROOT ?? process.cwd();
const options = process.argv.slice(2).filter((word) => word.startsWith('--'));
const folders = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const siteLimit = Number(options.find((word) => word.startsWith('--sites='))?.slice(8) ?? 0);
const siteFilter = options.find((word) => word.startsWith('--file='))?.slice(7) ?? '';
const showText = options.includes('--text');
const withPlain = options.includes('--plain');

function* filesBelow(folder: string): Generator<string> {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    // Debian's `.pc` holds copies of patched files.
    if (entry.isDirectory() && !entry.name.startsWith('.')) yield* filesBelow(full);
    else if (entry.isFile() && /\.[ch]$/.test(entry.name)) yield full;
  }
}

interface Counts {
  functions: number;
  damaged: number;
  normaliseTime: number;
  parseTime: number;
  blanked: number;
  size: number;
  missed: number;
  found: number;
}

/** Damage outside of functions (an ERROR between them) is no function lost, unless facts find a function there. */
function measureUnit(
  unit: TranslationUnit,
  facts: SourceFacts,
  counts: Counts,
  report: (item: TopLevelItem) => void,
): void {
  const ends = new Set<number>();
  const { original, text } = unit.source;
  for (const item of unit.items) {
    if (item.kind === 'function') {
      counts.functions++;
      ends.add(item.end);
      counts.size += item.end - item.start;
      if (item.hasError) {
        counts.damaged++;
        report(item);
      }
      for (const rewrite of item.rewrites) {
        if (rewrite.kind === 'directive' || rewrite.kind === 'branch' || rewrite.start < 0) continue;
        const from = item.start + rewrite.start;
        const to = Math.min(item.start + rewrite.end, item.end);
        for (let i = from; i < to; i++) if (text[i] === ' ' && original[i] !== ' ') counts.blanked++;
      }
    }
  }
  const branches = unit.source.rewrites.filter((rewrite) => rewrite.kind === 'branch');
  // The block between two macros that make the head and the end of a function is no function of its own.
  const framed = unit.items.filter((item) => item.rewrites.some(({ kind }) => kind === 'frame-macro'));
  for (const fact of facts.functions) {
    counts.found++;
    if (ends.has(fact.bodyEnd)) continue;
    if (branches.some((branch) => branch.start < fact.bodyEnd && fact.bodyStart < branch.end)) continue;
    if (framed.some(({ start, end }) => start <= fact.bodyStart && fact.bodyStart < end)) continue;
    counts.missed++;
    report({
      kind: 'other',
      name: `missed ${fact.name}`,
      start: fact.start,
      end: fact.bodyEnd,
      hasError: true,
      isTooLong: false,
      arrays: { start: new Int32Array(), kind: new Uint8Array() } as never,
      rewrites: [],
    });
  }
}

function errorLine(item: TopLevelItem, text: string): number {
  let at = item.arrays.kind.indexOf(1);
  if (at < 0) at = item.arrays.start.findIndex((start, node) => start === item.arrays.end[node]);
  return text.slice(0, item.start + (at < 0 ? 0 : item.arrays.start[at])).split('\n').length;
}

function plainSource(text: string): NormalisedSource {
  return { original: text, text, rewrites: [], stretches: [{ end: text.length, head: -1 }] };
}

function measureProject(grammar: Grammar, parser: Parser, folder: string): void {
  const all = new Map<string, SourceFacts>();
  const texts = new Map<string, string>();
  for (const file of filesBelow(folder)) {
    const text = fs.readFileSync(file, 'utf8');
    texts.set(file, text);
    all.set(file, collectFacts(file, text));
  }
  const project: MacroLookup = macroLookup(...[...all.values()].map((facts) => facts.macros));
  const counts: Counts = {
    functions: 0,
    damaged: 0,
    normaliseTime: 0,
    parseTime: 0,
    blanked: 0,
    size: 0,
    missed: 0,
    found: 0,
  };
  const plain: Counts = { ...counts };
  const causes: string[] = [];
  for (const [file, text] of texts) {
    const facts = all.get(file)!;
    const lookup = joinedLookup(macroLookup(facts.macros), project);
    normalise(text, lookup, { defines: {} });
    collectFacts(`${file} `, '');
    const before = performance.now();
    const source = normalise(text, lookup, { defines: {} });
    const between = performance.now();
    const tree = parser.parse(source.text);
    const after = performance.now();
    tree?.delete();
    counts.normaliseTime += between - before;
    counts.parseTime += after - between;
    if (source.text.length !== text.length) console.log(`LENGTH ${file}`);
    const unit = TranslationUnit.parse(grammar, parser, source);
    measureUnit(unit, facts, counts, (item) => {
      if (causes.length >= siteLimit || !file.includes(siteFilter)) return;
      const line = errorLine(item, text);
      causes.push(
        `  ${path.relative(folder, file)}:${line} ${item.name}: ${text.split('\n')[line - 1]?.trim().slice(0, 110)}`,
      );
      if (!showText) return;
      for (const each of source.text.split('\n').slice(line - 3, line + 1))
        causes.push(`      | ${each.slice(0, 130)}`);
    });
    if (withPlain) {
      const raw = TranslationUnit.parse(grammar, parser, plainSource(text));
      measureUnit(raw, facts, plain, () => {});
    }
  }
  const percent = (part: number, whole: number): string => `${((100 * part) / Math.max(1, whole)).toFixed(2)} %`;
  const lost = counts.damaged + counts.missed;
  console.log(
    `${path.basename(folder)}: ${texts.size} files, ${counts.functions} functions (+${counts.missed} not found); damaged ${counts.damaged}; lost ${percent(lost, counts.functions + counts.missed)}` +
      (withPlain ? ` (plain ${percent(plain.damaged + plain.missed, plain.functions + plain.missed)})` : '') +
      `; blanked ${percent(counts.blanked, counts.size)}; normalise ${counts.normaliseTime.toFixed(0)} ms, parse ${counts.parseTime.toFixed(0)} ms (${percent(counts.normaliseTime, counts.parseTime)})`,
  );
  for (const cause of causes) console.log(cause);
  total.functions += counts.functions + counts.missed;
  total.lost += lost;
}

const total = { functions: 0, lost: 0 };
const grammar = await loadGrammar({
  runtime: fs.readFileSync(path.join(root, 'node_modules/web-tree-sitter/web-tree-sitter.wasm')),
  grammar: fs.readFileSync(path.join(root, 'grammars/tree-sitter-c.wasm')),
});
const parser = createParser(grammar);
for (const folder of folders) measureProject(grammar, parser, folder);
console.log(
  `all: ${total.functions} functions, lost ${((100 * total.lost) / Math.max(1, total.functions)).toFixed(3)} %`,
);
