import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { builtRitual, bundle, environment } from '../support/built-tool.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const freesTwice = (name: string) => `#include <stdlib.h>\nvoid ${name}(char *p)\n{\n    free(p);\n    free(p);\n}\n`;
const repaired = (name: string) => `#include <stdlib.h>\nvoid ${name}(char *p)\n{\n    free(p);\n}\n`;
const concise = ['check', '--format', 'concise'];

describe('files that are no sources', () => {
  test('binary files are survived, and a repair leaves their bytes', () => {
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * i * 31 + (i >> 3)) & 0xff));
    const folder = temporaryFolder({ 'random.c': bytes, 'zeros.c': Buffer.alloc(100_000), 'a.c': freesTwice('f') });
    const { status, stderr } = builtRitual([...concise, '--fix'], folder);
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'ritual: fixed 1 finding\n' });
    expect(fs.readFileSync(path.join(folder, 'random.c')).equals(bytes)).toBe(true);
    expect(fs.readFileSync(path.join(folder, 'zeros.c'))).toHaveLength(100_000);
  });

  test('invalid UTF-8 keeps every byte beside the repair', () => {
    const latin = (text: string) => Buffer.from(`/* caf\xe9 \xff\xfe */\n${text}`, 'latin1');
    const folder = temporaryFolder({ 'a.c': latin(freesTwice('f')) });
    builtRitual([...concise, '--fix'], folder);
    expect(fs.readFileSync(path.join(folder, 'a.c')).equals(latin(repaired('f')))).toBe(true);
  });

  test('a folder with the name of a source is a folder', () => {
    const folder = temporaryFolder({ 'lib.c/inner.c': freesTwice('f') });
    expect(builtRitual([...concise, 'lib.c'], folder).stdout).toMatch(/^lib\.c\/inner\.c:5:5: /);
  });

  test('a name that is no valid text is named, not skipped', () => {
    const folder = temporaryFolder({ 'a.c': '' });
    fs.writeFileSync(Buffer.concat([Buffer.from(`${folder}/bad`), Buffer.from([0xff]), Buffer.from('.c')]), '');
    expect(builtRitual(concise, folder)).toMatchObject({
      status: 2,
      stderr: 'ritual: bad\ufffd.c: no such file or folder\n',
    });
  });

  test.runIf(fs.existsSync('/proc/self/mem'))('what can be opened and not be read is named', () => {
    const folder = temporaryFolder({ 'b.c': freesTwice('f') });
    fs.symlinkSync('/proc/self/mem', path.join(folder, 'a.c'));
    const { status, stdout, stderr } = builtRitual(concise, folder);
    expect({ status, stderr }).toEqual({ status: 2, stderr: 'ritual: a.c: EIO\n' });
    expect(stdout).toMatch(/^b\.c:5:5: /);
  });

  test('a folder that cannot be entered is named', () => {
    // To root everything is open: then as somebody else, who must be able to read the tool. Node becomes that user when it
    // runs, since it may stand in a folder of root's.
    const isRoot = process.getuid?.() === 0;
    const drop = 'process.setgroups([]); process.setgid(65534); process.setuid(65534);';
    const folder = temporaryFolder({ 'closed/a.c': '', 'b.c': '', 'tool/cli.js': '', 'drop.cjs': isRoot ? drop : '' });
    for (const file of fs.readdirSync(path.dirname(bundle))) {
      if (/\.(?:js|wasm|json)$/.test(file)) {
        fs.copyFileSync(path.join(path.dirname(bundle), file), path.join(folder, 'tool', file));
      }
    }
    for (const open of [folder, path.join(folder, 'tool')]) fs.chmodSync(open, 0o755);
    fs.chmodSync(path.join(folder, 'closed'), 0o000);
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        '--require',
        path.join(folder, 'drop.cjs'),
        path.join(folder, 'tool/cli.js'),
        ...concise,
        'b.c',
        'closed',
        'closed/a.c',
      ],
      { cwd: folder, encoding: 'utf8', env: environment },
    );
    fs.chmodSync(path.join(folder, 'closed'), 0o755);
    expect({ status, stdout, stderr }).toEqual({
      status: 2,
      stdout: '',
      stderr: 'ritual: closed: permission denied\nritual: closed/a.c: permission denied\n',
    });
  });
});

describe('odd names', () => {
  const odd = 'a b\n\t"c" \x1b[31m%0A,:.c';

  test('cannot forge lines or obey the terminal', () => {
    const folder = temporaryFolder({ [odd]: freesTwice('f') });
    const lines = (format: string) => builtRitual(['check', '--format', format, odd], folder).stdout;
    expect(lines('concise')).toMatch(/^a b\\x0a\\x09"c" \\x1b\[31m%0A,:\.c:5:5: error: .*\n$/);
    expect(lines('full')).not.toContain('\x1b');
    expect(lines('github').split('\n')).toHaveLength(2);
    expect(JSON.parse(lines('json')).findings[0].file).toBe(odd);
    expect(JSON.parse(lines('gitlab'))[0].location.path).toBe(odd);
    const [{ results }] = JSON.parse(lines('sarif')).runs;
    const { uri } = results[0].locations[0].physicalLocation.artifactLocation;
    expect(decodeURIComponent(uri)).toBe(odd);
    expect(uri).toMatch(/^[\x21-\x7e]+$/);
    expect(builtRitual(['check', `${odd}x`], folder).stderr.split('\n')).toHaveLength(2);
  });

  test('a name that begins with a dash comes behind two dashes', () => {
    const folder = temporaryFolder({ '--fix': freesTwice('f') });
    expect(builtRitual([...concise, '--', '--fix'], folder).stdout).toMatch(/^--fix:5:5: /);
    expect(fs.readFileSync(path.join(folder, '--fix'), 'utf8')).toBe(freesTwice('f'));
  });
});

describe('--fix writes', () => {
  test('through a link into the file that it names, which keeps its mode', () => {
    const folder = temporaryFolder({ 'real/a.c': freesTwice('f') });
    fs.chmodSync(path.join(folder, 'real/a.c'), 0o750);
    fs.mkdirSync(path.join(folder, 'links'));
    fs.symlinkSync('../real/a.c', path.join(folder, 'links/b.c'));
    expect(builtRitual([...concise, '--fix', 'links/b.c'], folder).status).toBe(0);
    expect(fs.readlinkSync(path.join(folder, 'links/b.c'))).toBe('../real/a.c');
    expect(fs.readFileSync(path.join(folder, 'real/a.c'), 'utf8')).toBe(repaired('f'));
    expect(fs.statSync(path.join(folder, 'real/a.c')).mode & 0o7777).toBe(0o750);
    expect(fs.readdirSync(path.join(folder, 'real'))).toEqual(['a.c']);
  });

  test('no file that is read-only, says so, and goes on', () => {
    const folder = temporaryFolder({ 'a.c': freesTwice('f'), 'b.c': freesTwice('g') });
    fs.chmodSync(path.join(folder, 'a.c'), 0o444);
    const { status, stdout, stderr } = builtRitual([...concise, '--fix'], folder);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'ritual: fixed 1 finding\nritual: a.c: is read-only\n',
    });
    expect(stdout).toMatch(/^a\.c:5:5: .*\n$/);
    expect(fs.readFileSync(path.join(folder, 'a.c'), 'utf8')).toBe(freesTwice('f'));
    expect(fs.readFileSync(path.join(folder, 'b.c'), 'utf8')).toBe(repaired('g'));
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('whole files, also when %s ends it', async (signal) => {
    const names = Array.from({ length: 600 }, (_, i) => `f${i}`);
    const folder = temporaryFolder(Object.fromEntries(names.map((name) => [`${name}.c`, freesTwice(name)])));
    const child = spawn(process.execPath, [bundle, ...concise, '--fix'], { cwd: folder, env: environment });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
    const isRepaired = (name: string) => fs.readFileSync(path.join(folder, `${name}.c`), 'utf8') === repaired(name);
    while (!isRepaired(names[0])) await new Promise((resolve) => setTimeout(resolve, 1));
    child.kill(signal);
    const [status] = await once(child, 'close');
    const count = names.filter(isRepaired).length;
    expect(count).toBeLessThan(names.length);
    expect({ status, errors }).toEqual({
      status: 130,
      errors: `ritual: interrupted; fixed ${count} finding${count === 1 ? '' : 's'}, every file is whole\n`,
    });
    for (const name of names.filter((each) => !isRepaired(each))) {
      expect(fs.readFileSync(path.join(folder, `${name}.c`), 'utf8')).toBe(freesTwice(name));
    }
    expect(fs.readdirSync(folder).filter((file) => !file.endsWith('.c'))).toEqual([]);
  });
});

describe('a reader that has seen enough', () => {
  test.each([
    ['full', 250],
    ['sarif', 60],
  ])('of %s is no error', (format, count) => {
    const text = Array.from({ length: count }, (_, i) => freesTwice(`function_${i}`)).join('');
    const folder = temporaryFolder({ 'a.c': text });
    const command = `"${process.execPath}" "${bundle}" check --format ${format} | head -n 1`;
    const { status, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', command], {
      cwd: folder,
      encoding: 'utf8',
      env: environment,
    });
    expect(stderr).toBe('');
    // 0 when head left early; 1, the findings, when everything had been written before it did.
    expect([0, 1]).toContain(status);
  });
});
