import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { bundle, environment, root } from '../support/built-tool.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/**
 * Loaded before the program: whatever could reach the network, or start a program that could, ends the process with a
 * status of its own. Pipes to a parent are sockets too, and are not opened but inherited.
 */
const guard = `
const forbid = (owner, ...names) => {
  for (const name of names) owner[name] = function () {
    require('node:fs').writeSync(2, 'forbidden: ' + name + '\\n' + new Error().stack + '\\n');
    process.exit(99);
  };
};
forbid(require('node:net').Socket.prototype, 'connect');
forbid(require('node:net').Server.prototype, 'listen');
forbid(require('node:dgram'), 'createSocket');
forbid(require('node:dgram').Socket.prototype, 'bind', 'send', 'connect');
forbid(require('node:dns'), 'lookup', 'resolve', 'resolve4', 'resolve6');
forbid(require('node:dns').promises, 'lookup', 'resolve', 'resolve4', 'resolve6');
for (const name of ['http', 'https']) forbid(require('node:' + name), 'request', 'get', 'createServer');
forbid(require('node:http2'), 'connect', 'createServer');
forbid(require('node:tls'), 'connect', 'createServer');
forbid(require('node:child_process'), 'spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork');
forbid(globalThis, 'fetch', 'WebSocket', 'EventSource');
`;

/** Runs a program of Node with the guard. */
function guarded(folder: string, ...commandLine: string[]) {
  fs.writeFileSync(path.join(folder, 'guard.cjs'), guard);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--require', path.join(folder, 'guard.cjs'), ...commandLine],
    { cwd: folder, encoding: 'utf8', env: environment },
  );
  return { status, stdout, stderr };
}

const source = '#include <stdlib.h>\nvoid f(char *p)\n{\n    free(p);\n    free(p); // NOLINT(x)\n}\n';

describe('nothing reaches the network', () => {
  test.each([
    "require('node:net').connect(9)",
    "require('node:net').createServer().listen(0)",
    "require('node:http').get('http://localhost:9')",
    "require('node:dgram').createSocket('udp4')",
    "require('node:dns').lookup('localhost', () => {})",
    "fetch('http://localhost:9')",
    "require('node:child_process').spawn('true')",
  ])('the guard is at work: %s', (code) => {
    expect(guarded(temporaryFolder(), '-e', code).status).toBe(99);
  });

  test.each([
    ['check', '--fix', '--format', 'sarif', '--statistics'],
    ['check', '--write-baseline', '--baseline', 'b.json'],
    ['explain', 'double-free'],
    ['rules'],
    ['config', 'a.c'],
    ['init'],
  ])('ritual %s %s %s', (...commandLine) => {
    const words = commandLine.filter((word) => word !== undefined);
    const { status, stderr } = guarded(temporaryFolder({ 'a.c': source }), bundle, ...words);
    expect({ status, stderr: stderr.includes('forbidden') ? stderr : '' }).toEqual({
      status: expect.toSatisfy((code) => code === 0 || code === 1),
      stderr: '',
    });
  });

  test.each(['dist/cli.js', 'dist/server.js'])('the language server of %s', async (program) => {
    const folder = temporaryFolder({ 'a.c': source, 'guard.cjs': guard });
    const commandLine = ['--require', path.join(folder, 'guard.cjs'), path.join(root, program)];
    const child = spawn(process.execPath, program.endsWith('cli.js') ? [...commandLine, 'lsp'] : commandLine, {
      cwd: folder,
      env: environment,
    });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
    const send = (message: object) => {
      const body = JSON.stringify({ jsonrpc: '2.0', ...message });
      child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    };
    const answer = async (text: string) => {
      while (!output.includes(text)) await once(child.stdout, 'data');
    };
    const uri = pathToFileURL(path.join(folder, 'a.c')).href;
    const workspaceFolders = [{ uri: pathToFileURL(folder).href, name: 'a' }];
    send({
      id: 1,
      method: 'initialize',
      params: { processId: null, capabilities: {}, workspaceFolders, rootUri: null },
    });
    await answer('"id":1');
    send({ method: 'initialized', params: {} });
    const textDocument = { uri, languageId: 'c', version: 1, text: source };
    send({ method: 'textDocument/didOpen', params: { textDocument } });
    await answer('publishDiagnostics');
    const position = { line: 4, character: 6 };
    send({ id: 2, method: 'textDocument/hover', params: { textDocument: { uri }, position } });
    const range = { start: position, end: position };
    const context = { diagnostics: [] };
    send({ id: 3, method: 'textDocument/codeAction', params: { textDocument: { uri }, range, context } });
    await answer('"id":3');
    expect(output).toContain('"code":"double-free"');
    send({ id: 4, method: 'shutdown' });
    await answer('"id":4');
    send({ method: 'exit' });
    const [status] = await once(child, 'close');
    expect({ status, errors }).toEqual({ status: 0, errors: '' });
  });
});
