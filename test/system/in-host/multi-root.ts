// biome-ignore-all lint/suspicious/noExportsInTest: VS Code calls the export; the tests are in an array of our own.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { actionsAt, findingsOf, poll, ruleOf, runTests, type Test, waitForFindings } from './harness.ts';

// Runs inside VS Code's extension host with two folders opened, each with a configuration of its own.

const tests: Test[] = [];
const test = (name: string, run: () => Promise<void>) => tests.push({ name, run });

/** VS Code's entry point. */
export const run = (): Promise<void> => runTests(tests);

const folderNamed = (name: string): vscode.WorkspaceFolder =>
  vscode.workspace.workspaceFolders!.find((folder) => folder.name === name)!;
const uriIn = (folder: string, name: string): vscode.Uri => vscode.Uri.joinPath(folderNamed(folder).uri, name);
const openIn = async (folder: string, name: string): Promise<vscode.TextEditor> =>
  vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uriIn(folder, name)));
const hasDoubleFree = (found: readonly vscode.Diagnostic[]): boolean =>
  found.some((each) => ruleOf(each) === 'double-free');

test('both folders are open', async () => {
  const names = vscode.workspace.workspaceFolders!.map(({ name }) => name);
  assert.deepEqual(names, ['first', 'second']);
});

test('each folder has its own configuration, and functions of the other are not mixed up', async () => {
  const one = await openIn('first', 'cache.c');
  const [finding] = await waitForFindings(one.document.uri, hasDoubleFree);
  assert.equal(finding.severity, vscode.DiagnosticSeverity.Error);
  // Its configuration makes hints of what is an error in the first.
  const two = await openIn('second', 'cache.c');
  const found = await waitForFindings(two.document.uri, hasDoubleFree);
  assert.equal(found.find((each) => ruleOf(each) === 'double-free')!.severity, vscode.DiagnosticSeverity.Hint);
});

test('"Check workspace" looks at both', async () => {
  const summary = await vscode.commands.executeCommand<{ files: number; findings: number }>('ritual.checkWorkspace');
  assert.ok(summary.files >= 4, JSON.stringify(summary));
  await waitForFindings(uriIn('first', 'closed.c'));
  await waitForFindings(uriIn('second', 'closed.c'));
  await vscode.commands.executeCommand('ritual.clearWorkspace');
  await waitForFindings(uriIn('first', 'closed.c'), (all) => all.length === 0);
  await waitForFindings(uriIn('second', 'closed.c'), (all) => all.length === 0);
});

test('there is a task for each folder, which runs there', async () => {
  const tasks = await poll(
    'tasks',
    () => vscode.tasks.fetchTasks({ type: 'ritual' }),
    (found) => found.length === 2,
  );
  const scopes = tasks.map(({ scope }) => (scope as vscode.WorkspaceFolder).name).sort();
  assert.deepEqual(scopes, ['first', 'second']);
  const task = tasks.find(({ scope }) => (scope as vscode.WorkspaceFolder).name === 'second')!;
  const ended = new Promise<number | undefined>((resolve) => {
    const subscription = vscode.tasks.onDidEndTaskProcess(({ exitCode }) => {
      subscription.dispose();
      resolve(exitCode);
    });
  });
  await vscode.tasks.executeTask(task);
  assert.equal(await ended, 1);
  await waitForFindings(uriIn('second', 'closed.c'));
  assert.deepEqual(findingsOf(uriIn('first', 'closed.c')), []);
});

test('a rule is switched off in the folder that the file is in', async () => {
  const { document } = await openIn('first', 'cache.c');
  const found = await waitForFindings(document.uri, hasDoubleFree);
  const finding = found.find((each) => ruleOf(each) === 'double-free')!;
  const action = await actionsAt(document.uri, finding.range, 'Switch double-free off in this project');
  await vscode.workspace.applyEdit(action.edit!);
  await vscode.commands.executeCommand(action.command!.command, ...action.command!.arguments!);
  await waitForFindings(document.uri, (all) => !hasDoubleFree(all));
  const configuration = uriIn('first', '.ritual.jsonc');
  assert.match(new TextDecoder().decode(await vscode.workspace.fs.readFile(configuration)), /"double-free": "off"/);
  const other = new TextDecoder().decode(await vscode.workspace.fs.readFile(uriIn('second', '.ritual.jsonc')));
  assert.match(other, /"double-free": "hint"/);
  await vscode.workspace.fs.delete(configuration);
  await waitForFindings(document.uri, hasDoubleFree);
});
