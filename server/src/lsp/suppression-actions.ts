import type { CodeAction, Diagnostic } from 'vscode-languageserver';
import type { Finding } from '../base/finding.ts';
import type { LineIndex } from '../base/line-index.ts';
import type { OpenDocument } from './document.ts';
import type { Session } from './session.ts';

export function suppressionActions(
  _session: Session,
  _document: OpenDocument,
  _text: string,
  _lines: LineIndex,
  _finding: Finding,
  _diagnostic: Diagnostic,
): CodeAction[] {
  return [];
}
