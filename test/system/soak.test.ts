import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { type Diagnostic, LanguageClient } from '../protocol/support/language-client.ts';
import { root, serverPath } from './support/paths.ts';
import { runSuccessfully } from './support/run.ts';

// A long session: ten files of one program are edited key by key, a function at a time, in which findings come and go.

const files = 10;
/** So many that every file ends with the whole of what is typed into it, and with its finding. */
const edits = 5_600;
/** Edits after which the server has seen every kind of text: what it holds from then on is growth. */
const warmUp = 1_000;
/** What garbage that is not collected yet may come to, in bytes. */
const tolerance = 48 * 1024 * 1024;

const typed = '    free(text);\n    free(text);\n';

function program(number: number): string {
  const functions = Array.from(
    { length: 20 },
    (_, i) =>
      `static char *make_${number}_${i}(size_t size)\n{\n    char *text = malloc(size);\n    if (!text)\n        return NULL;\n` +
      `    memset(text, ${i}, size);\n    return text;\n}\n`,
  );
  return `#include <stdlib.h>\n#include <string.h>\n\n${functions.join('\n')}\nvoid last_${number}(char *text)\n{\n}\n`;
}

/** Resident memory of a process in bytes. */
function residentMemory(processId: number): number {
  const status = fs.readFileSync(`/proc/${processId}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)![1]) * 1024;
}

test('ten files, thousands of edits: no stale finding is left, and memory does not grow', async () => {
  await runSuccessfully('npm', ['run', 'build'], { cwd: root });
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'ritual-soak-'));
  const client = LanguageClient.spawn({ arguments: [serverPath, '--stdio'] });
  try {
    const documents = Array.from({ length: files }, (_, number) => {
      const file = path.join(folder, `file${number}.c`);
      const text = program(number);
      fs.writeFileSync(file, text);
      const line = text.split('\n').length - 3;
      return { uri: pathToFileURL(file).toString(), text, version: 1, line, character: 0, done: 0 };
    });
    await client.initialize({}, { rootUri: pathToFileURL(folder).toString() });
    for (const { uri, text } of documents) client.open(uri, text);
    for (const { uri } of documents) await client.diagnostics(uri, 1);

    const memory: number[] = [];
    let last: readonly Diagnostic[] = [];
    for (let edit = 0; edit < edits; edit++) {
      const document = documents[Math.floor(edit / 4) % files];
      const isTyping = document.done < typed.length;
      const key = typed[document.done];
      const at = (line: number, character: number) => ({ line, character });
      document.version++;
      const { line, character } = document;
      if (isTyping) {
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
      if (edit % 4 === 3) {
        last = await client.diagnostics(document.uri, document.version);
        client.notifications.length = 0;
      }
      if (edit === warmUp || edit === edits - 1) memory.push(residentMemory(client.processId!));
    }
    expect(last).toBeDefined();

    // What each file shows at the end is what a server shows that opens it as it is now.
    const fresh = LanguageClient.spawn({ arguments: [serverPath, '--stdio'] });
    try {
      await fresh.initialize({}, { rootUri: pathToFileURL(folder).toString() });
      for (const document of documents) {
        const { done } = document;
        const text = document.text.replace(/\{\n\}\n$/, `{\n${typed.slice(0, done)}}\n`);
        document.version++;
        client.change(document.uri, document.version, [{ text }]);
        fresh.open(document.uri, text);
        const shown = await client.diagnostics(document.uri, document.version);
        expect(shown).toEqual(await fresh.diagnostics(document.uri, 1));
        expect(shown.map(({ code }) => code)).toEqual(['double-free']);
      }
    } finally {
      fresh.kill();
    }
    const [before, after] = memory;
    const megabytes = (bytes: number) => Math.round(bytes / 1024 / 1024);
    console.log(`memory after ${warmUp} edits: ${megabytes(before)} MiB, after ${edits}: ${megabytes(after)} MiB`);
    expect(after - before).toBeLessThan(tolerance);
  } finally {
    client.kill();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}, 300_000);
