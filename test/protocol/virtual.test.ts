import { afterEach, beforeEach, expect, test } from 'vitest';
import { LanguageClient } from './support/language-client.ts';

// A workspace whose files only the client can read.

const root = 'memory://store/project';
const doubleFree = 'void f(char *p)\n{\n    drop(p);\n    drop(p);\n}\n';
/** Needs no other file: a folder with a configuration is a workspace of its own. */
const alone = '#include <stdlib.h>\nvoid f(char *p) { free(p); free(p); }\n';
const at = (line: number, character: number) => ({ line, character });

let client: LanguageClient;
/** By URI. */
let files: Map<string, string | Uint8Array>;

beforeEach(() => {
  client = LanguageClient.spawn();
  files = new Map<string, string | Uint8Array>([
    [`${root}/a.c`, doubleFree],
    [`${root}/lib/drop%20it.c`, '#include <stdlib.h>\nvoid drop(char *p)\n{\n    free(p);\n}\n'],
    // "é" in Latin-1: no valid UTF-8.
    [`${root}/lib/latin.c`, Buffer.from('/* \xe9 */ void g(char *p) { drop(p); drop(p); }\n', 'latin1')],
    [`${root}/.gitignore`, 'generated/\n'],
    [`${root}/generated/x.c`, doubleFree],
    [`${root}/sub/.ritual.jsonc`, '{ "rules": { "double-free": "hint" } }'],
    [`${root}/sub/b.c`, alone],
  ]);
  client.handlers.set('ritual/readFile', ({ uri }: { uri: string }) => {
    const content = files.get(uri);
    return content === undefined ? null : Buffer.from(content as string).toString('base64');
  });
  client.handlers.set('ritual/readFolder', ({ uri }: { uri: string }) => {
    const entries = new Map<string, boolean>();
    for (const file of files.keys()) {
      if (!file.startsWith(`${uri}/`)) continue;
      const [name, ...rest] = file.slice(uri.length + 1).split('/');
      entries.set(decodeURIComponent(name), rest.length > 0);
    }
    return [...entries].map(([name, isFolder]) => ({ name, isFolder }));
  });
});

afterEach(() => client.kill());

const start = (options: object = { files: true }) =>
  client.initialize({}, { workspaceFolders: [{ uri: `${root}/`, name: 'project' }], initializationOptions: options });
const seen = (uri: string) => client.diagnostics(uri, undefined, (diagnostics) => diagnostics.length > 0);

test('other files inform, the nearest configuration wins, and it is read again when it changes', async () => {
  await start();
  client.open(`${root}/a.c`, doubleFree);
  expect((await seen(`${root}/a.c`))[0]).toMatchObject({ code: 'double-free', severity: 1 });
  client.open(`${root}/sub/b.c`, alone);
  await client.diagnostics(`${root}/sub/b.c`, undefined, (found) => found.length > 0 && found[0].severity === 4);
  files.set(`${root}/sub/.ritual.jsonc`, '{ "rules": { "double-free": "off" } }');
  client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: `${root}/sub/.ritual.jsonc`, type: 2 }] });
  await client.diagnostics(`${root}/sub/b.c`, undefined, (found) => found.length === 0);
});

test('the whole workspace is checked, without what Git ignores', async () => {
  await start();
  await client.request('workspace/executeCommand', { command: 'ritual.checkWorkspace' });
  const found = client.notifications
    .filter(({ method }) => method === 'textDocument/publishDiagnostics')
    .map(({ params }) => params as { uri: string; diagnostics: { severity: number }[] })
    .filter(({ diagnostics }) => diagnostics.length > 0)
    .map(({ uri, diagnostics }) => `${uri.slice(root.length)} ${diagnostics.map(({ severity }) => severity)}`);
  expect(found.sort()).toEqual(['/a.c 1', '/lib/latin.c 1', '/sub/b.c 4']);
});

test('a file that changes is read again', async () => {
  await start();
  client.open(`${root}/a.c`, doubleFree);
  await seen(`${root}/a.c`);
  files.set(`${root}/lib/drop%20it.c`, 'void drop(char *p)\n{\n    (void)p;\n}\n');
  client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: `${root}/lib/drop%20it.c`, type: 2 }] });
  await client.diagnostics(`${root}/a.c`, undefined, (diagnostics) => diagnostics.length === 0);
});

test('a client that serves no files is not asked, and its open documents are checked alone', async () => {
  await start({});
  client.open(`${root}/a.c`, alone);
  expect((await seen(`${root}/a.c`))[0].range.start).toEqual(at(1, 27));
  expect(client.requests.filter(({ method }) => method.startsWith('ritual/'))).toEqual([]);
});

test('a baseline that the configuration names accepts findings, and is read again when it changes', async () => {
  const uri = `${root}/sub/b.c`;
  files.set(`${root}/sub/.ritual.jsonc`, '{ "baseline": "../accepted%20.json" }'.replace('%20', ' '));
  const baseline = (accepted: object) => JSON.stringify({ formatVersion: 1, files: accepted });
  const line = alone.split('\n')[1];
  files.set(`${root}/accepted%20.json`, baseline({}));
  await start();
  client.open(uri, alone);
  await client.diagnostics(uri, undefined, (found) => found.length === 1);
  files.set(`${root}/accepted%20.json`, baseline({ 'sub/b.c': { f: { 'double-free': [line.trim()] } } }));
  client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: `${root}/sub/.ritual.jsonc`, type: 2 }] });
  await client.diagnostics(uri, undefined, (found) => found.length === 0);
});

test('a baseline that cannot be read is a mistake of the configuration', async () => {
  files.set(`${root}/.ritual.jsonc`, '{ "baseline": ".ritual-baseline.json" }');
  files.set(`${root}/.ritual-baseline.json`, '{ "formatVersion": 7 }');
  await start();
  client.open(`${root}/a.c`, doubleFree);
  const [problem] = await seen(`${root}/.ritual-baseline.json`);
  expect(problem.message).toContain('no baseline of format 1');
});
