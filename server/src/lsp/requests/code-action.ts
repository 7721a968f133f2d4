import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Command,
  type Diagnostic,
} from 'vscode-languageserver';
import type { Finding } from '../../base/finding.ts';
import { LineIndex } from '../../base/line-index.ts';
import type { TextEdit } from '../../base/range.ts';
import { safeFixOf } from '../../workspace/safe-fixes.ts';
import { type CheckedDocument, Superseded } from '../checker.ts';
import { showPathCommand, showRulePageCommand } from '../client-commands.ts';
import { toTextEdit, toWorkspaceEdit } from '../conversions.ts';
import { disableActions } from '../disable-actions.ts';
import type { OpenDocument } from '../document.ts';
import { checkedDocumentOf, InvalidParameters, isRange } from '../fence.ts';
import { type FixAllData, tryAllFixes } from '../fix-all.ts';
import type { Session } from '../session.ts';
import { suppressionActions } from '../suppression-actions.ts';

/** Below `source.fixAll`, so that the setting "fix all on save" includes it and can name it alone. */
export const fixAllKind = `${CodeActionKind.SourceFixAll}.ritual`;

const fixEverything = 'Fix all safe Ritual findings in this file';

/**
 * `textDocument/codeAction`. Actions come from the check of the present version and not from what the client sends
 * back as `data`: its diagnostics may be of an older text, and edits at stale places damage it.
 */
export async function codeAction(session: Session, params: CodeActionParams): Promise<(CodeAction | Command)[]> {
  const document = checkedDocumentOf(session, params);
  if (!isRange(params.range)) throw new InvalidParameters('range');
  if (!document) return [];
  let checked: CheckedDocument;
  try {
    checked = await session.checker.check(document);
  } catch (error) {
    if (error instanceof Superseded) return [];
    throw error;
  }
  const only = Array.isArray(params.context?.only) ? params.context.only : undefined;
  const builder = new ActionBuilder(session, document, checked);
  const actions: (CodeAction | Command)[] = [];
  if (isWanted(CodeActionKind.QuickFix, only)) {
    const start = document.offsetAt(params.range.start);
    const end = document.offsetAt(params.range.end);
    actions.push(...(await builder.quickFixes(start, end)));
  }
  if (only && isWanted(fixAllKind, only)) actions.push(...(await builder.sourceFixAll()));
  return actions;
}

/** A kind is wanted when it or one of its parents is asked for. */
function isWanted(kind: string, only: readonly string[] | undefined): boolean {
  return !only || only.some((wanted) => wanted === '' || kind === wanted || kind.startsWith(`${wanted}.`));
}

class ActionBuilder {
  readonly #session: Session;
  readonly #document: OpenDocument;
  readonly #checked: CheckedDocument;
  readonly #lines: LineIndex;

  constructor(session: Session, document: OpenDocument, checked: CheckedDocument) {
    this.#session = session;
    this.#document = document;
    this.#checked = checked;
    this.#lines = new LineIndex(checked.report.text);
  }

  /** What can be done about the findings that meet a range: repairs first, the means to silence them last. */
  async quickFixes(start: number, end: number): Promise<(CodeAction | Command)[]> {
    const { findings, text } = this.#checked.report;
    const met = findings
      .map((finding, index) => ({ finding, diagnostic: this.#checked.diagnostics[index] }))
      .filter(({ finding }) => finding.range.start <= end && start <= finding.range.end);
    const rules = [...new Set(met.map(({ finding }) => finding.rule))];
    const diagnostics = met.map(({ diagnostic }) => diagnostic);
    const showPages = rules.map((rule) => this.#showPage(rule));
    // An old client takes commands only, and the server's edits are no commands.
    if (!this.#session.capabilities.codeActionLiterals) return showPages.map((action) => action.command!);
    // VS Code moves actions without diagnostics behind the others, so all of them say what they are about.
    const actions = [
      ...met.flatMap(({ finding, diagnostic }) => this.#fixes(finding, diagnostic)),
      ...(await this.#fixAll(rules)),
      ...this.#showPaths(diagnostics),
      ...met.flatMap(({ finding, diagnostic }) =>
        suppressionActions(this.#session, this.#document, text, this.#lines, finding, diagnostic),
      ),
      ...rules.flatMap((rule) => disableActions(this.#session, this.#document, text, this.#lines, rule)),
      ...showPages,
    ];
    return withoutRepetitions(actions).map((action) => ({ diagnostics, ...action }));
  }

  /** For "fix all on save" and the Source Action menu. */
  async sourceFixAll(): Promise<CodeAction[]> {
    if (!this.#session.capabilities.codeActionLiterals || !this.#checked.report.findings.some(safeFixOf)) return [];
    const edits = await this.#tryAllFixes();
    return edits.length > 0 ? [this.#action(fixEverything, fixAllKind, edits)] : [];
  }

  #fixes(finding: Finding, diagnostic: Diagnostic): CodeAction[] {
    const preferred = safeFixOf(finding);
    return finding.fixes.map((fix) => ({
      // Whoever takes one that may change what correct code does should know before.
      ...this.#action(fix.safety === 'safe' ? fix.title : `${fix.title} (unsafe)`, CodeActionKind.QuickFix, fix.edits),
      diagnostics: [diagnostic],
      isPreferred: fix === preferred,
    }));
  }

  /**
   * For one rule, once it has two findings to fix and doing it one by one becomes a chore; for all rules, when that does more
   * than what is offered for the rules at hand.
   */
  async #fixAll(rules: readonly string[]): Promise<CodeAction[]> {
    const fixable = this.#checked.report.findings.filter(safeFixOf);
    const count = (rule: string): number => fixable.filter((finding) => finding.rule === rule).length;
    const wanted: (string | undefined)[] = rules.filter((rule) => count(rule) > 1);
    if (rules.length > 0 && new Set(fixable.map(({ rule }) => rule)).size > 1) wanted.push(undefined);
    const actions: CodeAction[] = [];
    for (const rule of wanted) {
      const title = rule === undefined ? fixEverything : `Fix all ${rule} findings in this file`;
      if (this.#session.capabilities.resolvedEdits) {
        // It takes several checks: that is for whoever chooses it, not for every place the cursor comes to.
        const data: FixAllData = { uri: this.#document.uri, rule };
        actions.push({ title, kind: CodeActionKind.QuickFix, data });
        continue;
      }
      const edits = await this.#tryAllFixes(rule);
      if (edits.length > 0) actions.push(this.#action(title, CodeActionKind.QuickFix, edits));
    }
    return actions;
  }

  /** No edits where a newer version came meanwhile. */
  async #tryAllFixes(rule?: string): Promise<TextEdit[]> {
    try {
      return await tryAllFixes(this.#document, this.#checked, rule);
    } catch (error) {
      if (error instanceof Superseded) return [];
      throw error;
    }
  }

  /** Offered where the client can show it and there is more to show than the finding itself. */
  #showPaths(diagnostics: readonly Diagnostic[]): CodeAction[] {
    if (!this.#session.options.commands.includes(showPathCommand)) return [];
    const withPaths = diagnostics.filter(({ relatedInformation }) => relatedInformation !== undefined);
    return withPaths.map((diagnostic) => {
      const { range, message, relatedInformation: steps = [] } = diagnostic;
      // Several findings at one place differ in where their paths begin.
      const from = withPaths.length > 1 ? ` from line ${steps[0].location.range.start.line + 1}` : '';
      const title = `Show the path${from} in ${steps.length} steps`;
      const command = { title, command: showPathCommand, arguments: [this.#document.uri, range.start, message, steps] };
      return { title, kind: CodeActionKind.QuickFix, diagnostics: [diagnostic], command };
    });
  }

  #showPage(rule: string): CodeAction {
    const title = `Show the page of ${rule}`;
    const command = { title, command: showRulePageCommand, arguments: [rule] };
    return { title, kind: CodeActionKind.QuickFix, command };
  }

  #action(title: string, kind: string, edits: readonly TextEdit[]): CodeAction {
    const textEdits = edits.map((edit) => toTextEdit(this.#lines, edit));
    return { title, kind, edit: toWorkspaceEdit(this.#session, this.#document, textEdits) };
  }
}

/** One comment silences a rule's findings on its line, and one repair may be that of several: each is offered once. */
function withoutRepetitions(actions: readonly CodeAction[]): CodeAction[] {
  const offered = new Map<string, CodeAction>();
  for (const action of actions) {
    const { title, edit, command, data, diagnostics = [] } = action;
    const key = JSON.stringify([title, edit, command, data]);
    const same = offered.get(key);
    if (!same) offered.set(key, action);
    else if (same.diagnostics) offered.set(key, { ...same, diagnostics: [...same.diagnostics, ...diagnostics] });
  }
  return [...offered.values()];
}
