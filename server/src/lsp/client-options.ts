/** What our own extension sends in `initializationOptions`; other clients send nothing, or something else. */
export interface ClientOptions {
  /**
   * A link to a rule's page, with `{rule}` in the place of its identifier: the extension opens the bundled page instead
   * of the one on the web.
   */
  readonly rulePageLink?: string;
  /** The same for hovers, where editors permit other links than in diagnostics. */
  readonly rulePageHoverLink?: string;
  /** Commands that the client itself can run, e.g. "ritual.showRulePage". */
  readonly commands: readonly string[];
  /** The client wants code lenses that say what becomes of allocations. */
  readonly codeLens: boolean;
}

export function resolveOptions(options: unknown): ClientOptions {
  if (typeof options !== 'object' || options === null) return { commands: [], codeLens: false };
  const { rulePageLink, rulePageHoverLink, commands, codeLens } = options as Record<string, unknown>;
  return {
    rulePageLink: stringOrUndefined(rulePageLink),
    rulePageHoverLink: stringOrUndefined(rulePageHoverLink),
    commands: Array.isArray(commands) ? commands.filter((command) => typeof command === 'string') : [],
    codeLens: codeLens === true,
  };
}

function stringOrUndefined(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
