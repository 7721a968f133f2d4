import { errorNumbers } from '../ir/error-numbers.ts';
import { keywordClass, NOT_A_KEYWORD } from '../source/keywords.ts';
import type { MacroDefinition, MacroLookup } from '../source/macros.ts';
import { holdsBehind } from '../source/undefinitions.ts';
import type { Visible } from './include-graph.ts';
import { isFallback, type KnownDefines } from './known-defines.ts';

/** Objects and constants that the headers of ISO C and POSIX define, which other headers do for other systems. */
const NAMES_OF_C: ReadonlySet<string> = new Set([
  ...['stdin', 'stdout', 'stderr', 'errno', 'environ', 'NULL', 'EOF', 'BUFSIZ', 'SEEK_SET', 'SEEK_CUR', 'SEEK_END'],
  ...['RAND_MAX', 'EXIT_SUCCESS', 'EXIT_FAILURE', 'CHAR_BIT', 'INT_MAX', 'INT_MIN', 'LONG_MAX', 'SIZE_MAX', 'PATH_MAX'],
  ...Object.keys(errorNumbers),
]);

interface MacroSources {
  /** All definitions of a name in the workspace. */
  readonly allDefinitions: (name: string) => readonly MacroDefinition[];
  readonly visible: Visible;
  readonly known: KnownDefines;
  /** True for a file whose definitions may reach others although nobody in sight includes it. */
  readonly isShared: (file: string) => boolean;
  /** True for a function that the file itself defines, beyond doubt. */
  readonly isOwnFunction: (name: string) => boolean;
  /** The files with an `#undef` of the name. */
  readonly undefinedIn: (name: string) => ReadonlySet<string>;
  /** The place in the file that is looked from, as the number of its `#undef` lines before it; undefined for none. */
  readonly undefCount?: number;
  /** True when the file itself undefines the name before the place. */
  readonly isUndefined?: (name: string) => boolean;
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
    const { visible, known, isShared } = this.#sources;
    let seen = all.filter((definition) => visible.files.has(definition.file) && this.#isInForce(definition));
    if (!seen.some(({ file }) => file === this.#file) && this.#sources.isUndefined?.(name) === true) return [];
    // A keyword that somebody else writes over stays what it is, and so does what the C library's headers define.
    if (seen.length === 0 && (keywordClass(name) !== NOT_A_KEYWORD || NAMES_OF_C.has(name))) return [];
    if (seen.length === 0 && this.#sources.isOwnFunction(name)) return [];
    if (seen.length === 0) seen = all.filter(({ file }) => file !== this.#file && isShared(file));
    // What another file defines and undefines is for its own lines.
    const lasting = seen.filter(({ file, until }) => file === this.#file || until === undefined);
    if (lasting.length > 0) seen = lasting;
    const possible = seen.filter(({ condition }) => known.holds(condition) !== false);
    const isRuledOut = possible.length === 0;
    const list = this.#withoutRedefinitions(isRuledOut ? seen : possible).map((definition) => {
      if (isRuledOut) return { ...definition, isRuledOut };
      // A condition that is known to hold is none.
      const isHeld = definition.condition !== '' && known.holds(definition.condition) === true;
      return isHeld ? { ...definition, condition: '', heldCondition: definition.condition } : definition;
    });
    if (list.length === 1) return list;
    const rank = (definition: MacroDefinition): number =>
      definition.file === this.#file
        ? -1
        : (visible.files.get(definition.file) ?? 0) + (isFallback(definition) ? 1e6 : 0);
    return list
      .map((definition, position) => ({ definition, position, rank: rank(definition) }))
      .sort((a, b) => a.rank - b.rank || a.position - b.position)
      .map(({ definition }) => definition);
  }

  /**
   * No name is defined twice with different bodies unless it is undefined in between (C17 6.10.3p2): where a header that is certainly
   * included defines it, the conditions of its other definitions do not hold.
   */
  #withoutRedefinitions(definitions: readonly MacroDefinition[]): readonly MacroDefinition[] {
    const { visible, undefinedIn } = this.#sources;
    const isCertain = ({ file, condition, until }: MacroDefinition): boolean =>
      condition === '' && until === undefined && visible.certain.has(file);
    if (definitions.length < 2 || !definitions.some(isCertain)) return definitions;
    for (const file of undefinedIn(definitions[0].name)) if (visible.files.has(file)) return definitions;
    return definitions.filter(({ condition }) => condition === '');
  }

  #isInForce(definition: MacroDefinition): boolean {
    const { undefCount } = this.#sources;
    return undefCount === undefined || definition.file !== this.#file || holdsBehind(definition, undefCount);
  }
}
