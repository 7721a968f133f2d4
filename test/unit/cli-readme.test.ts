import fs from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { exitCodes } from '../../server/src/cli/exit-codes.ts';
import { checkFormats } from '../../server/src/cli/formats.ts';
import { createProgram } from '../../server/src/cli/program.ts';
import { ruleRegistry } from '../../server/src/rules/registry.ts';
import { root } from '../support/built-tool.ts';

const readme = fs.readFileSync(path.join(root, 'README.md'), 'utf8');
const silent = { stdout: () => {}, stderr: () => {} };
const program = createProgram(silent, () => {});

/** The first cells of the rows of the table with this heading. */
function firstColumn(heading: string): string[] {
  const table = readme.split(/\n{2,}/).find((block) => block.startsWith(`| ${heading} |`));
  if (!table) throw new Error(`no table "${heading}" in the README`);
  const rows = table.trim().split('\n').slice(2);
  return rows.map((row) => row.split(' | ')[0].replace(/^\| /, ''));
}

/** What stands in code spans. */
const codeIn = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code);

function commandNamed(name: string): Command {
  return program.commands.find((command) => command.name() === name)!;
}

/** Long and short flags of a command, without the values they take. */
function flagsOf(command: Command): string[] {
  return command.options.flatMap((option) => [option.short, option.long]).filter((flag) => flag !== undefined);
}

describe('the README tells of the command line', () => {
  test('every option of check, and no other', () => {
    const documented = firstColumn('option of `check`')
      .flatMap(codeIn)
      .map((flag) => flag.split(' ')[0]);
    expect(documented.sort()).toEqual(flagsOf(commandNamed('check')).sort());
  });

  test('an option takes a value there if and only if it takes one here', () => {
    const documented = firstColumn('option of `check`').flatMap(codeIn);
    const check = commandNamed('check');
    for (const flag of documented) {
      const [name, value] = flag.split(' ');
      const option = check.options.find(({ short, long }) => short === name || long === name);
      expect({ flag, takesValue: option?.required }).toEqual({ flag, takesValue: value !== undefined });
    }
  });

  test('every format, every exit code, every rule', () => {
    expect(firstColumn('format').flatMap(codeIn)).toEqual([...checkFormats]);
    expect(firstColumn('exit code').map(Number)).toEqual(Object.values(exitCodes).sort((a, b) => a - b));
    expect(firstColumn('rule').flatMap(codeIn)).toEqual(ruleRegistry.map(({ id }) => id));
  });

  test('every command is mentioned, in a shell example or in the text', () => {
    for (const command of program.commands) {
      if (command.name() === 'debug') continue; // For those who work on Ritual: docs/architecture.md.
      expect(readme).toMatch(new RegExp(`\\britual ${command.name()}\\b`));
    }
  });

  test('every command line in a shell example exists', () => {
    const examples = [...readme.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, code]) => code).join('');
    const lines = [...examples.matchAll(/^(?:npx )?ritual (.+?)(?:\s*#.*)?$/gm)].map(([, line]) => line.split(/\s+/));
    expect(lines.length).toBeGreaterThan(4);
    for (const [name, ...words] of lines) {
      const command = commandNamed(name);
      expect(command, `ritual ${name}`).toBeDefined();
      for (const flag of words.filter((word) => word.startsWith('-'))) expect(flagsOf(command)).toContain(flag);
    }
  });
});

describe('the help', () => {
  test.each(program.commands.map((command) => command.name()))('of %s describes every option and argument', (name) => {
    const command = commandNamed(name);
    for (const option of command.options) expect(option.description, option.flags).not.toBe('');
    for (const argument of command.registeredArguments) {
      if (name !== 'debug') expect(argument.description, argument.name()).not.toBe('');
    }
    const text = command.helpInformation();
    for (const flag of flagsOf(command)) expect(text).toContain(flag);
  });
});
