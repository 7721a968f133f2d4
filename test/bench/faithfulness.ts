/**
 * Per project: in how many of the functions that allocate or free the calls of the standard functions are the same, by name and
 * number, in the intermediate representation and in the output of `gcc -E`, for the same configuration: of the names that
 * conditions ask for and that no file of the project defines, Ritual is told what gcc knows. Only files that compile take
 * part. Functions with a conditional group that was left open are counted apart: they hold the calls of both branches.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { FunctionIr } from '../../server/src/ir/instructions.ts';
import { collectFacts } from '../../server/src/source/facts.ts';
import { loadGrammar } from '../../server/src/syntax/grammar.ts';
import type { BuildSettings } from '../../server/src/workspace/build-settings.ts';
import { defaultConfiguration } from '../../server/src/workspace/configuration.ts';
import { listSourceFiles, readText } from '../../server/src/workspace/node-workspace.ts';
import { Program } from '../../server/src/workspace/program.ts';

const root = process.env.RITUAL_ROOT ?? process.cwd();
const options = process.argv.slice(2).filter((word) => word.startsWith('--'));
const folders = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const siteLimit = Number(options.find((word) => word.startsWith('--sites='))?.slice(8) ?? 10);
/** As on a compiler's command line: what the sources' own build defines. */
const defines = options.filter((word) => word.startsWith('--define=')).map((word) => word.slice(9));

const NAMES = new Set(
  'malloc calloc realloc reallocarray free strdup strndup asprintf vasprintf getline getdelim posix_memalign aligned_alloc'.split(
    ' ',
  ),
);
/** `(free)(p)` is a call as well: the parentheses keep a macro of that name away. */
const CALL =
  /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?<!\.\s*|->\s*)(?:\b([A-Za-z_]\w*)|\(\s*([A-Za-z_]\w*)\s*\))(?=\s*\()/g;
/** Folders with headers for systems that gcc does not compile for here. */
const FOREIGN_FOLDER = /(?:^|\/)(?:msdos|win32|windows|vms|os2|os400|djgpp|amiga|macos|watcom|symbian|plan9)(?:\/|$)/i;

type Counts = Readonly<Record<string, number>>;

interface Preprocessed {
  /** By function of the file. */
  readonly calls: ReadonlyMap<string, Counts>;
  /** All macros at the end of the file. */
  readonly macros: ReadonlyMap<string, string>;
  /** Those that the file undefines again as well. */
  readonly everDefined: ReadonlyMap<string, string>;
  /** What stands for a standard function. */
  readonly renamed: ReadonlyMap<string, string>;
}

function counted(names: Iterable<string>): Counts {
  const counts: Record<string, number> = {};
  for (const name of [...names].sort()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function gcc(words: readonly string[]): string {
  return execFileSync('gcc', words, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: 30_000,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

function macrosIn(file: string, flags: readonly string[], which: '-dM' | '-dD'): Map<string, string> {
  const macros = new Map<string, string>();
  for (const [, name, body] of gcc(['-E', '-w', which, ...flags, file]).matchAll(
    /^#define (\w+)(?:\([^)]*\))? ?(.*)$/gm,
  ))
    macros.set(name, body);
  return macros;
}

/** What the file's macros named like standard functions stand for. */
function standIns(macros: ReadonlyMap<string, string>): Map<string, string> {
  const names = new Map<string, string>();
  for (const name of NAMES) {
    const callee = /^\(?(\w+)/.exec(macros.get(name) ?? '')?.[1];
    if (callee !== undefined && !NAMES.has(callee)) names.set(callee, name);
  }
  return names;
}

/** The calls in the functions of the main file, in gcc's output; undefined where gcc does not compile it. */
function preprocessed(file: string, flags: readonly string[]): Preprocessed | undefined {
  if (spawnSync('gcc', ['-fsyntax-only', '-w', ...flags, file], { stdio: 'ignore', timeout: 30_000 }).status !== 0)
    return undefined;
  const text = gcc(['-E', '-w', ...flags, file]);
  const macros = macrosIn(file, flags, '-dM');
  const everDefined = macrosIn(file, flags, '-dD');
  const renamed = standIns(macros);
  const markers = [...text.matchAll(/^# \d+ "([^"]*)"/gm)].map((match) => ({ at: match.index, file: match[1] }));
  const functions = new Map<string, Counts>();
  let next = 0;
  for (const { name, bodyStart, bodyEnd } of collectFacts(file, text).functions) {
    while (next + 1 < markers.length && markers[next + 1].at < bodyStart) next++;
    if (markers[next]?.file !== file) continue;
    const body = text.slice(bodyStart, bodyEnd).replace(/^# .*$/gm, '');
    const calls: string[] = [];
    for (const [, plain, enclosed] of evaluated(body).matchAll(CALL)) {
      const callee = plain ?? enclosed;
      const standard = callee === undefined ? undefined : (renamed.get(callee) ?? callee);
      if (standard !== undefined && NAMES.has(standard)) calls.push(standard);
    }
    functions.set(name, counted(calls));
  }
  return { calls: functions, macros, everDefined, renamed };
}

/** Without the operands of `sizeof`, which nobody evaluates: glibc's `assert` has its condition a second time in one. */
function evaluated(text: string): string {
  const pieces: string[] = [];
  let copied = 0;
  for (const { index } of text.matchAll(/\bsizeof\s*\(/g)) {
    if (index < copied) continue;
    let depth = 0;
    let end = text.indexOf('(', index);
    for (; end < text.length; end++) {
      if (text[end] === '(') depth++;
      else if (text[end] === ')' && --depth === 0) break;
    }
    pieces.push(text.slice(copied, index));
    copied = end + 1;
  }
  pieces.push(text.slice(copied));
  return pieces.join('');
}

/** The name behind object-like macros, and behind function-like ones that only hand on. */
function resolved(name: string, macros: ReadonlyMap<string, string>): string {
  for (let step = 0; step < 8; step++) {
    const next = /^\(?([A-Za-z_]\w*)\b/.exec(macros.get(name) ?? '')?.[1];
    if (next === undefined || next === name) break;
    name = next;
  }
  return name;
}

function callsOf(ir: FunctionIr, { macros, renamed }: Preprocessed): Counts {
  const calls: string[] = [];
  for (const { instructions } of ir.blocks) {
    for (const each of instructions) {
      if (each.op !== 'call' || each.isImplicit) continue;
      const behind = NAMES.has(each.callee) ? each.callee : resolved(each.callee, macros);
      const standard = renamed.get(behind) ?? behind;
      if (NAMES.has(standard)) calls.push(standard);
    }
  }
  return counted(calls);
}

/** The names in the conditions of a text. */
function* namesAsked(text: string): Generator<string> {
  for (const [line] of text.replace(/\\\r?\n/g, ' ').matchAll(/^[ \t]*#[ \t]*(?:if|elif).*$/gm)) {
    for (const [word] of line.matchAll(/\b[A-Za-z_]\w*\b/g))
      if (!/^(?:if|n?def|elif|defined|ifdef|ifndef)$/.test(word)) yield word;
  }
}

/** What all compilations agree on of the names that conditions ask for and no file defines, or does for this compilation. */
function outsideDefines(
  texts: ReadonlyMap<string, string>,
  compiled: Iterable<Preprocessed>,
): BuildSettings['defines'] {
  const asked = new Set<string>();
  const defined = new Set<string>();
  const undefinedAgain = new Set<string>();
  for (const [file, text] of texts) {
    const facts = collectFacts(file, text);
    for (const { name } of facts.macros) defined.add(name);
    for (const { name } of facts.undefs) undefinedAgain.add(name);
    for (const name of namesAsked(text)) asked.add(name);
  }
  const agreed: Record<string, string | null> = {};
  const all = [...compiled];
  for (const name of asked) {
    const [first, ...others] = all.map(({ macros }) => macros.get(name) ?? null);
    if (first === undefined || others.some((each) => each !== first)) continue;
    if (!defined.has(name) || (first === null && !undefinedAgain.has(name))) agreed[name] = first;
  }
  return agreed;
}

const grammar = await loadGrammar({
  runtime: fs.readFileSync(path.join(root, 'node_modules/web-tree-sitter/web-tree-sitter.wasm')),
  grammar: fs.readFileSync(path.join(root, 'grammars/tree-sitter-c.wasm')),
});
const configuration = {
  ...defaultConfiguration,
  defines: Object.fromEntries(defines.map((word) => [word.split('=')[0], word.split('=')[1] ?? '1'])),
};
const total = { compared: 0, same: 0, sites: 0, missing: 0, extra: 0 };

for (const folder of folders) {
  const top = fs.realpathSync(folder);
  const { files } = await listSourceFiles(top);
  const texts = new Map<string, string>();
  for (const file of files) {
    const text = readText(file);
    if (text !== undefined) texts.set(file, text);
  }
  const headerFolders = new Set([top]);
  for (const file of files) if (file.endsWith('.h')) headerFolders.add(path.dirname(file));
  // `#include "project/header.h"` is meant from the folder above.
  for (const each of [...headerFolders]) if (each.length > top.length) headerFolders.add(path.dirname(each));
  const ordered = [...headerFolders]
    .filter((each) => !FOREIGN_FOLDER.test(path.relative(top, each)))
    .sort((a, b) => a.split('/').length - b.split('/').length || (a < b ? -1 : 1));
  const flags = [...defines.map((each) => `-D${each}`), ...ordered.map((each) => `-I${each}`)];
  const compiled = new Map<string, Preprocessed>();
  for (const file of files) {
    const each = file.endsWith('.c') ? preprocessed(file, flags) : undefined;
    if (each) compiled.set(file, each);
  }
  const program = new Program(grammar, configuration, readText, {
    includeFolders: ordered,
    defines: outsideDefines(texts, compiled.values()),
  });
  for (const [file, text] of texts) program.setText(file, text);
  const counts = { files: 0, compared: 0, same: 0, open: 0, sites: 0, missing: 0, extra: 0 };
  const differences: string[] = [];
  for (const [file, wantedOfFile] of compiled) {
    const { calls: expected, everDefined } = wantedOfFile;
    const analysed = program.analysed(file);
    if (!analysed) continue;
    counts.files++;
    const lowered = new Map<string, FunctionIr[]>();
    for (const item of analysed.unit.items) {
      if (item.kind !== 'function') continue;
      const name = expected.has(item.name) ? item.name : resolved(item.name, everDefined);
      const ir = program.lowered(analysed, item);
      if (ir) lowered.set(name, [...(lowered.get(name) ?? []), ir]);
    }
    for (const [name, wanted] of expected) {
      const alternatives = lowered.get(name);
      // Of definitions side by side under different conditions one is gcc's.
      const ir =
        alternatives?.find((each) => JSON.stringify(callsOf(each, wantedOfFile)) === JSON.stringify(wanted)) ??
        alternatives?.[0];
      const found = ir ? callsOf(ir, wantedOfFile) : {};
      const names = new Set([...Object.keys(wanted), ...Object.keys(found)]);
      if (names.size === 0) continue;
      if (ir?.blocks.some(({ terminator }) => terminator.kind === 'branch' && terminator.configuration)) {
        counts.open++;
        continue;
      }
      counts.compared++;
      let isSame = true;
      for (const callee of names) {
        const difference = (found[callee] ?? 0) - (wanted[callee] ?? 0);
        counts.sites += wanted[callee] ?? 0;
        if (difference < 0) counts.missing -= difference;
        else counts.extra += difference;
        if (difference !== 0) isSame = false;
      }
      if (isSame) counts.same++;
      else
        differences.push(
          `  ${path.relative(top, file)} ${name}: gcc ${JSON.stringify(wanted)}, here ${ir ? JSON.stringify(found) : 'no such function'}`,
        );
    }
  }
  const share = ((100 * counts.same) / Math.max(1, counts.compared)).toFixed(2);
  console.log(
    `${path.basename(folder)}: ${counts.files} files; ${counts.compared} functions, ${share} % the same; ${counts.sites} sites, ${counts.missing} missing, ${counts.extra} more; ${counts.open} functions with an open group`,
  );
  for (const each of differences.slice(0, siteLimit)) console.log(each);
  for (const key of ['compared', 'same', 'sites', 'missing', 'extra'] as const) total[key] += counts[key];
}
console.log(
  `all: ${total.compared} functions, ${((100 * total.same) / Math.max(1, total.compared)).toFixed(2)} % the same; ${total.sites} sites, ${total.missing} missing, ${total.extra} more`,
);
