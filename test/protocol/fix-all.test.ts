import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startWithFakeProject } from './support/fake-host.ts';
import { type CodeAction, LanguageClient, type TextEdit } from './support/language-client.ts';

/* "Fix all" from the light bulb comes to what the command line comes to, also where repairs have to take turns. */

const uri = 'file:///ritual-fix-all/a.c';
const literals = { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } };
const resolving = { ...literals, dataSupport: true, resolveSupport: { properties: ['edit'] } };
const at = (line: number, character: number) => ({ line, character });

/** Two blocks are lost at one return: both repairs want the same place, which has no braces yet. */
const twoLost = `#include <stdlib.h>
#include <string.h>

int both(const char *text, int wanted)
{
    char *first = malloc(64);
    char *second = malloc(64);
    if (first == NULL || second == NULL) {
        free(first);
        free(second);
        return -1;
    }
    strncpy(first, text, 63);
    strncpy(second, text, 63);
    if (!wanted)
        return 0;
    free(first);
    free(second);
    return 1;
}
`;
const twoFreed = twoLost.replace(
  '    if (!wanted)\n        return 0;\n',
  '    if (!wanted) {\n        free(first);\n        free(second);\n        return 0;\n    }\n',
);

/** Another rule's finding, which "fix all" of the first one leaves alone. */
const freedTwice = `
void twice(char *p)
{
    free(p);
    free(p);
}
`;

function apply(text: string, edits: readonly TextEdit[]): string {
  const lines = text.split('\n');
  const offsetOf = ({ line, character }: { line: number; character: number }): number =>
    lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0) + character;
  return [...edits]
    .map(({ range, newText }) => ({ start: offsetOf(range.start), end: offsetOf(range.end), newText }))
    .sort((a, b) => b.start - a.start)
    .reduce((result, { start, end, newText }) => result.slice(0, start) + newText + result.slice(end), text);
}

const editsOf = ({ edit }: CodeAction): readonly TextEdit[] => edit?.documentChanges?.[0].edits ?? [];

describe.each([
  ['a client that resolves actions', resolving],
  ['a client that does not', literals],
])('%s', (_name, codeAction) => {
  let client: LanguageClient;

  beforeEach(async () => {
    client = LanguageClient.spawn();
    await client.initialize({
      textDocument: { codeAction },
      workspace: { workspaceEdit: { documentChanges: true } },
    });
  });

  afterEach(() => client.kill());

  /** The action of that title at the first finding, with its edits. */
  async function chosen(text: string, title: string): Promise<CodeAction> {
    client.open(uri, text);
    const [first] = await client.diagnostics(uri, 1, (diagnostics) => diagnostics.length > 0);
    const actions = await client.request<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: first.range,
      context: { diagnostics: [] },
    });
    const action = actions.find((each) => each.title === title);
    if (!action) throw new Error(`no ${title} among ${actions.map((each) => each.title)}`);
    return action.edit ? action : client.request<CodeAction>('codeAction/resolve', action);
  }

  test('repairs that insert at one place are all made', async () => {
    const action = await chosen(twoLost, 'Fix all memory-leak findings in this file');
    expect(action.edit?.documentChanges?.[0].textDocument.version).toBe(1);
    expect(apply(twoLost, editsOf(action))).toBe(twoFreed);
  });

  test('the findings of other rules are left alone, or repaired as well', async () => {
    const text = twoLost + freedTwice;
    const one = await chosen(text, 'Fix all memory-leak findings in this file');
    expect(apply(text, editsOf(one))).toBe(twoFreed + freedTwice);
    client.close(uri);
    const all = await chosen(text, 'Fix all safe Ritual findings in this file');
    const repaired = apply(text, editsOf(all));
    expect(repaired.startsWith(twoFreed)).toBe(true);
    client.change(uri, 2, [{ text: repaired }]);
    expect(await client.diagnostics(uri, 2)).toEqual([]);
  });
});

describe('an action that is resolved', () => {
  async function open(text: string) {
    const { client, project } = startWithFakeProject();
    await client.initialize({
      textDocument: { codeAction: resolving },
      workspace: { workspaceEdit: { documentChanges: true } },
    });
    client.open(uri, text);
    await client.diagnostics(uri, 1);
    const actions = await client.request<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: { start: at(0, 0), end: at(0, 0) },
      context: { diagnostics: [] },
    });
    const fixAll = actions.find(({ title }) => title.startsWith('Fix all'))!;
    const resolve = (action: unknown = fixAll) => client.request<CodeAction>('codeAction/resolve', action);
    return { client, project, actions, fixAll, resolve };
  }

  test('costs the light bulb no check', async () => {
    const { project, fixAll } = await open('BUG BUG');
    expect(fixAll.edit).toBeUndefined();
    expect(project.started).toBe(1);
  });

  test('is for the text as it is when it is chosen', async () => {
    const { client, resolve } = await open('BUG BUG');
    client.change(uri, 2, [{ range: { start: at(0, 0), end: at(0, 0) }, text: 'x ' }]);
    const { edit } = await resolve();
    expect(edit?.documentChanges?.[0]).toEqual({
      textDocument: { uri, version: 2 },
      edits: [{ range: { start: at(0, 0), end: at(0, 9) }, newText: 'x  ' }],
    });
  });

  test('is refused when the text changes meanwhile, and the new text is checked', async () => {
    const { client, project, resolve } = await open('BUG BUG');
    let isTrying = false;
    project.beforeResult = async (_file, text, signal) => {
      if (text !== ' ') return;
      isTrying = true;
      await new Promise((done) => signal?.addEventListener('abort', done));
    };
    const code = resolve().then(
      () => 'resolved',
      (error: { code: number }) => error.code,
    );
    await expect.poll(() => isTrying).toBe(true);
    client.change(uri, 2, [{ text: 'BUG' }]);
    expect(await code).toBe(-32801);
    expect(await client.diagnostics(uri, 2)).toHaveLength(1);
  });

  test('is answered as it is where nothing is missing, and refused where it makes no sense', async () => {
    const { client, actions, resolve } = await open('BUG BUG');
    const [preferred] = actions;
    expect(await resolve(preferred)).toEqual(preferred);
    const code = (action: unknown) =>
      resolve(action).then(
        () => 'resolved',
        (error: { code: number }) => error.code,
      );
    expect(await code({ title: 'x', data: 7 })).toBe(-32602);
    expect(await code({ title: 'x', data: { uri: 3 } })).toBe(-32602);
    expect(await code({ title: 'x', data: { uri: 'file:///closed.c' } })).toBe(-32602);
    client.close(uri);
    expect(await code({ title: 'x', data: { uri } })).toBe(-32602);
  });
});
