import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LanguageClient } from './support/language-client.ts';

// No telemetry, no network: everything that could reach one is watched while the server does all that it can.

const guard = path.join(import.meta.dirname, 'support/network-guard.cjs');
const doubleFree = '#include <stdlib.h>\nvoid f(char *p)\n{\n    free(p);\n    free(p);\n}\n';
const at = (line: number, character: number) => ({ line, character });

let folder: string;
let log: string;
let environment: NodeJS.ProcessEnv;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'ritual-network-'));
  log = path.join(folder, 'network.log');
  environment = { NODE_OPTIONS: `--require ${guard}`, NETWORK_GUARD: log };
});

afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const attempts = () => (fs.existsSync(log) ? fs.readFileSync(log, 'utf8').trim().split('\n') : []);

test.each([
  ['connect', "require('node:http').get('http://127.0.0.1:9/')"],
  ['connect', "require('node:net').connect(9, '127.0.0.1')"],
  ['listen', "require('node:net').createServer().listen(0)"],
  ['fetch', "fetch('http://127.0.0.1:9/')"],
  ['datagram', "require('node:dgram').createSocket('udp4')"],
  ['lookup', "require('node:dns').lookup('localhost', () => {})"],
  ['execFile', "require('node:child_process').execFile('true')"],
])('the guard notices: %s', (label, script) => {
  spawnSync(process.execPath, ['-e', script], { env: { ...process.env, ...environment } });
  expect(attempts()).toContain(label);
});

test('the server reaches no network and starts no program', async () => {
  const client = LanguageClient.spawn({ environment });
  try {
    const file = path.join(folder, 'a.c');
    const uri = pathToFileURL(file).toString();
    fs.writeFileSync(file, doubleFree);
    fs.writeFileSync(path.join(folder, '.ritual.jsonc'), '{ "rules": { "double-free": "warning" } }');
    await client.initialize(
      { window: { workDoneProgress: true }, textDocument: { hover: { contentFormat: ['markdown'] } } },
      { rootUri: pathToFileURL(folder).toString(), initializationOptions: { codeLens: true } },
    );
    client.open(uri, doubleFree);
    expect(await client.diagnostics(uri, 1)).toHaveLength(1);
    const textDocument = { uri };
    const position = at(4, 9);
    await client.request('textDocument/hover', { textDocument, position });
    await client.request('textDocument/documentHighlight', { textDocument, position });
    await client.request('textDocument/codeLens', { textDocument });
    await client.request('textDocument/codeAction', {
      textDocument,
      range: { start: position, end: position },
      context: { diagnostics: [], only: ['quickfix', 'source'] },
    });
    for (const command of ['ritual.checkWorkspace', 'ritual.showRulePage', 'ritual.clearWorkspace']) {
      await client.request('workspace/executeCommand', { command, arguments: ['double-free'] });
    }
    expect(await client.shutdown()).toBe(0);
    expect(attempts()).toEqual([]);
  } finally {
    client.kill();
  }
});

test('the command line reaches no network and starts no program', () => {
  fs.writeFileSync(path.join(folder, 'a.c'), doubleFree);
  const program = path.join(import.meta.dirname, '../../dist/cli.js');
  for (const parameters of [['check'], ['check', '--fix'], ['explain', 'double-free'], ['health', '.']]) {
    const { status } = spawnSync(process.execPath, [program, ...parameters], {
      cwd: folder,
      env: { ...process.env, ...environment },
    });
    expect(status).toBeLessThan(2);
  }
  expect(attempts()).toEqual([]);
});
