import { printable } from './printable.ts';
import type { Report } from './report.ts';
import { SourceLocator } from './source-locator.ts';

/** One line a finding, `path:line:column: severity: message [rule]`, as compilers write and editors parse. */
export function renderConcise(report: Report): string {
  const locator = new SourceLocator(report);
  return report.files
    .flatMap(({ findings }) => findings)
    .map(({ file, range, severity, message, rule }) => {
      const { line, column } = locator.position(file, range.start);
      return `${printable(locator.relativePath(file))}:${line}:${column}: ${severity}: ${printable(message)} [${rule}]\n`;
    })
    .join('');
}
