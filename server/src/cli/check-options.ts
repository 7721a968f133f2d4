import type { RuleSelection } from '../workspace/rule-selection.ts';
import type { CheckFormat } from './formats.ts';

/** The options of `ritual check`, as the command line gives them. */
export interface CheckOptions extends RuleSelection {
  readonly format: CheckFormat;
  readonly fix?: boolean;
  readonly diff?: boolean;
  /** Check standard input in place of this file, which need not exist. */
  readonly stdinFilename?: string;
  readonly workspace?: string;
  /** The configuration's `exclude` applies to named files as well. */
  readonly forceExclude?: boolean;
  /** Accepted findings are not reported; used instead of the one that the configuration names. */
  readonly baseline?: string;
  /** Accept what is found, instead of reporting it. */
  readonly writeBaseline?: boolean;
  /** Check again whenever something changes. */
  readonly watch?: boolean;
  readonly outputFile?: string;
  /** Neither information nor hints, and no summary. */
  readonly quiet?: boolean;
  /** How many warnings are no reason to exit 1. Default 0; errors always are. */
  readonly maxWarnings?: number;
  readonly statistics?: boolean;
  /** How many threads work at the same time. Undefined: as many as the machine and the files ask for. */
  readonly jobs?: number;
  readonly exitZero?: boolean;
  /** Undefined: as the terminal and the environment have it. */
  readonly color?: boolean;
}
