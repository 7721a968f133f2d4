import fs from 'node:fs';
import path from 'node:path';
import { globSync } from 'tinyglobby';
import { describe, expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '../..');

/** Each room may import itself and the rooms before it; the shells, last, not each other. */
const rooms = ['base', 'source', 'syntax', 'ir', 'analysis', 'rules', 'workspace', 'report', 'shells'];
const shells = ['cli', 'lsp'];

/** The rooms that read the tables of `models/`, which itself imports plain data only. */
const readersOfModels = ['models', 'ir', 'analysis', 'rules', 'workspace'];

/** Imports against the directions, each with its reason. */
const exceptions = new Map([
  // One program holds both: `ritual lsp` starts the server.
  ['server/src/cli/lsp.ts', 'server/src/lsp/stdio.ts'],
]);

interface Import {
  readonly from: string;
  /** Relative to the root for the project's own files, else the module's name. */
  readonly to: string;
  readonly isTypeOnly: boolean;
}

function importsOf(file: string): Import[] {
  const text = fs.readFileSync(path.join(root, file), 'utf8');
  const pattern = /^(?:import|export)\s+(type\s)?[^;]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gms;
  return [...text.matchAll(pattern)].map((match) => {
    const module = match[2] ?? match[3] ?? match[4];
    const to = module.startsWith('.') ? path.posix.join(path.posix.dirname(file), module) : module;
    return { from: file, to, isTypeOnly: match[1] !== undefined };
  });
}

const sources = (pattern: string) =>
  globSync(pattern, { cwd: root })
    .filter((file) => !file.endsWith('.test.ts'))
    .sort();
const serverImports = sources('server/src/**/*.ts').flatMap(importsOf);
const clientImports = sources('client/src/**/*.ts').flatMap(importsOf);
const show = ({ from, to }: Import) => `${from} imports ${to}`;

/** The room of one of the server's files; undefined for all others. */
function roomOf(file: string): string | undefined {
  const room = /^server\/src\/([^/]+)\//.exec(file)?.[1];
  return room && shells.includes(room) ? 'shells' : room;
}

describe('rooms', () => {
  test('there are imports to look at', () => {
    expect(serverImports.length).toBeGreaterThan(50);
  });

  test('every room is known', () => {
    const found = new Set(sources('server/src/**/*.ts').map(roomOf));
    expect([...found].filter((room) => room === undefined || !['models', ...rooms].includes(room))).toEqual([]);
  });

  test('each imports only rooms before it', () => {
    const wrong = serverImports.filter((entry) => {
      const { from, to } = entry;
      const [importer, imported] = [roomOf(from)!, roomOf(to)];
      if (imported === undefined || exceptions.get(from) === to) return false;
      if (imported === 'models') return !readersOfModels.includes(importer);
      if (importer === 'models') return imported !== 'base';
      if (importer === 'shells' && imported === 'shells') return from.split('/')[2] !== to.split('/')[2];
      return rooms.indexOf(imported) > rooms.indexOf(importer);
    });
    expect(wrong.map(show)).toEqual([]);
  });

  test('the server imports nothing of the client, and of the root only package.json', () => {
    const outside = serverImports.filter(
      ({ to }) => to.includes('/') && !to.startsWith('server/') && to !== 'package.json',
    );
    const own = outside.filter(({ to }) => fs.existsSync(path.join(root, to)) && !to.startsWith('node_modules'));
    expect(own.map(show)).toEqual([]);
  });

  test('the client imports of the server nothing but types, the list of rules and where their pages are', () => {
    const shared = ['server/src/rules/registry.ts', 'server/src/report/rule-page-url.ts'];
    const wrong = clientImports.filter(
      ({ to, isTypeOnly }) => to.startsWith('server/') && !isTypeOnly && !shared.includes(to),
    );
    expect(wrong.map(show)).toEqual([]);
    // They are data: whoever imports them must not get the analysis with them.
    const code = shared
      .flatMap(importsOf)
      .filter(({ to, isTypeOnly }) => !isTypeOnly && !to.endsWith('/metadata.ts') && to !== 'package.json');
    expect(code.map(show)).toEqual([]);
  });
});

test('the registry and the code of the rules are one list', async () => {
  const { ruleRegistry } = await import('../../server/src/rules/registry.ts');
  const { rules } = await import('../../server/src/rules/rules.ts');
  expect(rules.map((rule) => rule.metadata)).toEqual(ruleRegistry.filter(({ id }) => id !== 'unused-suppression'));
});

describe('what runs in Node, a worker and a browser', () => {
  const pureRooms = ['base', 'source', 'syntax', 'ir', 'analysis', 'rules', 'models'];
  const pureFiles = [
    ...pureRooms.flatMap((room) => sources(`server/src/${room}/**/*.ts`)),
    'server/src/workspace/project.ts',
    'server/src/workspace/configuration.ts',
    'server/src/workspace/configuration-text.ts',
  ];

  test('does no input and output', () => {
    const forbidden = /^(?:node:|vscode|fs$|path$|os$|child_process$)/;
    const wrong = pureFiles.flatMap(importsOf).filter(({ to }) => forbidden.test(to));
    expect(wrong.map(show)).toEqual([]);
  });

  test('knows no process and no console', () => {
    const users = pureFiles.filter((file) => {
      const code = fs.readFileSync(path.join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
      return /(?<![\w.'"-])(?:process|console|Buffer|__dirname)\s*\./.test(code);
    });
    expect(users).toEqual([]);
  });
});
