import { expect, test } from 'vitest';
import { startWithFakeProject } from './support/fake-host.ts';
import type { CodeAction } from './support/language-client.ts';

const uri = 'file:///w/a.c';
const at = (line: number, character: number) => ({ line, character });
const capabilities = {
  textDocument: {
    publishDiagnostics: { relatedInformation: true },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } },
    hover: { contentFormat: ['markdown'] },
  },
  workspace: { workspaceEdit: { documentChanges: true } },
};

async function open(text: string, parameters: object = {}) {
  const { client } = startWithFakeProject();
  await client.initialize(capabilities, parameters);
  client.open(uri, text);
  const diagnostics = await client.diagnostics(uri, 1);
  const actions = (range: object, only?: string[]) =>
    client.request<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range,
      context: { diagnostics: [], only },
    });
  return { client, diagnostics, actions };
}

test('a diagnostic carries code, link, severity, data and the numbered path', async () => {
  const { diagnostics } = await open('x = 1;\n  BUG');
  expect(diagnostics).toEqual([
    {
      range: { start: at(1, 2), end: at(1, 5) },
      severity: 1,
      code: 'double-free',
      codeDescription: {
        href: 'https://github.com/ritual-lint/ritual/blob/main/server/src/rules/double-free/README.md',
      },
      source: 'ritual',
      message: 'a bug at 9',
      data: { rule: 'double-free', confidence: 'certain' },
      relatedInformation: [
        { location: { uri, range: { start: at(0, 0), end: at(0, 1) } }, message: '1. freed here' },
        { location: { uri, range: { start: at(1, 2), end: at(1, 5) } }, message: '2. freed again here' },
      ],
    },
  ]);
});

test('columns count UTF-16 code units, and lines end as the protocol says', async () => {
  const { diagnostics } = await open('"𝒳é" BUG\r\n\tBUG\rBUG\n');
  expect(diagnostics.map(({ range }) => range.start)).toEqual([at(0, 6), at(1, 1), at(2, 0)]);
});

test('the client may have its own link to the pages and its own command', async () => {
  const initializationOptions = { rulePageLink: 'command:show?{rule}', commands: ['ritual.showRulePage'] };
  const { client, diagnostics } = await open('BUG', { initializationOptions });
  expect(diagnostics[0].codeDescription.href).toBe('command:show?double-free');
  const hover = await client.request<{ contents: { value: string } }>('textDocument/hover', {
    textDocument: { uri },
    position: at(0, 1),
  });
  expect(hover.contents.value).toContain('command:show?double-free');
  expect(hover.contents.value).toContain('freed a second time');
  expect(hover.contents.value).toContain('CWE-415');
});

test('no hover beside a finding', async () => {
  const { client } = await open('   BUG');
  expect(await client.request('textDocument/hover', { textDocument: { uri }, position: at(0, 1) })).toBeNull();
});

test('quick fixes: the first safe one is preferred, unsafe ones are named as such, edits are versioned, the page comes last', async () => {
  const { actions, diagnostics } = await open('  BUG');
  const found = await actions({ start: at(0, 3), end: at(0, 3) });
  expect(found[0]).toEqual({
    title: 'Remove it',
    kind: 'quickfix',
    isPreferred: true,
    diagnostics: [diagnostics[0]],
    edit: {
      documentChanges: [
        {
          textDocument: { uri, version: 1 },
          edits: [{ range: { start: at(0, 2), end: at(0, 5) }, newText: '' }],
        },
      ],
    },
  });
  expect(found[1]).toMatchObject({ title: 'Rename it (unsafe)', isPreferred: false });
  expect(found.at(-1)).toMatchObject({
    title: 'Show the page of double-free',
    command: { command: 'ritual.showRulePage', arguments: ['double-free'] },
  });
});

test('quick fixes only for what meets the range', async () => {
  const { actions } = await open('BUG\nfine\nBUG');
  expect(await actions({ start: at(1, 0), end: at(1, 4) })).toEqual([]);
  const found = await actions({ start: at(2, 0), end: at(2, 0) });
  expect(found.filter(({ title }) => title === 'Remove it')).toHaveLength(1);
  expect(found.map(({ title }) => title)).toContain('Fix all double-free findings in this file');
});

test('fix all: only when asked for by kind, every safe fix, in order', async () => {
  const { actions } = await open('BUG BUG\nBUG');
  for (const only of [['source'], ['source.fixAll'], ['source.fixAll.ritual']]) {
    const found = await actions({ start: at(0, 0), end: at(0, 0) }, only);
    expect(found).toHaveLength(1);
    expect(found[0].kind).toBe('source.fixAll.ritual');
    expect(found[0].edit?.documentChanges?.[0]).toEqual({
      textDocument: { uri, version: 1 },
      edits: [{ range: { start: at(0, 0), end: at(1, 3) }, newText: ' \n' }],
    });
  }
  expect(await actions({ start: at(0, 0), end: at(0, 0) }, ['refactor'])).toEqual([]);
  expect(await actions({ start: at(0, 0), end: at(0, 0) }, ['source.fixAll.other'])).toEqual([]);
});

test('a client without literal actions gets commands, and without versioned edits gets plain ones', async () => {
  const { client } = startWithFakeProject();
  await client.initialize({});
  client.open(uri, 'BUG');
  await client.diagnostics(uri, 1);
  const actions = await client.request<unknown[]>('textDocument/codeAction', {
    textDocument: { uri },
    range: { start: at(0, 0), end: at(0, 0) },
    context: { diagnostics: [] },
  });
  expect(actions).toEqual([
    { title: 'Show the page of double-free', command: 'ritual.showRulePage', arguments: ['double-free'] },
  ]);
});

test('a finding can be silenced with a reason, which is selected where the client can', async () => {
  const { actions } = await open('\tBUG;\r\n');
  const plain = (await actions({ start: at(0, 1), end: at(0, 1) })).find(({ title }) => title.startsWith('Ignore'));
  expect(plain?.title).toBe('Ignore double-free here, with a reason');
  expect(plain?.edit?.documentChanges?.[0].edits).toEqual([
    {
      range: { start: at(0, 0), end: at(0, 0) },
      newText: '\t// ritual-ignore-next-line double-free -- why\r\n',
    },
  ]);
  const { client } = startWithFakeProject();
  await client.initialize({
    ...capabilities,
    workspace: { workspaceEdit: { documentChanges: true, snippetEditSupport: true } },
  });
  client.open(uri, 'BUG;\n');
  const found = await client.request<CodeAction[]>('textDocument/codeAction', {
    textDocument: { uri },
    range: { start: at(0, 0), end: at(0, 0) },
    context: { diagnostics: [] },
  });
  const snippet = found.find(({ title }) => title.startsWith('Ignore'));
  expect(snippet?.edit?.documentChanges?.[0].edits[0]).toMatchObject({
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a snippet's own syntax.
    snippet: { kind: 'snippet', value: '// ritual-ignore-next-line double-free -- ${1:why}\n' },
  });
});

test('an edit while fixes are being tried ends the trial, and the text is the one of the editor again', async () => {
  const { client, project } = startWithFakeProject();
  await client.initialize(capabilities);
  client.open(uri, 'BUG\nBUG\n');
  await client.diagnostics(uri, 1);
  let trials = 0;
  project.beforeResult = async (_file, text, signal) => {
    if (text.includes('BUG')) return;
    trials++;
    await new Promise((resolve) => signal?.addEventListener('abort', resolve));
  };
  const pending = client.request<CodeAction[]>('textDocument/codeAction', {
    textDocument: { uri },
    range: { start: at(0, 0), end: at(0, 0) },
    context: { diagnostics: [], only: ['source.fixAll.ritual'] },
  });
  await expect.poll(() => trials).toBe(1);
  client.change(uri, 2, [{ range: { start: at(0, 0), end: at(0, 0) }, text: 'still ' }]);
  expect(await pending).toEqual([]);
  expect((await client.diagnostics(uri, 2)).map(({ range }) => range.start)).toEqual([at(0, 6), at(1, 0)]);
  expect(project.texts.get('/w/a.c')).toBe('still BUG\nBUG\n');
});

test('a rule can be silenced in the file and switched off in the project, whose configuration is created', async () => {
  const resources = { documentChanges: true, resourceOperations: ['create'] };
  const { client } = startWithFakeProject();
  await client.initialize({ ...capabilities, workspace: { workspaceEdit: resources } }, { rootUri: 'file:///w' });
  client.open(uri, '/* Licence */\nBUG;\n');
  await client.diagnostics(uri, 1);
  const found = await client.request<CodeAction[]>('textDocument/codeAction', {
    textDocument: { uri },
    range: { start: at(1, 0), end: at(1, 0) },
    context: { diagnostics: [] },
  });
  const titled = (text: string) => found.find(({ title }) => title.includes(text));
  expect(titled('in this file')?.edit?.documentChanges?.[0].edits).toEqual([
    { range: { start: at(1, 0), end: at(1, 0) }, newText: '/* ritual-ignore-file double-free -- why */\n' },
  ]);
  expect(titled('Switch double-free off in this project')?.edit?.documentChanges).toEqual([
    { kind: 'create', uri: 'file:///w/.ritual.jsonc', options: { ignoreIfExists: true } },
    {
      textDocument: { uri: 'file:///w/.ritual.jsonc', version: null },
      edits: [
        { range: { start: at(0, 0), end: at(0, 0) }, newText: '{\n  "rules": {\n    "double-free": "off"\n  }\n}\n' },
      ],
    },
  ]);
  // None of them is a repair.
  for (const { title, isPreferred } of found) expect(isPreferred ?? false).toBe(title === 'Remove it');
});

test('a client that cannot create files is not asked to', async () => {
  const { actions } = await open('BUG', { rootUri: 'file:///w' });
  const titles = (await actions({ start: at(0, 0), end: at(0, 0) })).map(({ title }) => title);
  expect(titles).toContain('Ignore double-free in this file');
  expect(titles.filter((title) => title.startsWith('Switch'))).toEqual([]);
});

test('the path of a finding is shown by a client that can', async () => {
  const { actions, diagnostics } = await open('x\nBUG', { initializationOptions: { commands: ['ritual.showPath'] } });
  const found = await actions({ start: at(1, 0), end: at(1, 0) });
  expect(found.find(({ title }) => title === 'Show the path in 2 steps')?.command).toMatchObject({
    command: 'ritual.showPath',
    arguments: [uri, at(1, 0), 'a bug at 2', diagnostics[0].relatedInformation],
  });
});

test('several findings at one place: one comment silences them, and their paths are told apart', async () => {
  const { actions } = await open('x\nBUG BUG', { initializationOptions: { commands: ['ritual.showPath'] } });
  const found = await actions({ start: at(1, 0), end: at(1, 7) });
  const ignored = found.filter(({ title }) => title === 'Ignore double-free here, with a reason');
  expect(ignored).toHaveLength(1);
  expect(ignored[0].diagnostics).toHaveLength(2);
  const titles = found.map(({ title }) => title);
  expect(titles.filter((title) => title === 'Show the path from line 1 in 2 steps')).toHaveLength(2);
  expect(titles.filter((title) => title === 'Remove it')).toHaveLength(2);
});
