import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { LanguageClient } from './support/language-client.ts';

let client: LanguageClient;

afterEach(() => client.kill());

/** What the server says of a document's health to a client with these options, up to its diagnostics. */
async function healthToldTo(options: Record<string, unknown>): Promise<unknown[]> {
  client = LanguageClient.spawn();
  const told: unknown[] = [];
  client.onNotification = (method, params) => {
    if (method === 'ritual/health') told.push(params);
  };
  await client.initialize({}, { initializationOptions: options });
  const file = path.join(temporaryFolder({}), 'a.c');
  fs.writeFileSync(file, '');
  const uri = pathToFileURL(file).toString();
  client.open(uri, 'int f(void) { return 1; }\nvoid g(void) { int a = ; }\n');
  await client.diagnostics(uri, 1);
  return told.map((params) => ({ ...(params as object), uri: (params as { uri: string }).uri === uri }));
}

test('how much of a document is understood is told to clients that ask for it', async () => {
  const health = { uri: true, functions: 2, functionsWithErrors: 1, functionsIncomplete: 0 };
  expect(await healthToldTo({ health: true })).toContainEqual(health);
});

test('and to no others', async () => {
  expect(await healthToldTo({})).toEqual([]);
});
