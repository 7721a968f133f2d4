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
const names = fs.readdirSync(folder).filter((name) => name.endsWith('.c'));
const today: { missed: string[]; alarms: string[] } = JSON.parse(
  fs.readFileSync(path.join(folder, 'today.json'), 'utf8'),
);

function textOf(name: string): string {
  return fs.readFileSync(path.join(folder, name), 'utf8');
}

/** One version of a program, as the preprocessor leaves it; the lines of the other are empty. */
function version(text: string, isBad: boolean): string {
  let isShown = true;
  const lines = text.split('\n').map((line) => {
    if (!/^#(ifdef BAD|ifndef BAD|else|endif)$/.test(line)) return isShown ? line : '';
    if (line === '#else') isShown = !isShown;
    else isShown = line === '#endif' || (line === '#ifdef BAD') === isBad;
    return '';
  });
  return lines.join('\n');
}

/** The rules of the findings in a version. Of an error that is there what is told as information tells it, too. */
async function rulesFound(name: string, isBad: boolean): Promise<readonly string[]> {
  const file = `/${name}`;
  const project = new Project({ grammar, configuration: defaultConfiguration, readText: () => undefined });
  project.openDocument(file, version(textOf(name), isBad));
  const { findings } = await project.check(file);
  return findings
    .filter(({ severity }) => severity === 'error' || severity === 'warning' || (isBad && severity === 'information'))
    .map(({ rule }) => rule);
}

/** The rules that the comment on the first line expects. */
function rulesExpected(name: string): readonly string[] {
  const [first] = textOf(name).split('\n');
  return /^\/\* expect: (.+) \*\/$/.exec(first)?.[1].split(', ') ?? [];
}

test('each program has two versions, and says what is wrong with one', () => {
  expect(names.length).toBeGreaterThan(250);
  for (const name of names) {
    expect(rulesExpected(name).length, name).toBeGreaterThan(0);
    expect(version(textOf(name), true), name).not.toBe(version(textOf(name), false));
  }
});

test('the errors are found, but for those that are known to be missed', async () => {
  const missed: string[] = [];
  for (const name of names) {
    const found = await rulesFound(name, true);
    if (!rulesExpected(name).some((rule) => found.includes(rule))) missed.push(name);
  }
  expect(missed).toEqual(today.missed);
}, 60_000);

test('the repairs are silent, but for those that are known not to be', async () => {
  const alarms: string[] = [];
  for (const name of names) if ((await rulesFound(name, false)).length > 0) alarms.push(name);
  expect(alarms).toEqual(today.alarms);
}, 60_000);
