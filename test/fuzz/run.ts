/**
 * Runs of the fuzzer in a process of their own, so that a crash or a hang costs one run: `--runs=N --from=N --keep=FOLDER`.
 * The text of every run that fails is kept; run N is the same text on every machine.
 */
import { fork } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { loadGrammar } from '../../server/src/syntax/grammar.ts';
import { checkRun, textOfRun } from './run-one.ts';
import { readSeeds } from './seeds.ts';

const root = process.env.RITUAL_ROOT ?? process.cwd();
const words = process.argv.slice(2);
const option = (name: string, otherwise: string): string =>
  words.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3) ?? otherwise;
const runs = Number(option('runs', '100000'));
const first = Number(option('from', '0'));
const folder = path.resolve(option('keep', path.join(root, 'test/fuzz/.failures')));
/** A run that says nothing for so long hangs, in milliseconds. */
const SILENCE = 60_000;

const seeds = readSeeds(root);

async function work(): Promise<void> {
  const grammar = await loadGrammar({
    runtime: fs.readFileSync(path.join(root, 'node_modules/web-tree-sitter/web-tree-sitter.wasm')),
    grammar: fs.readFileSync(path.join(root, 'grammars/tree-sitter-c.wasm')),
  });
  for (let run = first; run < first + runs; run++) {
    process.send!({ run });
    try {
      await checkRun(grammar, textOfRun(seeds, run));
    } catch (error) {
      process.send!({ run, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  }
  process.exit(0);
}

/** Runs from `from` on; answers with the run that the process died in, or undefined when it came to the end. */
function employ(from: number, report: (run: number, failure: string) => void): Promise<number | undefined> {
  return new Promise((resolve) => {
    const child = fork(process.argv[1], [`--from=${from}`, `--runs=${first + runs - from}`, '--worker']);
    let current = from;
    let isHanging = false;
    const hang = (): void => {
      isHanging = true;
      child.kill('SIGKILL');
    };
    let timer = setTimeout(hang, SILENCE);
    child.on('message', ({ run, failure }: { run: number; failure?: string }) => {
      current = run;
      clearTimeout(timer);
      timer = setTimeout(hang, SILENCE);
      if (failure !== undefined) report(run, failure);
      else if (run > first && run % 1000 === 0) console.log(`${run - first} of ${runs}`);
    });
    child.on('exit', (status, signal) => {
      clearTimeout(timer);
      if (status === 0) return resolve(undefined);
      report(current, isHanging ? 'hangs' : `died: ${signal ?? `status ${status}`}`);
      resolve(current);
    });
  });
}

if (words.includes('--worker')) {
  await work();
} else {
  let failures = 0;
  let from: number | undefined = first;
  while (from !== undefined && from < first + runs) {
    const died: number | undefined = await employ(from, (run, failure) => {
      failures++;
      fs.mkdirSync(folder, { recursive: true });
      fs.writeFileSync(path.join(folder, `${run}.c`), textOfRun(seeds, run));
      console.log(`run ${run}: ${failure}`);
    });
    from = died === undefined ? undefined : died + 1;
  }
  console.log(`${runs} runs, ${failures} failures${failures > 0 ? `, in ${folder}` : ''}`);
  process.exit(failures > 0 ? 1 : 0);
}
