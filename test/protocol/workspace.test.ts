import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startWithFakeProject } from './support/fake-host.ts';
import { LanguageClient } from './support/language-client.ts';

const at = (line: number, character: number) => ({ line, character });
const doubleFree = '#include <stdlib.h>\nvoid f(char *p)\n{\n    free(p);\n    free(p);\n}\n';
const clean = 'int f(void) { return 1; }\n';
const withProgress = { window: { workDoneProgress: true } };

interface Summary {
  readonly files: number;
  readonly findings: number;
  readonly unreadable: number;
  readonly isCancelled: boolean;
}

let folder: string;
let client: LanguageClient;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'ritual-workspace-'));
  client = LanguageClient.spawn();
});

afterEach(() => {
  client.kill();
  fs.rmSync(folder, { recursive: true, force: true });
});

function write(name: string, text: string): string {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
  return pathToFileURL(file).toString();
}

const start = (capabilities: object = {}, parameters: object = {}) =>
  client.initialize(capabilities, { rootUri: pathToFileURL(folder).toString(), ...parameters });
const check = () => client.request<Summary>('workspace/executeCommand', { command: 'ritual.checkWorkspace' });
const rules = (uri: string) =>
  client
    .published(uri)
    .at(-1)
    ?.diagnostics.map(({ code }) => code);

test('the files of a workspace are checked, each under its own configuration, with progress', async () => {
  const uris = ['a.c', 'sub/b.c', 'strict/c.c', 'left-out/d.c'].map((name) => write(name, doubleFree));
  write('clean.c', clean);
  write('.ritual.jsonc', '{ "exclude": ["left-out/"] }');
  write('strict/.ritual.jsonc', '{ "rules": { "double-free": "hint" } }');
  await start(withProgress);
  expect(await check()).toEqual({ files: 4, findings: 3, unreadable: 0, isCancelled: false });
  expect(uris.map(rules)).toEqual([['double-free'], ['double-free'], ['double-free'], undefined]);
  expect(client.published(uris[2]).at(-1)?.diagnostics[0].severity).toBe(4);
  type Progress = { token: string; value: { kind: string; title?: string; message?: string; cancellable?: boolean } };
  const reports = client.notifications
    .filter(({ method }) => method === '$/progress')
    .map(({ params }) => params as Progress);
  // Reading the index has a progress of its own.
  const { token } = reports.find(({ value }) => value.title?.includes('checking'))!;
  const progress = reports.filter((report) => report.token === token).map(({ value }) => value);
  expect(progress[0]).toMatchObject({ kind: 'begin', cancellable: true });
  expect(progress.at(-2)?.message).toMatch(/^\d of 5 files$/);
  expect(progress.at(-1)).toEqual({ kind: 'end' });
});

test('what was told of a closed file stays true: opened, closed, changed on disk, cleared', async () => {
  const a = write('a.c', doubleFree);
  const b = write('b.c', doubleFree);
  await start({ textDocument: { diagnostic: {} } });
  await check();
  expect(rules(a)).toEqual(['double-free']);

  // The client pulls for an open document: what was pushed must not stand beside it.
  client.open(a, doubleFree);
  await client.diagnostics(a, undefined, (diagnostics) => diagnostics.length === 0);
  client.close(a);
  await client.diagnostics(a, undefined, (diagnostics) => diagnostics.length === 1);

  write('a.c', clean);
  client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: a, type: 2 }] });
  await client.diagnostics(a, undefined, (diagnostics) => diagnostics.length === 0);
  await check();
  expect(rules(a)).toEqual([]);
  fs.rmSync(path.join(folder, 'b.c'));
  client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: b, type: 3 }] });
  await client.diagnostics(b, undefined, (diagnostics) => diagnostics.length === 0);

  write('a.c', doubleFree);
  await check();
  expect(rules(a)).toEqual(['double-free']);
  await client.request('workspace/executeCommand', { command: 'ritual.clearWorkspace' });
  expect(rules(a)).toEqual([]);
});

test('files that are closed at once are all told of again', async () => {
  const names = ['a.c', 'b.c', 'c.c', 'd.c'];
  const { client: fake, project } = startWithFakeProject(names);
  const uris = names.map((name) => `file:///w/${name}`);
  await fake.initialize(
    { textDocument: { diagnostic: {} }, workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } },
    { rootUri: 'file:///w' },
  );
  for (const name of names) project.indexFile(`/w/${name}`, 'BUG');
  await fake.request('workspace/executeCommand', { command: 'ritual.checkWorkspace' });
  for (const uri of uris) fake.open(uri, 'BUG');
  for (const uri of uris) await fake.diagnostics(uri, undefined, (diagnostics) => diagnostics.length === 0);
  // Each check takes longer than it takes to close the next one.
  project.beforeResult = () => sleep(50);
  for (const uri of uris) fake.close(uri);
  for (const uri of uris) await fake.diagnostics(uri, undefined, (diagnostics) => diagnostics.length === 1);
});

test('a check is cancelled from its progress', async () => {
  for (let i = 0; i < 300; i++) write(`f${i}.c`, doubleFree.repeat(3));
  await start(withProgress);
  const summary = check();
  const { params } = await client.until('progress', () =>
    client.requests.find(({ method }) => method === 'window/workDoneProgress/create'),
  );
  client.notify('window/workDoneProgress/cancel', params);
  const { files, isCancelled } = await summary;
  expect(isCancelled).toBe(true);
  expect(files).toBeLessThan(300);
});

test('an edit comes first: the check goes on behind it, and sees its text', async () => {
  const { client: fake, project } = startWithFakeProject(['a.c', 'b.c', 'c.c']);
  let edits = 0;
  project.beforeResult = async (file, _text, signal) => {
    if (file !== '/w/b.c' || edits > 0) return;
    edits++;
    fake.change('file:///w/a.c', 2, [{ range: { start: at(0, 0), end: at(0, 0) }, text: 'BUG ' }]);
    await new Promise((resolve) => signal?.addEventListener('abort', resolve));
  };
  await fake.initialize({}, { rootUri: 'file:///w' });
  fake.open('file:///w/a.c', 'BUG');
  await fake.diagnostics('file:///w/a.c', 1);
  const summary = await fake.request<Summary>('workspace/executeCommand', { command: 'ritual.checkWorkspace' });
  expect(summary).toMatchObject({ files: 3, isCancelled: false });
  expect(await fake.diagnostics('file:///w/a.c', 2)).toHaveLength(2);
});

test('while somebody types no other file is looked at', async () => {
  const names = Array.from({ length: 20 }, (_, i) => `${i}.c`);
  const { client: fake, project } = startWithFakeProject(['a.c', ...names]);
  const looked: string[] = [];
  let isTyping: Promise<void> | undefined;
  const type = async (): Promise<void> => {
    for (let version = 2; version < 22; version++) {
      fake.change('file:///w/a.c', version, [{ range: { start: at(0, 0), end: at(0, 0) }, text: 'x' }]);
      await fake.diagnostics('file:///w/a.c', version);
      // Slower than most hands.
      await sleep(100);
    }
  };
  project.beforeResult = async (file) => {
    if (file === '/w/a.c') return;
    looked.push(file);
    if (file === '/w/3.c') isTyping ??= type();
    await sleep(20);
  };
  await fake.initialize({}, { rootUri: 'file:///w' });
  fake.open('file:///w/a.c', 'BUG');
  await fake.diagnostics('file:///w/a.c', 1);
  const summary = fake.request<Summary>('workspace/executeCommand', { command: 'ritual.checkWorkspace' });
  await fake.until('the first key', () => (isTyping ? true : undefined));
  await isTyping;
  // What was being looked at when the first key came, and what that took along.
  expect(looked.length).toBeLessThanOrEqual(6);
  expect(await summary).toMatchObject({ files: 21, isCancelled: false });
});

test('a client that can pulls the workspace: full, then only what is new, waiting until there is some', async () => {
  const a = write('a.c', doubleFree);
  const b = write('b.c', clean);
  expect(await start()).toHaveProperty('capabilities.diagnosticProvider.workspaceDiagnostics', true);
  type Item = { uri: string; kind: string; resultId: string; items?: unknown[] };
  const pull = (previousResultIds: object[]) =>
    client.request<{ items: Item[] }>('workspace/diagnostic', { previousResultIds });
  const first = await pull([]);
  expect(first.items.map(({ uri, items }) => [uri, items?.length])).toEqual([
    [a, 1],
    [b, 0],
  ]);
  let isAnswered = false;
  const second = pull(first.items.map(({ uri, resultId }) => ({ uri, value: resultId })));
  void second.then(() => {
    isAnswered = true;
  });
  await sleep(300);
  expect(isAnswered).toBe(false);
  write('b.c', doubleFree.replace('void f', 'void g'));
  client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: b, type: 2 }] });
  expect((await second).items.map(({ uri, kind }) => [uri, kind])).toEqual([
    [a, 'unchanged'],
    [b, 'full'],
  ]);
});

test('a pull of the workspace comes in pieces where the client takes them, and can be cancelled', async () => {
  write('a.c', doubleFree);
  await start();
  const answer = await client.request('workspace/diagnostic', { previousResultIds: [], partialResultToken: 'p' });
  expect(answer).toEqual({ items: [] });
  const pieces = client.notifications.filter(({ method }) => method === '$/progress');
  expect(pieces.map(({ params }) => (params as { token: string }).token)).toEqual(['p']);
  const full = await client.request<{ items: { uri: string; resultId: string }[] }>('workspace/diagnostic', {
    previousResultIds: [{ uri: 'file:///gone.c', value: 'x' }, null, 7],
  });
  expect(full).toMatchObject({ items: [{ kind: 'full' }, { uri: 'file:///gone.c', items: [] }] });
  const [{ uri, resultId }] = full.items;
  const held = client.request('workspace/diagnostic', { previousResultIds: [{ uri, value: resultId }] });
  client.notify('$/cancelRequest', { id: held.id });
  await expect(held).rejects.toThrow();
});

test('with run: onSave a document is checked when it is opened and when it is saved', async () => {
  const { client: fake } = startWithFakeProject();
  const uri = 'file:///w/a.c';
  const result = await fake.initialize({}, { initializationOptions: { run: 'onSave' } });
  expect(result).toMatchObject({ capabilities: { textDocumentSync: { save: true } } });
  fake.open(uri, 'BUG');
  expect(await fake.diagnostics(uri, 1)).toHaveLength(1);
  fake.change(uri, 2, [{ text: 'BUG BUG' }]);
  await sleep(400);
  expect(fake.published(uri).map(({ version }) => version)).toEqual([1]);
  fake.notify('textDocument/didSave', { textDocument: { uri } });
  expect(await fake.diagnostics(uri, 2)).toHaveLength(2);
});

test('debug information tells of workspaces, their index and the documents, and no text', async () => {
  const uri = write('a.c', doubleFree);
  write('b.c', clean);
  write('.ritual.jsonc', '{ "rulse": {} }');
  await start();
  client.open(uri, doubleFree);
  await client.diagnostics(uri, 1);
  const ask = () => client.request<string[]>('workspace/executeCommand', { command: 'ritual.debugInformation' });
  await check();
  const lines = await ask();
  const text = lines.join('\n');
  expect(text).toContain(`workspace: ${folder}\n`);
  expect(text).toMatch(/configuration: .*\.ritual\.jsonc, with an error: .*unknown key "rulse"/);
  expect(text).toMatch(/index: \d+ files/);
  expect(text).toContain(`${path.join(folder, 'a.c')}, version 1: 1 findings, 1 functions, 0 not understood`);
  expect(text).not.toContain('free(');
});
