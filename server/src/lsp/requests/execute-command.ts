import { type ExecuteCommandParams, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { rulePageUrl } from '../../report/rule-page-url.ts';
import { ruleById } from '../../rules/registry.ts';
import { showRulePageCommand } from '../client-commands.ts';
import type { Session } from '../session.ts';

/** `workspace/executeCommand`, for clients that have no such command of their own. */
export async function executeCommand(session: Session, params: ExecuteCommandParams): Promise<null> {
  const rule = ruleById(String(params?.arguments?.[0]));
  if (params?.command !== showRulePageCommand || !rule) {
    throw new ResponseError(LSPErrorCodes.RequestFailed, `no such command: ${params?.command}`);
  }
  const url = rulePageUrl(rule.id);
  if (session.capabilities.showDocument) {
    await session.connection.window.showDocument({ uri: url, external: true });
  } else {
    session.connection.window.showInformationMessage(`${rule.id}: ${url}`);
  }
  return null;
}
