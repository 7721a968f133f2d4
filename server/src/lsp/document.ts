import type { TextDocumentContentChangeEvent } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { TextEdit } from '../base/range.ts';
import type { CheckedDocument, RunningCheck } from './checker.ts';
import { fileOfUri } from './document-uri.ts';
import type { EditorWorkspace } from './workspaces.ts';

/** A document that the client has open; its text overrides the disk. */
export class OpenDocument {
  readonly uri: string;
  readonly file: string;
  readonly languageId: string;
  isOpen = true;
  /** Undefined for a document that is not C: it is known, so that requests about it are answered, but not checked. */
  workspace: EditorWorkspace | undefined;
  /** The last check that ended, perhaps of an older version. */
  checked: CheckedDocument | undefined;
  running: RunningCheck | undefined;
  readonly #content: TextDocument;

  constructor(uri: string, languageId: string, version: number, text: string) {
    this.uri = uri;
    this.file = fileOfUri(uri);
    this.languageId = languageId;
    this.#content = TextDocument.create(uri, languageId, version, text);
  }

  get version(): number {
    return this.#content.version;
  }

  get text(): string {
    return this.#content.getText();
  }

  offsetAt(position: { line: number; character: number }): number {
    return this.#content.offsetAt(position);
  }

  /** Applies one change, and returns it as an edit of the text before. */
  applyChange(change: TextDocumentContentChangeEvent, version: number): TextEdit {
    let edit: TextEdit;
    if ('range' in change && change.range) {
      const a = this.offsetAt(change.range.start);
      const b = this.offsetAt(change.range.end);
      edit = { range: { start: Math.min(a, b), end: Math.max(a, b) }, newText: change.text };
    } else {
      edit = differenceOf(this.text, change.text);
    }
    TextDocument.update(this.#content, [change], version);
    return edit;
  }

  setVersion(version: number): void {
    TextDocument.update(this.#content, [], version);
  }
}

/** One edit that turns one text into the other. A client that sends whole texts is then as cheap as one that does not. */
export function differenceOf(before: string, after: string): TextEdit {
  const shorter = Math.min(before.length, after.length);
  let prefix = 0;
  while (prefix < shorter && before.charCodeAt(prefix) === after.charCodeAt(prefix)) prefix++;
  let suffix = 0;
  while (
    suffix < shorter - prefix &&
    before.charCodeAt(before.length - 1 - suffix) === after.charCodeAt(after.length - 1 - suffix)
  ) {
    suffix++;
  }
  return {
    range: { start: prefix, end: before.length - suffix },
    newText: after.slice(prefix, after.length - suffix),
  };
}
