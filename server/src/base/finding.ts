import type { TextEdit, TextRange } from './range.ts';

/** How sure the analysis is: on every path through the first event, on some path, or by inference alone. */
export type Confidence = 'certain' | 'likely' | 'hint';

/** What the user sees; derived from the rule, its confidence and the configuration. */
export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** The role a step plays in the story of a finding. */
export type StepKind = 'allocated' | 'assumed' | 'freed' | 'used' | 'passed' | 'returned' | 'lost' | 'note';

/** One step of the path that leads to a flaw. */
export interface PathStep {
  readonly kind: StepKind;
  /** Absolute path of the file that the step lies in; steps may lie in other files than their finding. */
  readonly file: string;
  readonly range: TextRange;
  /** A sentence without a final stop, e.g. "allocated here, may be NULL". */
  readonly message: string;
}

/** A repair. A safe fix cannot change the meaning of correct code; only safe fixes run in "fix all". */
export interface Fix {
  readonly title: string;
  readonly safety: 'safe' | 'unsafe';
  readonly edits: readonly TextEdit[];
}

/**
 * What a rule found. Plain data: the language server, the command line and SARIF only render it. Only its repairs are made
 * when they are first looked at.
 */
export interface Finding {
  /** The rule's identifier, e.g. "double-free". */
  readonly rule: string;
  /** Stands alone, without its steps: names the pointer and says what is wrong. */
  readonly message: string;
  /** Absolute path of the file that the flaw lies in. */
  readonly file: string;
  /** The flaw itself, in the original text. */
  readonly range: TextRange;
  /** Name of the function that the flaw lies in. */
  readonly functionName: string;
  /** The path that leads to the flaw, first event first; its last step is the flaw itself. */
  readonly steps: readonly PathStep[];
  readonly confidence: Confidence;
  readonly severity: Severity;
  /** Numbers of the Common Weakness Enumeration. */
  readonly cwe: readonly number[];
  /** Preferred repair first. */
  readonly fixes: readonly Fix[];
  /** Why there is no repair, in a few words; for those who work on the repairs. */
  readonly refusal?: string;
}

/** What a finding says, whatever lines its message names: they move with every edit. For findings of one file and place. */
export function whatIsSaid({ rule, message }: Pick<Finding, 'rule' | 'message'>): string {
  return `${rule} ${message.replace(/\d+/g, '')}`;
}

/** A finding that offers no repair, without making one. */
export function withoutRepairs(finding: Finding): Finding {
  const { rule, message, file, range, functionName, steps, confidence, severity, cwe } = finding;
  return { rule, message, file, range, functionName, steps, confidence, severity, cwe, fixes: [] };
}
