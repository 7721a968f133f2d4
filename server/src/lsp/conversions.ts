import {
  type Diagnostic,
  type DiagnosticRelatedInformation,
  DiagnosticSeverity,
  DiagnosticTag,
  type Range,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import type { Finding, Severity } from '../base/finding.ts';
import { LineIndex } from '../base/line-index.ts';
import type { TextEdit as OffsetEdit, TextRange } from '../base/range.ts';
import { rulePageUrl } from '../report/rule-page-url.ts';
import { metadata as unusedSuppression } from '../rules/unused-suppression/metadata.ts';
import type { FileReport } from '../workspace/file-report.ts';
import type { OpenDocument } from './document.ts';
import { uriOfFile } from './document-uri.ts';
import type { Session } from './session.ts';
import type { EditorWorkspace } from './workspaces.ts';

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

export function toRange(lines: LineIndex, range: TextRange): Range {
  return { start: lines.positionAt(range.start), end: lines.positionAt(range.end) };
}

export function toTextEdit(lines: LineIndex, edit: OffsetEdit): TextEdit {
  return { range: toRange(lines, edit.range), newText: edit.newText };
}

/** Edits of one document; versioned when the client can, so that it refuses them once the text has moved on. */
export function toWorkspaceEdit(session: Session, document: OpenDocument, edits: TextEdit[]): WorkspaceEdit {
  const { uri, version } = document;
  return session.capabilities.versionedEdits
    ? { documentChanges: [{ textDocument: { uri, version }, edits }] }
    : { changes: { [uri]: edits } };
}

/** The link to a rule's page: inside the editor when the client can show it, else on the web. */
export function rulePageLink(session: Session, rule: string, place: 'diagnostic' | 'hover'): string {
  const { rulePageLink: link, rulePageHoverLink } = session.options;
  const pattern = place === 'hover' ? (rulePageHoverLink ?? link) : link;
  return pattern?.replaceAll('{rule}', encodeURIComponent(rule)) ?? rulePageUrl(rule);
}

/** `workspace` is the one that the report's file belongs to. */
export function toDiagnostics(
  session: Session,
  workspace: EditorWorkspace | undefined,
  report: FileReport,
): Diagnostic[] {
  const files = new FileLines(session, workspace, report);
  return report.findings.map((finding) => {
    const diagnostic: Diagnostic = {
      range: toRange(files.linesOf(report.file), finding.range),
      severity: severities[finding.severity],
      code: finding.rule,
      codeDescription: { href: rulePageLink(session, finding.rule, 'diagnostic') },
      source: 'ritual',
      message: finding.message,
      data: { rule: finding.rule, confidence: finding.confidence },
    };
    // Editors fade what is unnecessary.
    if (finding.rule === unusedSuppression.id) diagnostic.tags = [DiagnosticTag.Unnecessary];
    const relatedInformation = session.capabilities.relatedInformation ? toSteps(finding, files) : [];
    if (relatedInformation.length > 0) diagnostic.relatedInformation = relatedInformation;
    return diagnostic;
  });
}

/** The path as numbered steps: clients sort related information as they like, and the order is the story. */
function toSteps(finding: Finding, files: FileLines): DiagnosticRelatedInformation[] {
  // A path of one step is the flaw itself, which the diagnostic already shows.
  if (finding.steps.length < 2) return [];
  return finding.steps.map((step, index) => ({
    location: { uri: files.uriOf(step.file), range: toRange(files.linesOf(step.file), step.range) },
    message: `${index + 1}. ${step.message}`,
  }));
}

/** The lines and URIs of the files that one report's steps lie in, each read once. */
class FileLines {
  readonly #session: Session;
  readonly #lines = new Map<string, LineIndex>();
  readonly #report: FileReport;
  readonly #workspace: EditorWorkspace | undefined;

  constructor(session: Session, workspace: EditorWorkspace | undefined, report: FileReport) {
    this.#session = session;
    this.#workspace = workspace;
    this.#report = report;
  }

  uriOf(file: string): string {
    return this.#open(file)?.uri ?? uriOfFile(file);
  }

  linesOf(file: string): LineIndex {
    let lines = this.#lines.get(file);
    if (!lines) {
      lines = new LineIndex(this.#textOf(file));
      this.#lines.set(file, lines);
    }
    return lines;
  }

  #textOf(file: string): string {
    if (file === this.#report.file) return this.#report.text;
    return this.#open(file)?.text ?? this.#session.host.readText(file) ?? '';
  }

  #open(file: string): OpenDocument | undefined {
    for (const document of this.#workspace?.documents ?? []) {
      if (document.file === file) return document;
    }
    return undefined;
  }
}
