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
import { combineSafeFixes, safeFixOf } from '../../workspace/safe-fixes.ts';
import { type CheckedDocument, Superseded } from '../checker.ts';
import { showPathCommand, showRulePageCommand } from '../client-commands.ts';
import { toTextEdit, toWorkspaceEdit } from '../conversions.ts';
import { disableActions } from '../disable-actions.ts';
import type { OpenDocument } from '../document.ts';
import { checkedDocumentOf, InvalidParameters, isRange } from '../fence.ts';
import { tryAllFixes } from '../fix-all.ts';
import type { Session } from '../session.ts';
import { suppressionActions } from '../suppression-actions.ts';

/** Below `source.fixAll`, so that the setting "fix all on save" includes it and can name it alone. */
export const fixAllKind = `${CodeActionKind.SourceFixAll}.ritual`;

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
    actions.push(...builder.quickFixes(start, end));
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
  quickFixes(start: number, end: number): (CodeAction | Command)[] {
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
      ...rules.flatMap((rule) => this.#fixAllOfRule(rule)),
      ...this.#fixEverything(rules),
      ...met.flatMap(({ diagnostic }) => this.#showPath(diagnostic)),
      ...met.flatMap(({ finding, diagnostic }) =>
        suppressionActions(this.#session, this.#document, text, this.#lines, finding, diagnostic),
      ),
      ...rules.flatMap((rule) => disableActions(this.#session, this.#document, text, this.#lines, rule)),
      ...showPages,
    ];
    return actions.map((action) => ({ diagnostics, ...action }));
  }

  /** For "fix all on save" and the Source Action menu. */
  async sourceFixAll(): Promise<CodeAction[]> {
    if (!this.#session.capabilities.codeActionLiterals || !this.#checked.report.findings.some(safeFixOf)) return [];
    try {
      const edits = await tryAllFixes(this.#document, this.#checked);
      return edits.length > 0 ? [this.#action('Fix all safe Ritual findings in this file', fixAllKind, edits)] : [];
    } catch (error) {
      if (error instanceof Superseded) return [];
      throw error;
    }
  }

  #fixes(finding: Finding, diagnostic: Diagnostic): CodeAction[] {
    const preferred = safeFixOf(finding);
    return finding.fixes.map((fix) => ({
      ...this.#action(fix.title, CodeActionKind.QuickFix, fix.edits),
      diagnostics: [diagnostic],
      isPreferred: fix === preferred,
    }));
  }

  /** Offered once a rule has two findings to fix, when doing it one by one becomes a chore. */
  #fixAllOfRule(rule: string): CodeAction[] {
    const findings = this.#checked.report.findings.filter((finding) => finding.rule === rule && safeFixOf(finding));
    if (findings.length < 2) return [];
    const title = `Fix all ${rule} findings in this file`;
    return [this.#action(title, CodeActionKind.QuickFix, combineSafeFixes(findings))];
  }

  /** Offered when it does more than what is offered for the one rule at hand. */
  #fixEverything(rules: readonly string[]): CodeAction[] {
    const fixable = this.#checked.report.findings.filter(safeFixOf);
    if (rules.length === 0 || new Set(fixable.map((finding) => finding.rule)).size < 2) return [];
    const edits = combineSafeFixes(fixable);
    return [this.#action('Fix all safe Ritual findings in this file', CodeActionKind.QuickFix, edits)];
  }

  /** Offered where the client can show it and there is more to show than the finding itself. */
  #showPath(diagnostic: Diagnostic): CodeAction[] {
    const { relatedInformation: steps, range, message } = diagnostic;
    if (!steps || !this.#session.options.commands.includes(showPathCommand)) return [];
    const title = `Show the path in ${steps.length} steps`;
    const command = { title, command: showPathCommand, arguments: [this.#document.uri, range.start, message, steps] };
    return [{ title, kind: CodeActionKind.QuickFix, diagnostics: [diagnostic], command }];
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
