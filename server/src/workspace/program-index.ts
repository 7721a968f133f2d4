import { keptPer } from '../base/kept.ts';
import type { FunctionModel } from '../models/function-model.ts';
import { type DefineLookup, parseCondition } from '../source/conditions.ts';
import type { SourceFacts } from '../source/facts.ts';
import type { FunctionFact } from '../source/file-declarations.ts';
import type { MacroDefinition, MacroLookup } from '../source/macros.ts';
import type { NoreturnDeclaration } from '../source/noreturn.ts';
import { CallComponents } from './call-components.ts';
import { DeclarationIndex } from './declaration-index.ts';
import { type DeclaredModel, mergeDeclared } from './declared-models.ts';
import { EntriesByName } from './entries-by-name.ts';
import { interfaceOf } from './file-interface.ts';
import { HookIndex } from './hook-index.ts';
import { IncludeGraph } from './include-graph.ts';
import { type Defines, isFallback, KnownDefines, knownDefine } from './known-defines.ts';
import { MacroChanges } from './macro-changes.ts';
import { NoreturnIndex } from './noreturn-index.ts';
import { UndefIndex } from './undef-index.ts';
import { VisibleMacros } from './visible-macros.ts';

/** A function definition, found by name. */
export interface FunctionEntry {
  readonly file: string;
  readonly fact: FunctionFact;
}

/** A member's name, behind what leads to it. */
const MEMBER = /(?:->|\.)\s*([A-Za-z_]\w*)/g;
const HEADER = /\.h$/i;
/** Files of tests, and of what stands in for functions there: `cache_mock.c`, `tests/stubs.c`. */
const STAND_IN = /[\\/_-](?:mock|stub|fake)s?\.\w+$|(?:^|[\\/])(?:(?:unit_?)?tests?|mocks?|stubs?|fuzz(?:ing)?)[\\/]/i;

/**
 * What the files of a workspace say to one another, by name: macros, functions and who calls them. Built from facts
 * alone, without parsing; a file's contribution is replaced when its text changes.
 */
export class ProgramIndex {
  /** What is no function and no macro. */
  readonly declarations = new DeclarationIndex((file) => this.#isShared(file));
  readonly #facts = new Map<string, SourceFacts>();
  readonly #macros = new EntriesByName<MacroDefinition>();
  readonly #functions = new EntriesByName<FunctionEntry>();
  readonly #prototypes = new Map<string, number>();
  readonly #callers = new Map<string, Set<string>>();
  readonly #fieldFiles = new Map<string, Set<string>>();
  #memberMacros: { readonly version: number; readonly files: ReadonlySet<string> } | undefined;
  readonly #noreturn = new NoreturnIndex((name) => this.#macros.of(name));
  readonly #declaredModels = new EntriesByName<{ readonly file: string; readonly model: FunctionModel }>();
  readonly #modelsByFile = new Map<string, readonly DeclaredModel[]>();
  /** By file: all that it says to others, as text, to notice when it says something else. */
  readonly #interfaces = new Map<string, string>();
  readonly #lookups = new Map<string, MacroLookup>();
  readonly #knownDefines = new Map<string, KnownDefines>();
  readonly #hooks = new HookIndex((name) => this.#macros.of(name));
  readonly #undefs = new UndefIndex();
  readonly #macroChanges = new MacroChanges();
  #version = 1;
  readonly #components = new CallComponents((name, file) => this.definitions(name, file));
  readonly #outside: DefineLookup;
  readonly #includes: IncludeGraph;
  /** By name: macros of the user's configuration, which are stronger than what files define. */
  readonly #configuredMacros: ReadonlyMap<string, readonly MacroDefinition[]>;

  /**
   * @param macros definitions of the user's configuration
   * @param includeFolders absolute paths of the folders in which the build looks for headers, as far as they are known
   */
  constructor(defines: Defines, macros: readonly MacroDefinition[] = [], includeFolders: readonly string[] = []) {
    this.#outside = (name) => {
      const known = knownDefine(defines, name);
      if (known !== undefined || name !== 'HAVE_CONFIG_H') return known;
      // Who has a generated header builds with the flag that has it included.
      return this.#includes.hasFileNamed('config.h') ? '1' : undefined;
    };
    this.#configuredMacros = new Map(macros.map((macro) => [macro.name, [macro]]));
    this.#includes = new IncludeGraph(
      includeFolders,
      (condition) => (condition === '' ? true : parseCondition(condition, this.#outside).value),
      (name, file) => this.isOwnFallback(name, file),
    );
  }

  /** How many files' facts are known. */
  get fileCount(): number {
    return this.#facts.size;
  }

  facts(file: string): SourceFacts | undefined {
    return this.#facts.get(file);
  }

  /** Takes in a file's facts, in place of those it had, with the functions that never return by their declarations. */
  set(facts: SourceFacts, noreturn: readonly NoreturnDeclaration[], models: readonly DeclaredModel[]): void {
    const interfaceKey = interfaceOf(facts, noreturn, models);
    this.#undefs.place(facts.file, facts.undefs);
    if (this.#interfaces.get(facts.file) === interfaceKey) return;
    const before = this.#facts.get(facts.file);
    this.#drop(facts.file);
    this.#interfaces.set(facts.file, interfaceKey);
    this.#facts.set(facts.file, facts);
    this.declarations.set(facts);
    for (const { name, model } of models) this.#declaredModels.add(name, { file: facts.file, model });
    this.#modelsByFile.set(facts.file, models);
    this.#includes.set(facts.file, facts.includes);
    this.#noreturn.set(facts.file, noreturn);
    for (const macro of facts.macros) this.#macros.add(macro.name, macro);
    this.#undefs.set(facts);
    this.#hooks.set(facts);
    for (const fact of facts.functions) {
      this.#functions.add(fact.name, { file: facts.file, fact });
      for (const name of fact.calls) {
        const files = this.#callers.get(name);
        if (files) files.add(facts.file);
        else this.#callers.set(name, new Set([facts.file]));
      }
    }
    for (const prototype of facts.prototypes) {
      this.#prototypes.set(prototype.name, (this.#prototypes.get(prototype.name) ?? 0) + 1);
    }
    for (const field of facts.fields) {
      const files = this.#fieldFiles.get(field);
      if (files) files.add(facts.file);
      else this.#fieldFiles.set(field, new Set([facts.file]));
    }
    this.#components.clear();
    this.#version++;
    this.#forgetLookups();
    this.#macroChanges.note(this.#version, before, facts, this.#isShared(facts.file));
  }

  #forgetLookups(): void {
    this.#lookups.clear();
    this.#knownDefines.clear();
  }

  /** True for a text whose macros may mean something else than at an earlier version. */
  macrosChangedFor(file: string, text: string, version: number): boolean {
    const changed = this.#macroChanges.since(version, () => this.#macros.lists());
    if (changed === undefined) return true;
    for (const name of changed.names) if (text.includes(name)) return true;
    if (changed.files.size === 0) return false;
    for (const seen of this.#includes.visibleFrom(file).files.keys()) if (changed.files.has(seen)) return true;
    return false;
  }

  /** Changes whenever what files say to one another does; an edit inside a function leaves it as it is. */
  get version(): number {
    return this.#version;
  }

  remove(file: string): void {
    const facts = this.#facts.get(file);
    if (!facts) return;
    const isShared = this.#isShared(file);
    this.#drop(file);
    this.#includes.remove(file);
    this.#undefs.place(file, []);
    this.#macroChanges.note(this.#version, facts, undefined, isShared);
  }

  #drop(file: string): void {
    const facts = this.#facts.get(file);
    if (!facts) return;
    this.#version++;
    this.#forgetLookups();
    this.#undefs.remove(facts);
    this.#hooks.remove(facts);
    this.#interfaces.delete(file);
    this.#facts.delete(file);
    this.declarations.remove(facts);
    for (const { name } of this.#modelsByFile.get(file) ?? []) {
      this.#declaredModels.remove(name, file);
    }
    this.#noreturn.remove(file);
    for (const macro of facts.macros) this.#macros.remove(macro.name, file);
    for (const fact of facts.functions) {
      this.#functions.remove(fact.name, file);
      for (const name of fact.calls) this.#callers.get(name)?.delete(file);
    }
    for (const prototype of facts.prototypes) {
      this.#prototypes.set(prototype.name, (this.#prototypes.get(prototype.name) ?? 1) - 1);
    }
    for (const field of facts.fields) this.#fieldFiles.get(field)?.delete(file);
    this.#components.clear();
  }

  /** The macros that a file sees: its own first, then those of the headers that it includes. */
  macrosFor(file: string): MacroLookup {
    return this.#lookup(file, undefined);
  }

  /** The same as of a place in the file, for what the file itself undefines and defines again. */
  macrosAt(file: string, offset: number): MacroLookup {
    return this.#lookup(file, this.#undefs.countBefore(file, offset));
  }

  /** A number for the places of a file from which the same macros are seen as from an offset. */
  outlookAt(file: string, offset: number): number {
    return this.#undefs.countBefore(file, offset) ?? -1;
  }

  /** What the headers that a file includes say of a name, as far as they leave no doubt. */
  definesInHeaders(file: string): DefineLookup {
    return this.#known(file).inHeaders;
  }

  /** True for a name that only this file defines, and only under `#ifndef` of it. */
  isOwnFallback(name: string, file: string): boolean {
    const definitions = this.#macros.of(name);
    return definitions.length > 0 && definitions.every((each) => each.file === file && isFallback(each));
  }

  #lookup(file: string, undefCount: number | undefined): MacroLookup {
    const key = undefCount === undefined ? file : `${file}\0${undefCount}`;
    const known = this.#lookups.get(key);
    if (known) return known;
    const visible = new VisibleMacros(file, {
      allDefinitions: (name) => this.#macros.of(name),
      visible: this.#includes.visibleFrom(file),
      known: this.#known(file),
      // What another source file defines is its own, unless somebody includes it.
      isShared: (other) => this.#isShared(other),
      isOwnFunction: (name) => this.#isOwnFunction(name, file),
      undefinedIn: (name) => this.#undefs.filesThatUndefine(name),
      ...(undefCount !== undefined && {
        undefCount,
        isUndefined: (name: string) => this.#undefs.isUndefined(name, file, undefCount),
      }),
    });
    const configured = this.#configuredMacros;
    const lookup: MacroLookup =
      configured.size === 0
        ? visible
        : { definitionsOf: (name) => configured.get(name) ?? visible.definitionsOf(name) };
    // One object for as long as nothing changes: others keep what they learn from it by it.
    this.#lookups.set(key, lookup);
    return lookup;
  }

  /** Of several definitions in one file each must be one: `CASE(a) { } END CASE(b) { }` are uses of macros, one behind a word. */
  #isOwnFunction(name: string, file: string): boolean {
    const own = this.#functions.of(name).filter((entry) => entry.file === file);
    return own.length > 0 && own.every(({ fact }) => fact.hasType);
  }

  #known(file: string): KnownDefines {
    let known = this.#knownDefines.get(file);
    if (!known) {
      known = new KnownDefines(file, {
        outside: this.#outside,
        allDefinitions: (name) => this.#macros.of(name),
        visible: this.#includes.visibleFrom(file),
        undefinedIn: (name) => this.#undefs.filesThatUndefine(name),
        saidUndefinedIn: (name) => this.#undefs.filesThatSayUndefined(name),
      });
      this.#knownDefines.set(file, known);
    }
    return known;
  }

  #isShared(file: string): boolean {
    return !file.endsWith('.c') || this.#includes.isIncluded(file);
  }

  /** What the attributes on the declarations of a function that a file sees say of memory: its own and the headers'. */
  declaredModel(name: string, file: string): FunctionModel | undefined {
    if (!this.#declaredModels.has(name)) return undefined;
    const models = this.#declaredModels.of(name).filter((each) => each.file === file || this.#isShared(each.file));
    return mergeDeclared(models.map(({ model }) => model));
  }

  /** The name means one function wherever it stands: the file sees it, and no definition of it is static. */
  isSharedFunction(name: string, file: string): boolean {
    if (!this.isFunctionSeenFrom(name, file)) return false;
    return this.#functions.of(name).every(({ fact }) => !fact.isStatic);
  }

  /** What a call through a pointer to an allocator does: `.name` for a member, else a variable that the file sees. */
  hookModel(place: string, file: string): FunctionModel | undefined {
    return this.#hooks.model(place, file);
  }

  /** Some declaration says that the function never returns. */
  isDeclaredNoreturn(name: string): boolean {
    return this.#noreturn.isNoreturn(name);
  }

  /** The names of all functions that files define. */
  functionNames(): Iterable<string> {
    return this.#functions.names();
  }

  /** All definitions of a name, also those that other files do not see. */
  allDefinitions(name: string): readonly FunctionEntry[] {
    return this.#functions.of(name);
  }

  isDefined(name: string): boolean {
    return this.#functions.has(name);
  }

  isFunction(name: string): boolean {
    return this.#functions.has(name) || (this.#prototypes.get(name) ?? 0) > 0;
  }

  /** A file that includes a macro's header, and no declaration of the function of that name, means the macro. */
  mayMeanFunction(name: string, file: string, macroFile: string): boolean {
    if (!this.isFunction(name)) return false;
    const isSeen = macroFile === file || this.#includes.visibleFrom(file).files.has(macroFile);
    return !isSeen || this.isFunctionSeenFrom(name, file);
  }

  /** True for a file with a prototype of a function. */
  declares(file: string, name: string): boolean {
    const facts = this.#facts.get(file);
    return facts !== undefined && namesIn(facts).declared.has(name);
  }

  /** True where a name without an argument list is a function for a file: C wants it declared in what the file sees. */
  isFunctionSeenFrom(name: string, file: string): boolean {
    if (!this.isFunction(name)) return false;
    if (this.#says(file, name)) return true;
    for (const seen of this.#includes.visibleFrom(file).files.keys()) if (this.#says(seen, name)) return true;
    return false;
  }

  /** True for a file with a definition or a prototype of a function. */
  #says(file: string, name: string): boolean {
    const facts = this.#facts.get(file);
    if (!facts) return false;
    const { defined, declared } = namesIn(facts);
    return defined.has(name) || declared.has(name);
  }

  /**
   * The definitions that a call of `name` in `file` may mean: the file's own, else the external ones of its folder, else all of them
   * but those of tests.
   */
  definitions(name: string, file: string): readonly FunctionEntry[] {
    const all = this.#functions.of(name);
    if (all.length === 0) return all;
    const own = all.filter((entry) => entry.file === file);
    if (own.length > 0) return own;
    // Each file that includes a header has a static function of its own from it.
    const inHeaders = all.filter((entry) => entry.fact.isStatic && HEADER.test(entry.file));
    const visible = inHeaders.length > 0 ? this.#includes.visibleFrom(file) : undefined;
    const included = inHeaders.filter((entry) => visible?.files.has(entry.file));
    if (included.length > 0) return included;
    // A folder of several programs has one in each of its folders, as a rule.
    const shared = all.filter((entry) => !entry.fact.isStatic);
    if (shared.length < 2) return shared;
    const near = shared.filter((entry) => folderOf(entry.file) === folderOf(file));
    if (near.length > 0) return near;
    // What stands in for a function in tests is another program's.
    const earnest = STAND_IN.test(file) ? [] : shared.filter((entry) => !STAND_IN.test(entry.file));
    return earnest.length > 0 ? earnest : shared;
  }

  /** The files with a function that calls `name`, in order. */
  callerFiles(name: string): readonly string[] {
    return [...(this.#callers.get(name) ?? [])].sort();
  }

  /** The files that mention a structure's member, in order. */
  filesWithField(field: string): readonly string[] {
    return [...(this.#fieldFiles.get(field) ?? [])].sort();
  }

  /** The files with a macro of which a parameter is the name of a member: `#define GET(p, member) ((p)->member)`. */
  filesWithMemberMacros(): ReadonlySet<string> {
    if (this.#memberMacros?.version !== this.#version) {
      const files = new Set<string>();
      for (const macros of this.#macros.lists()) {
        for (const { file, body, parameters } of macros) {
          const isMember = ([, name]: RegExpMatchArray): boolean => parameters?.includes(name) === true;
          if (parameters?.length && !files.has(file) && [...body.matchAll(MEMBER)].some(isMember)) files.add(file);
        }
      }
      this.#memberMacros = { version: this.#version, files };
    }
    return this.#memberMacros.files;
  }

  /** The strongly connected component of the call graph that a function lies in. */
  component(entry: FunctionEntry): number {
    return this.#components.of(entry);
  }

  /** How many functions lie in the same component. */
  componentSize(entry: FunctionEntry): number {
    return this.#components.sizeOf(entry);
  }
}

/** The names of a file's functions and prototypes. */
const namesIn = keptPer(({ functions, prototypes }: SourceFacts) => ({
  defined: new Set(functions.map(({ name }) => name)),
  declared: new Set(prototypes.map(({ name }) => name)),
}));

function folderOf(file: string): string {
  return file.slice(0, file.lastIndexOf('/') + 1);
}
