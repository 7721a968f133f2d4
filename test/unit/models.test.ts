import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { ModelRegistry } from '../../server/src/models/registry.ts';
import { type ModelTable, modelTables } from '../../server/src/models/tables.ts';
import { parseConfiguration } from '../../server/src/workspace/configuration-text.ts';

const folder = new URL('../../server/src/models/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.json') && name !== 'model-table.schema.json');
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
const registry = new ModelRegistry({ allocators: [], noreturn: [] });

describe('the tables of models', () => {
  const validate = new Ajv({ allErrors: true }).compile(read('model-table.schema.json') as object);

  test.each(files)('%s fits the schema', (name) => {
    validate(read(name));
    expect(validate.errors ?? []).toEqual([]);
  });

  test('the schema refuses a misspelt property', () => {
    expect(validate({ library: 'x', manual: 'y', families: { f: { allocator: {} } } })).toBe(false);
  });

  test('every file is shipped', () => {
    expect(modelTables.map(({ library }) => library).sort()).toEqual(
      files.map((name) => (read(name) as ModelTable).library).sort(),
    );
  });

  test('no name allocates or frees in two ways', () => {
    const seen = new Map<string, string>();
    const twice: string[] = [];
    for (const { families } of modelTables) {
      for (const [family, { allocators, reallocators, deallocators, outAllocators }] of Object.entries(
        families ?? {},
      )) {
        for (const functions of [allocators, reallocators, deallocators, outAllocators]) {
          for (const name of Object.keys(functions ?? {})) {
            if (seen.has(name)) twice.push(`${name}: ${seen.get(name)}, ${family}`);
            seen.set(name, family);
          }
        }
      }
    }
    expect(twice).toEqual([]);
  });

  test('no function that takes, gives or keeps memory is called harmless', () => {
    const wrong: string[] = [];
    for (const { harmless } of modelTables) {
      for (const name of harmless ?? []) {
        const model = registry.shipped(name);
        if (model?.allocates || model?.frees || model?.reallocates || model?.out) wrong.push(name);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('what only answers takes, gives and keeps no memory, and what its arguments alone decide looks into none', () => {
    const wrong: string[] = [];
    for (const { constant, pure, holdsFor, compares } of modelTables) {
      for (const name of [...(constant ?? []), ...(pure ?? [])]) {
        const model = registry.shipped(name)!;
        const { frees, reallocates, out, allocates, keeps, writes } = model;
        const isOwn = allocates !== undefined && registry.family(allocates.family).kind !== 'library';
        if (isOwn || frees || reallocates || out || keeps.length > 0 || writes.length > 0) wrong.push(name);
        if (model.purity === 'constant' && model.dereferences.length > 0) wrong.push(name);
      }
      for (const name of Object.keys(holdsFor ?? {})) if (!constant?.includes(name)) wrong.push(name);
      for (const name of Object.keys(compares ?? {})) if (!pure?.includes(name)) wrong.push(name);
    }
    expect(wrong).toEqual([]);
    expect(registry.shipped('isdigit')).toMatchObject({ purity: 'constant', holdsFor: { low: 48, high: 57 } });
    expect(registry.shipped('strcmp')?.purity).toBe('pure');
    expect(registry.shipped('strtol')?.purity).toBeUndefined();
  });
});

describe('families', () => {
  test.each([
    ['malloc', 'heap', true],
    ['g_free', 'heap', true],
    ['kvfree', 'heap', true],
    ['OPENSSL_free', 'heap', true],
    ['xmlFree', 'heap', true],
    ['sqlite3_free', 'heap', true],
    ['curl_free', 'heap', true],
    ['gzclose', 'heap', true],
    ['je_free', 'heap', true],
    ['SDL_free', 'heap', true],
    ['vPortFree', 'heap', true],
    ['HeapFree', 'heap', true],
    ['uv_free_cpu_info', 'heap', true],
    ['apr_pool', 'arena', false],
    ['lua_userdata', 'arena', false],
    ['talloc_free', 'heap', false],
    ['pfree', 'heap', false],
    ['stack', 'stack', false],
  ])('%s is memory of the kind %s', (name, kind, isLeakable) => {
    expect(registry.family(name)).toMatchObject({ kind, isLeakable });
  });

  test('a heap family is named by its usual deallocator', () => {
    for (const { families } of modelTables) {
      for (const name of Object.keys(families ?? {})) {
        const family = registry.family(name);
        if (family.kind === 'heap' && name !== 'malloc') expect(family.deallocators[0]).toBe(name);
      }
    }
  });

  test('deallocators that are not the first argument, take a pointer by address, or drop a reference', () => {
    expect(registry.shipped('HeapFree')?.frees).toMatchObject({ argument: 2, family: 'HeapFree' });
    expect(registry.shipped('g_clear_pointer')?.frees).toMatchObject({ isIndirect: true, family: '' });
    expect(registry.shipped('X509_free')?.frees).toMatchObject({ isCounted: true });
    expect(registry.takes('kvfree', 'kfree')).toBe(true);
    expect(registry.takes('kfree', 'kvfree')).toBe(false);
  });

  test('a configured family has the deallocators that the configuration names', () => {
    const { configuration } = parseConfiguration(
      '{ "allocators": [{ "allocate": ["get"], "free": ["put", "drop"] }] }',
    );
    const own = new ModelRegistry(configuration);
    expect(own.family('put').deallocators).toEqual(['put', 'drop']);
    expect(own.takes('put', 'malloc')).toBe(false);
  });

  test('configured memory that goes back through a known deallocator is of its family', () => {
    const { configuration } = parseConfiguration(
      '{ "allocators": [{ "allocate": ["get"], "free": ["free", "put"] }] }',
    );
    const own = new ModelRegistry(configuration);
    expect(own.configured('get')?.allocates?.family).toBe('malloc');
    expect(own.configured('put')?.frees?.family).toBe('malloc');
    expect(own.configured('free')).toBeUndefined();
  });

  test('configured memory without a deallocator is of no known family', () => {
    const { configuration } = parseConfiguration('{ "allocators": [{ "allocate": ["get"] }] }');
    const own = new ModelRegistry(configuration);
    expect(own.takes('malloc', own.configured('get')!.allocates!.family)).toBe(true);
  });
});
