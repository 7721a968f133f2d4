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
  /** The client wants hints that fade branches of `#if` that are not checked. */
  readonly fadeUnchecked: boolean;
  /** The client wants to hear how much of a checked document is understood (`ritual/health`). */
  readonly health: boolean;
  /**
   * The client pulls the diagnostics of the whole workspace by itself and shows them. Our own extension does not: it
   * has a command for that, and a large workspace is not checked unasked.
   */
  readonly workspaceDiagnostics: boolean;
  /**
   * The client drops pushed diagnostics of documents that it pulls for. It forgets what it pulled once a document is in
   * no tab, although others may keep it open: only the client knows for which documents to take what is pushed.
   */
  readonly filtersPushed: boolean;
  /** The client answers the server's requests for files that have no path; see `client-files.ts`. */
  readonly files: boolean;
  /** URI of the folder with the grammar, for a server that cannot find it by itself. */
  readonly assets: string | undefined;
  /** When an edited document is checked: as it is typed, or not before it is saved. */
  readonly run: 'onType' | 'onSave';
}

export function resolveOptions(options: unknown): ClientOptions {
  const given = typeof options === 'object' && options !== null ? (options as Record<string, unknown>) : {};
  const { commands } = given;
  return {
    rulePageLink: stringOrUndefined(given.rulePageLink),
    rulePageHoverLink: stringOrUndefined(given.rulePageHoverLink),
    commands: Array.isArray(commands) ? commands.filter((command) => typeof command === 'string') : [],
    codeLens: given.codeLens === true,
    fadeUnchecked: given.fadeUnchecked === true,
    health: given.health === true,
    workspaceDiagnostics: given.workspaceDiagnostics !== false,
    filtersPushed: given.filtersPushed === true,
    files: given.files === true,
    assets: stringOrUndefined(given.assets),
    run: given.run === 'onSave' ? 'onSave' : 'onType',
  };
}

function stringOrUndefined(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
