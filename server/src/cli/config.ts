import path from 'node:path';
import { printable } from '../report/printable.ts';
import { ruleRegistry } from '../rules/registry.ts';
import { type Configuration, defaultConfiguration } from '../workspace/configuration.ts';
import { ignoreStackAbove, isIgnored, pushIgnoreFile, relativePattern } from '../workspace/ignore-files.ts';
import { isCSource, loadWorkspaceConfiguration } from '../workspace/node-workspace.ts';
import { effectiveSeverity } from '../workspace/rule-selection.ts';
import { configurationFileName, findWorkspaceRoot, hasEntry, isFolder } from '../workspace/workspace-root.ts';
import type { CommandOutput } from './diagnostics-output.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { applyIncludeAndExclude } from './selected-files.ts';

/** What `ritual config --format json` prints. Paths are relative to the current folder. */
export interface ConfigurationInForce {
  readonly path: string;
  readonly workspace: string;
  /** What makes that folder the workspace. */
  readonly decidedBy: '.ritual.jsonc' | '.git' | 'folder';
  /** The configuration file, if there is one. */
  readonly configuration: string | null;
  /** Whether a check of a folder above finds the path; named itself it is always checked. */
  readonly found: 'checked' | 'excluded' | 'ignored by Git' | 'no C source' | 'a folder';
  /** By key: what holds, and whether the configuration says so. */
  readonly values: Readonly<Record<string, { readonly value: unknown; readonly isConfigured: boolean }>>;
}

/** `ritual config PATH`: shows which configuration holds for a path, and all its values. */
export function config(
  argument: string,
  options: { readonly format: 'text' | 'json' },
  output: CommandOutput,
): ExitCode {
  const inForce = configurationInForce(path.resolve(argument));
  output.stdout(options.format === 'json' ? `${JSON.stringify(inForce, null, 2)}\n` : text(inForce));
  return exitCodes.clean;
}

function configurationInForce(file: string): ConfigurationInForce {
  const root = findWorkspaceRoot(file, isFolder(file) ? file : path.dirname(file));
  const configuration = loadWorkspaceConfiguration(root);
  const hasConfiguration = hasEntry(root, configurationFileName);
  return {
    path: shown(file),
    workspace: shown(root),
    decidedBy: hasConfiguration ? '.ritual.jsonc' : hasEntry(root, '.git') ? '.git' : 'folder',
    configuration: hasConfiguration ? shown(path.join(root, configurationFileName)) : null,
    found: found(file, root, configuration),
    values: valuesOf(configuration),
  };
}

function shown(file: string): string {
  return relativePattern(process.cwd(), file) || '.';
}

function found(file: string, root: string, configuration: Configuration): ConfigurationInForce['found'] {
  if (isFolder(file)) return 'a folder';
  if (!isCSource(file)) return 'no C source';
  if (isIgnoredByGit(file, root)) return 'ignored by Git';
  return applyIncludeAndExclude([{ file, isNamed: false }], root, configuration).length > 0 ? 'checked' : 'excluded';
}

/** A listing of the workspace does not reach the file: an ignore file names it, or a folder that it lies in. */
function isIgnoredByGit(file: string, root: string): boolean {
  let stack = ignoreStackAbove(root);
  let folder = root;
  for (const name of path.relative(root, file).split(path.sep)) {
    stack = pushIgnoreFile(stack, folder);
    folder = path.join(folder, name);
    if (isIgnored(stack, folder, folder !== file)) return true;
  }
  return false;
}

function valuesOf(configuration: Configuration): ConfigurationInForce['values'] {
  const values: Record<string, { value: unknown; isConfigured: boolean }> = {};
  for (const rule of ruleRegistry) {
    const configured = configuration.rules[rule.id];
    values[`rules.${rule.id}`] = {
      value: effectiveSeverity(rule, configuration),
      isConfigured: configured?.severity !== undefined,
    };
    for (const [name, option] of Object.entries(rule.options)) {
      const value = configured?.options?.[name];
      values[`rules.${rule.id}.${name}`] = { value: value ?? option.default, isConfigured: value !== undefined };
    }
  }
  const { rules: _, ...others } = { baseline: undefined, ...defaultConfiguration, ...configuration };
  for (const [key, value] of Object.entries(others).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const isEmpty = value === undefined || Object.keys(value).length === 0;
    values[key] = { value: asWritten(value ?? null), isConfigured: !isEmpty };
  }
  return values;
}

/** A value as the file would say it: there, positions of arguments count from 1. */
function asWritten(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, inner) => (key === 'argument' ? inner + 1 : inner)));
}

const reasons = {
  '.ritual.jsonc': 'it holds the configuration',
  '.git': 'it holds a repository, and there is no .ritual.jsonc',
  folder: 'neither a .ritual.jsonc nor a repository is above',
};

function text({ path: file, workspace, decidedBy, configuration, found, values }: ConfigurationInForce): string {
  const rows = [
    ['path', printable(file)],
    ['workspace', `${printable(workspace)} (${reasons[decidedBy]})`],
    ['configuration', configuration === null ? 'none' : printable(configuration)],
    ...(found === 'a folder'
      ? []
      : [['checked', found === 'checked' ? 'yes' : `no: ${found}; yes when it is named itself`]]),
  ];
  const facts = rows.map(([name, value]) => `${name.padEnd(15)}${value}\n`).join('');
  const width = Math.max(...Object.keys(values).map((key) => key.length));
  const lines = Object.entries(values).map(([key, { value, isConfigured }]) => {
    const origin = isConfigured ? 'configured' : 'default';
    return `${key.padEnd(width)}  ${origin.padEnd(10)}  ${JSON.stringify(value)}\n`;
  });
  return `${facts}\n${lines.join('')}`;
}
