/**
 * Per project: in how many of the functions that allocate or free the calls of the standard functions are the same, by name and
 * number, in the intermediate representation and in the output of `gcc -E`. Functions with a conditional group that was left
 * open are counted apart: they hold the calls of both branches.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { FunctionIr } from '../../server/src/ir/instructions.ts';
import { collectFacts } from '../../server/src/source/facts.ts';
import { loadGrammar } from '../../server/src/syntax/grammar.ts';
import { defaultConfiguration } from '../../server/src/workspace/configuration.ts';
import { listSourceFiles, readText } from '../../server/src/workspace/node-workspace.ts';
import { Program } from '../../server/src/workspace/program.ts';

const root = process.env.RITUAL_ROOT ?? process.cwd();
const options = process.argv.slice(2).filter((word) => word.startsWith('--'));
const folders = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const siteLimit = Number(options.find((word) => word.startsWith('--sites='))?.slice(8) ?? 10);

const NAMES = new Set(
  'malloc calloc realloc reallocarray free strdup strndup asprintf vasprintf getline getdelim posix_memalign aligned_alloc'.split(
    ' ',
  ),
);
const CALL = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?<!\.\s*|->\s*)\b([A-Za-z_]\w*)\s*\(/g;

type Counts = Readonly<Record<string, number>>;

function counted(names: Iterable<string>): Counts {
  const counts: Record<string, number> = {};
  for (const name of [...names].sort()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** What gcc says the file's macros named like standard functions stand for. */
function standIns(file: string, flags: readonly string[]): Map<string, string> {
  const names = new Map<string, string>();
  const { stdout } = spawnSync('gcc', ['-E', '-dM', ...flags, file], { encoding: 'utf8', maxBuffer: 1 << 28 });
  for (const [, name, callee] of stdout.matchAll(/^#define (\w+)(?:\([^)]*\))? \(?(\w+)/gm)) {
    if (NAMES.has(name) && !NAMES.has(callee)) names.set(callee, name);
  }
  return names;
}

/** The calls in the functions of the main file, in gcc's output; undefined where gcc fails. */
function preprocessed(file: string, flags: readonly string[]): Map<string, Counts> | undefined {
  let text: string;
  try {
    text = execFileSync('gcc', ['-E', '-w', ...flags, file], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      timeout: 30_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return undefined;
  }
  const renamed = standIns(file, flags);
  const markers = [...text.matchAll(/^# \d+ "([^"]*)"/gm)].map((match) => ({ at: match.index, file: match[1] }));
  const functions = new Map<string, Counts>();
  let next = 0;
  for (const { name, bodyStart, bodyEnd } of collectFacts(file, text).functions) {
    while (next + 1 < markers.length && markers[next + 1].at < bodyStart) next++;
    if (markers[next]?.file !== file) continue;
    const body = text.slice(bodyStart, bodyEnd).replace(/^# .*$/gm, '');
    const calls: string[] = [];
    for (const [, callee] of body.matchAll(CALL)) {
      const standard = callee === undefined ? undefined : (renamed.get(callee) ?? callee);
      if (standard !== undefined && NAMES.has(standard)) calls.push(standard);
    }
    functions.set(name, counted(calls));
  }
  return functions;
}

function callsOf(ir: FunctionIr): Counts {
  const calls: string[] = [];
  for (const { instructions } of ir.blocks) {
    for (const each of instructions)
      if (each.op === 'call' && !each.isImplicit && NAMES.has(each.callee)) calls.push(each.callee);
  }
  return counted(calls);
}

const grammar = await loadGrammar({
  runtime: fs.readFileSync(path.join(root, 'node_modules/web-tree-sitter/web-tree-sitter.wasm')),
  grammar: fs.readFileSync(path.join(root, 'grammars/tree-sitter-c.wasm')),
});
const total = { compared: 0, same: 0, sites: 0, missing: 0, extra: 0 };

for (const folder of folders) {
  const top = fs.realpathSync(folder);
  const program = new Program(grammar, defaultConfiguration, readText);
  const { files } = await listSourceFiles(top);
  for (const file of files) {
    const text = readText(file);
    if (text !== undefined) program.setText(file, text);
  }
  const headerFolders = new Set(files.filter((file) => file.endsWith('.h')).map((file) => path.dirname(file)));
  // `#include "project/header.h"` is meant from the folder above.
  for (const each of [...headerFolders]) if (each.length > top.length) headerFolders.add(path.dirname(each));
  const flags = [...headerFolders].map((each) => `-I${each}`);
  const counts = { files: 0, compared: 0, same: 0, open: 0, sites: 0, missing: 0, extra: 0 };
  const differences: string[] = [];
  for (const file of files) {
    if (!file.endsWith('.c')) continue;
    const expected = preprocessed(file, flags);
    const analysed = expected && program.analysed(file);
    if (!analysed) continue;
    counts.files++;
    const lowered = new Map<string, FunctionIr[]>();
    for (const item of analysed.unit.items) {
      const ir = item.kind === 'function' && expected.has(item.name) ? program.lowered(analysed, item) : undefined;
      if (ir) lowered.set(item.name, [...(lowered.get(item.name) ?? []), ir]);
    }
    for (const [name, alternatives] of lowered) {
      const wanted = expected.get(name)!;
      // Of definitions side by side under different conditions one is gcc's.
      const ir =
        alternatives.find((each) => JSON.stringify(callsOf(each)) === JSON.stringify(wanted)) ?? alternatives[0];
      const found = callsOf(ir);
      const names = new Set([...Object.keys(wanted), ...Object.keys(found)]);
      if (names.size === 0) continue;
      if (ir.blocks.some(({ terminator }) => terminator.kind === 'branch' && terminator.configuration)) {
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
          `  ${path.relative(top, file)} ${name}: gcc ${JSON.stringify(wanted)}, here ${JSON.stringify(found)}`,
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
