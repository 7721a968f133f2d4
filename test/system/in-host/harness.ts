import * as vscode from 'vscode';

// What the tests inside VS Code share.

export interface Test {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** What is printed in place of results where VS Code came up without its folders. The test outside then starts it again. */
const NO_WORKSPACE = 'in-host: no workspace';

/** In a browser VS Code may read a `.code-workspace` file before its file system is there, and then shows no folder of it. */
async function isWorkspaceOpen(): Promise<boolean> {
  for (const end = Date.now() + 10_000; Date.now() < end; ) {
    if (vscode.workspace.workspaceFolders?.length) return true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return false;
}

/** Runs the tests; the results are printed as one line of JSON, which the test outside reads. */
export async function runTests(tests: readonly Test[]): Promise<void> {
  if (!(await isWorkspaceOpen())) {
    console.log(NO_WORKSPACE);
    return;
  }
  const results: { name: string; error?: string }[] = [];
  for (const { name, run: execute } of tests) {
    try {
      await execute();
      results.push({ name });
    } catch (error) {
      results.push({ name, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  }
  console.log(`in-host results ${JSON.stringify(results)}`);
}

const folder = (): vscode.Uri => vscode.workspace.workspaceFolders![0].uri;
export const uriOf = (name: string): vscode.Uri => vscode.Uri.joinPath(folder(), name);
/** VS Code cancels requests when an editor's state changes under them, and answers lag: everything is asked again. */
export async function poll<T>(what: string, ask: () => T | PromiseLike<T>, isGood: (value: T) => boolean): Promise<T> {
  let last: unknown;
  for (const end = Date.now() + 20_000; Date.now() < end; ) {
    try {
      const value = await ask();
      if (isGood(value)) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`not in time: ${what}; last ${last instanceof Error ? last.message : JSON.stringify(last)}`);
}

export async function open(name: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uriOf(name)));
}

export const findingsOf = (uri: vscode.Uri) =>
  vscode.languages
    .getDiagnostics(uri)
    .filter(({ source, tags }) => source === 'ritual' && !tags?.includes(vscode.DiagnosticTag.Unnecessary));
export const ruleOf = ({ code }: vscode.Diagnostic) => (typeof code === 'object' ? code.value : code);
export const waitForFindings = (uri: vscode.Uri, isGood = (found: vscode.Diagnostic[]) => found.length > 0) =>
  poll(`findings of ${uri.path}`, () => findingsOf(uri), isGood);

/** @param resolved How many of the actions come with the edits that they are asked for when they are chosen. */
export async function actionsAt(
  uri: vscode.Uri,
  range: vscode.Range,
  title: string,
  resolved = 0,
): Promise<vscode.CodeAction> {
  const provider = 'vscode.executeCodeActionProvider';
  const actions = await poll(
    `action ${title}`,
    () => vscode.commands.executeCommand<vscode.CodeAction[]>(provider, uri, range, undefined, resolved),
    (found) => found?.some((action) => action.title.includes(title)),
  );
  return actions.find((action) => action.title.includes(title))!;
}
