import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { version } from '../../package.json';
import { createProgram } from '../../server/src/cli/program.ts';
import { root } from '../support/built-tool.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const read = (file: string) => fs.readFileSync(path.join(root, file), 'utf8');

/** The script of a step of the action, as the runner would run it with these inputs. */
function runStep(name: string, inputs: Readonly<Record<string, string>>, folder: string) {
  const step = read('action.yml')
    .split(/^ {4}- /m)
    .find((part) => part.startsWith(`name: ${name}\n`))!;
  const script = /^ {6}run: \|\n((?: {8}.*\n?)+)/m.exec(step)![1].replace(/^ {8}/gm, '');
  // Inputs reach the script as variables alone: an expression in the script would be a place to inject commands.
  expect(script).not.toContain('${{');
  const variables = [...step.matchAll(/^ {8}(RITUAL_\w+): \$\{\{ inputs\.([\w-]+) \}\}$/gm)];
  const environment = Object.fromEntries(variables.map(([, variable, input]) => [variable, inputs[input] ?? '']));
  const { status, stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ...environment, GITHUB_ACTION_PATH: root },
  });
  return { status, stdout, stderr };
}

describe('the GitHub action', () => {
  const twice = '#include <stdlib.h>\nvoid drop(char *p)\n{\n    free(p);\n    free(p);\n}\n';

  test('annotates, and fails when there is something to annotate', () => {
    const folder = temporaryFolder({ 'src/a.c': twice, 'lib/b.c': 'int x;\n' });
    expect(runStep('Build Ritual', {}, folder)).toMatchObject({ status: 0, stdout: '' });
    const inputs = { paths: 'src\nlib', format: 'github' };
    const failed = runStep('Check', inputs, folder);
    expect(failed).toMatchObject({ status: 1, stderr: '' });
    expect(failed.stdout).toMatch(/^::error file=src\/a\.c,line=5,.*\n$/);
    expect(runStep('Check', { ...inputs, arguments: '--exit-zero -q' }, folder)).toMatchObject({ status: 0 });
    expect(runStep('Check', { ...inputs, paths: 'lib' }, folder)).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('an input is never a command', () => {
    const folder = temporaryFolder({ 'a.c': 'int x;\n' });
    const paths = 'a.c $(touch owned) `touch owned` ; touch owned ; * --output-file=owned';
    expect(runStep('Check', { paths, format: 'github' }, folder).status).toBe(2);
    expect(fs.readdirSync(folder)).toEqual(['a.c']);
  });

  test('is documented with all its inputs and their defaults', () => {
    const inputs = [...read('action.yml').matchAll(/^ {2}([\w-]+):\n {4}description: .*\n {4}default: (.*)$/gm)];
    expect(inputs.length).toBeGreaterThan(3);
    const rows = [...read('docs/ci.md').matchAll(/^\| `([\w-]+)` \| (?:`(.*?)`)? ?\| /gm)];
    expect(rows.map(([, input, value]) => [input, value ?? "''"])).toEqual(
      inputs.map(([, input, value]) => [input, value]),
    );
  });
});

test('the pre-commit hook runs a command line that exists', () => {
  const [, entry] = /^ {2}entry: ritual (.*)$/m.exec(read('.pre-commit-hooks.yaml'))!;
  const [name, ...flags] = entry.split(' ');
  const program = createProgram({ stdout: () => {}, stderr: () => {} }, () => {});
  const command = program.commands.find((each) => each.name() === name)!;
  for (const flag of flags) expect(command.options.map(({ long }) => long)).toContain(flag);
});

test('every option in docs/ci.md exists, and the version is the present one', () => {
  const page = read('docs/ci.md');
  const program = createProgram({ stdout: () => {}, stderr: () => {} }, () => {});
  const flags = program.commands.find((each) => each.name() === 'check')!.options.map(({ long }) => long);
  const named = [...page.matchAll(/\britual check ([^`'\n]*)|`(--[\w-]+)|arguments: (--.*)|args: \[(.*)\]/g)].flatMap(
    ([, ...parts]) =>
      [
        ...parts
          .filter(Boolean)
          .join(' ')
          .matchAll(/--[a-z-]+/g),
      ].map(([flag]) => flag),
  );
  expect(named.length).toBeGreaterThan(8);
  for (const flag of named) if (flag !== '--global' && flag !== '--package') expect(flags).toContain(flag);
  for (const [, shown] of page.matchAll(/ritual-(\d[\d.]*)\.tgz/g)) expect(shown).toBe(version);
});

describe('links in the documentation', () => {
  const pages = [
    'README.md',
    'docs/ci.md',
    'docs/suppressions.md',
    'docs/editors.md',
    'docs/architecture.md',
    'docs/rules.md',
  ];
  const headings = (file: string) =>
    [...read(file).matchAll(/^#+ (.*)$/gm)].map(([, text]) =>
      text
        .toLowerCase()
        .replace(/[^\w\s-]/g, '')
        .replace(/\s/g, '-'),
    );

  test.each(pages)('of %s lead somewhere', (page) => {
    const text = read(page).replace(/^```[\s\S]*?^```/gm, '');
    for (const [, target] of text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
      const [file, anchor] = target.split('#');
      const linked = file === '' ? page : path.posix.join(path.posix.dirname(page), file);
      expect(fs.existsSync(path.join(root, linked)), target).toBe(true);
      if (anchor && linked.endsWith('.md')) expect(headings(linked), target).toContain(anchor);
    }
  });
});
