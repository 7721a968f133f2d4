// What 5,000 edits leave behind in the server: heap and WebAssembly memory after garbage collection, and the process's
// resident memory, as the operating system counts it, after every 500 edits. What it holds after the first thousand is
// what such a session needs; what comes on top of that is growth.
//
//     npm run bench memory                 # a file of the examples
//     npm run bench memory -- FOLDER       # the ten largest files of a program, in turn
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { LanguageClient } from '../protocol/support/language-client.ts';
import { type Memory, MemoryProbe } from '../protocol/support/memory-probe.ts';

const root = process.env.RITUAL_ROOT ?? process.cwd();
const edits = 5_000;
const warmUp = 1_000;
/** In megabytes: the allocators' own coming and going, no more. */
const tolerance = 8;

const sampleEvery = 500;
const maximumFiles = 10;
/** In milliseconds: how long an answer may take, in a program as large as one likes. */
const patience = 120_000;

const folder = process.argv[2] ? path.resolve(process.argv[2]) : undefined;
const documents = (folder ? largestFiles(folder) : [path.join(root, 'examples/config_reader.c')]).map((file) => ({
  uri: pathToFileURL(folder ? file : '/ritual-bench/edited.c').href,
  text: fs.readFileSync(file, 'utf8'),
  version: 1,
}));

function largestFiles(directory: string): string[] {
  return fs
    .readdirSync(directory)
    .filter((name) => name.endsWith('.c'))
    .map((name) => path.join(directory, name))
    .sort((a, b) => fs.statSync(b).size - fs.statSync(a).size || (a < b ? -1 : 1))
    .slice(0, maximumFiles);
}

const probe = new MemoryProbe();
const client = LanguageClient.spawn({
  arguments: [...probe.nodeArguments, path.join(root, 'dist/server.js'), '--stdio'],
});

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

await client.initialize(
  { textDocument: { publishDiagnostics: {} } },
  { rootUri: folder ? pathToFileURL(folder).href : null },
);
const answer = (uri: string, version: number) =>
  client.until(
    `diagnostics of ${uri}, version ${version}`,
    () => client.published(uri).find((published) => published.version === version),
    patience,
  );
for (const { uri, text } of documents) client.open(uri, text);
for (const { uri } of documents) await answer(uri, 1);

const positionIn = (text: string, offset: number) => {
  const lines = text.slice(0, offset).split('\n');
  return { line: lines.length - 1, character: lines.at(-1)!.length };
};
const row = ({ heap, external, resident }: Memory): string =>
  `heap ${heap.toFixed(1)} MB, external ${external.toFixed(1)} MB, resident ${resident.toFixed(0)} MB`;

let before: Memory | undefined;
let after: Memory | undefined;
for (let edit = 2, began = performance.now(); edit <= edits; edit += 2) {
  const document = documents[(edit / 2) % documents.length];
  const { uri, text } = document;
  const start = positionIn(text, (edit * 7919) % text.length);
  const typed = typedAt(edit / 2);
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
    client.change(uri, ++document.version, [change]);
    await answer(uri, document.version);
  }
  if (edit % sampleEvery > 0) continue;
  after = await probe.measure(client.processId!);
  if (edit === warmUp) before = after;
  const seconds = (performance.now() - began) / 1000;
  began = performance.now();
  console.log(`memory: after ${edit} edits ${row(after)}; these took ${seconds.toFixed(0)} s`);
}
await client.shutdown();
probe.dispose();
const grown = after!.heap + after!.external - before!.heap - before!.external;
console.log(`memory: ${grown.toFixed(1)} MB more than after ${warmUp} edits (the limit is ${tolerance})`);
process.exitCode = grown < tolerance ? 0 : 1;
