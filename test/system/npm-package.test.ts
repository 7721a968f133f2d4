import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { name, version } from '../../package.json';
import { ruleRegistry } from '../../server/src/rules/registry.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = path.join(import.meta.dirname, '../..');

describe('the packed tarball', () => {
  test('holds what is needed and nothing else, and runs through npx', () => {
    const folder = temporaryFolder({ 'project/a.c': 'int main(void) { return 0; }\n' });
    const packed = execFileSync('npm', ['pack', '--json', '--silent', '--pack-destination', folder], {
      cwd: root,
      encoding: 'utf8',
    });
    const [{ filename, files }]: [{ filename: string; files: { path: string }[] }] = JSON.parse(
      packed.slice(packed.indexOf('[\n')),
    );
    const pages = ruleRegistry.map(({ id }) => `server/src/rules/${id}/README.md`);
    expect(files.map((file) => file.path).sort()).toEqual(
      [
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'dist/THIRD-PARTY-LICENCES.txt',
        'dist/cli.js',
        'dist/commands.js',
        'dist/package.json',
        'dist/server.js',
        'dist/tree-sitter-c.wasm',
        'dist/web-tree-sitter.wasm',
        'grammars/LICENSE',
        'grammars/README.md',
        'package.json',
        'server/src/workspace/generated/configuration.schema.json',
        ...pages,
      ].sort(),
    );

    const npx = (...commandLine: string[]) =>
      spawnSync('npx', ['--yes', '--package', path.join(folder, filename), name, ...commandLine], {
        cwd: path.join(folder, 'project'),
        encoding: 'utf8',
        // A cache of its own: the test must not find an older package of the same version.
        env: { ...process.env, npm_config_cache: path.join(folder, 'cache') },
      });
    expect(npx('--version').stdout).toBe(`${version}\n`);
    expect(npx('check')).toMatchObject({ status: 0, stdout: 'No findings in 1 file.\n' });
    for (const { id } of ruleRegistry) expect(npx('explain', id)).toMatchObject({ status: 0 });
  });
});

test('a checkout can be installed as it is, which is what pre-commit does', () => {
  const folder = temporaryFolder({ 'project/a.c': 'int main(void) { return 0; }\n' });
  const checkout = path.join(folder, 'checkout');
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  for (const file of files.toString().split('\0').filter(Boolean)) {
    fs.mkdirSync(path.dirname(path.join(checkout, file)), { recursive: true });
    fs.copyFileSync(path.join(root, file), path.join(checkout, file));
  }
  const prefix = path.join(folder, 'prefix');
  const install = spawnSync('npm', ['install', '--global', '--install-links', '--prefix', prefix, '.'], {
    cwd: checkout,
    encoding: 'utf8',
    env: { ...process.env, npm_config_prefix: prefix },
  });
  expect(install.status, install.stderr).toBe(0);
  const { status, stdout } = spawnSync(path.join(prefix, 'bin/ritual'), ['check'], {
    cwd: path.join(folder, 'project'),
    encoding: 'utf8',
  });
  expect({ status, stdout }).toEqual({ status: 0, stdout: 'No findings in 1 file.\n' });
});
