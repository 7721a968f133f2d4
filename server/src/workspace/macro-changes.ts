import type { SourceFacts } from '../source/facts.ts';
import type { MacroDefinition } from '../source/macros.ts';

/** Changes that are remembered one by one; whoever asks about earlier ones hears that everything may have changed. */
const MAXIMUM_CHANGES = 64;
/** More names than this are not told apart. */
const MAXIMUM_NAMES = 500;
/** A macro may mention one that mentions one that changed; beyond this many steps everything may have. */
const MAXIMUM_STEPS = 6;

/** What changed between two versions of the index. */
interface ChangedMacros {
  readonly names: ReadonlySet<string>;
  /** Files that include other headers than before. */
  readonly files: ReadonlySet<string>;
}

interface Change {
  readonly version: number;
  readonly changed: ChangedMacros | undefined;
  /** No other file sees these macros: their names alone matter, to whoever asks whether anybody defines them. */
  readonly isPrivate: boolean;
}

/** Which macros changed with which version of the index. */
export class MacroChanges {
  /** Undefined where everything may have changed. */
  readonly #changes: Change[] = [];
  #first = 0;
  /** Answers of `since` that still hold. */
  readonly #answers = new Map<number, ChangedMacros | undefined>();

  /**
   * Notes that a file says `after` from a version on, and said `before` until then.
   * @param isShared Others may include the file. One that they cannot, and that comes or goes, means little to them.
   */
  note(version: number, before: SourceFacts | undefined, after: SourceFacts | undefined, isShared: boolean): void {
    this.#answers.clear();
    const passing = isShared ? undefined : before && after ? undefined : (before ?? after);
    const changed = passing
      ? { names: new Set(said(passing).keys()), files: new Set<string>() }
      : changedMacros(before, after);
    this.#changes.push({ version, changed, isPrivate: passing !== undefined });
    if (this.#changes.length > MAXIMUM_CHANGES) this.#first = this.#changes.shift()!.version;
  }

  /** What changed after a version, and the macros whose definitions mention one that did; undefined for everything. */
  since(version: number, all: () => Iterable<readonly MacroDefinition[]>): ChangedMacros | undefined {
    if (!this.#answers.has(version)) this.#answers.set(version, this.#since(version, all));
    return this.#answers.get(version);
  }

  #since(version: number, all: () => Iterable<readonly MacroDefinition[]>): ChangedMacros | undefined {
    if (version < this.#first) return undefined;
    const names = new Set<string>();
    const privateNames = new Set<string>();
    const files = new Set<string>();
    for (const { version: each, changed, isPrivate } of this.#changes) {
      if (each <= version) continue;
      if (changed === undefined) return undefined;
      for (const name of changed.names) (isPrivate ? privateNames : names).add(name);
      for (const file of changed.files) files.add(file);
    }
    if (privateNames.size > MAXIMUM_NAMES) return undefined;
    if (names.size === 0) return { names: privateNames, files };
    for (let step = 0; step < MAXIMUM_STEPS; step++) {
      if (names.size > MAXIMUM_NAMES) return undefined;
      const before = names.size;
      const mentions = new RegExp(`\\b(?:${[...names].map((name) => name.replaceAll('$', '\\$')).join('|')})\\b`);
      for (const definitions of all()) {
        if (names.has(definitions[0].name)) continue;
        if (definitions.some(({ body, condition }) => mentions.test(body) || mentions.test(condition)))
          names.add(definitions[0].name);
      }
      if (names.size === before) return { names: new Set([...names, ...privateNames]), files };
    }
    return undefined;
  }
}

function changedMacros(before: SourceFacts | undefined, after: SourceFacts | undefined): ChangedMacros | undefined {
  // A file that comes or goes may be the header that others meant.
  if (before === undefined || after === undefined) return undefined;
  const includes = ({ includes: list }: SourceFacts): string =>
    JSON.stringify(list.map(({ path, isQuoted, condition }) => [path, isQuoted, condition]));
  const files = new Set(includes(before) === includes(after) ? [] : [after.file]);
  const changed = new Set<string>();
  const old = said(before);
  const fresh = said(after);
  for (const [name, text] of old) if (fresh.get(name) !== text) changed.add(name);
  for (const name of fresh.keys()) if (!old.has(name)) changed.add(name);
  return { names: changed, files };
}

/** All that a file says of each macro, as text. */
function said({ macros, undefs, undefined: names }: SourceFacts): Map<string, string> {
  const texts = new Map<string, string>();
  const add = (name: string, text: string): void => {
    texts.set(name, `${texts.get(name) ?? ''}${text}\n`);
  };
  for (const { name, parameters, body, condition, since, until } of macros)
    add(name, JSON.stringify([parameters, body, condition, since, until]));
  for (const { name, condition } of undefs) add(name, `undef ${condition}`);
  for (const name of names) add(name, 'undefined');
  return texts;
}
