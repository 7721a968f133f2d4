import {
  type Allocation,
  type Family,
  type FamilyModel,
  type FunctionModel,
  NOTHING,
  plainDeallocation,
} from './function-model.ts';

/** A function, and the position from 0 of the argument that is meant. */
interface FunctionArgument {
  readonly name: string;
  readonly argument: number;
}

/** One family of functions in the user's configuration. */
interface ConfiguredFamily {
  readonly allocate: readonly string[];
  readonly reallocate: readonly FunctionArgument[];
  readonly allocateTo: readonly (FunctionArgument & {
    readonly success: 'zero' | 'nonnegative' | 'positive' | 'true';
  })[];
  readonly free: readonly FunctionArgument[];
  readonly nullable?: boolean;
  readonly zeroed?: boolean;
  readonly arena?: { readonly argument: number; readonly end: readonly FunctionArgument[] };
}

/** What the user's configuration adds: allocators with their deallocators, and functions that never return. */
export interface ModelConfiguration {
  readonly allocators: readonly ConfiguredFamily[];
  readonly noreturn: readonly string[];
}

export interface ConfiguredModels {
  readonly functions: ReadonlyMap<string, FunctionModel>;
  readonly families: ReadonlyMap<Family, FamilyModel>;
}

/**
 * The models that a configuration describes.
 * @param familyOfDeallocator The family of a deallocator that is known without the configuration: memory that goes back
 * through `free` is the C library's, whoever gives it.
 */
export function configuredModels(
  configuration: ModelConfiguration,
  familyOfDeallocator: (name: string) => Family | undefined,
): ConfiguredModels {
  const functions = new Map<string, FunctionModel>();
  const families = new Map<Family, FamilyModel>();
  const add = (name: string, model: Partial<FunctionModel>): void => {
    functions.set(name, { ...(functions.get(name) ?? NOTHING), ...model });
  };
  for (const group of configuration.allocators) {
    const [deallocator] = group.free;
    const known = deallocator && familyOfDeallocator(deallocator.name);
    const family = known ?? familyName(group);
    if (known === undefined && family !== '') families.set(family, familyModel(family, group));
    const allocation: Allocation = {
      family,
      nullable: group.nullable ?? true,
      // That it holds nothing yet is more than anybody said.
      content: group.zeroed ? 'zeroed' : 'written',
      ...(group.arena && { arena: group.arena.argument }),
    };
    for (const name of group.allocate) add(name, { allocates: allocation });
    for (const { name, argument } of group.reallocate) add(name, { reallocates: { argument, allocation } });
    for (const { name, argument, success } of group.allocateTo) {
      add(name, { out: { argument, allocation, success, replaces: false } });
    }
    for (const { name, argument } of group.free) {
      if (familyOfDeallocator(name) === undefined) add(name, { frees: plainDeallocation(family, argument) });
    }
    for (const { name, argument } of group.arena?.end ?? []) add(name, { endsArena: { argument } });
  }
  for (const name of configuration.noreturn) add(name, { noreturn: 'always' });
  return { functions, families };
}

/** Memory without a deallocator in the configuration is of no known family: nothing is a wrong one for it. */
function familyName({ allocate, free, arena }: ConfiguredFamily): Family {
  if (free.length > 0) return free[0].name;
  return arena ? `${allocate[0] ?? arena.end[0]?.name ?? ''}` : '';
}

function familyModel(name: Family, { free, arena }: ConfiguredFamily): FamilyModel {
  return {
    name,
    kind: arena ? 'arena' : 'heap',
    isLeakable: !arena,
    isMemory: true,
    isCheckExpected: true,
    isObject: false,
    deallocators: free.map((each) => each.name),
    accepts: [],
  };
}
