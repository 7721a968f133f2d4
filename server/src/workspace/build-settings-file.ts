import path from 'node:path';
import { type BuildSettings, noBuildSettings, readCompileCommands, readCppProperties } from './build-settings.ts';
import { readSourceFile } from './source-file.ts';

/** Where builds leave their compilation database, and editors their settings; the first that exists counts. */
const compileCommands = ['compile_commands.json', 'build/compile_commands.json'];
const cppProperties = '.vscode/c_cpp_properties.json';

/** What the files of other tools in a workspace's folder tell of its build. None is needed; one that cannot be read tells nothing. */
export function loadBuildSettings(root: string): BuildSettings {
  for (const name of compileCommands) {
    const text = textOf(path.join(root, name));
    if (text !== undefined) return readCompileCommands(text, path.resolve);
  }
  const text = textOf(path.join(root, cppProperties));
  return text === undefined ? noBuildSettings : readCppProperties(text, root, path.resolve);
}

function textOf(file: string): string | undefined {
  try {
    return readSourceFile(file).text;
  } catch {
    return undefined;
  }
}
