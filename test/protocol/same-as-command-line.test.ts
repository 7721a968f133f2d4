import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { type Diagnostic, LanguageClient, type Range } from './support/language-client.ts';

const root = path.join(import.meta.dirname, '../..');
const folders = ['examples', 'test/system/fixtures/workspace'].map((folder) => path.join(root, folder));

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

test('the editor shows what the command line says, whatever the order of the files', async () => {
  const files = folders.flatMap((folder) =>
    fs
      .readdirSync(folder)
      .filter((name) => /\.[ch]$/.test(name))
      .map((name) => path.join(folder, name)),
  );
  const cli = path.join(root, 'dist/cli.js');
  const output = execFileSync(process.execPath, [cli, 'check', '--format', 'json', '--exit-zero', ...files], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  const expected = (JSON.parse(output).findings as JsonFinding[]).map(describeFinding).sort();
  expect(expected).not.toEqual([]);

  for (const order of [files, [...files].reverse()]) {
    const client = LanguageClient.spawn();
    try {
      await client.initialize({ textDocument: { publishDiagnostics: { relatedInformation: true } } });
      const uris = order.map((file) => pathToFileURL(file).toString());
      for (const [i, uri] of uris.entries()) client.open(uri, fs.readFileSync(order[i], 'utf8'));
      const actual: string[] = [];
      for (const uri of uris) {
        const diagnostics = await client.diagnostics(uri, 1);
        actual.push(...diagnostics.map((diagnostic) => describeDiagnostic(uri, diagnostic)));
      }
      expect(actual.sort()).toEqual(expected);
    } finally {
      client.kill();
    }
  }
}, 60_000);
