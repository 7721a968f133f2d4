import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { bundle, environment } from '../support/built-tool.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Tells at the end how much of the processor's time the program took, in milliseconds. */
const meter = "process.on('exit', () => require('node:fs').writeSync(2, String(process.cpuUsage().user / 1000)));";

/** The least of several runs: the machine may be busy with others, but never makes a program faster than it is. */
function userTime(...commandLine: string[]): number {
  const folder = temporaryFolder({ 'meter.cjs': meter });
  const times = Array.from({ length: 5 }, () => {
    const { stderr } = spawnSync(process.execPath, ['--require', path.join(folder, 'meter.cjs'), ...commandLine], {
      encoding: 'utf8',
      env: environment,
    });
    return Number(/[\d.]+$/.exec(stderr)![0]);
  });
  return Math.min(...times);
}

test.each(['--version', '--help', 'check --help'])('ritual %s is there at once', (words) => {
  const node = userTime('-e', '0');
  const ritual = userTime(bundle, ...words.split(' '));
  // What Node takes for itself differs between machines; what we add to it must be less than that.
  expect(ritual).toBeLessThan(Math.max(100, 2 * node));
});
