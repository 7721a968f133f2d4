import { PassThrough } from 'node:stream';
import { createConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import type { Finding } from '../../../server/src/base/finding.ts';
import type { TextEdit } from '../../../server/src/base/range.ts';
import type { ServerHost } from '../../../server/src/lsp/host.ts';
import { attachServer } from '../../../server/src/lsp/server.ts';
import { defaultConfiguration } from '../../../server/src/workspace/configuration.ts';
import type { FileReport } from '../../../server/src/workspace/file-report.ts';
import type { OpenedWorkspace, OpenWorkspaceOptions } from '../../../server/src/workspace/node-workspace.ts';
import type { Project } from '../../../server/src/workspace/project.ts';
import { LanguageClient } from './language-client.ts';

/**
 * Stands in for the analysis where a test is about the server around it: reports every word BUG, with a safe fix that
 * removes it, and takes as long as the test says.
 */
export class FakeProject {
  readonly texts = new Map<string, string>();
  /** Runs before a check's result is made, with the check's signal. */
  beforeResult: (file: string, text: string, signal: AbortSignal | undefined) => Promise<void> | void = () => {};
  /** Where findings are that are told before the check's result; undefined for none. */
  firstFindings: ((text: string) => readonly number[] | undefined) | undefined;
  started = 0;
  finished = 0;

  indexFile(file: string, text: string): void {
    this.texts.set(`disk:${file}`, text);
  }

  removeFile(file: string): void {
    this.texts.delete(`disk:${file}`);
  }

  openDocument(file: string, text: string): void {
    this.texts.set(file, text);
  }

  changeDocument(file: string, edit: TextEdit): void {
    const text = this.texts.get(file) ?? '';
    this.texts.set(file, text.slice(0, edit.range.start) + edit.newText + text.slice(edit.range.end));
  }

  closeDocument(file: string): void {
    this.texts.delete(file);
  }

  pointerAt(): undefined {}

  uncheckedBranches(): [] {
    return [];
  }

  async check(
    file: string,
    signal?: AbortSignal,
    onFirst?: (report: FileReport) => Promise<void> | void,
  ): Promise<FileReport> {
    this.started++;
    const text = this.texts.get(file) ?? this.texts.get(`disk:${file}`) ?? '';
    const first = this.firstFindings?.(text);
    if (first) await onFirst?.(reportOf(file, text, first));
    signal?.throwIfAborted();
    await this.beforeResult(file, text, signal);
    signal?.throwIfAborted();
    this.finished++;
    return reportOf(
      file,
      text,
      [...text.matchAll(/BUG/g)].map((match) => match.index),
    );
  }
}

function reportOf(file: string, text: string, places: readonly number[]): FileReport {
  const findings = places.map((at) => findingAt(file, text, at));
  const silenced = { suppressed: 0, baselined: 0, gone: 0 };
  return { file, text, findings, silenced, health: { functions: 0, functionsWithErrors: 0, functionsIncomplete: 0 } };
}

function findingAt(file: string, text: string, start: number): Finding {
  const range = { start, end: start + 3 };
  return {
    rule: 'double-free',
    message: `a bug at ${start}`,
    file,
    range,
    functionName: 'f',
    steps: [
      { kind: 'freed', file, range: { start: 0, end: Math.min(1, text.length) }, message: 'freed here' },
      { kind: 'freed', file, range, message: 'freed again here' },
    ],
    confidence: 'certain',
    severity: 'error',
    cwe: [415],
    fixes: [
      { title: 'Remove it', safety: 'safe', edits: [{ range, newText: '' }] },
      { title: 'Rename it', safety: 'unsafe', edits: [{ range, newText: 'bug' }] },
    ],
  };
}

/** A server inside this process, over the fake analysis, and a client of it. */
export function startWithFakeProject(
  files: readonly string[] = [],
  openWorkspace: (opened: OpenedWorkspace, options: OpenWorkspaceOptions) => Promise<void> | void = () => {},
): { client: LanguageClient; project: FakeProject } {
  const project = new FakeProject();
  const host: ServerHost = {
    version: '0',
    workspaceRootOf: (_file, fallback) => fallback,
    openWorkspace: async (root, options) => {
      const opened = {
        root,
        project: project as unknown as Project,
        configuration: defaultConfiguration,
        indexComplete: true,
      };
      await openWorkspace(opened, options);
      return opened;
    },
    readText: () => undefined,
    refresh: async () => {},
    isCSource: () => true,
    listSources: async (folder) => files.map((name) => `${folder}/${name}`),
    configurationFileIn: (folder) => `${folder}/.ritual.jsonc`,
    folderOf: () => '/w',
  };
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  const connection = createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient));
  attachServer(connection, host);
  connection.listen();
  return { client: new LanguageClient(toClient, toServer), project };
}
