import type { Enumerator } from '../source/enumerators.ts';
import type { SourceFacts } from '../source/facts.ts';
import type { DeclaredVariable } from '../source/file-variables.ts';
import type { FunctionVariable } from '../source/function-variables.ts';
import { EntriesByName } from './entries-by-name.ts';

/** What the declarations of all files say of enumerators, members, variables and types, for a file that sees them. */
export class DeclarationIndex {
  readonly #enumerators = new EntriesByName<{ readonly file: string } & Omit<Enumerator, 'name'>>();
  readonly #members = new EntriesByName<{ readonly file: string; readonly traits: number }>();
  readonly #variables = new EntriesByName<{ readonly file: string } & DeclaredVariable>();
  readonly #constants = new EntriesByName<{
    readonly file: string;
    readonly value: number;
    readonly isStatic: boolean;
  }>();
  readonly #functionVariables = new EntriesByName<{ readonly file: string; readonly variable: FunctionVariable }>();
  readonly #types = new EntriesByName<{ readonly file: string; readonly text: string }>();
  readonly #isShared: (file: string) => boolean;

  /** `isShared` tells which files others may see without naming them: headers, and what somebody includes. */
  constructor(isShared: (file: string) => boolean) {
    this.#isShared = isShared;
  }

  set({ file, enumerators, members, variables, constants, functionVariables, types }: SourceFacts): void {
    for (const { name, value, expression } of enumerators) this.#enumerators.add(name, { file, value, expression });
    for (const { name, traits } of members) this.#members.add(name, { file, traits });
    for (const { name, isArray, type } of variables) this.#variables.add(name, { file, isArray, type });
    for (const { name, ...constant } of constants) this.#constants.add(name, { file, ...constant });
    for (const variable of functionVariables) this.#functionVariables.add(variable.name, { file, variable });
    for (const { key, text } of types) this.#types.add(key, { file, text });
  }

  remove({ file, enumerators, members, variables, constants, functionVariables, types }: SourceFacts): void {
    for (const { name } of enumerators) this.#enumerators.remove(name, file);
    for (const { name } of members) this.#members.remove(name, file);
    for (const { name } of variables) this.#variables.remove(name, file);
    for (const { name } of constants) this.#constants.remove(name, file);
    for (const { name } of functionVariables) this.#functionVariables.remove(name, file);
    for (const { key } of types) this.#types.remove(key, file);
  }

  /**
   * The value of an enumerator, for a file: by its own declarations, else by those of all. Undefined for other names, and where
   * declarations disagree.
   */
  constant(name: string, file: string): number | undefined {
    const seen = this.#enumerators.seenFrom(file, name);
    return seen.every(({ value }) => value === seen[0].value) ? seen[0]?.value : undefined;
  }

  /** The expression that gives an enumerator's value, for a file, where all declarations agree on it. */
  constantExpression(name: string, file: string): string | undefined {
    const seen = this.#enumerators.seenFrom(file, name);
    const isSame = seen.every(({ value, expression }) => value === undefined && expression === seen[0].expression);
    return isSame ? seen[0]?.expression : undefined;
  }

  /**
   * The number that a variable outside of functions holds all the time, for a file: by its own declaration, else by the only
   * definition of a constant that the file declares. Undefined where there is none, or where there are several.
   */
  constantVariable(name: string, file: string): number | undefined {
    const all = this.#constants.of(name);
    if (all.length === 0) return undefined;
    const own = all.filter((each) => each.file === file);
    const isOwnOnly = this.#variables.of(name).filter((each) => each.file === file).length === own.length;
    if (own.length > 0) return own.length === 1 && isOwnOnly ? own[0].value : undefined;
    const [only, ...others] = all.filter(({ isStatic }) => !isStatic);
    return only && others.length === 0 && this.fileVariable(name, file)?.isArray === false ? only.value : undefined;
  }

  /** A variable outside of functions that holds functions, for a file: its own, else the only one that others can mean. */
  functionVariable(
    name: string,
    file: string,
  ): { readonly file: string; readonly variable: FunctionVariable } | undefined {
    const seen = this.#functionVariables.seenFrom(file, name, ({ variable }) => !variable.isStatic);
    return seen.length === 1 ? seen[0] : undefined;
  }

  /** The functions that stand in a constant outside of functions. */
  storedFunctions(name: string, file: string): readonly string[] {
    const found = this.functionVariable(name, file)?.variable;
    return found?.isConst ? found.functions.map((each) => each.name) : [];
  }

  /**
   * What all declarations that a file may see, its own and the headers', say of the structures' members of a name, as bits; 0 when there
   * are none.
   */
  memberTraits(name: string, file: string): number {
    let traits = 0;
    for (const member of this.#members.of(name)) {
      if ((traits | member.traits) === traits) continue;
      if (member.file === file || this.#isShared(member.file)) traits |= member.traits;
    }
    return traits;
  }

  /**
   * What a variable outside of functions is that a file sees: its own, else one that a header declares. Undefined where
   * there is none, or declarations disagree; of no type where they disagree about that.
   */
  fileVariable(name: string, file: string): DeclaredVariable | undefined {
    const seen = this.#variables.seenFrom(file, name, (each) => this.#isShared(each.file));
    if (seen.length === 0 || seen.some(({ isArray }) => isArray !== seen[0].isArray)) return undefined;
    const { isArray, type } = seen[0];
    return { isArray, type: seen.every((each) => each.type === type) ? type : '' };
  }

  /** A definition of the type is in a file's sight. */
  seesType(key: string, file: string): boolean {
    return this.#types.seenFrom(file, key, (each) => this.#isShared(each.file)).length > 0;
  }

  /**
   * The declaration that defines a type for a file: its own, else the headers'. Undefined where there are several that
   * differ, as those of a conditional group do.
   */
  typeDefinition(key: string, file: string): string | undefined {
    const seen = this.#types.seenFrom(file, key, (each) => this.#isShared(each.file));
    return seen.every((each) => each.text === seen[0].text) ? seen[0]?.text : undefined;
  }
}
