// Loaded before a program by NODE_OPTIONS. Whatever could reach a network, or start a program that does, is written to
// the file in NETWORK_GUARD and fails.
'use strict';
const childProcess = require('node:child_process');
const dgram = require('node:dgram');
const dns = require('node:dns');
const fs = require('node:fs');
const net = require('node:net');

function forbid(object, name, label) {
  object[name] = () => {
    fs.appendFileSync(process.env.NETWORK_GUARD, `${label}\n`);
    throw new Error(`${label} is forbidden here`);
  };
}
forbid(net.Socket.prototype, 'connect', 'connect');
forbid(net.Server.prototype, 'listen', 'listen');
forbid(dgram, 'createSocket', 'datagram');
forbid(dns, 'lookup', 'lookup');
forbid(globalThis, 'fetch', 'fetch');
for (const name of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork']) {
  forbid(childProcess, name, name);
}
