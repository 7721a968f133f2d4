// What opening a file in a very large tree costs: how soon its findings are there, how long the index takes, how many
// processors and how much memory the server takes meanwhile, and whether typing is as fast as in an indexed workspace.
//
//     npm run bench large-tree -- FOLDER FILE     # FILE is relative to FOLDER
//
// On Linux alone, whose /proc says what a process takes.
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { LanguageClient } from '../protocol/support/language-client.ts';

const [folderArgument, file = ''] = process.argv.slice(2);
if (!folderArgument || !file) {
  console.error('usage: npm run bench large-tree -- FOLDER FILE');
  process.exit(2);
}
const folder = path.resolve(folderArgument);
const uri = pathToFileURL(path.join(folder, file)).href;
let text = fs.readFileSync(path.join(folder, file), 'utf8');

/** How long the hand rests between two keys, in milliseconds. */
const pause = 150;
/** Keys typed while the index is read, and again when it is there. */
const keys = 120;
/** In milliseconds; a tree may be as large as one likes. */
const patience = 3_600_000;

interface Usage {
  /** Seconds of processor time. */
  readonly processor: number;
  /** In megabytes: now, and at most so far. */
  readonly resident: number;
  readonly peak: number;
}

function usage(id: number): Usage {
  const fields = fs.readFileSync(`/proc/${id}/stat`, 'utf8').split(') ')[1].split(' ');
  const status = fs.readFileSync(`/proc/${id}/status`, 'utf8');
  const megabytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)![1]) / 1024;
  // Ticks are hundredths of a second.
  return {
    processor: (Number(fields[11]) + Number(fields[12])) / 100,
    resident: megabytes('VmRSS'),
    peak: megabytes('VmHWM'),
  };
}

const client = LanguageClient.spawn();
const began = performance.now();
const seconds = () => ((performance.now() - began) / 1000).toFixed(1);

/** The ends of progress, by title. */
const ended = new Set<string>();
const titles = new Map<unknown, string>();
/** When a document's diagnostics arrived last. */
let receivedAt = 0;
client.onNotification = (method, params) => {
  if (method === 'textDocument/publishDiagnostics') receivedAt = performance.now();
  if (method !== '$/progress') return;
  const { token, value } = params as { token: unknown; value: { kind: string; title?: string } };
  if (value.kind === 'begin') titles.set(token, value.title ?? '');
  if (value.kind === 'end') ended.add(titles.get(token) ?? '');
};

let version = 1;
const quantile = (values: readonly number[], q: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(q * (values.length - 1))];

/** Types and deletes keys in a function's body, and tells how long their diagnostics took. */
async function type(count: number, isEnough: () => boolean): Promise<string> {
  const times: number[] = [];
  const at = text.indexOf('{\n', Math.floor(text.length / 2)) + 2;
  const line = text.slice(0, at).split('\n').length - 1;
  for (let i = 0; i < count && !isEnough(); i++) {
    const isTyped = i % 2 === 0;
    const start = { line, character: 0 };
    const change = isTyped
      ? { range: { start, end: start }, text: ';' }
      : { range: { start, end: { line, character: 1 } }, text: '' };
    text = isTyped ? `${text.slice(0, at)};${text.slice(at)}` : text.slice(0, at) + text.slice(at + 1);
    client.notifications.length = 0;
    const sent = performance.now();
    client.change(uri, ++version, [change]);
    await client.until(
      `version ${version}`,
      () => client.published(uri).find((each) => each.version === version),
      patience,
    );
    times.push(receivedAt - sent);
    await sleep(pause);
  }
  if (times.length === 0) return 'no key';
  const [p50, p95, most] = [0.5, 0.95, 1].map((q) => quantile(times, q).toFixed(0));
  return `${times.length} keys: p50 ${p50} ms, p95 ${p95} ms, max ${most} ms`;
}

await client.initialize(
  {
    window: { workDoneProgress: true },
    textDocument: { publishDiagnostics: {} },
    // As editors do: the server need not look at every file again.
    workspace: { didChangeWatchedFiles: { dynamicRegistration: true } },
  },
  { rootUri: pathToFileURL(folder).href },
);
const id = client.processId!;
client.open(uri, text);
await client.until('first findings', () => client.published(uri)[0], patience);
console.log(`large tree: first findings after ${seconds()} s`);

const indexing = 'Ritual: indexing';
let most = 0;
let last = usage(id).processor;
const sampler = setInterval(() => {
  const now = usage(id).processor;
  most = Math.max(most, now - last);
  last = now;
}, 1_000);
console.log(`  while the index is read: ${await type(keys, () => ended.has(indexing))}`);
while (!ended.has(indexing)) await sleep(200);
const indexed = usage(id);
console.log(
  `  index read after ${seconds()} s, ${indexed.processor.toFixed(1)} s of processor time, ` +
    `at most ${most.toFixed(2)} s in one second; resident ${indexed.resident.toFixed(0)} MB, at most ${indexed.peak.toFixed(0)} MB`,
);
console.log(`  first key behind it: ${await type(1, () => false)}`);
await type(1, () => false);
console.log(`  with the index: ${await type(keys, () => false)}`);

most = 0;
let isDone = false;
const summary = client
  .request<object>('workspace/executeCommand', { command: 'ritual.checkWorkspace' })
  .finally(() => (isDone = true));
console.log(`  while the workspace is checked: ${await type(keys, () => isDone)}`);
const checking = usage(id);
const token = [...titles].find(([, title]) => title !== indexing)?.[0];
const cancelledAt = performance.now();
client.notify('window/workDoneProgress/cancel', { token });
console.log(
  `  check cancelled within ${await summary.then(() => (performance.now() - cancelledAt).toFixed(0))} ms: ` +
    `${JSON.stringify(await summary)}; at most ${most.toFixed(2)} s of processor time in one second, ` +
    `resident ${checking.resident.toFixed(0)} MB, at most ${checking.peak.toFixed(0)} MB`,
);
clearInterval(sampler);
await client.shutdown();
