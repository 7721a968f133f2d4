/**
 * Per project: the macros that say something about memory in their bodies, how many of their uses were followed into the
 * body, and how many were left as calls of something unknown. `--sites=N` lists the first N names of the latter.
 */
import fs from 'node:fs';
import path from 'node:path';
import { ModelRegistry } from '../../server/src/models/registry.ts';
import type { MacroDefinition } from '../../server/src/source/macros.ts';
import { loadGrammar } from '../../server/src/syntax/grammar.ts';
import { defaultConfiguration } from '../../server/src/workspace/configuration.ts';
import { listSourceFiles, readText } from '../../server/src/workspace/node-workspace.ts';
import { Program } from '../../server/src/workspace/program.ts';

const root = process.env.RITUAL_ROOT ?? process.cwd();
const options = process.argv.slice(2).filter((word) => word.startsWith('--'));
const folders = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const siteLimit = Number(options.find((word) => word.startsWith('--sites='))?.slice(8) ?? 20);

const MEMORY_WORD = /alloc|free|strdup|strndup/i;
const MAXIMUM_DEPTH = 6;
const models = new ModelRegistry(defaultConfiguration);

interface Left {
  count: number;
  readonly site: string;
  readonly definitions: readonly MacroDefinition[];
}

const grammar = await loadGrammar({
  runtime: fs.readFileSync(path.join(root, 'node_modules/web-tree-sitter/web-tree-sitter.wasm')),
  grammar: fs.readFileSync(path.join(root, 'grammars/tree-sitter-c.wasm')),
});

async function measure(folder: string): Promise<void> {
  const program = new Program(grammar, defaultConfiguration, readText);
  const { files } = await listSourceFiles(path.resolve(folder));
  const definitions = new Map<string, MacroDefinition[]>();
  for (const file of files) {
    const text = readText(file);
    if (text === undefined) continue;
    program.setText(file, text);
    for (const macro of program.index.facts(file)!.macros) {
      const known = definitions.get(macro.name);
      if (known) known.push(macro);
      else definitions.set(macro.name, [macro]);
    }
  }
  const touches = (name: string, depth: number): boolean =>
    (definitions.get(name) ?? []).some(({ body }) => {
      const words: string[] = body.match(/[A-Za-z_]\w*(?=\s*\()|^[A-Za-z_]\w*$/g) ?? [];
      return words.some(
        (word) => MEMORY_WORD.test(word) || (depth < MAXIMUM_DEPTH && word !== name && touches(word, depth + 1)),
      );
    });
  const isMemory = new Map<string, boolean>();
  for (const name of definitions.keys()) isMemory.set(name, touches(name, 0));

  let followed = 0;
  let leftCount = 0;
  const left = new Map<string, Left>();
  for (const file of files) {
    const analysed = program.analysed(file);
    for (const item of analysed?.unit.items ?? []) {
      const ir = item.kind === 'function' ? program.lowered(analysed!, item) : undefined;
      for (const block of ir?.blocks ?? []) {
        for (const instruction of block.instructions) {
          if (instruction.op !== 'call') continue;
          const { callee, macro, origin } = instruction;
          if (macro.split(' ').some((name) => isMemory.get(name))) followed++;
          if (!isMemory.get(callee) || models.shipped(callee) || program.index.isDefined(callee)) continue;
          leftCount++;
          const known = left.get(callee);
          if (known) {
            known.count++;
            continue;
          }
          const line = analysed!.text.slice(0, item.start + origin.start).split('\n').length;
          left.set(callee, {
            count: 1,
            site: `${path.relative(folder, file)}:${line}${macro === '' ? '' : ` in${macro}`}`,
            definitions: definitions.get(callee)!,
          });
        }
      }
    }
  }
  console.log(`${path.basename(folder)}: ${followed} calls inside such macros; ${leftCount} uses left unknown`);
  const ordered = [...left].sort((a, b) => b[1].count - a[1].count);
  for (const [name, { count, site, definitions: all }] of ordered.slice(0, siteLimit)) {
    console.log(`  ${count} × ${name}, first in ${site}`);
    for (const { file, parameters, body, condition } of all.slice(0, 4)) {
      const head = parameters === undefined ? '' : `(${parameters.join(', ')})`;
      const text = body.replace(/\s+/g, ' ').slice(0, 140);
      console.log(`      ${path.relative(folder, file)} [${condition}] ${head} ${text}`);
    }
  }
}

for (const folder of folders) await measure(folder);
