import type { CodeLens, CodeLensParams } from 'vscode-languageserver';
import { LineIndex } from '../../base/line-index.ts';
import { Superseded } from '../checker.ts';
import { showPlacesCommand } from '../client-commands.ts';
import { toRange } from '../conversions.ts';
import { checkedDocumentOf } from '../fence.ts';
import { describeAllocation } from '../pointer-sentences.ts';
import type { Session } from '../session.ts';

/** `textDocument/codeLens`: above each allocation what becomes of it. Only for clients that ask for it in their options. */
export async function codeLens(session: Session, params: CodeLensParams): Promise<CodeLens[] | null> {
  const document = checkedDocumentOf(session, params);
  if (!document || !session.options.codeLens) return null;
  const checked = await session.checker.check(document).catch((error) => {
    if (error instanceof Superseded) return undefined;
    throw error;
  });
  const { workspace } = document;
  if (!checked || !workspace?.project) return null;
  const { signal } = workspace;
  const allocations = await workspace.project.allocations(document.file, signal).catch((error) => {
    // The client asks again after its edit.
    if (signal.aborted) return undefined;
    throw error;
  });
  if (!allocations) return null;
  const lines = new LineIndex(checked.report.text);
  const { uri } = document;
  const canShow = session.options.commands.includes(showPlacesCommand);
  return allocations.map((allocation) => {
    const range = toRange(lines, allocation.place.range);
    const title = describeAllocation(allocation, (offset) => lines.positionAt(offset).line + 1);
    const locations = allocation.frees.map((free) => ({ uri, range: toRange(lines, free.range) }));
    const command = canShow && locations.length > 0 ? showPlacesCommand : '';
    return { range, command: { title, command, arguments: [uri, range.start, locations] } };
  });
}
