import type { Finding, Fix, Severity } from '../../server/src/base/finding.ts';
import { applyEdits, type TextEdit } from '../../server/src/base/range.ts';
import { applyBaseline } from '../../server/src/workspace/baseline.ts';
import type { FileReport } from '../../server/src/workspace/file-report.ts';
import type { HealthDetails, ProjectEnvironment } from '../../server/src/workspace/project.ts';

/**
 * A project whose findings are written in the text, so that the shells can be tested without the analysis:
 * `error(…)`, `warning(…)`, `information(…)` and `hint(…)` are findings of that severity, `fixable(…)` is an error whose
 * safe fix removes the call's line, `again(…)` one whose fix brings itself back, `crash` a defect of the analysis.
 */
export class FakeProject {
  static readonly indexed: string[] = [];
  readonly #environment: ProjectEnvironment;
  readonly #documents = new Map<string, string>();

  constructor(environment: ProjectEnvironment) {
    this.#environment = environment;
  }

  indexFile(file: string): void {
    FakeProject.indexed.push(file);
  }

  indexIsPartial(): void {}

  indexIsBeingRead(): void {}

  removeFile(): void {}

  openDocument(file: string, text: string): void {
    this.#documents.set(file, text);
  }

  changeDocument(file: string, edit: TextEdit): void {
    this.#documents.set(file, applyEdits(this.#documents.get(file) ?? '', [edit]));
  }

  closeDocument(file: string): void {
    this.#documents.delete(file);
  }

  async check(file: string): Promise<FileReport> {
    const text = this.#documents.get(file) ?? this.#environment.readText(file) ?? '';
    if (text.includes('crash')) throw new TypeError('a defect');
    const all = [...text.matchAll(/\b(error|warning|information|hint|fixable|again)\((\w*)\);\r?\n?/g)].map(
      (match): Finding => {
        const [statement, kind, name] = match;
        const range = { start: match.index, end: match.index + statement.indexOf(';') };
        const line = { start: match.index, end: match.index + statement.length };
        const fixes: Fix[] = [];
        if (kind === 'fixable')
          fixes.push({ title: 'Remove it', safety: 'safe', edits: [{ range: line, newText: '' }] });
        if (kind === 'again')
          fixes.push({ title: 'Repeat', safety: 'safe', edits: [{ range: line, newText: statement }] });
        return {
          rule: 'double-free',
          message: `'${name}' is freed a second time`,
          file,
          range,
          functionName: 'f',
          steps: [{ kind: 'freed', file, range, message: 'freed here' }],
          confidence: 'certain',
          severity: kind === 'fixable' || kind === 'again' ? 'error' : (kind as Severity),
          cwe: [415],
          fixes,
        };
      },
    );
    const baseline = this.#environment.baseline?.(file);
    const {
      kept: findings,
      known,
      gone,
    } = baseline ? applyBaseline(text, all, baseline) : { kept: all, known: 0, gone: 0 };
    const silenced = { suppressed: 0, baselined: known, gone };
    return { file, text, findings, silenced, health: { functions: 3, functionsWithErrors: 1, functionsIncomplete: 0 } };
  }

  healthDetails(file: string): HealthDetails {
    const cause = { file, line: 2, function: 'f', kind: 'not-understood', text: 'int x y;' } as const;
    return { bytesBlanked: 7, causes: [cause] };
  }
}
