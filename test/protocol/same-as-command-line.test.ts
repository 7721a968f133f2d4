import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { type Diagnostic, LanguageClient, type Range } from './support/language-client.ts';

const root = path.join(import.meta.dirname, '../..');
/** RITUAL_PROGRAM names a folder with C sources, such as those of a large program, to be compared instead. */
const program = process.env.RITUAL_PROGRAM;
const folders = program
  ? [program]
  : ['examples', 'test/system/fixtures/workspace'].map((folder) => path.join(root, folder));

interface JsonRange {
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
}

interface JsonFinding {
  readonly rule: string;
  readonly severity: string;
  readonly message: string;
  readonly file: string;
  readonly range: JsonRange;
  readonly steps: readonly { readonly message: string; readonly file: string; readonly range: JsonRange }[];
}

const severities = ['', 'error', 'warning', 'information', 'hint'];
const place = (file: string, line: number, column: number) => `${path.relative(root, file)}:${line}:${column}`;
const jsonPlace = (file: string, { start, end }: JsonRange) =>
  `${place(path.resolve(root, file), start.line, start.column)}-${end.line}:${end.column}`;
const protocolPlace = (uri: string, { start, end }: Range) =>
  `${place(fileURLToPath(uri), start.line + 1, start.character + 1)}-${end.line + 1}:${end.character + 1}`;

function describeFinding(finding: JsonFinding): string {
  const steps = finding.steps.map((step, i) => `${i + 1}. ${step.message} ${jsonPlace(step.file, step.range)}`);
  const head = `${jsonPlace(finding.file, finding.range)} ${finding.severity} ${finding.rule} ${finding.message}`;
  return [head, ...(steps.length > 1 ? steps : [])].join('\n  ');
}

function describeDiagnostic(uri: string, diagnostic: Diagnostic): string {
  const { code, message, range, severity } = diagnostic;
  const steps = (diagnostic.relatedInformation ?? []).map(
    (step) => `${step.message} ${protocolPlace(step.location.uri, step.location.range)}`,
  );
  return [`${protocolPlace(uri, range)} ${severities[severity]} ${code} ${message}`, ...steps].join('\n  ');
}

/** In an order that is far from any other, and the same each time. */
function shuffled<T>(values: readonly T[]): T[] {
  const rest = [...values];
  const result: T[] = [];
  for (let state = 12_345; rest.length > 0; ) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    result.push(...rest.splice((state >>> 8) % rest.length, 1));
  }
  return result;
}

test('the editor shows what the command line says, whatever the order of the files', async () => {
  const files = folders.flatMap((folder) =>
    fs
      .readdirSync(folder)
      .filter((name) => /\.[ch]$/.test(name))
      .map((name) => path.join(folder, name)),
  );
  const cli = path.join(root, 'dist/cli.js');
  const workspace = program ?? root;
  const output = execFileSync(
    process.execPath,
    [cli, 'check', '--format', 'json', '--exit-zero', '--workspace', workspace, ...files],
    { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 },
  );
  const expected = (JSON.parse(output).findings as JsonFinding[]).map(describeFinding).sort();
  expect(expected).not.toEqual([]);

  for (const order of [[...files].reverse(), shuffled(files)]) {
    const client = LanguageClient.spawn();
    try {
      await client.initialize(
        { window: { workDoneProgress: true }, textDocument: { diagnostic: { relatedInformation: true } } },
        { rootUri: pathToFileURL(workspace).toString() },
      );
      const uris = order.map((file) => pathToFileURL(file).toString());
      for (const [i, uri] of uris.entries()) client.open(uri, fs.readFileSync(order[i], 'utf8'));
      await client.until(
        'the end of the index',
        () =>
          client.notifications.find(({ params }) => (params as { value?: { kind?: string } }).value?.kind === 'end'),
        600_000,
      );
      const actual: string[] = [];
      for (const uri of uris) {
        const textDocument = { uri };
        const start = { line: 0, character: 0 };
        // Answered when the check is finished; what is pulled before may be the first that is known.
        const asked = { textDocument, range: { start, end: start }, context: { diagnostics: [] } };
        await client.request('textDocument/codeAction', asked);
        const { items } = await client.request<{ items: Diagnostic[] }>('textDocument/diagnostic', { textDocument });
        actual.push(...items.map((diagnostic) => describeDiagnostic(uri, diagnostic)));
      }
      expect(actual.sort()).toEqual(expected);
    } finally {
      client.kill();
    }
  }
}, 1_800_000);
