import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CodeAction, LanguageClient, type ResponseError } from './support/language-client.ts';

const at = (line: number, character: number) => ({ line, character });
const doubleFree = '#include <stdlib.h>\nvoid f(char *p)\n{\n    free(p);\n    free(p);\n}\n';
const capabilities = {
  textDocument: {
    publishDiagnostics: { relatedInformation: true },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } },
  },
  workspace: { workspaceEdit: { documentChanges: true }, didChangeWatchedFiles: { dynamicRegistration: true } },
};

let folder: string;
let client: LanguageClient;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'ritual-protocol-'));
  fs.mkdirSync(path.join(folder, '.git'));
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

const rules = (diagnostics: readonly { code: string }[]) => diagnostics.map(({ code }) => code);
const hasDoubleFree = (diagnostics: readonly { code: string }[]) => rules(diagnostics).includes('double-free');

test('says what it can, and exits with 0 after shutdown', async () => {
  const result = await client.initialize();
  expect(result).toMatchObject({
    serverInfo: { name: 'ritual' },
    capabilities: {
      positionEncoding: 'utf-16',
      textDocumentSync: { openClose: true, change: 2 },
      hoverProvider: true,
      diagnosticProvider: { interFileDependencies: true, workspaceDiagnostics: true },
    },
  });
  expect(await client.shutdown()).toBe(0);
});

test('exits with 1 without shutdown, and when its input ends', async () => {
  await client.initialize();
  client.notify('exit', undefined);
  expect(await client.exit).toBe(1);
  const other = LanguageClient.spawn();
  await other.initialize();
  other.endInput();
  expect(await other.exit).toBe(1);
});

test('`ritual lsp` is the same server', async () => {
  client.kill();
  client = LanguageClient.spawn({ arguments: [path.join(import.meta.dirname, '../../dist/cli.js'), 'lsp'] });
  await client.initialize();
  const uri = write('a.c', doubleFree);
  client.open(uri, doubleFree);
  expect(hasDoubleFree(await client.diagnostics(uri, 1))).toBe(true);
  expect(await client.shutdown()).toBe(0);
});

test('opens no socket', async () => {
  await client.initialize();
  const uri = write('a.c', doubleFree);
  client.open(uri, doubleFree);
  await client.diagnostics(uri, 1);
  const descriptors = `/proc/${client.processId}/fd`;
  // Only Linux shows what a process has open. The standard streams may be sockets of Node's own making.
  const others = fs.existsSync(descriptors) ? fs.readdirSync(descriptors).filter((name) => Number(name) > 2) : [];
  const sockets = others
    .map((name) => fs.readlinkSync(path.join(descriptors, name)))
    .filter((link) => link.startsWith('socket:'));
  expect(sockets).toEqual([]);
});

test('finds a double free, fixes it, and is then silent', async () => {
  await client.initialize(capabilities);
  const uri = write('a.c', doubleFree);
  client.open(uri, doubleFree);
  const diagnostics = await client.diagnostics(uri, 1);
  expect(rules(diagnostics)).toEqual(['double-free']);
  expect(diagnostics[0].range.start.line).toBe(4);
  expect(diagnostics[0].relatedInformation?.[0].message).toMatch(/^1\. /);
  const actions = await client.request<CodeAction[]>('textDocument/codeAction', {
    textDocument: { uri },
    range: diagnostics[0].range,
    context: { diagnostics },
  });
  const preferred = actions.find((action) => action.isPreferred);
  const edits = preferred?.edit?.documentChanges?.[0].edits ?? [];
  expect(edits).toHaveLength(1);
  client.change(
    uri,
    2,
    edits.map(({ range, newText }) => ({ range, text: newText })),
  );
  expect(await client.diagnostics(uri, 2)).toEqual([]);
});

test('edits apply in order, also across CRLF and characters beyond the basic plane', async () => {
  await client.initialize();
  const text = doubleFree.replaceAll('\n', '\r\n').replace('{', '{ /* 𝒳𝒴 */ char *q = "𝒵"; (void)q;');
  const uri = write('a.c', text);
  client.open(uri, text);
  const [found] = await client.diagnostics(uri, 1, hasDoubleFree);
  expect(found.range.start.line).toBe(4);
  const line = text.split('\r\n')[2];
  client.change(uri, 2, [
    // Two changes of one notification: the second one's positions are those after the first.
    { range: { start: at(2, line.indexOf('char')), end: at(2, line.length) }, text: '' },
    { range: { start: at(4, 0), end: at(5, 0) }, text: '' },
  ]);
  expect(await client.diagnostics(uri, 2)).toEqual([]);
  client.change(uri, 3, [{ range: { start: at(3, 12), end: at(3, 12) }, text: '\r\n    /* 𝒳 */ free(p);' }]);
  const [again] = await client.diagnostics(uri, 3, hasDoubleFree);
  expect(again.range.start).toEqual(at(4, again.range.start.character));
  expect(again.range.start.character).toBeGreaterThanOrEqual('    /* 𝒳 */ '.length);
});

test('a whole new text is a change as well', async () => {
  await client.initialize();
  const uri = write('a.c', '');
  client.open(uri, '');
  client.change(uri, 2, [{ text: doubleFree }]);
  expect(hasDoubleFree(await client.diagnostics(uri, 2))).toBe(true);
});

test('what is open and unsaved overrides the disk, for other files too', async () => {
  await client.initialize();
  const onDisk = 'void release(char *p);\nvoid release(char *p)\n{\n    (void)p;\n}\n';
  const library = write('lib.c', onDisk);
  const text = '#include <stdlib.h>\nvoid release(char *p);\nvoid f(char *p)\n{\n    release(p);\n    free(p);\n}\n';
  const uri = write('a.c', text);
  client.open(uri, text);
  expect(await client.diagnostics(uri, 1)).toEqual([]);
  client.open(library, onDisk.replace('(void)p', 'free(p)').replace(/^/, '#include <stdlib.h>\n'));
  await client.diagnostics(uri, 1, hasDoubleFree);
  client.close(library);
  await client.diagnostics(uri, 1, (diagnostics) => diagnostics.length === 0);
});

test('a header is C unless its folder is C++, whatever the editor calls it', async () => {
  await client.initialize();
  const text = doubleFree.replace('void f', 'static inline void f');
  const header = write('c/a.h', text);
  write('c/a.c', '');
  client.open(header, text, { languageId: 'cpp' });
  expect(hasDoubleFree(await client.diagnostics(header, 1))).toBe(true);
  const other = write('cpp/a.h', text);
  write('cpp/a.cpp', '');
  client.open(other, text, { languageId: 'cpp' });
  const pulled = await client.request('textDocument/diagnostic', { textDocument: { uri: other } });
  expect(pulled).toEqual({ kind: 'full', items: [] });
});

test('two roots keep their configurations apart', async () => {
  const one = write('one/a.c', doubleFree);
  const two = write('two/a.c', doubleFree);
  write('two/.ritual.jsonc', '{ "rules": { "double-free": "off" } }');
  const folders = ['one', 'two'].map((name) => ({
    uri: pathToFileURL(path.join(folder, name)).toString(),
    name,
  }));
  await client.initialize(capabilities, { workspaceFolders: folders });
  client.open(one, doubleFree);
  client.open(two, doubleFree);
  expect(hasDoubleFree(await client.diagnostics(one, 1))).toBe(true);
  expect(await client.diagnostics(two, 1)).toEqual([]);
});

test('a configuration is read again when it changes; a wrong one is shown and the last good one stays', async () => {
  const uri = write('a.c', doubleFree);
  const configuration = write('.ritual.jsonc', '{ "rules": { "double-free": "warning" } }');
  await client.initialize(capabilities);
  await client.until('registration', () =>
    client.requests.find(({ method }) => method === 'client/registerCapability'),
  );
  client.open(uri, doubleFree);
  expect((await client.diagnostics(uri, 1))[0].severity).toBe(2);
  const changed = () =>
    client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: configuration, type: 2 }] });

  write('.ritual.jsonc', '{ "rules": { "dubble-free": "off" } }');
  changed();
  const [problem] = await client.diagnostics(configuration, undefined, (diagnostics) => diagnostics.length > 0);
  expect(problem.message).toContain('double-free');
  expect(problem.range.start.line).toBe(0);
  expect((await client.diagnostics(uri, 1))[0].severity).toBe(2);

  write('.ritual.jsonc', '{ "rules": { "double-free": "information" } }');
  changed();
  await client.diagnostics(configuration, undefined, (diagnostics) => diagnostics.length === 0);
  await client.diagnostics(uri, 1, (diagnostics) => diagnostics[0]?.severity === 3);

  fs.rmSync(path.join(folder, '.ritual.jsonc'));
  client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: configuration, type: 3 }] });
  await client.diagnostics(uri, 1, (diagnostics) => diagnostics[0]?.severity === 1);
});

test('mistakes in an open configuration are shown while it is edited; the saved one is in force', async () => {
  const uri = write('a.c', doubleFree);
  const configuration = write('.ritual.jsonc', '{}');
  await client.initialize(capabilities);
  client.open(uri, doubleFree);
  client.open(configuration, '{ "rulse": {} }', { languageId: 'jsonc' });
  const [problem] = await client.diagnostics(configuration, 1);
  expect(problem).toMatchObject({ range: { start: at(0, 2), end: at(0, 9) }, source: 'ritual' });
  expect(problem.message).toContain('unknown key "rulse"');
  client.change(configuration, 2, [{ text: '{ "rules": {} }' }]);
  expect(await client.diagnostics(configuration, 2)).toEqual([]);
  expect((await client.diagnostics(uri, 1))[0].severity).toBe(1);
});

test('a rule is switched off in a configuration that is there, as it stands in the editor', async () => {
  const uri = write('a.c', doubleFree);
  const configuration = write('.ritual.jsonc', '{}');
  await client.initialize(capabilities);
  client.open(uri, doubleFree);
  const [{ range }] = await client.diagnostics(uri, 1);
  const action = async () => {
    const context = { diagnostics: [] };
    const actions = await client.request<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range,
      context,
    });
    return actions.find(({ title }) => title === 'Switch double-free off in this project (.ritual.jsonc)');
  };
  const change = (version: number | null, position: object, newText: string) => [
    { textDocument: { uri: configuration, version }, edits: [{ range: { start: position, end: position }, newText }] },
  ];
  const rules = '"rules": {\n    "double-free": "off"\n  }';
  expect((await action())?.edit?.documentChanges).toEqual(change(null, at(0, 1), `\n  ${rules}\n`));
  client.open(configuration, '{\n  "noreturn": []\n}\n', { languageId: 'jsonc', version: 7 });
  expect((await action())?.edit?.documentChanges).toEqual(change(7, at(1, 16), `,\n  ${rules}`));
});

test('an untitled document is checked as well', async () => {
  await client.initialize();
  client.open('untitled:Untitled-1', doubleFree);
  expect(hasDoubleFree(await client.diagnostics('untitled:Untitled-1', 1))).toBe(true);
});

test('survives what no well-behaved client sends', async () => {
  await client.initialize(capabilities);
  const uri = write('a.c', doubleFree);
  client.open(uri, doubleFree);
  const error = (promise: Promise<unknown>) =>
    promise.then(
      () => undefined,
      (reason: ResponseError) => reason.code,
    );
  for (const method of ['codeAction', 'hover', 'diagnostic'].map((name) => `textDocument/${name}`)) {
    expect(await error(client.request(method, null))).toBeDefined();
    expect(await error(client.request(method, {}))).toBe(-32602);
    expect(await error(client.request(method, { textDocument: { uri: 7 } }))).toBe(-32602);
    expect(await error(client.request(method, [1, 2, 3]))).toBeDefined();
  }
  expect(await error(client.request('textDocument/hover', { textDocument: { uri }, position: 'here' }))).toBe(-32602);
  expect(await error(client.request('no/such/method', {}))).toBe(-32601);
  expect(await error(client.request('workspace/executeCommand', { command: 'rm' }))).toBe(-32803);
  client.sendRaw('Content-Length: 7\r\n\r\n{{{{{{{');
  client.sendRaw('Content-Length: 4\r\n\r\nnull');
  for (const method of ['didOpen', 'didChange', 'didClose'].map((name) => `textDocument/${name}`)) {
    client.notify(method, null);
    client.notify(method, {});
    client.notify(method, { textDocument: { uri: 'file:///not/open.c', version: 2 }, contentChanges: [{ text: '' }] });
    client.notify(method, { textDocument: { uri: '%%%:::' } });
  }
  client.notify('workspace/didChangeWatchedFiles', {
    changes: [null, {}, { uri: 5 }, { uri: 'file:///x.c', type: 9 }],
  });
  client.notify('$/cancelRequest', { id: 'unknown' });
  client.open('not a uri', doubleFree);
  client.open('file:///%2e%2e/%zz.c', doubleFree);
  client.change(uri, 2, [
    { range: { start: at(-5, 99), end: at(99999, -1) }, text: doubleFree },
    { range: { start: at(3, 9999), end: at(1, 0) }, text: '' },
    { range: 'all', text: 'nothing' },
    { text: doubleFree },
  ]);
  expect(hasDoubleFree(await client.diagnostics(uri, 2))).toBe(true);
  client.close(uri);
  client.close(uri);
  expect(await client.request('textDocument/hover', { textDocument: { uri }, position: at(4, 6) })).toBeNull();
});

test('survives any text', async () => {
  await client.initialize();
  const texts = [
    '\0\ufeff\u2028\ud800 free(p); free(p);',
    '('.repeat(20_000),
    `void f(void) {${'{'.repeat(5_000)}`,
    `int a[] = {${'1,'.repeat(300_000)}};`,
    `#define A ${'\\\n'.repeat(20_000)}`,
    '/*'.repeat(1_000),
    `char *s = "${'\\'.repeat(9_999)}`,
  ];
  for (const [index, text] of texts.entries()) {
    const uri = write(`${index}.c`, '');
    client.open(uri, text);
    await client.diagnostics(uri, 1);
    client.change(uri, 2, [{ range: { start: at(0, 1), end: at(0, 1) }, text: '}' }]);
    await client.diagnostics(uri, 2);
    client.close(uri);
  }
  const uri = write('good.c', doubleFree);
  client.open(uri, doubleFree);
  expect(hasDoubleFree(await client.diagnostics(uri, 1))).toBe(true);
}, 60_000);
