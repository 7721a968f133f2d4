import { parse as parseJsonc } from 'jsonc-parser';

/** What a build says of its sources, as far as it helps to find headers and to answer conditions. */
export interface BuildSettings {
  /** Absolute paths, in order. */
  readonly includeFolders: readonly string[];
  /** Macros that every compilation defines alike; null for those that every one undefines. */
  readonly defines: Readonly<Record<string, string | null>>;
}

export const noBuildSettings: BuildSettings = { includeFolders: [], defines: {} };

/** More compilations say nothing new: their folders and macros repeat. */
const MAXIMUM_COMPILATIONS = 5_000;
const MAXIMUM_FOLDERS = 500;

interface Compilation {
  readonly directory?: unknown;
  readonly command?: unknown;
  readonly arguments?: unknown;
}

/**
 * Reads a `compile_commands.json` (the compilation database of Clang's tools). What is malformed is left out: the file is
 * another tool's, and helps where it can. `resolve` makes a path absolute from a folder.
 */
export function readCompileCommands(text: string, resolve: (folder: string, path: string) => string): BuildSettings {
  const list: unknown = parse(text);
  if (!Array.isArray(list)) return noBuildSettings;
  const folders = new Set<string>();
  let common: Map<string, string | null> | undefined;
  for (const compilation of list.slice(0, MAXIMUM_COMPILATIONS) as (Compilation | null)[]) {
    const { directory, command, arguments: words } = compilation ?? {};
    if (typeof directory !== 'string') continue;
    const given = Array.isArray(words) ? words.filter((word) => typeof word === 'string') : undefined;
    const all = given ?? (typeof command === 'string' ? splitCommand(command) : []);
    const defines = new Map<string, string | null>();
    for (let i = 0; i < all.length; i++) {
      const match = /^(-I|-isystem|-iquote|-idirafter|-D|-U)(.*)$/s.exec(all[i]);
      if (!match) continue;
      const value = match[2] === '' ? (all[++i] ?? '') : match[2];
      if (value === '') continue;
      if (match[1] === '-D') define(defines, value);
      else if (match[1] === '-U') defines.set(value, null);
      else if (folders.size < MAXIMUM_FOLDERS) folders.add(resolve(directory, value));
    }
    if (common === undefined) common = defines;
    else for (const [name, body] of common) if (defines.get(name) !== body) common.delete(name);
  }
  return { includeFolders: [...folders], defines: Object.fromEntries(common ?? []) };
}

/**
 * Reads the `c_cpp_properties.json` of Microsoft's C/C++ extension: the first configuration's folders and macros. Folders
 * with wildcards are left out, for the workspace is searched anyway.
 */
export function readCppProperties(
  text: string,
  workspaceFolder: string,
  resolve: (folder: string, path: string) => string,
): BuildSettings {
  const content = parse(text) as { readonly configurations?: unknown } | undefined;
  const list = content?.configurations;
  const [first] = (Array.isArray(list) ? list : []) as { includePath?: unknown; defines?: unknown }[];
  const strings = (value: unknown): string[] =>
    Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
  const defines = new Map<string, string | null>();
  for (const each of strings(first?.defines)) define(defines, each);
  const includeFolders = strings(first?.includePath)
    .map((folder) => folder.replaceAll(/\$\{workspace(?:Folder|Root)\}/g, workspaceFolder))
    .filter((folder) => !/[*$]/.test(folder))
    .slice(0, MAXIMUM_FOLDERS)
    .map((folder) => resolve(workspaceFolder, folder));
  return { includeFolders, defines: Object.fromEntries(defines) };
}

function parse(text: string): unknown {
  const errors: never[] = [];
  return parseJsonc(text, errors, { allowTrailingComma: true });
}

/** `NAME=body` as behind `-D`: without a body the name is 1. */
function define(defines: Map<string, string | null>, text: string): void {
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  if (/^[A-Za-z_]\w*$/.test(name)) defines.set(name, equals < 0 ? '1' : text.slice(equals + 1));
}

/** The words of a command line, quoted as for a shell. */
function splitCommand(command: string): string[] {
  const words: string[] = [];
  let word = '';
  let quote = '';
  let isWord = false;
  for (let i = 0; i < command.length; i++) {
    const character = command[i];
    if (character === '\\' && quote !== "'" && i + 1 < command.length) {
      word += command[++i];
      isWord = true;
    } else if (quote !== '') {
      if (character === quote) quote = '';
      else word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      isWord = true;
    } else if (/\s/.test(character)) {
      if (isWord) words.push(word);
      word = '';
      isWord = false;
    } else {
      word += character;
      isWord = true;
    }
  }
  if (isWord) words.push(word);
  return words;
}
