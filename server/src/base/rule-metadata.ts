import type { Severity } from './finding.ts';

/** What a rule says about itself; the registry, SARIF, the configuration schema and the documentation read it. */
export interface RuleMetadata {
  /** Reads well in "ignore double-free". */
  readonly id: string;
  /** One sentence for hovers and lists. */
  readonly summary: string;
  readonly cwe: readonly number[];
  /** The severity of a certain finding, or "off". */
  readonly defaultSeverity: Severity | 'off';
  /** GitHub's `security-severity` (CVSS-like, 0.0 to 10.0); 0 for what is no matter of security. */
  readonly securitySeverity: number;
  /** The rule's options with their defaults; boolean options only, so far. */
  readonly options: Readonly<Record<string, { readonly default: boolean; readonly description: string }>>;
}
