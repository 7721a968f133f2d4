import path from 'node:path';
import { LineIndex } from '../base/line-index.ts';
import { dumpCfg, dumpIr } from '../ir/dump.ts';
import type { FunctionIr } from '../ir/instructions.ts';
import * as lexer from '../source/lexer.ts';
import type { TopLevelItem } from '../syntax/translation-unit.ts';
import type { AnalysedFile } from '../workspace/analysed-file.ts';
import { loadBuildSettings } from '../workspace/build-settings-file.ts';
import {
  findWorkspaceRoot,
  loadNodeGrammar,
  loadWorkspaceConfiguration,
  readSources,
  readText,
} from '../workspace/node-workspace.ts';
import { Program } from '../workspace/program.ts';
import type { DumpName } from './dump-names.ts';

export interface DumpInput {
  /** Absolute path. */
  readonly file: string;
  readonly text: string;
}

/** What `ritual debug --dump` can show, by name. The text is for people and has no stable form. */
export const dumps: Readonly<Record<DumpName, (input: DumpInput) => string | Promise<string>>> = {
  tokens: dumpTokens,
  ir: (input) => dumpFunctions(input, dumpedIr(dumpIr)),
  cfg: (input) => dumpFunctions(input, dumpedIr(dumpCfg)),
  states: (input) => dumpFunctions(input, (program, analysed, item) => program.dumpStates(analysed, item)),
};

/** One token a line: position, kind, and the text as JSON writes it. */
function dumpTokens({ text }: DumpInput): string {
  const tokens = lexer.tokenise(text);
  const lines = new LineIndex(text);
  const result: string[] = [];
  for (let i = 0; i < tokens.count; i++) {
    const { line, character } = lines.positionAt(tokens.start[i]);
    const spelling = JSON.stringify(text.slice(tokens.start[i], tokens.end[i]));
    result.push(`${line + 1}:${character + 1}\t${tokenKindName(tokens.kind[i])}\t${spelling}\n`);
  }
  return result.join('');
}

const literalKinds: Readonly<Record<number, string>> = {
  [lexer.IDENTIFIER]: 'identifier',
  [lexer.NUMBER]: 'number',
  [lexer.STRING]: 'string',
  [lexer.CHARACTER]: 'character',
  [lexer.DIRECTIVE]: 'directive',
  [lexer.UNKNOWN]: 'unknown',
};

function tokenKindName(kind: number): string {
  return literalKinds[kind] ?? 'punctuator';
}

type FunctionDump = (program: Program, analysed: AnalysedFile, item: TopLevelItem) => string | undefined;

function dumpedIr(dump: (ir: FunctionIr, source: string) => string): FunctionDump {
  return (program, analysed, item) => {
    const ir = program.lowered(analysed, item);
    return ir && dump(ir, analysed.text.slice(item.start, item.end));
  };
}

/** Shows every function of the file as the analysis sees it, with the macros of its workspace. */
async function dumpFunctions({ file }: DumpInput, dump: FunctionDump): Promise<string> {
  const root = findWorkspaceRoot(file, path.dirname(file));
  const program = new Program(
    await loadNodeGrammar(),
    loadWorkspaceConfiguration(root),
    readText,
    loadBuildSettings(root),
  );
  await readSources(root, (source, text) => program.setText(source, text));
  const analysed = program.analysed(file);
  const result: string[] = [];
  for (const item of analysed?.unit.items ?? []) {
    if (item.kind !== 'function') continue;
    result.push(dump(program, analysed!, item) ?? `function ${item.name}: not understood\n`);
  }
  return result.join('\n');
}
