// What 5,000 edits of a file leave behind in the server: heap and WebAssembly memory after garbage collection, and the
// process's resident memory, as the operating system counts it, after a first thousand edits and after all of them.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { LanguageClient } from '../protocol/support/language-client.ts';

const root = process.env.RITUAL_ROOT ?? process.cwd();
const edits = 5_000;
const warmUp = 1_000;
/** In megabytes: the allocators' own coming and going, no more. */
const tolerance = 8;

const uri = 'file:///ritual-bench/edited.c';
const text = fs.readFileSync(path.join(root, 'examples/config_reader.c'), 'utf8');
const figures = path.join(os.tmpdir(), `ritual-memory-${process.pid}.json`);

/** Runs in the server's process: collects garbage when told to, and writes down what is left. */
const probe = `
import fs from 'node:fs';
process.on('SIGUSR2', () => {
  gc();
  gc();
  fs.writeFileSync(${JSON.stringify(figures)}, JSON.stringify(process.memoryUsage()));
});`;

const client = LanguageClient.spawn({
  arguments: [
    '--expose-gc',
    `--import=data:text/javascript,${encodeURIComponent(probe)}`,
    path.join(root, 'dist/server.js'),
    '--stdio',
  ],
});

interface Memory {
  readonly heap: number;
  readonly external: number;
  readonly resident: number;
}

async function memory(): Promise<Memory> {
  fs.rmSync(figures, { force: true });
  process.kill(client.processId!, 'SIGUSR2');
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    try {
      const { heapUsed, external, rss } = JSON.parse(fs.readFileSync(figures, 'utf8'));
      return { heap: heapUsed / 2 ** 20, external: external / 2 ** 20, resident: rss / 2 ** 20 };
    } catch {
      // Not written yet, or not to its end.
    }
  }
}

/** One edit and, as the next, its taking back: new names, macros and functions, broken braces and comments. */
function typedAt(i: number): string {
  const kinds = [
    `name_${i} `,
    `\n#define MACRO_${i} (${i})\n`,
    '{',
    '}',
    '/*',
    '"',
    `int f_${i}(void) { return 0; }\n`,
    'free(p);',
  ];
  return kinds[i % kinds.length];
}

await client.initialize({ textDocument: { publishDiagnostics: {} } });
client.open(uri, text);
await client.diagnostics(uri, 1);
let version = 1;
let before: Memory | undefined;
const positionAt = (offset: number) => {
  const lines = text.slice(0, offset).split('\n');
  return { line: lines.length - 1, character: lines.at(-1)!.length };
};
while (version <= edits) {
  if (version > warmUp) before ??= await memory();
  const start = positionAt((version * 7919) % text.length);
  const typed = typedAt(version);
  const lines = typed.split('\n');
  const end =
    lines.length === 1
      ? { line: start.line, character: start.character + typed.length }
      : { line: start.line + lines.length - 1, character: lines.at(-1)!.length };
  for (const change of [
    { range: { start, end: start }, text: typed },
    { range: { start, end }, text: '' },
  ]) {
    client.notifications.length = 0;
    client.change(uri, ++version, [change]);
    await client.diagnostics(uri, version);
  }
}
const after = await memory();
await client.shutdown();
fs.rmSync(figures, { force: true });
const row = ({ heap, external, resident }: Memory): string =>
  `heap ${heap.toFixed(1)} MB, external ${external.toFixed(1)} MB, resident ${resident.toFixed(0)} MB`;
console.log(`memory: after ${warmUp} edits ${row(before!)}; after ${edits} edits ${row(after)}`);
const grown = after.heap + after.external - before!.heap - before!.external;
console.log(`memory: ${grown.toFixed(1)} MB more (the limit is ${tolerance})`);
process.exitCode = grown < tolerance ? 0 : 1;
