import path from 'node:path';
import { expect, test } from 'vitest';
import { readCompileCommands, readCppProperties } from '../../server/src/workspace/build-settings.ts';
import { defaultConfiguration } from '../../server/src/workspace/configuration.ts';
import { Project } from '../../server/src/workspace/project.ts';
import { testGrammar } from '../support/grammar.ts';

const { resolve } = path.posix;

test('a compilation database: all folders, and the macros that every compilation has alike', () => {
  const text = JSON.stringify([
    { directory: '/w/build', file: 'a.c', command: 'cc -I../include -I "/opt/my lib" -DA -DB=2 -DONLY -c a.c' },
    { directory: '/w/build', file: 'b.c', arguments: ['cc', '-isystem', 'sys', '-D', 'A', '-DB=3', '-UONLY'] },
    { directory: 1, command: 'cc -DC' },
    'nonsense',
  ]);
  expect(readCompileCommands(text, resolve)).toEqual({
    includeFolders: ['/w/include', '/opt/my lib', '/w/build/sys'],
    defines: { A: '1' },
  });
});

test.each(['', '{}', '[', '[{"directory":"/w","command":5}]', '[null]'])('a broken one tells nothing: %j', (text) => {
  expect(readCompileCommands(text, resolve)).toEqual({ includeFolders: [], defines: {} });
  expect(readCppProperties(text, '/w', resolve)).toEqual({ includeFolders: [], defines: {} });
});

test('the settings of the C/C++ extension', () => {
  const text = `{ // with comments
    "configurations": [{
      "includePath": ["\${workspaceFolder}/**", "\${workspaceFolder}/include", "deps"],
      "defines": ["A", "B=2", "not a name"],
    }]
  }`;
  expect(readCppProperties(text, '/w', resolve)).toEqual({
    includeFolders: ['/w/include', '/w/deps'],
    defines: { A: '1', B: '2' },
  });
});

const files: Readonly<Record<string, string>> = {
  '/w/main.c': '#include <memory.h>\nvoid f(char *p)\n{\n    RELEASE(p);\n    RELEASE(p);\n}\n',
  '/w/one/memory.h': '#define RELEASE(p) free(p)\n',
  '/w/two/memory.h': '#define RELEASE(p) do { free(p); (p) = NULL; } while (0)\n',
};

test.each([
  ['/w/one', 1],
  ['/w/two', 0],
])('a header is looked for in the folders of the build: %s', async (folder, count) => {
  const project = new Project({
    grammar: await testGrammar(),
    configuration: defaultConfiguration,
    buildSettings: { includeFolders: [folder], defines: {} },
    readText: (file) => files[file],
  });
  for (const [file, text] of Object.entries(files)) project.indexFile(file, text);
  expect((await project.check('/w/main.c')).findings).toHaveLength(count);
});

test("the user's macros count before those of the build", async () => {
  const text = 'void f(char *p)\n{\n#if TWICE\n    free(p);\n#endif\n    free(p);\n}\n';
  for (const [defines, count] of [
    [{}, 1],
    [{ TWICE: '0' }, 0],
  ] as const) {
    const project = new Project({
      grammar: await testGrammar(),
      configuration: { ...defaultConfiguration, defines },
      buildSettings: { includeFolders: [], defines: { TWICE: '1' } },
      readText: () => text,
    });
    expect((await project.check('/w/a.c')).findings).toHaveLength(count);
  }
});
