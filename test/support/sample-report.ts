import type { Finding, PathStep } from '../../server/src/base/finding.ts';
import type { TextRange } from '../../server/src/base/range.ts';
import { orderReport, type Report } from '../../server/src/report/report.ts';

/** The n-th occurrence of a part of a text, from zero. */
export function rangeOf(text: string, part: string, occurrence = 0): TextRange {
  let start = text.indexOf(part);
  for (let i = 0; i < occurrence; i++) start = text.indexOf(part, start + 1);
  if (start < 0) throw new Error(`no such text: ${part}`);
  return { start, end: start + part.length };
}

export const sampleFile = '/project/src/two words.c';
export const sampleText = `#include <stdlib.h>

void twice(char *p)
{
\tfree(p);
\tfree(p);
}

char *first(size_t n)
{
\tchar *q = malloc(n);
\tq[0] = 0;
\treturn q;
}
`;

const step = (kind: PathStep['kind'], part: string, message: string, occurrence = 0): PathStep => ({
  kind,
  file: sampleFile,
  range: rangeOf(sampleText, part, occurrence),
  message,
});

export const doubleFree: Finding = {
  rule: 'double-free',
  message: "'p' is freed a second time",
  file: sampleFile,
  range: rangeOf(sampleText, 'free(p)', 1),
  functionName: 'twice',
  steps: [step('freed', 'free(p)', 'freed here'), step('freed', 'free(p)', 'freed again here', 1)],
  confidence: 'certain',
  severity: 'error',
  cwe: [415],
  fixes: [
    {
      title: 'Remove the second free',
      safety: 'safe',
      edits: [{ range: rangeOf(sampleText, '\tfree(p);\n', 1), newText: '' }],
    },
    { title: 'Set it to NULL', safety: 'unsafe', edits: [{ range: { start: 53, end: 53 }, newText: ' p = NULL;' }] },
  ],
};

export const missingCheck: Finding = {
  rule: 'missing-null-check',
  message: "'q' may be NULL here: the result of malloc() is never checked",
  file: sampleFile,
  range: rangeOf(sampleText, 'q[0]'),
  functionName: 'first',
  steps: [
    step('allocated', 'malloc(n)', 'allocated here, may be NULL'),
    { kind: 'note', file: '/project/include/x.h', range: { start: 0, end: 3 }, message: 'declared here' },
    step('used', 'q[0]', 'dereferenced here'),
  ],
  confidence: 'likely',
  severity: 'warning',
  cwe: [690],
  fixes: [],
};

/** A hand-made report: two findings in one file, nothing in another, and a path that cannot be read. */
export function sampleReport(changes: Partial<Report> = {}): Report {
  const health = { functions: 2, functionsWithErrors: 0, functionsIncomplete: 0 };
  return orderReport({
    currentFolder: '/project',
    files: [
      {
        file: sampleFile,
        text: sampleText,
        findings: [missingCheck, doubleFree],
        silenced: { suppressed: 3, baselined: 0, gone: 0 },
        health,
      },
      {
        file: '/project/clean.c',
        text: 'int x;\n',
        findings: [],
        silenced: { suppressed: 0, baselined: 0, gone: 0 },
        health,
      },
    ],
    problems: [{ path: '/project/gone.c', reason: 'no such file or folder' }],
    textOf: (file) => (file === '/project/include/x.h' ? 'int declared;\n' : undefined),
    ...changes,
  });
}
