import type {
  CancellationToken,
  PreviousResultId,
  ResultProgressReporter,
  WorkDoneProgressReporter,
  WorkspaceDiagnosticParams,
  WorkspaceDiagnosticReport,
  WorkspaceDiagnosticReportPartialResult,
  WorkspaceDocumentDiagnosticReport,
} from 'vscode-languageserver';
import { LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import type { Session } from '../session.ts';
import { type CheckedFile, checkWorkspace, signalOf } from '../workspace-check.ts';

/** How often a request that has nothing to tell looks for news, in milliseconds. */
const newsInterval = 1_000;

/**
 * `workspace/diagnostic`: the diagnostics of all files of the workspace, in pieces where the client takes them. A client
 * that knows them all waits for its answer until something changes, or it would ask in circles.
 */
export async function workspaceDiagnostic(
  session: Session,
  params: WorkspaceDiagnosticParams,
  token: CancellationToken,
  progress: WorkDoneProgressReporter,
  partial: ResultProgressReporter<WorkspaceDiagnosticReportPartialResult> | undefined,
): Promise<WorkspaceDiagnosticReport> {
  const known = new Map(previousResults(params).map(({ uri, value }) => [uri, value]));
  const cancellation = signalOf([token]);
  const { signal } = cancellation;
  try {
    for (;;) {
      const revision = revisionOf(session);
      const items: WorkspaceDocumentDiagnosticReport[] = [];
      let hasNews = known.size === 0;
      progress.begin('Ritual: checking the workspace', 0, undefined, true);
      const missing = new Set(known.keys());
      await checkWorkspace(session, signal, (checked, done, total) => {
        missing.delete(checked.uri);
        const item = reportOf(checked, known.get(checked.uri));
        if (item.kind === 'full') hasNews = true;
        progress.report(Math.floor((100 * done) / total), `${done} of ${total} files`);
        if (partial) partial.report({ items: [item] });
        else items.push(item);
      });
      progress.done();
      if (signal.aborted) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'the check was cancelled');
      for (const uri of missing) {
        hasNews = true;
        items.push({ kind: 'full', uri, version: null, items: [] });
      }
      if (hasNews) return { items };
      while (revisionOf(session) === revision && !signal.aborted) {
        await new Promise((resolve) => setTimeout(resolve, newsInterval));
      }
    }
  } finally {
    cancellation.dispose();
  }
}

function previousResults(params: WorkspaceDiagnosticParams): PreviousResultId[] {
  const given: unknown = params?.previousResultIds;
  if (!Array.isArray(given)) return [];
  return given.filter((each) => typeof each?.uri === 'string' && typeof each.value === 'string');
}

/** Changes whenever the findings of some file may have changed. */
function revisionOf(session: Session): number {
  let sum = 0;
  for (const { revision } of session.workspaces) sum += revision;
  return sum;
}

function reportOf({ uri, version, diagnostics }: CheckedFile, previous: string | undefined) {
  const resultId = fingerprint(JSON.stringify(diagnostics));
  return resultId === previous
    ? { kind: 'unchanged' as const, uri, version, resultId }
    : { kind: 'full' as const, uri, version, resultId, items: [...diagnostics] };
}

/** FNV-1a, 32 bits, with the length: equal for equal diagnostics of one file, which is all that it must tell apart. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return `${text.length.toString(36)}.${(hash >>> 0).toString(36)}`;
}
