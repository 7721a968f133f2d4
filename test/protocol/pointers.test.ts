import { afterEach, beforeEach, expect, test } from 'vitest';
import { LanguageClient } from './support/language-client.ts';

const uri = 'untitled:Untitled-1';
const at = (line: number, character: number) => ({ line, character });
const range = (line: number, from: number, to: number) => ({ start: at(line, from), end: at(line, to) });
const text = `#include <stdlib.h>
int f(int n)
{
    char *p = malloc(n);
    if (!p)
        return -1;
    if (n > 3)
        free(p);
    p[0] = 1;
    free(p);
    return 0;
}
`;

let client: LanguageClient;

beforeEach(() => {
  client = LanguageClient.spawn();
});

afterEach(() => client.kill());

const ask = <T>(method: string, position?: object) =>
  client.request<T>(`textDocument/${method}`, { textDocument: { uri }, position });

test('a hover says what is known of a pointer, before what is known of a finding there', async () => {
  await client.initialize({ textDocument: { hover: { contentFormat: ['markdown'] } } });
  client.open(uri, text);
  type Hover = { contents: { kind: string; value: string }; range: object } | null;
  const declared = await ask<Hover>('hover', at(3, 10));
  expect(declared).toEqual({
    contents: {
      kind: 'markdown',
      value:
        '**`p`** from here on: owned, allocated by `malloc` on line 4, not checked for `NULL` yet\n\nThis function frees it on lines 8 and 10.',
    },
    range: range(3, 10, 11),
  });
  const freed = await ask<Hover>('hover', at(9, 9));
  expect(freed?.contents.value).toContain('- on some paths freed by `free` on line 8, allocated on line 4');
  expect(await ask('hover', at(1, 1))).toBeNull();
});

test('a plain hover has no markup', async () => {
  await client.initialize();
  client.open(uri, text);
  const hover = await ask<{ contents: { value: string } }>('hover', at(4, 9));
  expect(hover.contents.value).toBe(
    'p here: owned, allocated by malloc on line 4, not checked for NULL yet\n\nThis function frees it on lines 8 and 10.',
  );
});

test('an allocation is highlighted with its checks, uses and frees', async () => {
  await client.initialize();
  client.open(uri, text);
  const found = await ask<{ range: ReturnType<typeof range>; kind: number }[]>('documentHighlight', at(3, 10));
  const lines = found.map(({ range: { start }, kind }) => `${start.line}:${start.character} ${kind}`).sort();
  expect(lines).toEqual(['3:10 3', '3:14 3', '4:9 2', '7:13 2', '7:8 3', '8:4 2', '9:4 3', '9:9 2'].sort());
  // Whatever else the client has for names may answer.
  expect(await ask('documentHighlight', at(3, 21))).toBeNull();
});

test('lenses are for clients that ask for them', async () => {
  const initialized = await client.initialize();
  expect(initialized).not.toHaveProperty('capabilities.codeLensProvider');
  client.open(uri, text);
  expect(await ask('codeLens')).toBeNull();
  client.kill();
  client = LanguageClient.spawn();
  const initializationOptions = { codeLens: true, commands: ['ritual.showPlaces'] };
  expect(await client.initialize({}, { initializationOptions })).toHaveProperty('capabilities.codeLensProvider');
  client.open(uri, text);
  expect(await ask('codeLens')).toEqual([
    {
      range: range(3, 14, 23),
      command: {
        title: 'allocated here, freed on lines 8 and 10',
        command: 'ritual.showPlaces',
        arguments: [
          uri,
          at(3, 14),
          [
            { uri, range: range(7, 8, 15) },
            { uri, range: range(9, 4, 11) },
          ],
        ],
      },
    },
  ]);
});

test('a branch that is not checked says so, faded for clients that ask for it', async () => {
  const branches = '#if 0\nint old(void) { return 1; }\n#endif\nint new(void) { return 2; }\n';
  await client.initialize({}, { initializationOptions: { fadeUnchecked: true } });
  client.open(uri, branches);
  expect(await client.diagnostics(uri, 1)).toEqual([
    {
      range: { start: at(1, 0), end: at(2, 0) },
      severity: 4,
      tags: [1],
      code: 'not-checked',
      source: 'ritual',
      message: expect.stringContaining('does not check this branch'),
    },
  ]);
  const hover = await ask<{ contents: { value: string } }>('hover', at(1, 5));
  expect(hover.contents.value).toContain('does not check this branch');
  expect(await ask('hover', at(3, 5))).toBeNull();
  client.kill();
  client = LanguageClient.spawn();
  await client.initialize();
  client.open(uri, branches);
  expect(await client.diagnostics(uri, 1)).toEqual([]);
});
