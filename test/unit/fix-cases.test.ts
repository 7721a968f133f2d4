import { expect, test } from 'vitest';
import type { Finding } from '../../server/src/base/finding.ts';
import { applyEdits } from '../../server/src/base/range.ts';
import { defaultConfiguration } from '../../server/src/workspace/configuration.ts';
import { Project } from '../../server/src/workspace/project.ts';
import { fixCases } from '../support/fix-cases.ts';
import { tryFix } from '../support/fix-check.ts';
import { testGrammar } from '../support/grammar.ts';

const grammar = await testGrammar();

async function check(text: string) {
  const file = '/case.c';
  const project = new Project({ grammar, configuration: defaultConfiguration, readText: () => undefined });
  project.openDocument(file, text);
  return { project, report: await project.check(file) };
}

for (const { title, rule, before, after, safety } of fixCases()) {
  test(`${rule}: ${title}`, async () => {
    const { project, report } = await check(before);
    const findings = report.findings.filter((finding) => finding.rule === rule);
    if (after === undefined) {
      expect(findings.length).toBeGreaterThan(0);
      expect(findings.flatMap(({ fixes }) => fixes.map((fix) => applyEdits(before, fix.edits)))).toEqual([]);
      return;
    }
    expect(findings.length).toBeGreaterThan(0);
    const finding: Finding = findings[0];
    expect(finding.fixes.length).toBeGreaterThan(0);
    const [fix] = finding.fixes;
    const outcome = await tryFix(project, report, finding, fix);
    expect(outcome.text).toBe(after);
    expect(fix.safety).toBe(safety);
    expect(outcome.remains).toBe(false);
    expect(outcome.added).toEqual([]);
    // Nothing is left to repair in the same way.
    const again = outcome.report.findings.filter((other) => other.rule === rule);
    expect(again.length).toBeLessThan(findings.length);
  });
}
