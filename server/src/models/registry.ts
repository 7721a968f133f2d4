import { configuredModels, type ModelConfiguration } from './configured-models.ts';
import {
  type Allocation,
  type Content,
  type Family,
  type FamilyModel,
  type FunctionModel,
  plainDeallocation,
} from './function-model.ts';
import { librariesOfC, type ModelTable, modelTables } from './tables.ts';

/** A scan assigns to no more arguments. */
const MAXIMUM_SCANNED = 64;

type Mutable = { -readonly [Key in keyof FunctionModel]: FunctionModel[Key] };
type FamilyTable = NonNullable<ModelTable['families']>[string];

interface Models {
  readonly functions: ReadonlyMap<string, FunctionModel>;
  readonly families: ReadonlyMap<string, FamilyModel>;
}

function build(tables: readonly ModelTable[]): Models {
  const functions = new Map<string, Mutable>();
  const families = new Map<string, FamilyModel>();
  const appends = new Map<string, readonly number[]>();
  const model = (name: string): Mutable => {
    let found = functions.get(name);
    if (!found) {
      found = { dereferences: [], reads: [], keeps: [], writes: [] };
      functions.set(name, found);
    }
    return found;
  };
  for (const table of tables) {
    for (const [family, entry] of Object.entries(table.families ?? {})) {
      addFamily(family, entry, model);
      const known = families.get(family);
      const deallocators = [...(known?.deallocators ?? []), ...Object.keys(entry.deallocators ?? {})];
      const kind = (entry.kind ?? known?.kind ?? 'heap') as FamilyModel['kind'];
      const isMemory = entry.memory ?? known?.isMemory ?? true;
      families.set(family, {
        name: family,
        kind,
        isLeakable: kind === 'heap' && (entry.leaks ?? known?.isLeakable ?? isMemory),
        isMemory,
        isCheckExpected: known?.isCheckExpected ?? (isMemory || entry.failure !== undefined),
        isObject: known?.isObject ?? entry.content === 'written',
        deallocators: deallocators.filter((name) => model(name).frees?.isIndirect === false),
        accepts: [...(known?.accepts ?? []), ...(entry.accepts ?? [])],
      });
    }
    for (const [name, argument] of Object.entries(table.arenaEnds ?? {})) model(name).endsArena = { argument };
    for (const [name, positions] of Object.entries(table.sizes ?? {})) model(name).size = positions;
    for (const [name, argument] of Object.entries(table.measures ?? {})) model(name).measures = argument;
    for (const [name, entry] of Object.entries(table.bounded ?? {})) model(name).bounded = entry;
    for (const [name, entry] of Object.entries(table.copies ?? {})) model(name).copies = entry;
    for (const [name, entry] of Object.entries(table.sizedBuffers ?? {})) model(name).sizedBuffer = entry;
    for (const [name, when] of Object.entries(table.noreturn ?? {})) {
      model(name).noreturn = when === 'always' ? 'always' : 'nonzero-argument';
    }
    for (const [name, argument] of Object.entries(table.returnsArgument ?? {})) model(name).returnsArgument = argument;
    for (const [name, positions] of Object.entries(table.writes ?? {})) model(name).writes = positions;
    for (const [name, positions] of Object.entries(table.dereferences ?? {})) model(name).dereferences = positions;
    for (const [name, positions] of Object.entries(table.keeps ?? {})) model(name).keeps = positions;
    for (const [name, position] of Object.entries(table.separates ?? {})) model(name).separates = position;
    for (const [name, positions] of Object.entries(table.exchanges ?? {})) model(name).exchanges = positions;
    for (const [name, position] of Object.entries(table.bytes ?? {})) model(name).bytes = position;
    for (const [name, position] of Object.entries(table.formats ?? {})) model(name).format = position;
    for (const [name, position] of Object.entries(table.scans ?? {})) {
      model(name).scan = position;
      model(name).writes = Array.from({ length: MAXIMUM_SCANNED }, (_, i) => position + 1 + i);
    }
    for (const name of table.unreached ?? []) model(name).isUnreached = true;
    for (const name of table.returnsNonNull ?? []) model(name).returnsNonNull = true;
    for (const name of table.failsWithMinusOne ?? []) model(name).failsWithMinusOne = true;
    for (const [name, positions] of Object.entries(table.appends ?? {})) appends.set(name, positions);
    for (const [name, what] of Object.entries(table.errorPointers ?? {}))
      model(name).tellsErrorPointer = what === 'error' ? 'error' : 'error-or-null';
    for (const [name, argument] of Object.entries(table.errors ?? {}))
      model(name).error = { argument, isAlways: false };
    for (const [name, argument] of Object.entries(table.alwaysErrors ?? {}))
      model(name).error = { argument, isAlways: true };
    for (const [name, argument] of Object.entries(table.returnsArgumentOrNull ?? {}))
      model(name).returnsArgumentOrNull = argument;
    for (const [name, argument] of Object.entries(table.interior ?? {})) model(name).interior = argument;
    for (const name of table.constant ?? []) model(name).purity = 'constant';
    for (const name of table.pure ?? []) model(name).purity = 'pure';
    for (const [name, [low, high = Number.POSITIVE_INFINITY]] of Object.entries(table.holdsFor ?? {}))
      model(name).holdsFor = { low, high };
    for (const [name, { limit, ignoresCase = false }] of Object.entries(table.compares ?? {}))
      model(name).compares = { limit, ignoresCase };
    for (const [name, argument] of Object.entries(table.advances ?? {})) model(name).advances = argument;
    for (const name of table.harmless ?? []) model(name);
  }
  for (const [name, each] of functions) {
    const read = each.dereferences.filter((position) => !each.writes.includes(position));
    each.reads = [...read, ...(appends.get(name) ?? [])];
  }
  return { functions, families };
}

/** Adds the functions of one family to their models. */
function addFamily(family: string, table: FamilyTable, model: (name: string) => Mutable): void {
  const allocation = (entry: {
    nullable?: boolean;
    content?: string;
    arena?: number;
    whenNull?: number;
  }): Allocation => {
    const nullable = entry.nullable ?? table.nullable ?? true;
    // What fills the memory that it is given, or else its own, leaves nothing unwritten in that either.
    const usual = entry.whenNull === undefined ? (table.content ?? 'unwritten') : 'written';
    const content = (entry.content ?? usual) as Content;
    // The family's allocators end the program when memory runs out; those that try (`g_try_malloc()`) give room to write to.
    const isTried = nullable && table.nullable === false && content === 'written';
    return {
      family,
      nullable,
      failure: table.failure ?? (isTried ? 'it fails' : undefined),
      content,
      arena: entry.arena,
    };
  };
  for (const [name, entry] of Object.entries(table.allocators ?? {})) {
    if (entry.whenNull === undefined) model(name).allocates = allocation(entry);
    else model(name).allocatesForNull = { argument: entry.whenNull, allocation: allocation(entry) };
    model(name).dereferences = entry.dereferences ?? [];
    if (entry.mayRead) model(name).mayRead = entry.mayRead;
    if (entry.parameters !== undefined) model(name).parameterCounts = [entry.parameters];
  }
  for (const [name, entry] of Object.entries(table.reallocators ?? {})) {
    model(name).reallocates = {
      argument: entry.argument ?? 0,
      allocation: allocation(entry),
      freesOnFailure: entry.freesOnFailure ?? false,
    };
  }
  for (const [name, entry] of Object.entries(table.deallocators ?? {})) {
    const { argument, isAnyFamily, ...rest } = entry;
    model(name).frees = { ...plainDeallocation(isAnyFamily ? '' : family, argument), ...rest };
  }
  for (const [name, entry] of Object.entries(table.outAllocators ?? {})) {
    model(name).out = {
      argument: entry.argument,
      allocation: allocation(entry),
      success: entry.success as 'zero' | 'nonnegative' | 'positive' | 'true',
      failsBelowZero: entry.failsBelowZero ?? false,
      replaces: entry.replaces ?? false,
    };
    if (entry.parameters !== undefined) model(name).parameterCounts = [entry.parameters];
  }
}

const shipped = build(modelTables);

/**
 * GCC's and clang's spellings of a library function: `__builtin_memcpy`, and with the object's size behind the other
 * arguments, as `_FORTIFY_SOURCE` makes them, `__builtin___memcpy_chk` and `__memcpy_chk`. The checked forms of printf
 * and its like have their arguments elsewhere.
 */
const BUILTIN = /^__(?:builtin_)?(?:__)?(?!\w*printf)([a-z]\w*?)(_chk)?$/;

export function shippedModel(name: string): FunctionModel | undefined {
  const model = shipped.functions.get(name);
  if (model || !name.startsWith('__')) return model;
  const [, plain, isChecked] = BUILTIN.exec(name) ?? [];
  const isSpelling = plain !== undefined && (name.startsWith('__builtin_') || isChecked !== undefined);
  return isSpelling ? shipped.functions.get(plain) : undefined;
}

const functionsOfC = build(librariesOfC).functions;

/**
 * True for a function of another library than C's: a workspace may be that library's own, and its body then says more than
 * the table does.
 */
export function isOfOtherLibrary(name: string): boolean {
  return shipped.functions.has(name) && !functionsOfC.has(name);
}

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
  'alloca',
  'posix_memalign',
  'asprintf',
  'vasprintf',
  'getline',
  'getdelim',
]);

export function isStandardAllocator(name: string): boolean {
  return STANDARD_ALLOCATORS.has(name);
}

/** Names that are the library's, whoever defines them (C11, 7.1.3, 7.31.13): a program's own `memcpy` does the same. */
export function isReservedFunction(name: string): boolean {
  return STANDARD_ALLOCATORS.has(name) || (RESERVED_NAME.test(name) && functionsOfC.has(name));
}

const RESERVED_NAME = /^(?:mem|str|wcs)[a-z]|^__builtin_/;

/** Names whose model counts before a macro of the same name: the library's own, and functions that never return. */
export function keepsModel(name: string): boolean {
  return isReservedFunction(name) || shipped.functions.get(name)?.noreturn === 'always';
}

/** Finds models by function name: the user's before the shipped ones. */
export class ModelRegistry {
  readonly #configured: ReadonlyMap<string, FunctionModel>;
  readonly #families: ReadonlyMap<string, FamilyModel>;
  readonly #asked = new Map<string, FamilyModel>();

  constructor(configuration: ModelConfiguration) {
    const configured = configuredModels(configuration, (name) => shippedModel(name)?.frees?.family);
    this.#configured = configured.functions;
    this.#families = configured.families;
  }

  configured(name: string): FunctionModel | undefined {
    return this.#configured.get(name);
  }

  shipped(name: string): FunctionModel | undefined {
    return shippedModel(name);
  }

  /** What the user says of a function, or else its library. */
  modelOf(name: string): FunctionModel | undefined {
    return this.configured(name) ?? this.shipped(name);
  }

  /** What is known of a family; one that only the program itself knows is a heap with the deallocator that names it. */
  family(name: string): FamilyModel {
    let known = this.#asked.get(name);
    if (!known) {
      // Memory of which nobody says how it is given back may be its allocator's own business.
      const isNamed = name !== '';
      known = this.#families.get(name) ??
        shipped.families.get(name) ?? {
          name,
          kind: 'heap',
          isLeakable: isNamed,
          isMemory: true,
          isCheckExpected: true,
          isObject: false,
          deallocators: isNamed ? [name] : [],
          accepts: [],
        };
      this.#asked.set(name, known);
    }
    return known;
  }

  /** The usual function that takes memory of a family back when it is given the pointer alone. */
  plainDeallocator(family: Family): string | undefined {
    return this.family(family).deallocators.find((name) => {
      const frees = this.modelOf(name)?.frees;
      return frees === undefined || (frees.parameters === 1 && !frees.isIndirect && !frees.isCounted);
    });
  }

  /** True when the deallocators of one family take memory of the other; what is not known is no contradiction. */
  takes(deallocator: Family, memory: Family): boolean {
    return (
      deallocator === memory || deallocator === '' || memory === '' || this.family(deallocator).accepts.includes(memory)
    );
  }

  /** How many parameters a deallocator has, as far as a model says; else one. */
  parametersOfDeallocator(name: string): number {
    return (this.#configured.get(name) ?? shippedModel(name))?.frees?.parameters ?? 1;
  }

  /** The family that a deallocator takes, by its model; a name without one is a family of its own. */
  familyOfDeallocator(name: string): string {
    const model = this.#configured.get(name) ?? shippedModel(name);
    return model?.frees?.family ?? name;
  }

  /** The arguments that say how many bytes an allocator is asked for; of a configured one its only argument does. */
  sizeArguments(name: string): readonly number[] | undefined {
    return this.#configured.has(name) ? undefined : shippedModel(name)?.size;
  }

  /** A call of the name may show a flaw of its own in how it says a buffer's size. */
  hasBufferSize(name: string): boolean {
    return shippedModel(name)?.bounded !== undefined;
  }

  isNoreturn(name: string): boolean {
    const model = this.#configured.get(name) ?? shippedModel(name);
    // A program's own name for a jump out of the function.
    return model ? model.noreturn === 'always' : /longjmp$/i.test(name);
  }

  /**
   * Names that give or take memory, or what is told when it is lost, for finding the functions that are worth an analysis. Streams
   * alone are not: too many functions only print.
   */
  isMemoryFunction(name: string): boolean {
    const model = this.#configured.get(name) ?? shippedModel(name);
    const familyName = model?.allocates?.family ?? model?.frees?.family ?? model?.allocatesForNull?.allocation.family;
    const family = familyName === undefined ? undefined : this.family(familyName);
    return (
      model !== undefined &&
      (family === undefined ||
        family.isMemory ||
        family.isLeakable ||
        (model.allocates !== undefined && family.isCheckExpected)) &&
      (model.allocates !== undefined ||
        model.allocatesForNull !== undefined ||
        model.frees !== undefined ||
        model.reallocates !== undefined ||
        model.out !== undefined)
    );
  }
}
