import type { Finding } from '../base/finding.ts';
import type { FileReport } from '../workspace/file-report.ts';
import type { Report } from './report.ts';
import { SourceLocator } from './source-locator.ts';

/**
 * Renders a report as JUnit's XML, which Jenkins and most other servers read: a suite for every file, a failed case for
 * every warning and error. Information and hints pass, as they do for the exit code, and say what they have to say in
 * the case's output; a file without findings is one case that passed.
 */
export function renderJunit(report: Report): string {
  const locator = new SourceLocator(report);
  const suites = [
    ...report.files.map((file) => fileSuite(file, locator)),
    ...report.problems.map(({ path, reason }) => {
      const name = locator.relativePath(path);
      return suite(name, [testCase(name, 'can be checked', element('error', { message: reason }))], { errors: 1 });
    }),
  ];
  const sum = (key: keyof SuiteCounts) => suites.reduce((total, { counts }) => total + counts[key], 0);
  const attributes = { name: 'ritual', tests: sum('tests'), failures: sum('failures'), errors: sum('errors') };
  const content = suites.map(({ xml }) => xml).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', attributes, content)}`;
}

interface SuiteCounts {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
}

interface Suite {
  readonly counts: SuiteCounts;
  readonly xml: string;
}

function suite(name: string, cases: readonly string[], counted: { failures?: number; errors?: number }): Suite {
  const counts = { tests: cases.length, failures: counted.failures ?? 0, errors: counted.errors ?? 0 };
  return { counts, xml: element('testsuite', { name, ...counts }, cases.join('')) };
}

function fileSuite({ file, findings }: FileReport, locator: SourceLocator): Suite {
  const name = locator.relativePath(file);
  if (findings.length === 0) return suite(name, [testCase(name, 'no findings')], {});
  const failures = findings.filter(isFailure).length;
  return suite(
    name,
    findings.map((finding) => findingCase(finding, locator)),
    { failures },
  );
}

function isFailure({ severity }: Finding): boolean {
  return severity === 'error' || severity === 'warning';
}

function findingCase(finding: Finding, locator: SourceLocator): string {
  const file = locator.relativePath(finding.file);
  const places = finding.steps.map((step, i) => {
    const place = locator.position(step.file, step.range.start);
    return `${i + 1}. ${locator.relativePath(step.file)}:${place.line}:${place.column}: ${step.message}`;
  });
  const { line, column } = locator.position(finding.file, finding.range.start);
  const text = [`${file}:${line}:${column}: ${finding.severity}: ${finding.message}`, ...places].join('\n');
  const detail = isFailure(finding)
    ? element('failure', { message: finding.message, type: finding.severity }, escapeText(text))
    : element('system-out', {}, escapeText(text));
  const where = finding.functionName === '' ? '' : ` in ${finding.functionName}`;
  return testCase(file, `${finding.rule}${where}, line ${line}`, detail, line);
}

function testCase(file: string, name: string, content = '', line?: number): string {
  const attributes = { classname: file, name, file, ...(line !== undefined && { line }) };
  return element('testcase', attributes, content);
}

function element(name: string, attributes: Readonly<Record<string, string | number>>, content = ''): string {
  const list = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeAttribute(`${value}`)}"`);
  const start = `<${name}${list.join('')}`;
  return content === '' ? `${start}/>\n` : `${start}>${content.startsWith('<') ? '\n' : ''}${content}</${name}>\n`;
}

/** XML 1.0 has no way to write most control characters and lone surrogates; they become the replacement character. */
function escapeText(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"\r]/g, (character) => references[character]);
}

/** A reader makes spaces of the line breaks and tabs in an attribute, unless they come as references. */
function escapeAttribute(text: string): string {
  return escapeText(text).replace(/[\t\n]/g, (character) => `&#${character.charCodeAt(0)};`);
}

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};
