import * as vscode from 'vscode';
import { checkWorkspace, clearWorkspace } from './commands/check-workspace.ts';
import { fixAllInFile } from './commands/fix-all-in-file.ts';
import { openExample } from './commands/open-example.ts';
import { showConfiguration } from './commands/show-configuration.ts';
import { showDebugInformation } from './commands/show-debug-information.ts';
import { PathView, showPlaces } from './commands/show-path.ts';
import { showRulePage } from './commands/show-rule-page.ts';
import { RulePages } from './rule-pages.ts';
import { type ClientFactory, ServerController } from './server-controller.ts';
import { StatusItem } from './status-item.ts';

/** What both entries share: `main.ts` for the desktop and remote machines, `browser.ts` for browsers. */
let controller: ServerController | undefined;

export function activateExtension(context: vscode.ExtensionContext, createClient: ClientFactory): void {
  const server = new ServerController(context, createClient);
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
    vscode.commands.registerCommand('ritual.showDebugInformation', () =>
      showDebugInformation(server, context.extension),
    ),
    vscode.commands.registerCommand('ritual.fixAllInFile', fixAllInFile),
    vscode.commands.registerCommand('ritual.showRulePage', showRulePage),
    vscode.commands.registerCommand('ritual.openExample', () => openExample(context.extensionUri)),
    vscode.commands.registerCommand('ritual.showPlaces', showPlaces),
    vscode.commands.registerCommand('ritual.showConfiguration', showConfiguration),
  );
  controller.startWhenNeeded();
}

export async function deactivateExtension(): Promise<void> {
  await controller?.stop();
}
