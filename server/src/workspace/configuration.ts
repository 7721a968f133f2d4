import type { Severity } from '../base/finding.ts';

/** A rule's configuration: its severity, and its options by name. */
export interface RuleConfiguration {
  /** Overrides the severity that follows from the rule and the confidence; "off" switches the rule off. */
  readonly severity?: Severity | 'off';
  readonly options?: Readonly<Record<string, boolean>>;
}

/** A function that gives memory, named in the user's configuration. */
export interface AllocatorConfiguration {
  readonly allocate: readonly string[];
  readonly free: readonly string[];
  /** False when the functions never return NULL. Default true. */
  readonly nullable?: boolean;
}

/** The content of `.ritual.jsonc` after validation. Every key is optional there and present here. */
export interface Configuration {
  readonly rules: Readonly<Record<string, RuleConfiguration>>;
  readonly allocators: readonly AllocatorConfiguration[];
  /** Names of functions that never return. */
  readonly noreturn: readonly string[];
  /** Macro definitions as on a compiler's command line; null is "defined as 1". */
  readonly defines: Readonly<Record<string, string | null>>;
  /** Glob patterns, relative to the configuration's folder, of what to check below a folder; empty is everything. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Path of the baseline, relative to the configuration's folder. */
  readonly baseline?: string;
}

export const defaultConfiguration: Configuration = {
  rules: {},
  allocators: [],
  noreturn: [],
  defines: {},
  include: [],
  exclude: [],
};
