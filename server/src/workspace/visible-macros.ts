import { type DefineLookup, parseCondition } from '../source/conditions.ts';
import type { MacroDefinition, MacroLookup } from '../source/macros.ts';
import { platformDefine } from '../source/platform.ts';

/** Configured macros: a body, or null for one that is known not to be defined. */
export type Defines = Readonly<Record<string, string | null>>;

/** What is known of a name outside of all files: the user's word, else the assumed platform's. */
export function knownDefine(defines: Defines, name: string): string | null | undefined {
  return Object.hasOwn(defines, name) ? defines[name] : platformDefine(name);
}

export interface MacroSources {
  readonly defines: Defines;
  /** All definitions of a name in the workspace. */
  readonly allDefinitions: (name: string) => readonly MacroDefinition[];
  /** The files that the looking file sees, in order of inclusion, itself among them. */
  readonly visible: ReadonlyMap<string, number>;
  /** True for a file whose definitions may reach others although nobody in sight includes it. */
  readonly isShared: (file: string) => boolean;
}

/**
 * The macros that one file sees: its own, then those of the headers that it includes, directly or not, in order. Where
 * none of these knows a name, every header of the workspace is asked: the one that was meant may be generated or be found in a way that
 * only the build knows. Definitions under a condition that does not hold are left out, unless there are no others.
 */
export class VisibleMacros implements MacroLookup {
  readonly #file: string;
  readonly #sources: MacroSources;
  readonly #found = new Map<string, readonly MacroDefinition[]>();
  readonly #values = new Map<string, boolean | undefined>();

  constructor(file: string, sources: MacroSources) {
    this.#file = file;
    this.#sources = sources;
  }

  definitionsOf(name: string): readonly MacroDefinition[] {
    let found = this.#found.get(name);
    if (found === undefined) {
      found = this.#find(name);
      this.#found.set(name, found);
    }
    return found;
  }

  #find(name: string): readonly MacroDefinition[] {
    const all = this.#sources.allDefinitions(name);
    if (all.length === 0) return all;
    const { visible, isShared } = this.#sources;
    let seen = all.filter(({ file }) => visible.has(file));
    if (seen.length === 0) seen = all.filter(({ file }) => isShared(file));
    const possible = seen.filter(({ condition }) => this.#value(condition) !== false);
    const list = possible.length > 0 ? possible : seen;
    if (list.length === 1) return list;
    const rank = (definition: MacroDefinition): number =>
      definition.file === this.#file ? -1 : (visible.get(definition.file) ?? 0) + (isFallback(definition) ? 1e6 : 0);
    return list
      .map((definition, position) => ({ definition, position, rank: rank(definition) }))
      .sort((a, b) => a.rank - b.rank || a.position - b.position)
      .map(({ definition }) => definition);
  }

  #value(condition: string): boolean | undefined {
    if (condition === '') return true;
    if (!this.#values.has(condition)) {
      // While a condition is being read its names are not known through itself.
      this.#values.set(condition, undefined);
      this.#values.set(condition, parseCondition(condition, this.#define).value);
    }
    return this.#values.get(condition);
  }

  /** The value of a name in a condition, as far as the definitions in sight leave no doubt. */
  readonly #define: DefineLookup = (name) => {
    const known = knownDefine(this.#sources.defines, name);
    if (known !== undefined) return known;
    let body: string | undefined;
    for (const definition of this.#sources.allDefinitions(name)) {
      if (!this.#sources.visible.has(definition.file)) continue;
      if (definition.parameters !== undefined || (definition.condition !== '' && !isFallback(definition)))
        return undefined;
      if (body !== undefined && body !== definition.body) return undefined;
      body = definition.body;
    }
    return body;
  };
}

/** `#ifndef NAME` around the definition of `NAME`: it counts where nobody else has defined it. */
export function isFallback({ name, condition }: MacroDefinition): boolean {
  return condition !== '' && `&&${condition}&&`.includes(`&&!defined(${name})&&`);
}
