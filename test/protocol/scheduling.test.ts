import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startWithFakeProject } from './support/fake-host.ts';
import { ResponseError } from './support/language-client.ts';

const uri = 'file:///w/a.c';
const pulling = { textDocument: { diagnostic: {} }, workspace: { diagnostics: { refreshSupport: true } } };
const at = (line: number, character: number) => ({ line, character });

test('a newer version aborts the running check, and nothing is published for the older one', async () => {
  const { client, project } = startWithFakeProject();
  await client.initialize();
  project.beforeResult = async (_file, text, signal) => {
    // The old version's check hangs until it is told to stop.
    if (text.includes('slow')) await new Promise((resolve) => signal?.addEventListener('abort', resolve));
  };
  client.open(uri, 'slow BUG');
  await expect.poll(() => project.started).toBe(1);
  client.change(uri, 2, [{ range: { start: at(0, 0), end: at(0, 4) }, text: 'fast' }]);
  const diagnostics = await client.diagnostics(uri, 2);
  expect(diagnostics).toHaveLength(1);
  expect(client.published(uri).map(({ version }) => version)).toEqual([2]);
  expect(project.finished).toBe(1);
});

test('a check that ignores its signal is not published either', async () => {
  const { client, project } = startWithFakeProject();
  await client.initialize();
  let release: () => void = () => {};
  project.beforeResult = async (_file, text) => {
    if (text.includes('slow')) await new Promise<void>((resolve) => (release = resolve));
  };
  client.open(uri, 'slow BUG');
  await expect.poll(() => project.started).toBe(1);
  client.change(uri, 2, [{ text: 'fast' }]);
  await client.diagnostics(uri, 2);
  release();
  await sleep(20);
  expect(client.published(uri).map(({ version }) => version)).toEqual([2]);
});

test('a burst of changes ends in the diagnostics of its last version', async () => {
  const { client } = startWithFakeProject();
  await client.initialize();
  client.open(uri, '');
  for (let version = 2; version <= 200; version++) {
    client.change(uri, version, [{ range: { start: at(0, 0), end: at(0, 0) }, text: 'BUG ' }]);
  }
  expect(await client.diagnostics(uri, 200)).toHaveLength(199);
  const versions = client.published(uri).map(({ version }) => version!);
  expect(versions).toEqual([...versions].sort((a, b) => a - b));
});

test('an edit checks the other documents of the workspace again, and tells only what is new', async () => {
  const { client, project } = startWithFakeProject();
  await client.initialize();
  client.open(uri, 'BUG');
  client.open('file:///w/b.c', 'BUG');
  await client.diagnostics('file:///w/b.c', 1);
  await client.diagnostics(uri, 1);
  await sleep(400);
  const before = project.finished;
  client.change(uri, 2, [{ text: 'BUG BUG' }]);
  await client.diagnostics(uri, 2);
  await expect.poll(() => project.finished).toBe(before + 2);
  expect(client.published('file:///w/b.c')).toHaveLength(1);
});

test('repairs that are tried while the other documents are checked again hold none of them back', async () => {
  const { client, project } = startWithFakeProject();
  await client.initialize({ textDocument: { codeAction: { codeActionLiteralSupport: {} } } });
  const others = ['file:///w/b.c', 'file:///w/c.c'];
  client.open(uri, 'BUG');
  for (const other of others) client.open(other, '');
  for (const other of [uri, ...others]) await client.diagnostics(other, 1);
  await sleep(400);
  // The edit of the one makes findings in the others.
  for (const other of ['/w/b.c', '/w/c.c']) project.texts.set(other, 'BUG');
  let isChecked = false;
  project.beforeResult = async (file, _text, signal) => {
    if (file !== '/w/b.c' || isChecked) return;
    isChecked = true;
    await new Promise((resolve) => signal?.addEventListener('abort', resolve));
  };
  client.change(uri, 2, [{ text: 'BUG ' }]);
  await expect.poll(() => isChecked).toBe(true);
  await client.request('textDocument/codeAction', {
    textDocument: { uri },
    range: { start: at(0, 0), end: at(0, 0) },
    context: { diagnostics: [], only: ['source.fixAll'] },
  });
  for (const other of others) await client.diagnostics(other, 1, (diagnostics) => diagnostics.length === 1);
});

test('pull: full, then unchanged, then full again after an edit; nothing is pushed', async () => {
  const { client } = startWithFakeProject();
  await client.initialize(pulling);
  client.open(uri, 'BUG');
  type Report = { kind: string; resultId: string; items?: unknown[] };
  const pull = (previousResultId?: string) =>
    client.request<Report>('textDocument/diagnostic', { textDocument: { uri }, previousResultId });
  const first = await pull();
  expect(first.kind).toBe('full');
  expect(first.items).toHaveLength(1);
  expect(await pull(first.resultId)).toEqual({ kind: 'unchanged', resultId: first.resultId });
  client.change(uri, 2, [{ text: 'BUG  ' }]);
  expect((await pull(first.resultId)).kind).toBe('unchanged');
  client.change(uri, 3, [{ text: ' BUG' }]);
  const moved = await pull(first.resultId);
  expect(moved.kind).toBe('full');
  expect(moved.resultId).not.toBe(first.resultId);
  expect(client.published(uri)).toEqual([]);
});

test('pull: a change while the check runs cancels the request and asks for another', async () => {
  const { client, project } = startWithFakeProject();
  await client.initialize(pulling);
  project.beforeResult = async (_file, text, signal) => {
    if (text === 'slow') await new Promise((resolve) => signal?.addEventListener('abort', resolve));
  };
  client.open(uri, 'slow');
  const pending = client.request('textDocument/diagnostic', { textDocument: { uri } });
  pending.catch(() => {});
  await expect.poll(() => project.started).toBe(1);
  client.change(uri, 2, [{ text: 'BUG' }]);
  const error = await pending.then(
    () => undefined,
    (reason: ResponseError) => reason,
  );
  expect(error).toBeInstanceOf(ResponseError);
  expect(error?.code).toBe(-32802);
  expect(error?.data).toEqual({ retriggerRequest: true });
});

test('pull: a client that cancels gets an answer at once, and the next request is served', async () => {
  const { client, project } = startWithFakeProject();
  await client.initialize(pulling);
  let release: () => void = () => {};
  project.beforeResult = () => new Promise<void>((resolve) => (release = resolve));
  client.open(uri, 'BUG');
  const pending = client.request('textDocument/diagnostic', { textDocument: { uri } });
  const outcome = pending.then(
    () => 'answered',
    (error: ResponseError) => error.code,
  );
  await expect.poll(() => project.started).toBe(1);
  client.notify('$/cancelRequest', { id: pending.id });
  expect(await outcome).toBe(-32800);
  project.beforeResult = () => {};
  release();
  expect(await client.request('textDocument/diagnostic', { textDocument: { uri } })).toMatchObject({ kind: 'full' });
});

test('an analysis that throws is logged, finds nothing, and does not stop the server', async () => {
  const { client, project } = startWithFakeProject();
  await client.initialize();
  project.beforeResult = () => {
    throw new Error('the analysis broke');
  };
  client.open(uri, 'BUG');
  expect(await client.diagnostics(uri, 1)).toEqual([]);
  expect(JSON.stringify(client.notifications)).toContain('the analysis broke');
  project.beforeResult = () => {};
  client.change(uri, 2, [{ text: 'BUG BUG' }]);
  expect(await client.diagnostics(uri, 2)).toHaveLength(2);
});

test('a closed document has no diagnostics left', async () => {
  const { client } = startWithFakeProject();
  await client.initialize();
  client.open(uri, 'BUG');
  await client.diagnostics(uri, 1, (diagnostics) => diagnostics.length === 1);
  client.close(uri);
  await client.diagnostics(uri, undefined, (diagnostics) => diagnostics.length === 0);
});

test('what can be said at once is said at once, and corrected when the check ends', async () => {
  const { client, project } = startWithFakeProject();
  await client.initialize();
  let release: () => void = () => {};
  project.firstFindings = () => [0];
  project.beforeResult = () => new Promise<void>((resolve) => (release = resolve));
  client.open(uri, 'BUG BUG');
  expect(await client.diagnostics(uri, 1)).toHaveLength(1);
  release();
  await client.diagnostics(uri, 1, (diagnostics) => diagnostics.length === 2);
  expect(client.published(uri)).toHaveLength(2);
});

test('behind the first answer the check rests until the hands do', async () => {
  const { client, project } = startWithFakeProject();
  await client.initialize();
  client.open(uri, 'BUG BUG');
  await client.diagnostics(uri, 1);
  project.firstFindings = () => [0];
  let resumed = 0;
  project.beforeResult = () => {
    resumed = performance.now();
  };
  const sent = performance.now();
  client.change(uri, 2, [{ text: 'BUG BUG BUG' }]);
  expect(await client.diagnostics(uri, 2)).toHaveLength(1);
  await client.diagnostics(uri, 2, (diagnostics) => diagnostics.length === 3);
  expect(resumed - sent).toBeGreaterThan(90);
});

test('a newer version ends the rest, and a request for actions shortens it', async () => {
  const { client, project } = startWithFakeProject();
  await client.initialize();
  client.open(uri, 'BUG');
  await client.diagnostics(uri, 1);
  project.firstFindings = () => [0];
  const before = project.finished;
  for (let version = 2; version < 6; version++) {
    client.change(uri, version, [{ range: { start: at(0, 0), end: at(0, 0) }, text: 'BUG ' }]);
    await client.diagnostics(uri, version);
  }
  const range = { start: at(0, 0), end: at(0, 3) };
  const actions = await client.request<unknown[]>('textDocument/codeAction', {
    textDocument: { uri },
    range,
    context: { diagnostics: [] },
  });
  expect(actions).not.toEqual([]);
  expect(project.finished).toBeGreaterThan(before);
  // Whatever the machine does meanwhile, a check that was overtaken does not go on.
  expect(await client.diagnostics(uri, 5, (diagnostics) => diagnostics.length === 5)).toHaveLength(5);
  const versions = client.published(uri).map(({ version }) => version!);
  expect(versions).toEqual([...versions].sort((a, b) => a - b));
});

test('a first answer that was right is not told again', async () => {
  const { client, project } = startWithFakeProject();
  await client.initialize();
  project.firstFindings = () => [0];
  client.open(uri, 'BUG');
  expect(await client.diagnostics(uri, 1)).toHaveLength(1);
  await expect.poll(() => project.finished).toBeGreaterThan(0);
  await sleep(50);
  expect(client.published(uri)).toHaveLength(1);
});

test('pull: the first answer is given at once, and the client is asked to pull again when it was wrong', async () => {
  const { client, project } = startWithFakeProject();
  await client.initialize(pulling);
  let release: () => void = () => {};
  // Made beforehand: the answer may come before the check asks for it.
  const released = new Promise<void>((resolve) => (release = resolve));
  project.firstFindings = () => [0];
  project.beforeResult = () => released;
  client.open(uri, 'BUG BUG');
  const pull = () => client.request<{ items: unknown[] }>('textDocument/diagnostic', { textDocument: { uri } });
  expect((await pull()).items).toHaveLength(1);
  release();
  await client.until('a request to pull again', () =>
    client.requests.find(({ method }) => method === 'workspace/diagnostic/refresh'),
  );
  expect((await pull()).items).toHaveLength(2);
});

test('an opened file is checked before the workspace is indexed, and again when it is', async () => {
  let finish: () => void = () => {};
  const { client, project } = startWithFakeProject([], async (opened, { onOpened, onProgress }) => {
    onOpened?.({ ...opened, indexComplete: false });
    onProgress?.(1, 2);
    await new Promise<void>((resolve) => (finish = resolve));
  });
  await client.initialize({ window: { workDoneProgress: true } });
  client.open(uri, 'BUG');
  expect(await client.diagnostics(uri, 1)).toHaveLength(1);
  const progress = (kind: string) =>
    client.until(`${kind} of a progress`, () =>
      client.notifications
        .filter(({ method }) => method === '$/progress')
        .map(({ params }) => (params as { value: { kind: string } }).value)
        .find((value) => value.kind === kind),
    );
  expect(await progress('begin')).toMatchObject({ title: 'Ritual: indexing', cancellable: true });
  const before = project.finished;
  finish();
  await progress('end');
  await expect.poll(() => project.finished).toBeGreaterThan(before);
});

test('the index ends where it is when the user cancels its progress', async () => {
  let isEnough = false;
  const { client } = startWithFakeProject([], async (opened, { onOpened, onProgress, enough }) => {
    onOpened?.({ ...opened, indexComplete: false });
    onProgress?.(1, 2);
    await new Promise<void>((resolve) => enough?.addEventListener('abort', () => resolve()));
    isEnough = true;
  });
  await client.initialize({ window: { workDoneProgress: true } });
  client.open(uri, 'BUG');
  const { params } = await client.until('a progress', () =>
    client.notifications.find(({ method }) => method === '$/progress'),
  );
  client.notify('window/workDoneProgress/cancel', { token: (params as { token: string }).token });
  await expect.poll(() => isEnough).toBe(true);
});
