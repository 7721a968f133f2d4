import { type Diagnostic, DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver';
import { LineIndex } from '../base/line-index.ts';
import type { UncheckedBranch } from '../workspace/project.ts';
import { toRange } from './conversions.ts';

/** The code of the hints that fade text which is not checked: they are no findings of any rule. */
export const uncheckedCode = 'not-checked';

/** Why nothing is reported in a branch, in plain text or Markdown. */
export function describeUnchecked({ condition }: UncheckedBranch): string {
  if (condition === '' || condition === '0') return 'Ritual does not check this branch, which is never compiled.';
  return `Ritual does not check this branch: it assumes that \`${condition}\` is false.`;
}

/** Hints that have the editor fade what is not checked: silence about it does not mean that it is clean. */
export function uncheckedDiagnostics(text: string, branches: readonly UncheckedBranch[]): Diagnostic[] {
  if (branches.length === 0) return [];
  const lines = new LineIndex(text);
  return branches.map((branch) => ({
    range: toRange(lines, branch.range),
    severity: DiagnosticSeverity.Hint,
    tags: [DiagnosticTag.Unnecessary],
    code: uncheckedCode,
    source: 'ritual',
    message: describeUnchecked(branch).replaceAll('`', "'"),
  }));
}
