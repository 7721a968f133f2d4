import { diffLines } from 'diff';
import type { TextEdit } from '../base/range.ts';
import { fixFile } from '../workspace/safe-fixes.ts';
import { type CheckedDocument, Superseded } from './checker.ts';
import type { OpenDocument } from './document.ts';

/** What a "fix all" remembers until it is chosen: the document, and the rule if it is for one alone. */
export interface FixAllData {
  readonly uri: string;
  readonly rule?: string;
}

/**
 * The edits that apply every safe fix, or those of one rule, found as the command line finds them: by trying. Fixes are applied in the
 * project alone, the result is checked, and what repaired nothing is taken back. Meanwhile no other check of the
 * workspace runs, since it would see the text that is being tried; an edit ends the trial with Superseded.
 */
export async function tryAllFixes(
  document: OpenDocument,
  checked: CheckedDocument,
  rule?: string,
): Promise<TextEdit[]> {
  const { workspace } = document;
  while (workspace?.trial) await workspace.trial;
  const project = workspace?.project;
  if (!workspace || !project || document.version !== checked.version) throw new Superseded();
  workspace.touch();
  const { signal } = workspace;
  let end: () => void = () => {};
  workspace.trial = new Promise((resolve) => {
    end = resolve;
  });
  try {
    const trial = {
      check: project.check.bind(project),
      openDocument: project.openDocument.bind(project),
      // The document stays open in the editor; its text comes back below.
      closeDocument: () => {},
    };
    const { report } = await fixFile(
      trial,
      checked.report,
      signal,
      (finding) => rule === undefined || finding.rule === rule,
    );
    return lineEdits(checked.report.text, report.text);
  } catch (error) {
    if (signal.aborted) throw new Superseded();
    throw error;
  } finally {
    if (document.isOpen && document.workspace === workspace) project.openDocument(document.file, document.text);
    workspace.trial = undefined;
    end();
  }
}

/** Edits of whole lines, so that cursors and marks elsewhere in the document stay where they are. */
export function lineEdits(before: string, after: string): TextEdit[] {
  const edits: TextEdit[] = [];
  let offset = 0;
  let open: { start: number; newText: string } | undefined;
  const close = () => {
    if (open) edits.push({ range: { start: open.start, end: offset }, newText: open.newText });
    open = undefined;
  };
  for (const { added, removed, value } of diffLines(before, after)) {
    if (!added && !removed) close();
    else open ??= { start: offset, newText: '' };
    if (added) open!.newText += value;
    else offset += value.length;
  }
  close();
  return edits;
}
