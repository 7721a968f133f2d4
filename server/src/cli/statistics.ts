import { counted } from '../report/full-report.ts';
import { countFindings, type Report } from '../report/report.ts';
import { compareText } from '../workspace/source-listing.ts';

/**
 * What `--statistics` says: the findings by rule, most first, then what was silenced and what was not understood, and how many
 * threads worked on it.
 */
export function statistics(report: Report, threads: number): string {
  const counts = countFindings(report);
  const total = Object.values(counts.byRule).reduce((sum, count) => sum + count, 0);
  const width = `${Math.max(total, counts.functions)}`.length;
  const line = (count: number, text: string) => `${`${count}`.padStart(width)}  ${text}\n`;
  const rules = Object.entries(counts.byRule)
    .sort(([a, m], [b, n]) => n - m || compareText(a, b))
    .map(([rule, count]) => {
      const fixable = counts.fixableByRule[rule] ?? 0;
      return line(count, fixable > 0 ? `${rule}, ${fixable} fixable` : rule);
    });
  const files = `${counts.filesWithFindings} of ${counted(report.files.length, 'file')}`;
  return [
    ...rules,
    line(total, `${noun(total, 'finding')} in ${files}, ${counts.fixable} fixable`),
    ...(counts.suppressed > 0 ? [line(counts.suppressed, 'suppressed by comments')] : []),
    ...(counts.baselined > 0 ? [line(counts.baselined, 'known from the baseline')] : []),
    ...(counts.gone > 0 ? [line(counts.gone, 'gone, but still in the baseline')] : []),
    line(counts.functions, noun(counts.functions, 'function')),
    ...(counts.functionsWithErrors > 0 ? [line(counts.functionsWithErrors, 'of them partly not understood')] : []),
    ...(counts.functionsIncomplete > 0 ? [line(counts.functionsIncomplete, 'of them not analysed to the end')] : []),
    ...(threads > 1 ? [line(threads, 'threads')] : []),
  ].join('');
}

function noun(count: number, singular: string): string {
  return count === 1 ? singular : `${singular}s`;
}
