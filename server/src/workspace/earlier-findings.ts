import { type Finding, withoutRepairs } from '../base/finding.ts';
import type { TextRange } from '../base/range.ts';
import type { SyntaxArrays } from '../syntax/syntax-arrays.ts';
import type { TopLevelItem } from '../syntax/translation-unit.ts';

interface Found {
  readonly base: number;
  readonly length: number;
  readonly findings: readonly Finding[];
}

/** What was found last in functions whose text is still the same: shown while they are analysed again. */
export class EarlierFindings {
  readonly #byFunction = new WeakMap<SyntaxArrays, Found>();

  note(item: TopLevelItem, findings: readonly Finding[]): void {
    const { start: base, end } = item;
    this.#byFunction.set(item.arrays, { base, length: end - base, findings: findings.map(withoutRepairs) });
  }

  /** The findings where the function stands now; undefined when it was not looked at before. */
  of(item: TopLevelItem): readonly Finding[] | undefined {
    const found = this.#byFunction.get(item.arrays);
    if (!found || found.base === item.start) return found?.findings;
    return found.findings.map((finding) => moved(finding, found, item.start - found.base));
  }
}

/** Moves what lies within the function; what a finding says of other functions and files stays as it was. */
function moved(finding: Finding, { base, length }: Found, distance: number): Finding {
  const move = (range: TextRange): TextRange =>
    range.start >= base && range.end <= base + length
      ? { start: range.start + distance, end: range.end + distance }
      : range;
  return {
    ...finding,
    range: move(finding.range),
    steps: finding.steps.map((step) => (step.file === finding.file ? { ...step, range: move(step.range) } : step)),
  };
}
