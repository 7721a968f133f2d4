import { type DocumentHighlight, DocumentHighlightKind, type DocumentHighlightParams } from 'vscode-languageserver';
import { LineIndex } from '../../base/line-index.ts';
import type { TextRange } from '../../base/range.ts';
import { Superseded } from '../checker.ts';
import { toRange } from '../conversions.ts';
import { checkedDocumentOf, InvalidParameters, isPosition } from '../fence.ts';
import type { Session } from '../session.ts';

/**
 * `textDocument/documentHighlight`: on a pointer to memory that the function allocates or frees, where that happens, and
 * where the memory is read and written, under whatever name. On anything else nothing, so that others may answer.
 */
export async function documentHighlight(
  session: Session,
  params: DocumentHighlightParams,
): Promise<DocumentHighlight[] | null> {
  const document = checkedDocumentOf(session, params);
  if (!isPosition(params.position)) throw new InvalidParameters('position');
  if (!document) return null;
  const checked = await session.checker.check(document).catch((error) => {
    if (error instanceof Superseded) return undefined;
    throw error;
  });
  if (!checked) return null;
  const related = document.workspace?.project?.relatedRanges(document.file, document.offsetAt(params.position));
  if (!related) return null;
  const lines = new LineIndex(checked.report.text);
  const highlight = (kind: DocumentHighlightKind) => (range: TextRange) => ({ range: toRange(lines, range), kind });
  const events = [...related.allocations, ...related.frees, ...related.writes];
  return [
    ...events.map(highlight(DocumentHighlightKind.Write)),
    ...related.reads.map(highlight(DocumentHighlightKind.Read)),
  ];
}
