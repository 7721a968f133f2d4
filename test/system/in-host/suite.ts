// biome-ignore-all lint/suspicious/noExportsInTest: VS Code calls the export; the tests are in an array of our own.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { actionsAt, findingsOf, open, poll, ruleOf, runTests, type Test, uriOf, waitForFindings } from './harness.ts';

// Runs inside VS Code's extension host, bundled by `in-host.test.ts`. Each test is about one contribution of the manifest.

const tests: Test[] = [];
const test = (name: string, run: () => Promise<void>) => tests.push({ name, run });
const manifest = () => vscode.extensions.getExtension('ritual-lint.ritual')!.packageJSON;

/** VS Code's entry point. */
export const run = (): Promise<void> => runTests(tests);

async function configure(name: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration('ritual').update(name, value, vscode.ConfigurationTarget.Global);
}

const doubleFree = async (name = 'store.c') => {
  const editor = await open(name);
  const found = await waitForFindings(editor.document.uri, (all) => all.some((each) => ruleOf(each) === 'double-free'));
  return { editor, uri: editor.document.uri, finding: found.find((each) => ruleOf(each) === 'double-free')! };
};

test('every command of the manifest is there', async () => {
  await doubleFree();
  const known = new Set(await vscode.commands.getCommands(true));
  const missing = manifest().contributes.commands.filter(({ command }: { command: string }) => !known.has(command));
  assert.deepEqual(missing, []);
});

test('findings carry their rule, link, severity and path', async () => {
  const { finding } = await doubleFree();
  assert.equal(finding.severity, vscode.DiagnosticSeverity.Error);
  assert.ok((finding.relatedInformation?.length ?? 0) >= 2);
  assert.ok(typeof finding.code === 'object' && finding.code.target.scheme === 'ritual-page');
});

test('a quick fix is preferred, and repairs', async () => {
  const { uri, finding, editor } = await doubleFree();
  const actions = await poll(
    'quick fixes',
    () =>
      vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        uri,
        finding.range,
        'quickfix',
      ),
    (found) => found?.some(({ isPreferred }) => isPreferred),
  );
  assert.equal(actions.filter(({ isPreferred }) => isPreferred).length, 1);
  await vscode.workspace.applyEdit(actions.find(({ isPreferred }) => isPreferred)!.edit!);
  await waitForFindings(uri, (all) => !all.some((each) => ruleOf(each) === 'double-free'));
  assert.ok(editor.document.isDirty);
});

test('ritual.fixAllInFile applies every safe fix', async () => {
  const { uri } = await doubleFree();
  const before = findingsOf(uri).length;
  await vscode.commands.executeCommand('ritual.fixAllInFile');
  await waitForFindings(uri, (all) => all.length < before && !all.some((each) => ruleOf(each) === 'double-free'));
});

test('Fix all of a rule makes repairs that want the same place one after the other', async () => {
  const uri = uriOf('lost.c');
  const text = [
    '#include <stdlib.h>',
    '#include <string.h>',
    'int both(const char *text, int wanted)',
    '{',
    '    char *first = malloc(64);',
    '    char *second = malloc(64);',
    '    if (first == NULL || second == NULL) {',
    '        free(first);',
    '        free(second);',
    '        return -1;',
    '    }',
    '    strncpy(first, text, 63);',
    '    strncpy(second, text, 63);',
    '    if (!wanted)',
    '        return 0;',
    '    free(first);',
    '    free(second);',
    '    return 1;',
    '}',
    '',
  ].join('\n');
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  try {
    const { document } = await open('lost.c');
    const [{ range }] = await waitForFindings(uri, (all) => all.length === 2);
    const action = await actionsAt(uri, range, 'Fix all memory-leak findings', 50);
    await vscode.workspace.applyEdit(action.edit!);
    await waitForFindings(uri, (all) => all.length === 0);
    assert.equal(document.getText().split('free(first);').length, 4);
    assert.equal(document.getText().split('free(second);').length, 4);
  } finally {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.workspace.fs.delete(uri);
  }
});

test('a rule is silenced in the file', async () => {
  const { uri, finding } = await doubleFree();
  const action = await actionsAt(uri, finding.range, 'Ignore double-free in this file');
  await vscode.workspace.applyEdit(action.edit!);
  await waitForFindings(uri, (all) => all.length > 0 && !all.some((each) => ruleOf(each) === 'double-free'));
});

test('a rule is switched off in the project: the configuration is created, saved, shown and in force', async () => {
  const { uri, finding } = await doubleFree();
  const action = await actionsAt(uri, finding.range, 'Switch double-free off in this project');
  await vscode.workspace.applyEdit(action.edit!);
  await vscode.commands.executeCommand(action.command!.command, ...action.command!.arguments!);
  await waitForFindings(uri, (all) => all.length > 0 && !all.some((each) => ruleOf(each) === 'double-free'));
  const configuration = uriOf('.ritual.jsonc');
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(configuration));
  assert.match(text, /"double-free": "off"/);
  assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), configuration.toString());
  await vscode.workspace.fs.delete(configuration);
  await waitForFindings(uri, (all) => all.some((each) => ruleOf(each) === 'double-free'));
});

test('a mistake in the configuration is marked while it is typed, and keys are completed from the schema', async () => {
  await doubleFree();
  const uri = uriOf('.ritual.jsonc');
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode('{\n  "rulse": {}\n}\n'));
  try {
    const editor = await open('.ritual.jsonc');
    assert.equal(editor.document.languageId, 'jsonc');
    const [problem] = await waitForFindings(uri);
    assert.match(problem.message, /unknown key "rulse"/);
    assert.equal(editor.document.getText(problem.range), '"rulse"');
    await editor.edit((edit) => edit.replace(new vscode.Range(1, 2, 1, 9), '""'));
    const list = await poll(
      'completions',
      () =>
        vscode.commands.executeCommand<vscode.CompletionList>(
          'vscode.executeCompletionItemProvider',
          uri,
          new vscode.Position(1, 3),
        ),
      ({ items }) => items.some(({ label }) => label === 'rules' || label === '"rules"'),
    );
    assert.ok(list.items.some(({ label }) => String(label).includes('allocators')));
  } finally {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.workspace.fs.delete(uri);
  }
});

test('hover tells the story of a pointer', async () => {
  const { editor, uri } = await doubleFree();
  const offset = editor.document.getText().lastIndexOf('free(name)') + 'free('.length;
  const hovers = await poll(
    'hover',
    () =>
      vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        uri,
        editor.document.positionAt(offset),
      ),
    (found) => found.length > 0,
  );
  const text = hovers
    .flatMap(({ contents }) => contents.map((each) => (each as vscode.MarkdownString).value))
    .join('\n');
  assert.match(text, /freed by `free` on line \d+/);
});

test('the free, the uses and the other free of a pointer are highlighted together', async () => {
  const { editor, uri } = await doubleFree();
  const offset = editor.document.getText().lastIndexOf('free(name)') + 'free('.length;
  const highlights = await poll(
    'highlights',
    () =>
      vscode.commands.executeCommand<vscode.DocumentHighlight[]>(
        'vscode.executeDocumentHighlights',
        uri,
        editor.document.positionAt(offset),
      ),
    (found) => found?.some(({ range }) => editor.document.getText(range) === 'free'),
  );
  assert.ok(highlights.filter(({ range }) => editor.document.getText(range) === 'name').length >= 2);
});

test('ritual.codeLens shows what becomes of allocations, and is off by default', async () => {
  const { uri } = await doubleFree();
  const lenses = () => vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 50);
  assert.deepEqual(
    (await lenses()).filter(({ command }) => command?.title.startsWith('allocated')),
    [],
  );
  await configure('codeLens', true);
  try {
    await poll('code lenses', lenses, (found) =>
      found.some(({ command }) => command?.title.startsWith('allocated here')),
    );
  } finally {
    await configure('codeLens', undefined);
  }
  await waitForFindings(uri);
});

test('ritual.fadeUncheckedCode fades branches that are not checked', async () => {
  const editor = await open('branches.c');
  const { uri } = editor.document;
  const faded = () =>
    vscode.languages.getDiagnostics(uri).filter(({ tags }) => tags?.includes(vscode.DiagnosticTag.Unnecessary));
  await poll('faded branch', faded, (found) => found.length === 1);
  await configure('fadeUncheckedCode', false);
  try {
    await poll('nothing faded', faded, (found) => found.length === 0);
  } finally {
    await configure('fadeUncheckedCode', undefined);
  }
});

test('ritual.enable switches off and on', async () => {
  const { uri } = await doubleFree();
  await configure('enable', false);
  try {
    await waitForFindings(uri, (all) => all.length === 0);
  } finally {
    await configure('enable', undefined);
  }
  await waitForFindings(uri);
});

test('ritual.checkHeadersOpenedAsCpp decides about headers', async () => {
  const editor = await open('header.h');
  await vscode.languages.setTextDocumentLanguage(editor.document, 'cpp');
  await waitForFindings(editor.document.uri);
  await configure('checkHeadersOpenedAsCpp', false);
  try {
    await waitForFindings(editor.document.uri, (all) => all.length === 0);
  } finally {
    await configure('checkHeadersOpenedAsCpp', undefined);
  }
});

test('ritual.run: onSave waits for the save', async () => {
  await configure('run', 'onSave');
  try {
    const { editor, uri } = await doubleFree();
    // Nothing shows when the server has heard of the setting, and on a slow machine that takes a while.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const before = findingsOf(uri).length;
    const end = editor.document.lineAt(editor.document.lineCount - 1).range.end;
    await editor.edit((edit) => edit.insert(end, '\nvoid again(char *p) { free(p); free(p); }\n'));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    assert.equal(findingsOf(uri).length, before);
    await editor.document.save();
    await waitForFindings(uri, (all) => all.length === before + 1);
    await vscode.commands.executeCommand('undo');
    await editor.document.save();
    await waitForFindings(uri, (all) => all.length === before);
  } finally {
    await configure('run', undefined);
  }
});

test('ritual.showPath shows the steps, ritual.hidePath takes them away', async () => {
  const { uri, finding, editor } = await doubleFree();
  editor.selection = new vscode.Selection(finding.range.start, finding.range.start);
  await vscode.commands.executeCommand('ritual.showPath');
  const action = await actionsAt(uri, finding.range, 'Show the path');
  await vscode.commands.executeCommand(action.command!.command, ...action.command!.arguments!);
  await vscode.commands.executeCommand('ritual.hidePath');
});

test('ritual.showRulePage opens the page of a rule', async () => {
  await vscode.commands.executeCommand('ritual.showRulePage', 'double-free');
  await poll(
    'page',
    () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label)),
    (labels) => labels.some((label) => label.includes('double-free')),
  );
});

test('the links of a rule page lead to pages', async () => {
  const uri = vscode.Uri.parse('ritual-page:/use-after-free.md');
  const text = (await vscode.workspace.openTextDocument(uri)).getText();
  const others = [...text.matchAll(/\]\(\.\/([\w-]+\.md)\)/g)].map(([, name]) => uri.with({ path: `/${name}` }));
  assert.ok(others.length >= 2, text);
  for (const other of others) {
    const page = await vscode.workspace.openTextDocument(other);
    assert.match(page.getText(), /^# [\w-]+\n/);
  }
  assert.doesNotMatch(text, /\]\(\.\.\//);
});

test('ritual.checkWorkspace finds what no open file has; ritual.clearWorkspace takes it back', async () => {
  const uri = uriOf('store.c');
  await poll(
    'no findings',
    () => findingsOf(uri).length,
    (count) => count === 0,
  );
  const summary = await vscode.commands.executeCommand<{ files: number; findings: number }>('ritual.checkWorkspace');
  assert.ok(summary.files >= 3 && summary.findings >= 3, JSON.stringify(summary));
  await waitForFindings(uriOf('closed.c'));
  const closed = (await waitForFindings(uri)).length;
  // Opened, it has each finding once.
  await doubleFree();
  await waitForFindings(uri, (all) => all.length === closed);
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  await vscode.commands.executeCommand('ritual.clearWorkspace');
  await waitForFindings(uri, (all) => all.length === 0);
  await waitForFindings(uriOf('closed.c'), (all) => all.length === 0);
});

test('a file in a comparison or in a peek view has each finding once, also after Check Workspace', async () => {
  // One that no other test opens: VS Code keeps a document for minutes that an extension asked for.
  const uri = uriOf('compared.c');
  const text = 'void f(char *p) { free(p); free(p); }\nvoid g(char *p) { free(p); free(p); }\n';
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(`#include <stdlib.h>\n${text}`));
  const other = uriOf('closed.c');
  await vscode.commands.executeCommand('ritual.checkWorkspace');
  const count = (await waitForFindings(uri)).length;
  assert.equal(count, 2);
  const inClosed = (await waitForFindings(other)).length;
  const views: [string, () => Thenable<unknown>][] = [
    ['comparison', () => vscode.commands.executeCommand('vscode.diff', uriOf('branches.c'), uri)],
    [
      'peek view',
      async () => {
        await open('branches.c');
        const start = new vscode.Position(0, 0);
        const places = [new vscode.Location(uri, new vscode.Range(start, start))];
        const at = vscode.window.activeTextEditor!.document.uri;
        await vscode.commands.executeCommand('editor.action.peekLocations', at, start, places, 'peek');
      },
    ],
  ];
  try {
    for (const [name, show] of views) {
      await show();
      await poll(
        `${name} is open`,
        () => vscode.window.visibleTextEditors,
        (editors) => editors.some(({ document }) => document.uri.toString() === uri.toString()),
      );
      for (let round = 0; round < 2; round++) {
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        assert.equal(findingsOf(uri).length, count, `${name}, round ${round}`);
        assert.equal(findingsOf(other).length, inClosed);
        await vscode.commands.executeCommand('ritual.checkWorkspace');
      }
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await waitForFindings(uri, (all) => all.length === count);
    }
  } finally {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('ritual.clearWorkspace');
    await waitForFindings(uri, (all) => all.length === 0);
    await vscode.workspace.fs.delete(uri);
  }
});

test('ritual.openExample opens a program with findings', async () => {
  await vscode.commands.executeCommand('ritual.openExample');
  const { document } = vscode.window.activeTextEditor!;
  assert.equal(document.languageId, 'c');
  await waitForFindings(document.uri);
});

test('ritual.showDebugInformation says what is open and indexed', async () => {
  const { uri } = await doubleFree();
  await vscode.commands.executeCommand('ritual.showDebugInformation');
  const { document } = vscode.window.activeTextEditor!;
  assert.ok(document.isUntitled);
  assert.match(document.getText(), /^Ritual \d+\.\d+\.\d+, /);
  assert.match(document.getText(), /index: [1-9]\d* files/);
  assert.ok(document.getText().includes(uri.fsPath));
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
});

test('ritual.restartServer and ritual.showOutput', async () => {
  const { uri } = await doubleFree();
  await vscode.commands.executeCommand('ritual.showOutput');
  await vscode.commands.executeCommand('ritual.restartServer');
  await waitForFindings(uri);
});

test('the task checks the folder, and its problem matcher fills Problems', async () => {
  const [task] = await vscode.tasks.fetchTasks({ type: 'ritual' });
  assert.equal(task.source, 'ritual');
  const ended = new Promise<number | undefined>((resolve) => {
    const subscription = vscode.tasks.onDidEndTaskProcess(({ exitCode }) => {
      subscription.dispose();
      resolve(exitCode);
    });
  });
  await vscode.tasks.executeTask(task);
  // There are errors in the folder.
  assert.equal(await ended, 1);
  // Of files that are open the server reports.
  const found = await waitForFindings(uriOf('closed.c'));
  assert.ok(found.some(({ message }) => message.includes('freed twice')));
});

test('ten files edited at typing speed: no stale finding is left', async () => {
  const names = Array.from({ length: 10 }, (_, i) => `typed${i}.c`);
  const text = '#include <stdlib.h>\nvoid f(char *p)\n{\n    free(p);\n}\n';
  for (const name of names) await vscode.workspace.fs.writeFile(uriOf(name), new TextEncoder().encode(text));
  try {
    const editors: vscode.TextEditor[] = [];
    for (const name of names) editors.push(await open(name));
    for (const key of '    free(p);') {
      for (const name of names) {
        const document = await vscode.workspace.openTextDocument(uriOf(name));
        const edit = new vscode.WorkspaceEdit();
        edit.insert(document.uri, new vscode.Position(4, document.lineAt(4).text.length - 1), key);
        await vscode.workspace.applyEdit(edit);
      }
    }
    for (const name of names) {
      const found = await waitForFindings(uriOf(name), (all) => all.length === 1);
      assert.equal(found[0].range.start.line, 4);
    }
    for (let left = '    free(p);'.length; left > 0; left--) {
      for (const name of names) {
        const edit = new vscode.WorkspaceEdit();
        edit.delete(uriOf(name), new vscode.Range(4, left - 1, 4, left));
        await vscode.workspace.applyEdit(edit);
      }
    }
    for (const name of names) await waitForFindings(uriOf(name), (all) => all.length === 0);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    for (const name of names) assert.deepEqual(findingsOf(uriOf(name)), []);
  } finally {
    for (const name of names) await vscode.workspace.fs.delete(uriOf(name));
  }
});
