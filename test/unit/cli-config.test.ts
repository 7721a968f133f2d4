import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ruleRegistry } from '../../server/src/rules/registry.ts';
import { defaultConfiguration } from '../../server/src/workspace/configuration.ts';
import { parseConfiguration } from '../../server/src/workspace/configuration-text.ts';
import schema from '../../server/src/workspace/generated/configuration.schema.json' with { type: 'json' };
import { initialConfiguration } from '../../server/src/workspace/initial-configuration.ts';
import { again, ritual } from '../support/command-line.ts';

describe('ritual init', () => {
  test('writes a configuration that changes nothing, once', async () => {
    expect(await ritual(['init'])).toEqual({ exitCode: 0, stdout: '', stderr: 'ritual: wrote .ritual.jsonc\n' });
    const text = fs.readFileSync('.ritual.jsonc', 'utf8');
    expect(parseConfiguration(text)).toEqual({ configuration: defaultConfiguration, problems: [] });
    fs.writeFileSync('.ritual.jsonc', '{}');
    expect(await again(['init'])).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'ritual: .ritual.jsonc: is there already\n',
    });
    expect(fs.readFileSync('.ritual.jsonc', 'utf8')).toBe('{}');
  });

  test('takes a folder, which must be there', async () => {
    expect((await ritual(['init', 'a'], { 'a/x.c': '' })).exitCode).toBe(0);
    expect(fs.existsSync('a/.ritual.jsonc')).toBe(true);
    expect((await again(['init', 'b'])).stderr).toBe('ritual: b is not a folder\n');
  });

  test('shows every key and every rule, and each of its values is right once its comment marks are gone', () => {
    const { configuration, problems } = parseConfiguration(initialConfiguration().replace(/^( +)\/\/(?! )/gm, '$1'));
    expect(problems).toEqual([]);
    expect(Object.keys(configuration.rules)).toEqual(ruleRegistry.map(({ id }) => id));
    for (const { id, defaultSeverity } of ruleRegistry) {
      expect(configuration.rules[id].severity).toBe(defaultSeverity);
    }
    for (const key of Object.keys(schema.properties)) {
      if (key !== '$schema') expect(configuration, key).toHaveProperty(key);
    }
    for (const [key, value] of Object.entries(configuration)) expect(Object.keys(value), key).not.toEqual([]);
  });
});

describe('ritual config', () => {
  const files = {
    '.git/HEAD': '',
    '.gitignore': 'generated.c\nbuild/\n',
    'a.c': '',
    'generated.c': '',
    'build/d.c': '',
    'lib/.ritual.jsonc':
      '{ "rules": { "double-free": "warning" }, "exclude": ["old/"], "noreturn": ["panic"],\n"allocators": [{ "allocate": ["get"], "free": [{ "name": "put", "argument": 2 }] }] }',
    'lib/b.c': '',
    'lib/old/c.c': '',
    'lib/x.txt': '',
  };

  /** What holds for a path, as JSON. */
  async function inForce(path: string) {
    return JSON.parse((await again(['config', '--format', 'json', path])).stdout);
  }

  test('names the workspace, what makes it one, and the file', async () => {
    await ritual(['rules'], files);
    expect(await inForce('a.c')).toMatchObject({
      path: 'a.c',
      workspace: '.',
      decidedBy: '.git',
      configuration: null,
      found: 'checked',
    });
    expect(await inForce('lib/b.c')).toMatchObject({
      workspace: 'lib',
      decidedBy: '.ritual.jsonc',
      configuration: 'lib/.ritual.jsonc',
    });
    expect(await inForce('.')).toMatchObject({ workspace: '.', found: 'a folder' });
  });

  test('says whether a check of the folder finds it', async () => {
    await ritual(['rules'], files);
    expect((await inForce('lib/old/c.c')).found).toBe('excluded');
    expect((await inForce('generated.c')).found).toBe('ignored by Git');
    expect((await inForce('build/d.c')).found).toBe('ignored by Git');
    expect((await inForce('lib/x.txt')).found).toBe('no C source');
  });

  test('tells what is configured from what is so by default', async () => {
    await ritual(['rules'], files);
    const { values } = await inForce('lib/b.c');
    expect(values['rules.double-free']).toEqual({ value: 'warning', isConfigured: true });
    expect(values['rules.missing-null-check']).toEqual({ value: 'warning', isConfigured: false });
    expect(values['rules.missing-null-check.strict']).toEqual({ value: false, isConfigured: false });
    expect(values.noreturn).toEqual({ value: ['panic'], isConfigured: true });
    expect(values.allocators.value).toEqual([
      { allocate: ['get'], reallocate: [], allocateTo: [], free: [{ name: 'put', argument: 2 }] },
    ]);
    expect(values.include).toEqual({ value: [], isConfigured: false });
  });

  test('is for people by default', async () => {
    const { stdout, exitCode } = await ritual(['config', 'lib/b.c'], files);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^path {11}lib\/b\.c\nworkspace {6}lib \(it holds the configuration\)\n/);
    expect((await again(['config', 'generated.c'])).stdout).toContain(
      'no: ignored by Git; yes when it is named itself',
    );
    expect(stdout).toMatch(/^rules\.double-free +configured {2}"warning"$/m);
  });

  test('a wrong configuration is an error here too', async () => {
    const { exitCode, stderr } = await ritual(['config', 'a.c'], { '.ritual.jsonc': '{ "rule": {} }', 'a.c': '' });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('.ritual.jsonc:1:3: unknown key "rule"; did you mean "rules"?');
  });
});
