import fs from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { renderJson } from '../../server/src/report/json-report.ts';
import { renderSarif, sarifLog } from '../../server/src/report/sarif-report.ts';
import { ruleRegistry } from '../../server/src/rules/registry.ts';
import { doubleFree, missingCheck, sampleFile, sampleReport, sampleText } from '../support/sample-report.ts';

/** The official schema, which is written in draft 4; what it uses of it means the same in draft 7 but for `id`. */
function officialSchema(): object {
  const require = createRequire(import.meta.url);
  const file = require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  const { id, $schema, ...schema } = JSON.parse(fs.readFileSync(file, 'utf8'));
  return { ...schema, $id: id, $schema: 'http://json-schema.org/draft-07/schema#' };
}

const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
(addFormats as unknown as (instance: Ajv) => void)(ajv);
const validate = ajv.compile(officialSchema());

/** The message and the severity of finding the same thing again, on a text that differs. */
const inText = (text: string, shift: number) => ({
  file: sampleFile,
  text,
  findings: [{ ...doubleFree, range: { start: doubleFree.range.start + shift, end: doubleFree.range.end + shift } }],
  silenced: { suppressed: 0, baselined: 0, gone: 0 },
  health: { functions: 1, functionsWithErrors: 0, functionsIncomplete: 0 },
});

describe('SARIF', () => {
  test('follows the official schema', () => {
    validate(JSON.parse(renderSarif(sampleReport())));
    expect(validate.errors).toBeNull();
  });

  test('an empty report follows it too', () => {
    const log = JSON.parse(renderSarif(sampleReport({ files: [], problems: [] })));
    validate(log);
    expect(validate.errors).toBeNull();
    expect(log.runs[0].results).toEqual([]);
    expect(log.runs[0].invocations).toEqual([{ executionSuccessful: true }]);
  });

  test('the schema is at work', () => {
    expect(validate({ version: '2.1.0', runs: [{ tool: {} }] })).toBe(false);
  });

  const [run] = sarifLog(sampleReport()).runs;
  const [first, second] = run.results!;

  test('the location is the flaw, the steps are the code flow', () => {
    expect(first.locations).toEqual([
      {
        physicalLocation: {
          artifactLocation: { uri: 'src/two%20words.c' },
          region: { startLine: 6, startColumn: 2, endLine: 6, endColumn: 9, charOffset: 54, charLength: 7 },
        },
        logicalLocations: [{ name: 'twice', kind: 'function' }],
      },
    ]);
    const steps = second.codeFlows![0].threadFlows[0].locations;
    expect(steps.map((step) => step.location!.message!.text)).toEqual([
      'allocated here, may be NULL',
      'declared here',
      'dereferenced here',
    ]);
    expect(steps[1].location!.physicalLocation!.artifactLocation!.uri).toBe('include/x.h');
  });

  test('severities become levels', () => {
    const level = (severity: 'error' | 'warning' | 'information' | 'hint') => {
      const files = [{ ...sampleReport().files[1], findings: [{ ...missingCheck, severity }] }];
      return sarifLog(sampleReport({ files })).runs[0].results![0].level;
    };
    expect([level('error'), level('warning'), level('information'), level('hint')]).toEqual([
      'error',
      'warning',
      'note',
      'note',
    ]);
  });

  test('rules carry help, weaknesses and a security severity', () => {
    const rules = run.tool.driver.rules!;
    expect(rules.map((rule) => rule.id)).toEqual(ruleRegistry.map((rule) => rule.id));
    const rule = rules[first.ruleIndex!];
    expect(rule.helpUri).toMatch(/^https:\/\/.*\/server\/src\/rules\/double-free\/README\.md$/);
    expect(rule.properties!['security-severity']).toBe('7.8');
    const [reference] = first.taxa!;
    expect(run.taxonomies![0].taxa![reference.index!].id).toBe('415');
  });

  test('a fix replaces what it says', () => {
    const replacement = first.fixes![0].artifactChanges[0].replacements[0];
    const { charOffset, charLength } = replacement.deletedRegion;
    expect(sampleText.slice(charOffset!, charOffset! + charLength!)).toBe('\tfree(p);\n');
    expect(replacement.insertedContent).toEqual({ text: '' });
  });

  test('paths that could not be checked are notifications', () => {
    expect(run.invocations![0].executionSuccessful).toBe(false);
    expect(run.invocations![0].toolExecutionNotifications![0].message.text).toBe('gone.c: no such file or folder');
  });

  test('addresses are percent-encoded and leave the current folder when they must', () => {
    const uri = (file: string) => {
      const files = [{ ...sampleReport().files[0], file, findings: [{ ...doubleFree, file }] }];
      const result = sarifLog(sampleReport({ files })).runs[0].results![0];
      return result.locations![0].physicalLocation!.artifactLocation!.uri;
    };
    expect(uri('/project/a#b/ü?%.c')).toBe('a%23b/%C3%BC%3F%25.c');
    expect(uri('/project/c:d.c')).toBe('c%3Ad.c');
    expect(uri('/other/x.c')).toBe('../other/x.c');
  });

  test('fingerprints survive lines inserted above and spacing, and tell repeated lines apart', () => {
    const fingerprint = (file: ReturnType<typeof inText>) =>
      sarifLog(sampleReport({ files: [file] })).runs[0].results!.map(({ partialFingerprints }) => partialFingerprints);
    const original = fingerprint(inText(sampleText, 0));
    expect(original).toEqual([{ 'ritualFinding/v1': expect.stringMatching(/^[0-9a-f]{32}$/) }]);
    expect(fingerprint(inText(`// new\n\n${sampleText}`, 8))).toEqual(original);
    expect(fingerprint(inText(sampleText.replaceAll('\tfree', '  free'), 2))).toEqual(original);
    const file = inText(sampleText, 0);
    const [one, two] = fingerprint({ ...file, findings: [file.findings[0], file.findings[0]] });
    expect(one).toEqual(original[0]);
    expect(two).not.toEqual(one);
  });
});

describe('JSON', () => {
  const report = JSON.parse(renderJson(sampleReport()));

  test('keeps its shape', () => {
    expect(report.formatVersion).toBe(1);
    expect(Object.keys(report)).toEqual(['formatVersion', 'tool', 'findings', 'problems', 'summary']);
    expect(report.findings[0]).toEqual({
      rule: 'double-free',
      url: expect.stringContaining('double-free'),
      severity: 'error',
      confidence: 'certain',
      message: "'p' is freed a second time",
      cwe: [415],
      function: 'twice',
      file: 'src/two words.c',
      range: { start: { line: 6, column: 2, offset: 54 }, end: { line: 6, column: 9, offset: 61 } },
      steps: [
        expect.objectContaining({ kind: 'freed', message: 'freed here', file: 'src/two words.c' }),
        expect.objectContaining({ kind: 'freed', message: 'freed again here' }),
      ],
      fixes: [
        { title: 'Remove the second free', safety: 'safe', edits: [expect.objectContaining({ newText: '' })] },
        { title: 'Set it to NULL', safety: 'unsafe', edits: [expect.objectContaining({ newText: ' p = NULL;' })] },
      ],
      fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });

  test('sums up', () => {
    expect(report.summary).toEqual({
      files: 2,
      filesWithFindings: 1,
      bySeverity: { error: 1, warning: 1, information: 0, hint: 0 },
      byRule: { 'double-free': 1, 'missing-null-check': 1 },
      fixable: 1,
      fixableByRule: { 'double-free': 1 },
      suppressed: 3,
      baselined: 0,
      gone: 0,
      functions: 4,
      functionsWithErrors: 0,
      functionsIncomplete: 0,
    });
    expect(report.problems).toEqual([{ path: 'gone.c', reason: 'no such file or folder' }]);
  });
});
