import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { repositoryUrl, rulePageUrl, withLinksResolved } from '../../server/src/report/rule-page-url.ts';
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

  test('leads somewhere from wherever it is shown', () => {
    const targets: string[] = [];
    const shown = withLinksResolved(page, rule.id, (other) => {
      targets.push(other);
      return `./${other}.md`;
    });
    for (const target of targets) expect(ruleRegistry.map(({ id }) => id)).toContain(target);
    for (const [, link] of shown.matchAll(/\]\(([^)\s]+)\)/g))
      expect(link).toMatch(/^(?:https:\/\/|#|\.\/[\w-]+\.md$)/);
    const files = [...withLinksResolved(page, rule.id, rulePageUrl).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link]) => link)
      .filter((link) => link.startsWith(repositoryUrl))
      .map((link) => link.slice(`${repositoryUrl}/blob/main/`.length));
    for (const file of files) expect(fs.existsSync(path.join(import.meta.dirname, '../..', file))).toBe(true);
  });

  testFixtures(page);
});
