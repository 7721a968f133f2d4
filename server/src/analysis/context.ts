import { MarkedNumbers } from '../base/marked-numbers.ts';
import type { ControlFlow, Liveness } from '../ir/control-flow.ts';
import type { GivenResult } from '../ir/given-results.ts';
import type { BlockId, FunctionIr, Origin, VariableId } from '../ir/instructions.ts';
import { findBlockLocals } from '../ir/stack-addresses.ts';
import { findAggregates } from '../ir/structure-variables.ts';
import type { FunctionModel } from '../models/function-model.ts';
import { isReservedFunction, type ModelRegistry } from '../models/registry.ts';
import { AnswerTable } from './answers.ts';
import { type Beliefs, beliefsOf } from './beliefs.ts';
import type { CalleeKnowledge } from './callee-knowledge.ts';
import { findTestsOfCleared } from './cleared-variables.ts';
import type { GivenNumbers } from './constant-endings.ts';
import type { AskedQuestion } from './doubt.ts';
import { EqualStrings } from './equal-strings.ts';
import type { ErrorPair } from './error-places.ts';
import { TakenEdges } from './every-way.ts';
import type { Flaw } from './flaws.ts';
import { GivenPlaces } from './given-places.ts';
import { findDescriptors, findGrowingVariables } from './growing-variables.ts';
import type { Holdings } from './holdings.ts';
import { LoopAllocations } from './loop-allocations.ts';
import { analyseNullFlow } from './null-flow.ts';
import { FollowedNulls, NullUses } from './null-uses.ts';
import type { NullFlow } from './null-verdicts.ts';
import type { GivenOther } from './other-memory.ts';
import { PlaceTypes } from './place-types.ts';
import { isReleaseName } from './release-names.ts';
import { SetNumbers } from './set-numbers.ts';
import { SizeFacts } from './size-facts.ts';
import type { CalleeStep, Site, State } from './state.ts';
import type { Summary } from './summary.ts';
import { findEndedTemporaries } from './temporaries.ts';
import type { TellingParameters, ToldArguments } from './told-arguments.ts';
import { TupleIndex } from './tuple-index.ts';
import { type TypeEnvironment, TypeModel } from './type-model.ts';
import type { Location, Value } from './value-shapes.ts';
import { ValueTable } from './values.ts';

/** A member in which memory is stored that nothing frees, and one of the places where that happens. */
export interface ForgottenMember {
  readonly name: string;
  /** The function of the same file that stores the memory there. */
  readonly functionName: string;
  /** The allocation, in that function's item. */
  readonly origin: Origin;
  readonly callee: string;
  /** Such structures are blocks of their own, which the file allocates or frees. */
  readonly isOfBlock: boolean;
}

/** What the analysis of one function asks about the rest of the program. */
export interface AnalysisEnvironment {
  readonly models: ModelRegistry;
  /**
   * What is known of a called name that is a macro of unclear meaning: whether control may not come back from it, and the
   * positions of the arguments that it evaluates whatever it means. Undefined for a function.
   */
  unclearMacro(name: string): { readonly mayLeave: boolean; readonly uses: readonly number[] } | undefined;
  readonly types: TypeEnvironment;
  /** Some declaration in sight says that the function never returns. */
  isDeclaredNoreturn(name: string): boolean;
  /** The positions of the arguments by which a function in sight may decide not to return, where they are numbers. */
  decidingNumbers(name: string): readonly number[];
  /** A function in sight does not return when it is given these numbers. */
  endsGiven(name: string, given: GivenNumbers): boolean;
  /** The one definition of the name may end the program, and whether it does hangs on a number that is none of those. */
  mayEndGiven(name: string, given: GivenNumbers): boolean;
  /** Some file of the program defines a function of that name. */
  isDefined(name: string): boolean;
  /** A function that the file sees, and that is static in none. */
  isSharedFunction(name: string): boolean;
  /** A call of the name means one body in sight: the file's own, or the only one with external linkage. */
  hasOneBody(name: string): boolean;
  /** A body in sight shows that its caller sees no change behind a call. */
  changesNothing(name: string, argumentCount: number): boolean;
  /** What a function whose one body is in sight gives its callers beside new memory. */
  gives(name: string): GivenResult;
  /** What the attributes on a function's declarations say of memory. */
  declaredModel(name: string): FunctionModel | undefined;
  /** What a call through a pointer to an allocator does, by what the program stores in it: `.name` for a member, else a variable. */
  hookModel(place: string): FunctionModel | undefined;
  /** What the declarations in sight say of all members of a name, as the bits of `source/members.ts`; 0 for nothing. */
  memberTraits(name: string): number;
  /**
   * The summary of a function whose body is in sight and fits the call. Unless it is needed, that is, while no region is
   * tracked that the call could touch, a function that neither gives nor takes memory may be answered as unknown.
   */
  summary(name: string, argumentCount: number, isNeeded: boolean): Summary | undefined;
  /**
   * The members of a type of structure, as `recordKey` writes it, in which the file stores new memory that nothing in the program
   * frees or takes from there.
   */
  forgottenMembers(type: string): readonly ForgottenMember[];
  /** The function that a constant outside of functions holds, or that never returns: of its name and the way from there, `table [2].run`. */
  storedFunction(place: string): string | undefined;
  /** Of a function whose one body is in sight: the parameters of which it is worth to tell more than `summary` asks for. */
  tellingParameters(name: string): TellingParameters;
  /** The summary of such a function for a call that tells these arguments, if it has one of its own. */
  summaryTold(name: string, argumentCount: number, told: ToldArguments): Summary | undefined;
}

/** A state in which a function may return. */
export interface ExitState {
  readonly state: State;
  readonly value: Value | undefined;
  readonly site: Site;
}

/** All that the transfer functions share while one function is analysed. */
export class AnalysisContext {
  readonly table = new ValueTable();
  readonly ir: FunctionIr;
  readonly types: TypeModel;
  readonly flow: ControlFlow;
  readonly liveness: Liveness;
  readonly environment: AnalysisEnvironment;
  readonly sites: Site[] = [];
  readonly flaws: Flaw[] = [];
  readonly exits: ExitState[] = [];
  /** By either of its values: what calls gave, or left in the place of their errors (see `error-places.ts`). */
  readonly errorPairs = new Map<Value, ErrorPair>();
  /** By the site of an allocation that may fail: what the function holds there. */
  readonly holdings = new Map<number, Holdings>();
  /** Stores over a variable that held something else than memory of the function's own, or NULL, on some path. */
  readonly foreignOverwrites = new Set<number>();
  /** By the block of a return: what the function holds in front of it. */
  readonly exitHoldings = new Map<number, Holdings>();
  /** Sites at which memory is freed that was not freed before, on some path. */
  readonly firstFrees = new Set<number>();
  /** Sites at which memory is freed on a path in which somebody believes. */
  readonly believedFrees = new Set<number>();
  /** Sites at which memory is freed that is of the deallocator's family, on some path, or of one that is not known. */
  readonly fittingFrees = new Set<number>();
  /** Values that were freed for sure on some path. */
  readonly freedValues = new Set<Value>();
  /** Values that somebody else may have taken over on some path: stored where others see them, or handed to who may keep them. */
  readonly takenValues = new Set<Value>();
  /** By place and value: where an address on the stack was first stored in a place that may outlive it. */
  readonly addressStores = new Map<string, Site>();
  /** Where the function's own text says that a pointer is NULL, and dereferences it. */
  readonly nullFlow: NullFlow | undefined;
  /** By the symbol of an address that a callee gave: what it leads to that no deallocator takes (`other-memory.ts`). */
  readonly otherMemories = new Map<Value, GivenOther>();
  /** By name: the places of variables outside of functions that only callees mention (`access-paths.ts`). */
  readonly hiddenGlobals = new Map<string, Location>();
  #releases: boolean | undefined;
  #mayRelease: boolean | undefined;
  /** By the place that the caller sees: where a pointer was stored there that was freed before. */
  readonly freedStores = new Map<Location, { readonly free: Site; readonly use: Site }>();
  /** True when a budget was met: some paths were not followed. */
  isIncomplete = false;
  /** Something was called that does not come back on some path. */
  mayEnd = false;
  /** Pointers that the function was given and has given to a callee that looks at them: it may have found out that they are there. */
  readonly shown = new Set<Value>();
  /** Some path has put memory of the function's own into an element of which no constant says which one it is. */
  fillsElements = false;
  /** The blocks in which elements are taken out of arrays, once somebody asks (`element-losses.ts`). */
  elementTakers: ReadonlySet<BlockId> | undefined;
  /** Locals stay known to the end of their scope, also when nobody reads them any more. */
  keepsLocals = false;
  /** By the result of a call: what the callee was asked. */
  readonly questions = new Map<Value, Value>();
  /** Of these questions those that were asked of NULL. */
  readonly askedOfNull = new Set<Value>();
  #beliefs: Beliefs | undefined;
  #literals: ReadonlyMap<number, string> | undefined;
  #sameLiterals: Map<number, number> | undefined;
  #selectors: ReadonlySet<VariableId> | undefined;
  #counters: ReadonlySet<VariableId> | undefined;
  #endedTemporaries: ReadonlyMap<number, readonly VariableId[]> | undefined;
  /** By the offset of a call: what it dereferences it does for so many bytes as an argument says, which may be none. */
  readonly sizedDereferences = new Set<number>();
  /** What the function has set variables outside of functions to, before code out of sight ran. */
  readonly setNumbers = new SetNumbers();
  /** Addresses that the library found inside of what the function was given, which may be freed yet, and how far inside they are. */
  readonly foundInGiven = new Set<Value>();
  /** The sites of calls whose callee frees what stands behind an argument: what still points there it can see itself. */
  readonly freesByCallees = new Set<number>();
  /** By `siteKey`: what a call was given, and the epoch that it left. */
  readonly givenTo = new Map<
    number,
    { readonly values: readonly Value[]; readonly epoch: number; readonly isTold: boolean }
  >();
  #aggregates: ReadonlySet<VariableId> | undefined;
  #blockLocals: ReadonlySet<VariableId> | undefined;
  #growing: ReadonlySet<VariableId> | undefined;
  #testsOfCleared: ReadonlySet<BlockId> | undefined;
  #descriptors: ReadonlySet<VariableId> | undefined;
  readonly sizes: SizeFacts;
  readonly places: PlaceTypes;
  readonly givenPlaces = new GivenPlaces();
  readonly taken = new TakenEdges();
  readonly nullUses: NullUses;
  readonly followedNulls = new FollowedNulls();
  #globals: Map<string, VariableId> | undefined;
  /** Room for `forgetUnnamed` to work in. */
  readonly naming = new MarkedNumbers();
  /** Room for `escapeValue` to work in. */
  readonly reached = { pending: [] as Value[], seen: new MarkedNumbers() };
  readonly #rootsByScope = new Map<readonly VariableId[], ReadonlySet<Location>>();
  readonly loopAllocations = new LoopAllocations();
  /** By the name of a callee. */
  readonly callees = new Map<string, CalleeKnowledge>();
  readonly #siteIds = new TupleIndex();
  /** By value: the same as if no unknown code had run (see `doubt.ts`). */
  readonly withoutEpochs = new Map<Value, Value>();
  /** The same for answers, by value and how deep within another they were come to. */
  readonly erasedAnswers = new Map<number, Value>();
  /** By place: what it held when the function began, as `heldAtFirst` says it. Paths meet over the same places again and again. */
  readonly heldAtFirst = new Map<Location, Value>();
  /** By the offset of a literal that is a format: what it converts (see `formats.ts`). */
  readonly conversions = new Map<number, readonly string[]>();
  /** By condition: what it asks. */
  readonly asked = new Map<Value, AskedQuestion>();
  readonly equalStrings = new EqualStrings(this);
  readonly answers = new AnswerTable((a, b) => this.equalStrings.excludes(a, b));

  constructor(ir: FunctionIr, flow: ControlFlow, liveness: Liveness, environment: AnalysisEnvironment) {
    this.ir = ir;
    this.flow = flow;
    this.liveness = liveness;
    this.environment = environment;
    this.nullFlow = analyseNullFlow(ir, () => flow, {
      modelOf: (callee) => environment.models.shipped(callee),
      declaredModelOf: (callee) => environment.declaredModel(callee),
      isInSight: (callee) => environment.hasOneBody(callee),
      followsLiterals: true,
    });
    this.nullUses = new NullUses(ir.blocks);
    this.types = new TypeModel(environment.types, ir.localTypes);
    this.sizes = new SizeFacts(this.types);
    this.places = new PlaceTypes(this.table, ir, this.types, (name) => environment.memberTraits(name));
  }

  /** The function gives something to a deallocator, as far as the names that it calls tell. */
  get releases(): boolean {
    const { models } = this.environment;
    this.#releases ??= this.ir.callees.some((name) => models.modelOf(name)?.frees);
    return this.#releases;
  }

  /** The same, or calls something whose name says that it ends what it is given. */
  get mayRelease(): boolean {
    this.#mayRelease ??= this.releases || this.ir.callees.some(isReleaseName);
    return this.#mayRelease;
  }

  /** What the function shows of who owns what code out of sight made or was given. */
  get beliefs(): Beliefs {
    this.#beliefs ??= beliefsOf(this);
    return this.#beliefs;
  }

  /** Variables that a branch or a return reads: two paths that differ in one of them may still go different ways. */
  get selectors(): ReadonlySet<VariableId> {
    this.#selectors ??= findSelectors(this.ir);
    return this.#selectors;
  }

  /** Variables that are somewhere computed from their own value: a counter, a sum, a position. */
  get counters(): ReadonlySet<VariableId> {
    this.#counters ??= findCounters(this.ir);
    return this.#counters;
  }

  /** By the `siteKey` of a sequence point: the temporaries that end there. */
  get endedTemporaries(): ReadonlyMap<number, readonly VariableId[]> {
    this.#endedTemporaries ??= findEndedTemporaries(this.ir, this.flow, this.liveness);
    return this.#endedTemporaries;
  }

  /** The global of a name that the function mentions. */
  globalNamed(name: string): VariableId | undefined {
    if (!this.#globals) {
      this.#globals = new Map();
      for (const { id, kind, name } of this.ir.variables) {
        if (kind === 'global' && !this.#globals.has(name)) this.#globals.set(name, id);
      }
    }
    return this.#globals.get(name);
  }

  /** What two paths, or the turns of a loop, leave in a variable that never shrinks is not negative, nor below -1 in one of a descriptor. */
  boundMerged(location: Location, symbol: Value): void {
    const shape = this.table.locations[location];
    if (shape.kind !== 'variable') return;
    const { models } = this.environment;
    this.#growing ??= findGrowingVariables(this.ir, (callee) => models.shipped(callee)?.measures !== undefined);
    if (this.#growing.has(shape.variable)) this.table.lowerBounds.set(symbol, 0);
    this.#descriptors ??= findDescriptors(this.ir, (callee) => models.shipped(callee)?.failsWithMinusOne === true);
    if (this.#descriptors.has(shape.variable)) this.table.lowerBounds.set(symbol, -1);
  }

  /** The blocks whose branch asks whether a pointer was cleared on the way there. */
  get testsOfCleared(): ReadonlySet<BlockId> {
    this.#testsOfCleared ??= findTestsOfCleared(this.ir, this.flow);
    return this.#testsOfCleared;
  }

  /** Variables that end before the function does, and whose address may be held by something that does not. */
  get blockLocals(): ReadonlySet<VariableId> {
    this.#blockLocals ??= findBlockLocals(this.ir);
    return this.#blockLocals;
  }

  /** Variables whose members or elements the function names. */
  get aggregates(): ReadonlySet<VariableId> {
    this.#aggregates ??= findAggregates(this.ir);
    return this.#aggregates;
  }

  /** By the offset of a string literal: its text as written. Several that a macro has in one place have none. */
  get literals(): ReadonlyMap<number, string> {
    this.#literals ??= findLiterals(this.ir);
    return this.#literals;
  }

  /** The offset of the first literal with the text of the one at `offset`: to ask of either is to ask the same. */
  sameLiteral(offset: number): number {
    if (!this.#sameLiterals) {
      this.#sameLiterals = new Map();
      const first = new Map<string, number>();
      for (const [at, text] of this.literals) {
        if (text === '') continue;
        if (!first.has(text)) first.set(text, at);
        this.#sameLiterals.set(at, first.get(text)!);
      }
    }
    return this.#sameLiterals.get(offset) ?? offset;
  }

  /** True when a name means the same function in every file: the library's, or one that is not static. */
  isSharedFunction(name: string): boolean {
    if (isReservedFunction(name) || this.table.sharedFunctions.has(name)) return true;
    return !name.startsWith('&&') && this.environment.isSharedFunction(name);
  }

  /** The locations of the variables of a scope, as its end lists them. */
  rootsOf(variables: readonly VariableId[]): ReadonlySet<Location> {
    let roots = this.#rootsByScope.get(variables);
    if (!roots) {
      roots = new Set(variables.map((variable) => this.table.variable(variable)));
      this.#rootsByScope.set(variables, roots);
    }
    return roots;
  }

  /** The site of an event; the same place and inner steps give the same site. */
  site(block: number, instruction: number, origin: Origin, callee: string, inner: readonly CalleeStep[]): Site {
    const way = inner.length > 0 ? this.table.nameId(inner.map(placeOfStep).join(' ')) : -1;
    const known = this.#siteIds.find(block, instruction, origin.start, way);
    if (known >= 0) return this.sites[known];
    const site = { id: this.sites.length, block, instruction, origin, callee, inner };
    this.#siteIds.add(block, instruction, origin.start, way, site.id);
    this.sites.push(site);
    return site;
  }
}

function placeOfStep({ functionName, origin }: CalleeStep): string {
  return `${functionName}@${origin.start}`;
}

function findLiterals(ir: FunctionIr): Map<number, string> {
  const literals = new Map<number, string>();
  for (const { instructions } of ir.blocks) {
    for (const instruction of instructions) {
      if (instruction.op !== 'string') continue;
      const { start } = instruction.origin;
      const known = literals.get(start);
      literals.set(start, known === undefined || known === instruction.text ? instruction.text : '');
    }
  }
  return literals;
}

function findSelectors(ir: FunctionIr): Set<VariableId> {
  const selectors = new Set<VariableId>();
  for (const block of ir.blocks) {
    if (block.terminator.kind !== 'branch' && block.terminator.kind !== 'return') continue;
    const addresses = new Map<number, VariableId>();
    for (const instruction of block.instructions) {
      if (instruction.op === 'variable') addresses.set(instruction.destination, instruction.variable);
      else if (instruction.op === 'load') {
        const variable = addresses.get(instruction.address);
        if (variable !== undefined) selectors.add(variable);
      }
    }
  }
  return selectors;
}

function findCounters(ir: FunctionIr): Set<VariableId> {
  const counters = new Set<VariableId>();
  for (const block of ir.blocks) {
    const addresses = new Map<number, VariableId>();
    const origins = new Map<number, ReadonlySet<VariableId>>();
    for (const instruction of block.instructions) {
      if (instruction.op === 'sequence-point') {
        addresses.clear();
        origins.clear();
      } else if (instruction.op === 'variable') {
        addresses.set(instruction.destination, instruction.variable);
      } else if (instruction.op === 'load') {
        const variable = addresses.get(instruction.address);
        if (variable !== undefined) origins.set(instruction.destination, new Set([variable]));
      } else if (instruction.op === 'binary' || instruction.op === 'element') {
        const left = origins.get(instruction.op === 'binary' ? instruction.left : instruction.base);
        const right = origins.get(instruction.op === 'binary' ? instruction.right : instruction.index);
        if (left || right) origins.set(instruction.destination, new Set([...(left ?? []), ...(right ?? [])]));
      } else if (instruction.op === 'store') {
        const variable = addresses.get(instruction.address);
        if (variable !== undefined && origins.get(instruction.value)?.has(variable)) counters.add(variable);
      }
    }
  }
  return counters;
}
