import type { Severity } from '../base/finding.ts';

/** A rule's configuration: its severity, and its options by name. */
export interface RuleConfiguration {
  /** Overrides the severity that follows from the rule and the confidence; "off" switches the rule off. */
  readonly severity?: Severity | 'off';
  readonly options?: Readonly<Record<string, boolean>>;
}

/** A function of the user's project, and the position from 0 of the argument that is meant. */
export interface FunctionArgument {
  readonly name: string;
  readonly argument: number;
}

/** A family of functions that give and take memory, named in the user's configuration. */
export interface AllocatorConfiguration {
  readonly allocate: readonly string[];
  /** Like realloc; the argument is the old memory. */
  readonly reallocate: readonly FunctionArgument[];
  /** Store fresh memory where the argument points; `success` tells which results mean that they did. */
  readonly allocateTo: readonly (FunctionArgument & {
    readonly success: 'zero' | 'nonnegative' | 'positive' | 'true';
  })[];
  readonly free: readonly FunctionArgument[];
  /** False when the functions never return NULL. Default true. */
  readonly nullable?: boolean;
  /** True when the memory is filled with zeros. Default false. */
  readonly zeroed?: boolean;
  /** The memory ends with an arena, which is an argument of the allocating functions, and is not freed alone. */
  readonly arena?: { readonly argument: number; readonly end: readonly FunctionArgument[] };
}

/** The content of `.ritual.jsonc` after validation. Every key is optional there and present here. */
export interface Configuration {
  readonly rules: Readonly<Record<string, RuleConfiguration>>;
  readonly allocators: readonly AllocatorConfiguration[];
  /** Names of functions that never return. */
  readonly noreturn: readonly string[];
  /** Macro definitions as on a compiler's command line; null is "defined as 1". */
  readonly defines: Readonly<Record<string, string | null>>;
  /** Bodies of macros by `NAME` or `NAME(parameters)`; stronger than what the sources define. */
  readonly macros: Readonly<Record<string, string>>;
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
  macros: {},
  include: [],
  exclude: [],
};
