import type { ForgottenMember } from '../analysis/context.ts';
import { recordKey } from '../analysis/record-key.ts';
import { TypeModel } from '../analysis/type-model.ts';
import { keptIn, keptPer } from '../base/kept.ts';
import { definitionOf, typeRead } from '../ir/definitions.ts';
import type { FunctionIr, Origin } from '../ir/instructions.ts';
import {
  type GivenPointer,
  type MemberUse,
  type PassedTo,
  type PointerSource,
  pointerUses,
} from '../ir/pointer-uses.ts';
import type { TypeTerm } from '../ir/type-terms.ts';
import { believedModel } from '../models/believed-models.ts';
import type { FunctionModel } from '../models/function-model.ts';
import type { ModelRegistry } from '../models/registry.ts';
import type { TopLevelItem } from '../syntax/translation-unit.ts';
import type { AnalysedFile } from './analysed-file.ts';
import type { FunctionEntry, ProgramIndex } from './program-index.ts';
import type { TypeDefinitions } from './type-definitions.ts';

/*
 * Members of structures that own memory which nothing frees. A file is asked that alone knows of the member: everything that is ever
 * stored there is new memory, and everything that is done with it leaves it where it is. Whoever frees such a structure loses it.
 */

/** What a pointer is given to is followed through so many functions in sight. */
const MAXIMUM_DEPTH = 4;

/** A larger file is a generated one, or several programs in one. */
const MAXIMUM_FUNCTIONS = 2000;

/** Functions that are given any number of pointers, and free them. */
const RELEASING_NAME = /free|release|destroy|delete|clear|dispose|unref|put|cleanup/i;

interface Bodies {
  readonly analysed: (file: string) => AnalysedFile | undefined;
  readonly lowered: (analysed: AnalysedFile, item: TopLevelItem) => FunctionIr | undefined;
  readonly loweredOf: (entry: FunctionEntry) => FunctionIr | undefined;
}

export class ForgottenMembers {
  readonly #index: ProgramIndex;
  readonly #models: ModelRegistry;
  readonly #types: TypeDefinitions;
  readonly #bodies: Bodies;
  readonly #revision: () => number;
  /** By file, as of a revision. */
  readonly #known = new Map<string, ReadonlyMap<string, readonly ForgottenMember[]>>();
  #knownRevision = 0;

  constructor(
    index: ProgramIndex,
    models: ModelRegistry,
    types: TypeDefinitions,
    bodies: Bodies,
    revision: () => number,
  ) {
    this.#index = index;
    this.#models = models;
    this.#types = types;
    this.#bodies = bodies;
    this.#revision = revision;
  }

  /** Of the structures of a type, as `recordKey` writes it, in the order of their names. */
  of(type: string, file: string): readonly ForgottenMember[] {
    const revision = this.#revision();
    if (this.#knownRevision !== revision) this.#known.clear();
    this.#knownRevision = revision;
    return keptIn(this.#known, file, () => this.#find(file)).get(type) ?? [];
  }

  #find(file: string): ReadonlyMap<string, readonly ForgottenMember[]> {
    const analysed = this.#bodies.analysed(file);
    const items = analysed?.unit.items.filter((item) => item.name !== '') ?? [];
    if (!analysed || items.length > MAXIMUM_FUNCTIONS) return new Map();
    const functions = items.map((item) => this.#bodies.lowered(analysed, item));
    const types = new TypeModel(
      {
        definition: (key) => {
          const text = this.#index.declarations.typeDefinition(key, file);
          return text === undefined ? undefined : this.#types.read(key, text);
        },
        constant: () => undefined,
      },
      new Map(),
    );
    // Most members are numbers, or hold what others own: only those are looked at in which the result of some call is stored.
    const filled = new Set<string>();
    for (const ir of functions) if (ir) for (const name of membersFilled(ir)) filled.add(name);
    const uses = new Map<string, { readonly type: string; readonly name: string; readonly found: Found[] }>();
    for (const ir of functions) {
      if (!ir) continue;
      for (const use of pointerUses(ir).members) {
        if (!filled.has(use.name)) continue;
        const type = recordKey(types.resolve(use.of));
        const known = keptIn(uses, `${type ?? ''} ${use.name}`, () => ({
          type: type ?? '',
          name: use.name,
          found: [],
        }));
        known.found.push({ ir, use });
      }
    }
    const unknown = new Set([...uses.values()].flatMap(({ type, name }) => (type === '' ? [name] : [])));
    const byType = new Map<string, ForgottenMember[]>();
    const mentions = mentionsIn(analysed.text);
    let blocks: ReadonlySet<string> | undefined;
    for (const { type, name, found } of uses.values()) {
      if (type === '' || unknown.has(name)) continue;
      const stored = this.#storedForGood(found, file);
      if (
        !stored ||
        !this.#isOwnBusiness(type, name, file, analysed.text) ||
        !mentions.isAllUnderstood(name, functions)
      )
        continue;
      // Of the alternatives of a conditional group one stores what another does not have.
      if (analysed.unit.functionsNamed(stored.ir.name).length > 1) continue;
      blocks ??= this.#blockTypes(functions, types, file);
      const member = {
        name,
        functionName: stored.ir.name,
        origin: stored.origin,
        callee: stored.callee,
        isOfBlock: blocks.has(type),
      };
      keptIn(byType, type, () => []).push(member);
    }
    for (const members of byType.values()) members.sort((a, b) => (a.name < b.name ? -1 : 1));
    return byType;
  }

  /** The types of structures that allocators give, and deallocators take, in the file. */
  #blockTypes(functions: readonly (FunctionIr | undefined)[], types: TypeModel, file: string): ReadonlySet<string> {
    const found = new Set<string>();
    const note = (term: TypeTerm | undefined): void => {
      const key = term && recordKey(types.resolve(term));
      if (key !== undefined) found.add(key);
    };
    for (const ir of functions) {
      for (const [block, { instructions }] of ir?.blocks.entries() ?? []) {
        for (const [instruction, each] of instructions.entries()) {
          if (each.op === 'convert') {
            const made = definitionOf(instructions, instruction, each.value);
            if (made?.op === 'call' && this.#isAllocator(made.callee, file)) note(each.pointee);
          } else if (each.op === 'call') {
            const freed = each.arguments.at(this.#modelOf(each.callee, file)?.frees?.argument ?? Infinity);
            const pointer = freed === undefined ? undefined : typeRead(ir!, block, instruction, freed);
            if (pointer) note({ kind: 'target', of: pointer });
          }
        }
      }
    }
    return found;
  }

  /** No other file that knows the type mentions a member of the name, nor may name it to a macro that does. */
  #isOwnBusiness(type: string, name: string, file: string, text: string): boolean {
    const { declarations } = this.#index;
    const tag = type.slice(type.indexOf(' ') + 1);
    const knowsType = (other: string): boolean =>
      other !== file && (declarations.seesType(type, other) || declarations.seesType(`typedef ${tag}`, other));
    const naming = this.#index.filesWithMemberMacros();
    if (naming.size > 0 && new RegExp(`[(,]\\s*${name}\\s*[,)]`).test(text)) return false;
    return ![...naming, ...this.#index.filesWithField(name)].some(knowsType);
  }

  /** An allocation that is stored in the member, where all is new memory that stands there, and nothing takes it from there. */
  #storedForGood(
    found: readonly Found[],
    file: string,
  ): { readonly ir: FunctionIr; readonly origin: Origin; readonly callee: string } | undefined {
    let first: { readonly ir: FunctionIr; readonly origin: Origin; readonly callee: string } | undefined;
    for (const { ir, use } of found) {
      const isGiven = use.held.isReturned && !ir.givesConst;
      if (use.isAddressTaken || use.held.isTaken || isGiven || use.held.storedIn.size > 0) return undefined;
      const isRefill = this.#isRefill(use, file);
      if (!use.held.passed.every((passed) => this.#staysAfter(passed, file, isRefill, 0))) return undefined;
      for (const stored of use.stored) {
        if (!this.#isNew(stored, file)) return undefined;
        const call = stored.sources.find((source) => source.kind === 'call');
        if (call?.kind === 'call' && !first) first = { ir, origin: call.origin, callee: call.callee };
      }
    }
    return first;
  }

  /** The function stores new memory in the member whatever it is given: what it frees there it replaces. */
  #isRefill({ stored }: MemberUse, file: string): boolean {
    return (
      stored.length > 0 &&
      stored.every(({ sources }) =>
        sources.every((source) => source.kind === 'call' && this.#isAllocator(source.callee, file)),
      )
    );
  }

  /** What is stored is new memory, or NULL, and stands nowhere else. */
  #isNew({ sources, beside }: GivenPointer, file: string): boolean {
    if (beside.isTaken || beside.isReturned || beside.storedIn.size > 1) return false;
    // Where it fails, the function frees what it had for the member.
    if (!beside.passed.every((passed) => this.#staysAfter(passed, file, true, 0))) return false;
    return sources.every((source) => source.kind === 'null' || this.#isNewFrom(source, file, 0));
  }

  #isNewFrom(source: PointerSource, file: string, depth: number): boolean {
    if (source.kind !== 'call') return false;
    if (this.#isAllocator(source.callee, file)) return true;
    const entries = this.#index.definitions(source.callee, file);
    const ir = entries.length === 1 && depth < MAXIMUM_DEPTH ? this.#bodies.loweredOf(entries[0]) : undefined;
    if (!ir) return false;
    const { returned, isPartial } = pointerUses(ir);
    // What the function keeps as well has another owner.
    const isKept = returned.some(
      ({ beside }) =>
        beside.isTaken ||
        beside.storedIn.size > 0 ||
        !beside.passed.every((passed) => this.#staysAfter(passed, entries[0].file, true, depth + 1)),
    );
    const made = returned.flatMap(({ sources }) => sources.filter(({ kind }) => kind !== 'null'));
    if (isPartial || isKept || made.length === 0) return false;
    return made.every((each) => this.#isNewFrom(each, entries[0].file, depth + 1));
  }

  /** A function gives memory of the heap that has to be given back, as its model says. */
  #isAllocator(callee: string, file: string): boolean {
    const model = this.#modelOf(callee, file);
    const allocation = model?.allocates ?? model?.reallocates?.allocation;
    if (!allocation) return false;
    const { kind, isLeakable, isMemory } = this.#models.family(allocation.family);
    return kind === 'heap' && isLeakable && isMemory && allocation.family !== '';
  }

  #modelOf(callee: string, file: string): FunctionModel | undefined {
    const configured = this.#models.configured(callee);
    if (configured) return configured;
    return this.#index.isDefined(callee)
      ? undefined
      : (this.#models.shipped(callee) ?? believedModel(callee) ?? this.#index.declaredModel(callee, file));
  }

  /** A function that is given a pointer leaves what it points to where it is, and keeps no other reference to it. */
  #staysAfter({ callee, position }: PassedTo, file: string, mayFree: boolean, depth: number): boolean {
    const model = this.#modelOf(callee, file);
    if (model) {
      if (model.frees?.argument === position) return mayFree;
      if (model.reallocates?.argument === position) return true;
      return model.keeps.includes(position) ? false : isTold(model, position) || !isDeclaredOnly(model);
    }
    const entries = this.#index.definitions(callee, file);
    if (entries.length !== 1) return false;
    const [{ fact }] = entries;
    if (fact.isVariadic && position >= fact.parameterCount) return !RELEASING_NAME.test(callee);
    const ir = depth < MAXIMUM_DEPTH ? this.#bodies.loweredOf(entries[0]) : undefined;
    const uses = ir && pointerUses(ir);
    const use = uses?.parameters.at(position);
    if (!uses || !use || uses.isPartial || use.isTaken || use.isReturned || use.storedIn.size > 0) return false;
    return use.passed.every((passed) => this.#staysAfter(passed, entries[0].file, mayFree, depth + 1));
  }
}

interface Found {
  readonly ir: FunctionIr;
  readonly use: MemberUse;
}

/** The names of the members in which a function stores what calls give. */
const membersFilled = keptPer((ir: FunctionIr): readonly string[] =>
  pointerUses(ir).members.flatMap(({ name, stored }) =>
    stored.some(({ sources }) => sources.some(({ kind }) => kind === 'call')) ? [name] : [],
  ),
);

/** A declaration says that the function only looks at the argument. */
function isTold({ looksAt, purity }: FunctionModel, position: number): boolean {
  return looksAt?.includes(position) === true || purity !== undefined;
}

/** Nothing is known of the function but what attributes and pointers to const in its declaration tell. */
function isDeclaredOnly({ looksAt, purity, unwritten }: FunctionModel): boolean {
  return looksAt !== undefined || purity !== undefined || unwritten !== undefined;
}

interface Mentions {
  /** Every mention of a member of the name stands in a function that was understood. */
  isAllUnderstood(name: string, functions: readonly (FunctionIr | undefined)[]): boolean;
}

/** Whether the functions hold all mentions that the file's text has, in macros, initialisers and what is not compiled as well. */
function mentionsIn(text: string): Mentions {
  return {
    isAllUnderstood(name, functions) {
      const pattern = new RegExp(`(?:->|\\.)\\s*${name}\\b`, 'g');
      const count = (of: string): number => of.match(pattern)?.length ?? 0;
      let inFunctions = 0;
      for (const ir of functions) {
        const found = ir ? count(ir.text) : 0;
        if (found > 0 && ir && pointerUses(ir).isPartial) return false;
        inFunctions += found;
      }
      return inFunctions >= count(text);
    },
  };
}
