import * as vscode from 'vscode';

/** A step as the protocol's related information has it. */
interface Step {
  readonly location: {
    readonly uri: string;
    readonly range: { readonly start: Place; readonly end: Place };
  };
  readonly message: string;
}

interface Place {
  readonly line: number;
  readonly character: number;
}

/** Longer sentences are cut behind the line, not in the hover: they would push the code out of sight. */
const maximumLabelLength = 80;

/**
 * Steps through the path of a finding: a peek view lists the places, and behind each line of the visible files stands
 * what happens there. The sentences go away with the next edit or when another path is shown.
 */
export class PathView implements vscode.Disposable {
  readonly #place = vscode.window.createTextEditorDecorationType({
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    backgroundColor: new vscode.ThemeColor('editor.findMatchHighlightBackground'),
    overviewRulerColor: new vscode.ThemeColor('editorOverviewRuler.findMatchForeground'),
  });
  readonly #label = vscode.window.createTextEditorDecorationType({
    after: { color: new vscode.ThemeColor('editorCodeLens.foreground'), margin: '0 0 0 2em', fontStyle: 'italic' },
  });
  readonly #subscriptions: vscode.Disposable[];
  #steps: readonly Step[] = [];

  constructor() {
    this.#subscriptions = [
      this.#place,
      this.#label,
      vscode.commands.registerCommand('ritual.showPath', (...parameters) => this.show(...parameters)),
      vscode.commands.registerCommand('ritual.hidePath', async () => {
        this.hide();
        // The peek view, which is VS Code's own; without one this does nothing.
        await vscode.commands.executeCommand('closeReferenceSearch');
      }),
      vscode.window.onDidChangeVisibleTextEditors((editors) => this.#decorate(editors)),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        const isOnPath = this.#steps.some((step) => step.location.uri === document.uri.toString());
        if (contentChanges.length > 0 && isOnPath) this.hide();
      }),
    ];
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  /** Without parameters, as from the command palette, it shows the path of the finding at the cursor. */
  async show(uri?: unknown, position?: unknown, _message?: unknown, steps?: unknown): Promise<void> {
    const [at, place, path] =
      typeof uri === 'string' && Array.isArray(steps)
        ? [vscode.Uri.parse(uri), toPosition(position as Place), steps as Step[]]
        : (pathAtCursor() ?? []);
    if (!at || !place || !path) {
      void vscode.window.showInformationMessage(vscode.l10n.t('There is no finding with a path at the cursor.'));
      return;
    }
    this.#steps = path;
    await vscode.commands.executeCommand('setContext', 'ritual.isPathShown', true);
    await vscode.window.showTextDocument(at, { selection: new vscode.Range(place, place) });
    this.#decorate(vscode.window.visibleTextEditors);
    await peek(
      at,
      place,
      path.map(({ location }) => location),
    );
  }

  hide(): void {
    if (this.#steps.length === 0) return;
    this.#steps = [];
    void vscode.commands.executeCommand('setContext', 'ritual.isPathShown', false);
    this.#decorate(vscode.window.visibleTextEditors);
  }

  #decorate(editors: readonly vscode.TextEditor[]): void {
    for (const editor of editors) {
      const own = this.#steps.filter(({ location }) => location.uri === editor.document.uri.toString());
      editor.setDecorations(
        this.#place,
        own.map(({ location, message }) => ({ range: toRange(location.range), hoverMessage: message })),
      );
      editor.setDecorations(
        this.#label,
        own.map((step) => labelOf(editor.document, step)),
      );
    }
  }
}

/** What happens in a step, behind the end of its line: between the words of the program it would read as one of them. */
function labelOf(document: vscode.TextDocument, { location, message }: Step): vscode.DecorationOptions {
  const { end } = document.lineAt(Math.min(location.range.end.line, document.lineCount - 1)).range;
  const contentText = message.length > maximumLabelLength ? `${message.slice(0, maximumLabelLength - 1)}…` : message;
  return { range: new vscode.Range(end, end), renderOptions: { after: { contentText } } };
}

/** Shows places in a peek view, for code lenses. */
export async function showPlaces(uri: string, position: Place, locations: readonly Step['location'][]): Promise<void> {
  await peek(vscode.Uri.parse(uri), toPosition(position), locations);
}

async function peek(uri: vscode.Uri, at: vscode.Position, locations: readonly Step['location'][]): Promise<void> {
  const places = locations.map((place) => new vscode.Location(vscode.Uri.parse(place.uri), toRange(place.range)));
  await vscode.commands.executeCommand('editor.action.peekLocations', uri, at, places, 'peek');
}

/** The path of the first finding at the cursor that has one. */
function pathAtCursor(): [vscode.Uri, vscode.Position, Step[]] | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return undefined;
  const { document, selection } = editor;
  const onLine = vscode.languages
    .getDiagnostics(document.uri)
    .filter(({ source, range }) => source === 'ritual' && range.start.line <= selection.active.line)
    .filter(({ range, relatedInformation }) => range.end.line >= selection.active.line && relatedInformation?.length);
  const met = onLine.find(({ range }) => range.contains(selection.active)) ?? onLine[0];
  const steps = met?.relatedInformation?.map(({ location, message }) => ({
    location: { uri: location.uri.toString(), range: location.range },
    message,
  }));
  return met && steps && [document.uri, met.range.start, steps];
}

function toPosition({ line, character }: Place): vscode.Position {
  return new vscode.Position(line, character);
}

function toRange({ start, end }: { start: Place; end: Place }): vscode.Range {
  return new vscode.Range(toPosition(start), toPosition(end));
}
