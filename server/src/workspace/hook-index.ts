import { type FunctionModel, NOTHING, plainDeallocation } from '../models/function-model.ts';
import type { SourceFacts } from '../source/facts.ts';
import type { WrapperFact } from '../source/hooks.ts';
import type { MacroDefinition } from '../source/macros.ts';
import { EntriesByName } from './entries-by-name.ts';

/** So many steps are followed from a pointer to the functions that may stand in it. */
const MAXIMUM_STEPS = 32;

/** Memory that comes through a pointer to an allocator; what gives it back is called through another one. */
const FAMILY = 'hooks';

/** How many parameters the C library's allocators have. */
const PARAMETERS: Readonly<Record<string, number>> = { malloc: 1, calloc: 2, realloc: 2, free: 1 };

interface Target {
  readonly file: string;
  readonly target: string;
}

interface Wrapper extends WrapperFact {
  readonly file: string;
}

/** What stands in the pointers to allocators of a workspace, by their names. */
export class HookIndex {
  readonly #targets = new EntriesByName<Target>();
  readonly #wrappers = new EntriesByName<Wrapper>();
  readonly #macrosOf: (name: string) => readonly MacroDefinition[];

  constructor(macrosOf: (name: string) => readonly MacroDefinition[]) {
    this.#macrosOf = macrosOf;
  }

  set({ file, hooks, wrappers }: SourceFacts): void {
    for (const { place, target } of hooks) this.#targets.add(place, { file, target });
    for (const wrapper of wrappers) this.#wrappers.add(wrapper.name, { ...wrapper, file });
  }

  remove({ file, hooks, wrappers }: SourceFacts): void {
    for (const { place } of hooks) this.#targets.remove(place, file);
    for (const { name } of wrappers) this.#wrappers.remove(name, file);
  }

  /**
   * What a call through a pointer does. It stands for one of the C library's allocators by default, or for a function
   * that wraps one; what a user puts in its place has to do the same. Undefined where that is not so, or defaults differ.
   */
  model(place: string, file: string): FunctionModel | undefined {
    if (!this.#targets.has(place)) return undefined;
    const seen = new Set<string>();
    const pending = [{ place, file }];
    const found = new Map<string, FunctionModel>();
    const counts = new Set<number>();
    while (pending.length > 0) {
      const next = pending.pop()!;
      const key = `${next.place}\0${next.place.startsWith('.') ? '' : next.file}`;
      if (seen.has(key)) continue;
      if (seen.size >= MAXIMUM_STEPS) return undefined;
      seen.add(key);
      for (const { file: at, target } of this.#targetsOf(next.place, next.file)) {
        const wrappers = this.#wrappers.seenFrom(at, target);
        const models = wrappers.length > 0 ? wrappers.map((each) => this.#modelOf(each)) : [modelOf(target, 0, true)];
        for (const model of models) if (model) found.set(JSON.stringify(model), model);
        if (wrappers.length === 0 && models[0] === undefined) pending.push({ place: target, file: at });
        else if (wrappers.length === 0) counts.add(PARAMETERS[target]);
        for (const wrapper of wrappers) counts.add(this.#parametersOf(wrapper).length);
      }
    }
    const model = commonModel([...found.values()]);
    return model && { ...model, parameterCounts: [...counts].sort((a, b) => a - b) };
  }

  /** A file's own variable, or the one that others store to; members have one name for all. */
  #targetsOf(place: string, file: string): readonly Target[] {
    return place.startsWith('.') ? this.#targets.of(place) : this.#targets.seenFrom(file, place);
  }

  #modelOf(wrapper: Wrapper): FunctionModel | undefined {
    const { calls, parameter, mayEndProgram } = wrapper;
    const argument = parameter === '' ? 0 : this.#parametersOf(wrapper).indexOf(parameter);
    return argument < 0 ? undefined : modelOf(calls, argument, !mayEndProgram);
  }

  #parametersOf({ parameters, macro }: Wrapper): readonly string[] {
    return macro === '' ? parameters : this.#macroParameters(macro);
  }

  /** The parameters of the function that a macro makes the head of: `#define ALLOC_FUNC(name) void *name(size_t n)`. */
  #macroParameters(macro: string): readonly string[] {
    for (const { parameters: own = [], body } of this.#macrosOf(macro)) {
      const list = /\b(\w+)\s*\)*\s*\(([^()]*)\)[\s)]*$/.exec(body);
      if (list && own.includes(list[1])) return list[2].split(',').map((each) => /(\w+)\W*$/.exec(each)?.[1] ?? '');
    }
    return [];
  }
}

/** The model of one of the C library's allocators, as a pointer to it, or to a function around it, is called. */
function modelOf(calls: string, argument: number, nullable: boolean): FunctionModel | undefined {
  switch (calls) {
    case 'malloc':
      return { ...NOTHING, allocates: { family: FAMILY, nullable, content: 'unwritten' } };
    case 'calloc':
      return { ...NOTHING, allocates: { family: FAMILY, nullable, content: 'zeroed' } };
    case 'realloc':
      return { ...NOTHING, reallocates: { argument, allocation: { family: FAMILY, nullable, content: 'unwritten' } } };
    case 'free':
      return { ...NOTHING, frees: plainDeallocation('', argument) };
    default:
      return undefined;
  }
}

/** What several models have in common; nothing when they do different things. */
function commonModel(models: readonly FunctionModel[]): FunctionModel | undefined {
  if (models.length < 2) return models[0];
  const allocations = models.flatMap(({ allocates }) => (allocates ? [allocates] : []));
  if (allocations.length < models.length) return undefined;
  // Of memory that is cleared by one and not by the other it is not known whether it was written.
  const isSame = allocations.every(({ content }) => content === allocations[0].content);
  const nullable = allocations.every((each) => each.nullable);
  return {
    ...NOTHING,
    allocates: { family: FAMILY, nullable, content: isSame ? allocations[0].content : 'written' },
  };
}
