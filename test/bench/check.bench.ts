// How long the command line tool takes, as ratios that say the same on every machine: against cppcheck's quickest run
// where that is installed, and, on one thread, against parsing the same files and doing nothing else. RITUAL_BENCH_FOLDER
// names the folder to check; by default it is a generated one. Its workspace is the folder itself.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createParser } from '../../server/src/syntax/grammar.ts';
import { defaultConfiguration } from '../../server/src/workspace/configuration.ts';
import { loadNodeGrammar } from '../../server/src/workspace/node-grammar.ts';
import { listSourceFiles, readText } from '../../server/src/workspace/node-workspace.ts';
import { Program } from '../../server/src/workspace/program.ts';
import { generateSource } from './generated-source.ts';

const generatedFiles = 24;
const tool = path.join(import.meta.dirname, '../../../dist/cli.js');

/** Seconds of processor time, not of the clock: other processes must not count. */
function seconds<T>(work: () => T): { value: T; taken: number } {
  const before = process.cpuUsage();
  const value = work();
  const { user, system } = process.cpuUsage(before);
  return { value, taken: (user + system) / 1e6 };
}

function wallClock(command: string, commandLine: readonly string[], folder: string): number | undefined {
  const start = performance.now();
  const { error, status, stderr } = spawnSync(command, commandLine, {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (error) return undefined;
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
  return (performance.now() - start) / 1000;
}

/** A folder of files that define much, and call one another in a chain. */
function generateFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ritual-bench-'));
  for (let i = 0; i < generatedFiles; i++) {
    const source = generateSource(40);
    const other = `part${i + 1}_get`;
    const body = i + 1 === generatedFiles ? 'malloc(n)' : `${other}(n)`;
    const bridge = `void *${other}(size_t n);\nvoid *part${i}_get(size_t n)\n{\n    return ${body};\n}\n`;
    fs.writeFileSync(path.join(folder, `part${i}.c`), `${source}\n${bridge}`);
  }
  return folder;
}

function show(name: string, taken: number, base: number, unit: string): void {
  console.log(`${name.padEnd(34)} ${taken.toFixed(2).padStart(7)} s  ${(taken / base).toFixed(2).padStart(6)} ${unit}`);
}

async function measure(folder: string): Promise<void> {
  const { files } = await listSourceFiles(folder);
  const texts = new Map(files.map((file) => [file, readText(file) ?? '']));
  const size = [...texts.values()].reduce((sum, text) => sum + text.length, 0);
  console.log(`${folder}: ${files.length} files, ${(size / 1e6).toFixed(1)} MB`);

  const grammar = await loadNodeGrammar();
  const parser = createParser(grammar);
  const parseAll = () => {
    for (const text of texts.values()) parser.parse(text)!.delete();
  };
  parseAll();
  const { taken: parse } = seconds(parseAll);
  parser.delete();

  const program = new Program(grammar, defaultConfiguration, (file) => texts.get(file));
  const { taken: index } = seconds(() => {
    for (const [file, text] of texts) program.setText(file, text);
  });
  const { value: parsed, taken: syntax } = seconds(() =>
    files.map((file) => {
      const analysed = program.analysed(file)!;
      const items = analysed.unit.items.filter(({ kind }) => kind === 'function');
      // The copy of the tree is made when it is asked for.
      for (const item of items) void item.arrays.length;
      return { analysed, items };
    }),
  );
  const { taken: analysis } = seconds(() => {
    for (const { analysed, items } of parsed) for (const item of items) program.analyse(analysed, item);
  });
  console.log('On one thread, processor time:');
  show('parsing and nothing else', parse, parse, 'x parsing');
  show('index', index, parse, 'x parsing');
  show('normalising, parsing, copying', syntax, parse, 'x parsing');
  show('lowering and analysis', analysis, parse, 'x parsing (goal: 3)');
  show('together', index + syntax + analysis, parse, 'x parsing (goal: 5)');

  console.log('The whole tool, by the clock:');
  const commandLine = [tool, 'check', '--exit-zero', '--format', 'concise', '--workspace', '.'];
  const several = wallClock(process.execPath, [...commandLine, '.'], folder)!;
  const one = wallClock(process.execPath, [...commandLine, '--jobs', '1', '.'], folder)!;
  show('ritual check', several, several, '');
  show('ritual check --jobs 1', one, several, 'x ritual check');
  const cppcheck = wallClock('cppcheck', ['--max-configs=1', '--enable=warning', '-q', '.'], folder);
  if (cppcheck === undefined) console.log('cppcheck is not installed');
  else show('cppcheck --max-configs=1', cppcheck, several, 'x ritual check (goal: 12)');
}

const named = process.env.RITUAL_BENCH_FOLDER;
const folder = named ? path.resolve(named) : generateFolder();
try {
  await measure(folder);
} finally {
  if (!named) fs.rmSync(folder, { recursive: true });
}
