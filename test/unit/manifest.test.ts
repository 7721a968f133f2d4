import fs from 'node:fs';
import path from 'node:path';
import { globSync } from 'tinyglobby';
import { describe, expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '../..');
const read = (file: string) => fs.readFileSync(path.join(root, file), 'utf8');
const manifest = JSON.parse(read('package.json'));
const { contributes } = manifest;
const client = globSync('client/src/**/*.ts', { cwd: root }).map(read).join('\n');

describe('texts that can be translated', () => {
  test('every placeholder of the manifest has a text, and every text a placeholder', () => {
    const used = [...JSON.stringify(manifest).matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key);
    expect([...new Set(used)].sort()).toEqual(Object.keys(JSON.parse(read('package.nls.json'))).sort());
  });

  test('every text of the client is in the bundle for translators', () => {
    const texts = [...client.matchAll(/\bt\(\s*'((?:[^'\\]|\\.)*)'/g)].map(([, text]) => text.replaceAll("\\'", "'"));
    expect(texts.length).toBeGreaterThan(10);
    expect(Object.keys(JSON.parse(read('client/l10n/bundle.l10n.json'))).sort()).toEqual([...new Set(texts)].sort());
  });
});

describe('what the manifest promises', () => {
  const commands: string[] = contributes.commands.map(({ command }: { command: string }) => command);

  test('every command is registered', () => {
    const registered = [...client.matchAll(/registerCommand\('(ritual\.\w+)'/g)].map(([, command]) => command);
    expect(commands.filter((command) => !registered.includes(command))).toEqual([]);
  });

  test('every setting is read', () => {
    const read = [...client.matchAll(/configuration\.get\('(\w+)'/g)].map(([, name]) => `ritual.${name}`);
    // The library of the client reads how much it logs.
    const settings = Object.keys(contributes.configuration.properties);
    expect([...read, 'ritual.trace.server'].sort()).toEqual(settings.sort());
  });

  test('every setting has a scope, an order of its own and a description', () => {
    const settings = Object.values<Record<string, unknown>>(contributes.configuration.properties);
    for (const { scope, markdownDescription } of settings) {
      expect(scope).toBe('window');
      expect(markdownDescription).toMatch(/^%setting\./);
    }
    expect(new Set(settings.map(({ order }) => order)).size).toBe(settings.length);
  });

  test('the walkthrough has four steps, whose commands and pictures are there', () => {
    const texts = JSON.parse(read('package.nls.json'));
    const [{ steps }] = contributes.walkthroughs;
    expect(steps).toHaveLength(4);
    for (const { description, media } of steps) {
      expect(Object.keys(media.image)).toEqual(['light', 'dark', 'hc', 'hcLight']);
      for (const image of Object.values<string>(media.image)) {
        expect(fs.existsSync(path.join(root, image))).toBe(true);
      }
      const links = texts[description.slice(1, -1)].matchAll(/\(command:(ritual\.\w+)\)/g);
      for (const [, command] of links) expect(commands).toContain(command);
    }
  });

  test('the entries are built for both kinds of hosts', () => {
    const build = read('scripts/build.mjs');
    for (const entry of [manifest.main, manifest.browser]) expect(build).toContain(`'${entry.slice(2)}'`);
    expect(manifest.capabilities).toEqual({ untrustedWorkspaces: { supported: true }, virtualWorkspaces: true });
  });
});

describe('the problem matcher', () => {
  const [{ pattern, fileLocation }] = contributes.problemMatchers;

  test.each([
    ['src/a.c:3:5: error: it is wrong [double-free]', ['src/a.c', '3', '5', 'error', 'it is wrong', 'double-free']],
    ['C:\\x y\\a.c:3:5: warning: a [b] c [x-y]', ['C:\\x y\\a.c', '3', '5', 'warning', 'a [b] c', 'x-y']],
    ['a.c:1:1: information: text [rule]', ['a.c', '1', '1', 'info', 'text', 'rule']],
    ['a.c:1:1: hint: text [rule]', ['a.c', '1', '1', 'hint', 'text', 'rule']],
  ])('understands %s', (line, parts) => {
    const match = new RegExp(pattern.regexp).exec(line);
    const { file, line: row, column, severity, message, code } = pattern;
    expect([file, row, column, severity, message, code].map((group) => match?.[group])).toEqual(parts);
    expect(fileLocation[0]).toBe('autoDetect');
  });

  test('passes over the lines of a summary', () => {
    expect(new RegExp(pattern.regexp).test('3 findings in 2 files')).toBe(false);
  });
});
