import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { type Diagnostic, LanguageClient, type PublishedDiagnostics } from '../protocol/support/language-client.ts';
import { type Memory, MemoryProbe } from '../protocol/support/memory-probe.ts';
import { root, serverPath } from './support/paths.ts';
import { runSuccessfully } from './support/run.ts';

// A long session: ten files of one program are edited key by key, faster than any hand, a function at a time, in which
// findings come and go. What one function does to memory makes findings in another file, which nobody touches meanwhile.

const files = 10;
/** So many that every file ends with the whole of what is typed into it, and with its finding. */
const edits = 5_600;
/** After so many edits the hands rest, and what is shown is compared. Files are then at different places of their text. */
const restsEvery = 620;
/** Edits after which the server has seen every kind of text: what it holds from then on is growth. */
const warmUp = 1_000;
/** In megabytes: the allocators' own coming and going, no more. */
const tolerance = 8;

const typed = '    free(text);\n    free(text);\n';

function program(number: number): string {
  const functions = Array.from(
    { length: 20 },
    (_, i) =>
      `static char *make_${number}_${i}(size_t size)\n{\n    char *text = malloc(size);\n    if (!text)\n        return NULL;\n` +
      `    memset(text, ${i}, size);\n    return text;\n}\n`,
  );
  const other = `last_${(number + 1) % files}`;
  const caller = `void use_${number}(char *text)\n{\n    ${other}(text);\n    free(text);\n}\n`;
  return (
    `#include <stdlib.h>\n#include <string.h>\n\nvoid ${other}(char *text);\n${functions.join('\n')}\n${caller}\n` +
    `void last_${number}(char *text)\n{\n}\n`
  );
}

test('ten files, thousands of edits: no stale finding is left, and memory does not grow', async () => {
  await runSuccessfully('npm', ['run', 'build'], { cwd: root });
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'ritual-soak-'));
  const probe = new MemoryProbe();
  const client = LanguageClient.spawn({ arguments: [...probe.nodeArguments, serverPath, '--stdio'] });
  try {
    const documents = Array.from({ length: files }, (_, number) => {
      const file = path.join(folder, `file${number}.c`);
      const text = program(number);
      fs.writeFileSync(file, text);
      // The brace that ends the last function, in front of the empty line behind the text's end.
      const line = text.split('\n').length - 2;
      return { uri: pathToFileURL(file).toString(), text, version: 1, line, character: 0, done: 0 };
    });
    await client.initialize({}, { rootUri: pathToFileURL(folder).toString() });
    for (const { uri, text } of documents) client.open(uri, text);
    for (const { uri } of documents) await client.diagnostics(uri, 1);

    /** What the client shows: the diagnostics that it was told last of each document. */
    const shown = new Map<string, PublishedDiagnostics>();
    client.onNotification = (method, params) => {
      if (method !== 'textDocument/publishDiagnostics') return;
      const published = params as PublishedDiagnostics;
      shown.set(published.uri, published);
    };
    const textOf = ({ text, done }: { text: string; done: number }): string =>
      text.replace(/\{\n\}\n$/, `{\n${typed.slice(0, done)}}\n`);
    const memory: Memory[] = [];
    const counts: number[] = [];
    for (let edit = 1; edit <= edits; edit++) {
      const document = documents[Math.floor((edit - 1) / 4) % files];
      const key = typed[document.done];
      const at = (line: number, character: number) => ({ line, character });
      document.version++;
      const { line, character } = document;
      if (document.done < typed.length) {
        const here = at(line, character);
        client.change(document.uri, document.version, [{ range: { start: here, end: here }, text: key }]);
        if (key === '\n') Object.assign(document, { line: line + 1, character: 0 });
        else document.character++;
        document.done++;
      } else {
        // All of it is deleted again, as with one selection.
        const start = at(line - 2, 0);
        client.change(document.uri, document.version, [{ range: { start, end: at(line, character) }, text: '' }]);
        Object.assign(document, { line: line - 2, character: 0, done: 0 });
      }
      // Waiting for every answer is slower than any hands, and leaves no edit out of the check.
      if (edit % 4 === 0) {
        await client.diagnostics(document.uri, document.version);
        client.notifications.length = 0;
      }
      if (edit === warmUp || edit === edits) {
        memory.push(await probe.measure(client.processId!));
      }
      if (edit % restsEvery > 0 && edit < edits) continue;

      // What is shown, without another key, is what a server shows that opens the files as they are now.
      const expected = await freshDiagnostics(folder, new Map(documents.map((each) => [each.uri, textOf(each)])));
      const current = () => documents.map(({ uri }) => [uri, shown.get(uri)?.diagnostics ?? []]);
      await expect.poll(current, { timeout: 15_000 }).toEqual([...expected]);
      // And nothing is taken back later.
      await sleep(600);
      expect(current()).toEqual([...expected]);
      for (const { uri, version } of documents) expect(shown.get(uri)?.version).toBe(version);
      counts.push([...expected.values()].flat().length);
    }
    // At the end each file has its own finding. Before, some files had none, and some those that others make in them.
    expect(counts.at(-1)).toBe(files);
    expect(new Set(counts).size).toBeGreaterThan(2);
    const [before, after] = memory;
    const figures = ({ heap, external, resident }: Memory): string =>
      `heap ${heap.toFixed(1)} MB, external ${external.toFixed(1)} MB, resident ${resident.toFixed(0)} MB`;
    console.log(`findings at each rest: ${counts.join(', ')}`);
    console.log(`memory after ${warmUp} edits: ${figures(before)}; after ${edits}: ${figures(after)}`);
    expect(after.heap + after.external - before.heap - before.external).toBeLessThan(tolerance);
  } finally {
    client.kill();
    probe.dispose();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}, 400_000);

/** What a server that has just started shows of documents, by URI. */
async function freshDiagnostics(
  folder: string,
  texts: ReadonlyMap<string, string>,
): Promise<Map<string, readonly Diagnostic[]>> {
  const fresh = LanguageClient.spawn({ arguments: [serverPath, '--stdio'] });
  try {
    await fresh.initialize({}, { rootUri: pathToFileURL(folder).toString() });
    for (const [uri, text] of texts) fresh.open(uri, text);
    const found = new Map<string, readonly Diagnostic[]>();
    for (const uri of texts.keys()) {
      await fresh.diagnostics(uri, 1);
      // The documents that were opened behind it count, too: the complete answer is the one behind them all.
      await fresh.request('textDocument/codeAction', {
        textDocument: { uri },
        range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
        context: { diagnostics: [] },
      });
    }
    await sleep(600);
    for (const uri of texts.keys()) found.set(uri, await fresh.diagnostics(uri, 1));
    return found;
  } finally {
    fresh.kill();
  }
}
