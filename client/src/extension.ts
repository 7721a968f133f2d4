import * as vscode from 'vscode';
import { checkWorkspace, clearWorkspace } from './commands/check-workspace.ts';
import { fixAllInFile } from './commands/fix-all-in-file.ts';
import { showConfiguration } from './commands/show-configuration.ts';
import { PathView, showPlaces } from './commands/show-path.ts';
import { showRulePage } from './commands/show-rule-page.ts';
import { RulePages } from './rule-pages.ts';
import { ServerController } from './server-controller.ts';
import { StatusItem } from './status-item.ts';

let controller: ServerController | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const server = new ServerController(context);
  controller = server;
  context.subscriptions.push(
    controller,
    new StatusItem(controller),
    new RulePages(context.extensionUri).register(),
    new PathView(),
    vscode.commands.registerCommand('ritual.restartServer', () => controller?.restart()),
    vscode.commands.registerCommand('ritual.showOutput', () => controller?.output.show()),
    vscode.commands.registerCommand('ritual.checkWorkspace', () => checkWorkspace(server)),
    vscode.commands.registerCommand('ritual.clearWorkspace', () => clearWorkspace(server)),
    vscode.commands.registerCommand('ritual.fixAllInFile', fixAllInFile),
    vscode.commands.registerCommand('ritual.showRulePage', showRulePage),
    vscode.commands.registerCommand('ritual.showPlaces', showPlaces),
    vscode.commands.registerCommand('ritual.showConfiguration', showConfiguration),
  );
  controller.startWhenNeeded();
}

export async function deactivate(): Promise<void> {
  await controller?.stop();
}
