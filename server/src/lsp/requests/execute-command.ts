import { type CancellationToken, type ExecuteCommandParams, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { rulePageUrl } from '../../report/rule-page-url.ts';
import { ruleById } from '../../rules/registry.ts';
import {
  checkWorkspaceCommand,
  clearWorkspaceCommand,
  debugInformationCommand,
  showRulePageCommand,
} from '../client-commands.ts';
import { debugInformation } from '../debug-information.ts';
import type { Session } from '../session.ts';
import type { WorkspaceCheckSummary } from '../workspace-check.ts';

/** `workspace/executeCommand`. Our own extension has commands of these names, and asks for them here. */
export async function executeCommand(
  session: Session,
  params: ExecuteCommandParams,
  token: CancellationToken,
): Promise<WorkspaceCheckSummary | string[] | null> {
  switch (params?.command) {
    case checkWorkspaceCommand:
      return session.findings.check(token);
    case clearWorkspaceCommand:
      session.findings.clear();
      return null;
    case debugInformationCommand:
      return debugInformation(session);
    case showRulePageCommand:
      return showRulePage(session, params.arguments?.[0]);
    default:
      throw new ResponseError(LSPErrorCodes.RequestFailed, `no such command: ${params?.command}`);
  }
}

async function showRulePage(session: Session, id: unknown): Promise<null> {
  const rule = ruleById(String(id));
  if (!rule) throw new ResponseError(LSPErrorCodes.RequestFailed, `no such rule: ${id}`);
  const url = rulePageUrl(rule.id);
  if (session.capabilities.showDocument) {
    await session.connection.window.showDocument({ uri: url, external: true });
  } else {
    session.connection.window.showInformationMessage(`${rule.id}: ${url}`);
  }
  return null;
}
