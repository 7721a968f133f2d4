// How long an editor waits after a keystroke: from didChange sent to the diagnostics of that version received by an
// independent client, in a file of 7,000 lines, against one full parse of the same file in the same run.
//
// An edit of a macro that all functions use makes all of them be analysed again, which takes longer than a hand rests:
// the server shows what it knows, and corrects itself. So what counts is the last diagnostics of a version before the
// next key. In a last run the client asks for code actions after every key, which come from the finished analysis alone:
// when that was, and how many answers were corrected, is told on the side.
import { setTimeout as sleep } from 'node:timers/promises';
import { createParser } from '../../server/src/syntax/grammar.ts';
import { loadNodeGrammar } from '../../server/src/workspace/node-grammar.ts';
import { LanguageClient } from '../protocol/support/language-client.ts';
import { generateSource } from './generated-source.ts';

const runs = 3;
const rounds = 12;
const uri = 'file:///ritual-bench/generated.c';
const source = generateSource();

interface Edit {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Mixed edits, each keystroke of its own, all over the file; every round leaves the text as it was. */
function* edits(): Generator<Edit> {
  for (let round = 0; round < rounds; round++) {
    const from = Math.floor((source.length * (round + 0.5)) / rounds);
    const after = (pattern: string) => source.indexOf(pattern, from - 4000) + pattern.length;
    yield* typed('body', after('used += step;'), ' used++;');
    yield* typed('comment', after('copies the name'), ' twice');
    const brace = after('break;\n    }') - 1;
    yield { kind: 'brace', start: brace, end: brace + 1, text: '' };
    yield { kind: 'brace', start: brace, end: brace, text: '}' };
    const opening = after('entry->data == NULL) ');
    yield { kind: 'brace', start: opening, end: opening + 1, text: '' };
    yield { kind: 'brace', start: opening, end: opening, text: '{' };
    yield* typed('#define', source.indexOf('#define CHUNK 64') + '#define CHUNK 64'.length, '00');
    yield* typed('#define', source.indexOf('(p) = NULL; }'), 'x;');
  }
}

function* typed(kind: string, at: number, text: string): Generator<Edit> {
  for (let i = 0; i < text.length; i++) yield { kind, start: at + i, end: at + i, text: text[i] };
  for (let i = text.length; i > 0; i--) yield { kind, start: at + i - 1, end: at + i, text: '' };
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}

async function fullParse(): Promise<number> {
  const parser = createParser(await loadNodeGrammar());
  const times: number[] = [];
  for (let i = 0; i < 15; i++) {
    const start = performance.now();
    parser.parse(source)!.delete();
    times.push(performance.now() - start);
  }
  parser.delete();
  return quantile(times, 0.5);
}

interface Sample {
  readonly kind: string;
  /** Milliseconds until the last diagnostics of the version. */
  readonly time: number;
  /** Milliseconds until the analysis was known to be finished. */
  readonly finished: number;
  readonly corrections: number;
}

/** How long the hand rests between an answer and the next key, in milliseconds: less than any hand does. */
const pause = 30;

async function keystrokes(waitsForTheEnd: boolean): Promise<Sample[]> {
  const client = LanguageClient.spawn();
  await client.initialize({ textDocument: { publishDiagnostics: { relatedInformation: true } } });
  client.open(uri, source);
  await client.diagnostics(uri, 1);
  await sleep(500);
  let text = source;
  let version = 1;
  const times: Sample[] = [];
  let receivedAt = 0;
  client.onNotification = (method) => {
    if (method === 'textDocument/publishDiagnostics') receivedAt = performance.now();
  };
  for (const { kind, start, end, text: newText } of edits()) {
    const range = { start: positionAt(text, start), end: positionAt(text, end) };
    text = text.slice(0, start) + newText + text.slice(end);
    client.notifications.length = 0;
    const sent = performance.now();
    client.change(uri, ++version, [{ range, text: newText }]);
    await client.diagnostics(uri, version);
    if (waitsForTheEnd) {
      await client.request('textDocument/codeAction', { textDocument: { uri }, range, context: { diagnostics: [] } });
    }
    const finished = performance.now() - sent;
    await sleep(pause);
    times.push({ kind, time: receivedAt - sent, finished, corrections: client.published(uri).length - 1 });
  }
  await client.shutdown();
  return times;
}

function positionAt(text: string, offset: number): { line: number; character: number } {
  const before = text.slice(0, offset);
  const line = before.split('\n').length - 1;
  return { line, character: offset - (before.lastIndexOf('\n') + 1) };
}

const ratios: number[] = [];
console.log(`keystroke: ${source.split('\n').length} lines, ${(source.length / 1024).toFixed(0)} KiB, ${runs} runs`);
for (let run = 0; run < runs; run++) {
  const parse = await fullParse();
  const times = await keystrokes(false);
  const all = times.map(({ time }) => time);
  const p95 = quantile(all, 0.95);
  ratios.push(p95 / parse);
  const kinds = [...new Set(times.map(({ kind }) => kind))].map((kind) => {
    const own = times.filter((sample) => sample.kind === kind).map(({ time }) => time);
    return `${kind} ${quantile(own, 0.5).toFixed(1)}/${quantile(own, 0.95).toFixed(1)}`;
  });
  console.log(
    `  ${all.length} edits: p50 ${quantile(all, 0.5).toFixed(1)} ms, p95 ${p95.toFixed(1)} ms, ` +
      `max ${Math.max(...all).toFixed(1)} ms; one full parse ${parse.toFixed(1)} ms; ` +
      `p50/p95 by kind: ${kinds.join(', ')}`,
  );
}
const samples = await keystrokes(true);
const finished = samples.map((sample) => sample.finished);
const corrected = samples.filter(({ corrections }) => corrections > 0).length;
console.log(
  `  analysis finished: p50 ${quantile(finished, 0.5).toFixed(1)} ms, p95 ${quantile(finished, 0.95).toFixed(1)} ms; ` +
    `${corrected} of ${samples.length} answers corrected afterwards`,
);
const ratio = quantile(ratios, 0.5);
console.log(`keystroke: p95 / full parse = ${ratio.toFixed(2)} (median of ${runs} runs; the target is at most 1)`);
process.exitCode = ratio <= 1 ? 0 : 1;
