import { describe, expect, test } from 'vitest';
import { ruleRegistry } from '../../server/src/rules/registry.ts';
import { readRulePage } from '../../server/src/workspace/rule-page.ts';
import { testFixtures } from '../support/caret-fixtures.ts';

const headings = [
  'What it does',
  'Why is this bad?',
  'Example',
  'Use instead',
  'What is not reported',
  'Options',
  'Fix safety',
  'Known problems',
  'When to switch it off',
  'References',
];

describe.each(ruleRegistry)('the page of $id', (rule) => {
  const page = readRulePage(rule.id);
  const section = (heading: string) => page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';

  test('has the headings of every page, in order', () => {
    const found = [...page.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    expect(found).toEqual(headings);
  });

  test('begins with what the registry says of the rule', () => {
    const severity = rule.defaultSeverity === 'off' ? 'Off' : rule.defaultSeverity;
    const facts = [severity.charAt(0).toUpperCase() + severity.slice(1), ...rule.cwe.map((number) => `CWE-${number}`)];
    expect(page).toMatch(new RegExp(`^# ${rule.id}\n\n${rule.summary}\n\n${facts.join(' · ')}\n\n## `));
  });

  test('shows a finding, and names every option', () => {
    expect(section('Example')).toContain(`^ ${rule.id}`);
    for (const option of Object.keys(rule.options)) expect(section('Options')).toContain(`\`${option}\``);
    for (const number of rule.cwe) expect(section('References')).toContain(`/definitions/${number}.html`);
  });

  testFixtures(page);
});
