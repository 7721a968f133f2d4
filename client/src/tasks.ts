import * as vscode from 'vscode';

/** What a task of type "ritual" says in `tasks.json`; the schema is in the manifest. */
interface TaskDefinition extends vscode.TaskDefinition {
  readonly paths?: readonly string[];
  readonly arguments?: readonly string[];
}

/** Offers the command line tool, which is part of the extension, as a task for each opened folder. */
export class CheckTasks implements vscode.TaskProvider {
  readonly #program: string;

  /** @param program Path of the bundled command line tool. */
  constructor(program: string) {
    this.#program = program;
  }

  register(): vscode.Disposable {
    return vscode.tasks.registerTaskProvider('ritual', this);
  }

  provideTasks(): vscode.Task[] {
    const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
    return folders.map((folder) => this.#task({ type: 'ritual' }, folder));
  }

  resolveTask({ definition, scope }: vscode.Task): vscode.Task | undefined {
    const isFolder = typeof scope === 'object' && 'uri' in scope;
    const folder = isFolder ? scope : vscode.workspace.workspaceFolders?.[0];
    return folder && this.#task(definition as TaskDefinition, folder);
  }

  #task(definition: TaskDefinition, folder: vscode.WorkspaceFolder): vscode.Task {
    const { paths = ['.'], arguments: options = [] } = definition;
    const execution = new vscode.ProcessExecution(
      process.execPath,
      [this.#program, 'check', '--format', 'concise', ...options, '--', ...paths],
      // The desktop's own program is Electron, which is Node when told so.
      { cwd: folder.uri.fsPath, env: { ELECTRON_RUN_AS_NODE: '1' } },
    );
    const task = new vscode.Task(definition, folder, vscode.l10n.t('check'), 'ritual', execution, '$ritual');
    task.group = vscode.TaskGroup.Build;
    task.presentationOptions = { reveal: vscode.TaskRevealKind.Silent, clear: true };
    return task;
  }
}
