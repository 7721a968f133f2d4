import type { Allocation, FunctionModel } from './function-model.ts';
import libc from './libc.json' with { type: 'json' };

/** One table of models, as the JSON files hold it. */
interface ModelTable {
  readonly allocators?: Readonly<Record<string, AllocatorEntry>>;
  readonly reallocators?: Readonly<Record<string, { argument: number } & AllocatorEntry>>;
  readonly deallocators?: Readonly<Record<string, { argument: number; family: string }>>;
  readonly outAllocators?: Readonly<
    Record<string, { argument: number; success: string; replaces?: boolean } & AllocatorEntry>
  >;
  readonly sizedBuffers?: Readonly<Record<string, { argument: number; size: number }>>;
  readonly noreturn?: Readonly<Record<string, string>>;
  readonly returnsArgument?: Readonly<Record<string, number>>;
  readonly interior?: Readonly<Record<string, number>>;
  readonly writes?: Readonly<Record<string, readonly number[]>>;
  readonly dereferences?: Readonly<Record<string, readonly number[]>>;
  readonly keeps?: Readonly<Record<string, readonly number[]>>;
  readonly returnsNonNull?: readonly string[];
  readonly harmless?: readonly string[];
}

interface AllocatorEntry {
  readonly family: string;
  readonly nullable?: boolean;
  readonly zeroed?: boolean;
  readonly dereferences?: readonly number[];
}

type Mutable = { -readonly [Key in keyof FunctionModel]: FunctionModel[Key] };

function allocation(entry: AllocatorEntry): Allocation {
  return { family: entry.family, nullable: entry.nullable ?? true, zeroed: entry.zeroed ?? false };
}

function build(tables: readonly ModelTable[]): Map<string, FunctionModel> {
  const models = new Map<string, Mutable>();
  const model = (name: string): Mutable => {
    let found = models.get(name);
    if (!found) {
      found = { dereferences: [], keeps: [], writes: [] };
      models.set(name, found);
    }
    return found;
  };
  for (const table of tables) {
    for (const [name, entry] of Object.entries(table.allocators ?? {})) {
      model(name).allocates = allocation(entry);
      model(name).dereferences = entry.dereferences ?? [];
    }
    for (const [name, entry] of Object.entries(table.reallocators ?? {})) {
      model(name).reallocates = { argument: entry.argument, allocation: allocation(entry) };
    }
    for (const [name, entry] of Object.entries(table.deallocators ?? {})) {
      model(name).frees = { argument: entry.argument, family: entry.family };
    }
    for (const [name, entry] of Object.entries(table.outAllocators ?? {})) {
      const success = entry.success as 'zero' | 'nonnegative' | 'positive';
      model(name).out = {
        argument: entry.argument,
        allocation: allocation(entry),
        success,
        replaces: entry.replaces ?? false,
      };
    }
    for (const [name, entry] of Object.entries(table.sizedBuffers ?? {})) model(name).sizedBuffer = entry;
    for (const [name, when] of Object.entries(table.noreturn ?? {})) {
      model(name).noreturn = when === 'always' ? 'always' : 'nonzero-argument';
    }
    for (const [name, argument] of Object.entries(table.returnsArgument ?? {})) model(name).returnsArgument = argument;
    for (const [name, positions] of Object.entries(table.writes ?? {})) model(name).writes = positions;
    for (const [name, positions] of Object.entries(table.dereferences ?? {})) model(name).dereferences = positions;
    for (const [name, positions] of Object.entries(table.keeps ?? {})) model(name).keeps = positions;
    for (const name of table.returnsNonNull ?? []) model(name).returnsNonNull = true;
    // The result of these points into the argument, or is NULL: the memory must not be thought lost or leaked.
    for (const name of Object.keys(table.interior ?? {})) model(name);
    for (const name of table.harmless ?? []) model(name);
  }
  return models;
}

const shipped = build([libc as ModelTable]);

/** Allocators of ISO C and POSIX: their model holds although a body or a macro of the name may be in sight. */
const STANDARD_ALLOCATORS = new Set([
  'malloc',
  'calloc',
  'realloc',
  'reallocarray',
  'free',
  'strdup',
  'strndup',
  'aligned_alloc',
  'posix_memalign',
  'asprintf',
  'vasprintf',
  'getline',
  'getdelim',
]);

export function isStandardAllocator(name: string): boolean {
  return STANDARD_ALLOCATORS.has(name);
}

/** Names whose model counts before a macro of the same name: allocators, and functions that never return. */
export function keepsModel(name: string): boolean {
  return STANDARD_ALLOCATORS.has(name) || shipped.get(name)?.noreturn === 'always';
}

/** What the user's configuration adds: allocators with their deallocators, and functions that never return. */
export interface ModelConfiguration {
  readonly allocators: readonly {
    readonly allocate: readonly string[];
    readonly free: readonly string[];
    readonly nullable?: boolean;
  }[];
  readonly noreturn: readonly string[];
}

/** Finds models by function name: the user's before the shipped ones. */
export class ModelRegistry {
  readonly #configured = new Map<string, FunctionModel>();

  constructor(configuration: ModelConfiguration) {
    const none = { dereferences: [], keeps: [], writes: [] };
    for (const group of configuration.allocators) {
      const family = group.free[0] ?? group.allocate[0] ?? '';
      for (const name of group.allocate) {
        const nullable = group.nullable ?? true;
        this.#configured.set(name, { ...none, allocates: { family, nullable, zeroed: false } });
      }
      for (const name of group.free) this.#configured.set(name, { ...none, frees: { argument: 0, family } });
    }
    for (const name of configuration.noreturn) this.#configured.set(name, { ...none, noreturn: 'always' });
  }

  configured(name: string): FunctionModel | undefined {
    return this.#configured.get(name);
  }

  shipped(name: string): FunctionModel | undefined {
    return shipped.get(name);
  }

  isNoreturn(name: string): boolean {
    return (this.#configured.get(name) ?? shipped.get(name))?.noreturn === 'always';
  }

  /** Names that give or take memory, for finding the functions that are worth an analysis. */
  isMemoryFunction(name: string): boolean {
    const model = this.#configured.get(name) ?? shipped.get(name);
    return (
      model !== undefined &&
      (model.allocates !== undefined ||
        model.frees !== undefined ||
        model.reallocates !== undefined ||
        model.out !== undefined)
    );
  }
}
