import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { defaultConfiguration } from '../../server/src/workspace/configuration.ts';
import { Project } from '../../server/src/workspace/project.ts';
import { testGrammar } from '../support/grammar.ts';

/*
 * Programs with one error, and the same without it (`test/pairs/README.md`).
 */

const folder = path.join(import.meta.dirname, '../pairs');
const grammar = await testGrammar();
const files = fs.readdirSync(folder).filter((name) => name.endsWith('.c'));
const today: { missed: string[]; alarms: string[] } = JSON.parse(
  fs.readFileSync(path.join(folder, 'today.json'), 'utf8'),
);

/** The rules of the warnings and errors in a file. */
async function rulesFound(name: string): Promise<readonly string[]> {
  const file = `/${name}`;
  const project = new Project({ grammar, configuration: defaultConfiguration, readText: () => undefined });
  project.openDocument(file, fs.readFileSync(path.join(folder, name), 'utf8'));
  const { findings } = await project.check(file);
  return findings.filter(({ severity }) => severity === 'error' || severity === 'warning').map(({ rule }) => rule);
}

/** The rules that the comment on the first line expects. */
function rulesExpected(name: string): readonly string[] {
  const [first] = fs.readFileSync(path.join(folder, name), 'utf8').split('\n');
  return [...first.matchAll(/([\w-]+) at \d+/g)].map(([, rule]) => rule);
}

test('each program has its repair', () => {
  const bad = files.filter((name) => name.endsWith('-bad.c'));
  expect(bad.length).toBeGreaterThan(250);
  expect(files.length).toBe(bad.length * 2);
  for (const name of bad) {
    expect(files).toContain(name.replace('-bad.c', '-good.c'));
    expect(rulesExpected(name).length, name).toBeGreaterThan(0);
  }
});

test('the errors are found, but for those that are known to be missed', async () => {
  const missed: string[] = [];
  for (const name of files.filter((each) => each.endsWith('-bad.c'))) {
    const found = await rulesFound(name);
    if (!rulesExpected(name).some((rule) => found.includes(rule))) missed.push(name);
  }
  expect(missed).toEqual(today.missed);
}, 60_000);

test('the repairs are silent, but for those that are known not to be', async () => {
  const alarms: string[] = [];
  for (const name of files.filter((each) => each.endsWith('-good.c'))) {
    if ((await rulesFound(name)).length > 0) alarms.push(name);
  }
  expect(alarms).toEqual(today.alarms);
}, 60_000);
