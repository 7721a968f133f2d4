import type { BlockId, FunctionIr, Instruction, Origin } from '../ir/instructions.ts';
import { isNonNull, isNull } from './constraints.ts';
import type { AnalysisContext } from './context.ts';
import type { Site, State } from './state.ts';
import type { Value } from './value-shapes.ts';

/** Accesses that are kept of one function; generated code beyond it has no story that a person would read. */
const MAXIMUM_ACCESSES = 20_000;
/** Different things that are kept of one access: more ways than a person can tell apart. */
const MAXIMUM_FACTS = 12;

/**
 * What a pointer is at one place, on some of the paths that lead there:
 * - owned: the function got the memory, and nobody else is known to hold it;
 * - shared: the function got the memory, and others may hold or free it by now;
 * - freed: the memory was given back;
 * - null: the pointer is NULL;
 * - object: it points to a variable, an array or a string literal;
 * - uninitialised: it was never given a value;
 * - handed-in: the caller, or memory from before the call, brought it along;
 * - result: a call returned it, and it is not known to be an allocation;
 * - unknown: none of these.
 */
export type PointerStatus =
  | 'owned'
  | 'shared'
  | 'freed'
  | 'null'
  | 'object'
  | 'uninitialised'
  | 'handed-in'
  | 'result'
  | 'unknown';

export interface PointerFact {
  readonly status: PointerStatus;
  /** 'unchecked': the result of an allocation that may have failed, which nothing has tested. */
  readonly nullness: 'non-null' | 'unchecked' | 'unknown' | 'null';
  readonly allocation: Site | undefined;
  readonly free: Site | undefined;
  /** False when the memory was freed on some of the paths of a callee only. */
  readonly isDefinite: boolean;
  /** Where the pointer was last found NULL, when it is known to be. */
  readonly assumedNull: Origin | undefined;
  /** Of a result: the function that was called. */
  readonly callee: string;
}

/** One expression that reads or writes a pointer, with what is known of it right behind, over all paths. */
export interface PointerAccess {
  readonly kind: 'read' | 'write';
  /** The whole expression: `p`, `node->next`. */
  readonly origin: Origin;
  /** The variable that the expression names, when it is one. */
  readonly variable: number | undefined;
  readonly facts: readonly PointerFact[];
}

/** An allocation and what becomes of its memory within the function. */
export interface AllocationStory {
  readonly site: Site;
  readonly frees: readonly Site[];
  readonly isReturned: boolean;
  readonly isShared: boolean;
}

/** The places in a function that concern the same memory. */
export interface RelatedPlaces {
  readonly allocations: readonly Site[];
  readonly frees: readonly Site[];
  readonly accesses: readonly PointerAccess[];
}

type AccessInstruction = Extract<Instruction, { op: 'load' | 'store' }>;

interface Access extends PointerAccess {
  readonly facts: PointerFact[];
  readonly factKeys: Set<string>;
  /** What the pointer was, for finding the other places at which it is the same. */
  readonly identities: Set<string>;
}

interface Story {
  readonly site: Site;
  readonly frees: Map<number, Site>;
  isReturned: boolean;
  isShared: boolean;
}

/**
 * What the paths of one function say about its pointers, place by place. Made by following the paths once more with an
 * ear at every instruction, when somebody asks; the check for findings does not pay for it.
 */
export class Observation {
  readonly ir: FunctionIr;
  /** A budget was met, or some text was not understood: other paths may say more. */
  isIncomplete = false;
  readonly #accesses = new Map<string, Access>();
  readonly #stories = new Map<number, Story>();
  /** Frees by what was freed. */
  readonly #frees = new Map<string, Map<number, Site>>();
  /** By block: the variable whose address each register of the block's instructions holds. */
  readonly #variables = new Map<BlockId, Map<number, number>>();

  constructor(ir: FunctionIr) {
    this.ir = ir;
  }

  /** Called by the interpreter behind every instruction on every path. */
  after(context: AnalysisContext, state: State, instruction: Instruction, block: BlockId, position: number): void {
    switch (instruction.op) {
      case 'variable':
        this.#addressesOf(block).set(instruction.destination, instruction.variable);
        return;
      case 'load':
        this.#access(context, state, 'read', instruction, state.registers[instruction.destination], block);
        break;
      case 'store':
        this.#access(context, state, 'write', instruction, state.registers[instruction.value], block);
        return;
      case 'call':
        this.#noteRegions(context, state, block, position);
        break;
    }
    if ('destination' in instruction) this.#addressesOf(block).delete(instruction.destination);
  }

  /** Called once, when all paths were followed. */
  finish(context: AnalysisContext): void {
    this.isIncomplete = context.isIncomplete || context.ir.isPartial;
    const { table } = context;
    for (const { state, value } of context.exits) {
      if (value !== undefined) {
        const shape = table.values[table.base(value)];
        if (shape.kind === 'symbol' && shape.origin.kind === 'allocation') {
          const story = this.#stories.get(shape.origin.site);
          if (story) story.isReturned = true;
        }
      }
      for (const region of state.regions.values()) {
        const story = region.allocation && this.#stories.get(region.allocation.id);
        if (story && region.status === 'escaped') story.isShared = true;
      }
    }
  }

  /** The innermost pointer expression at an offset of the function's item, or undefined where there is none. */
  accessAt(offset: number): PointerAccess | undefined {
    let best: Access | undefined;
    for (const access of this.#accesses.values()) {
      const { start, end } = access.origin;
      if (offset < start || offset > end) continue;
      const isSmaller = !best || end - start < best.origin.end - best.origin.start;
      // Of `*p++` and the like, what was written is what is known afterwards.
      const isSame = best?.variable !== undefined && best.variable === access.variable && best.origin.start === start;
      if (isSmaller || (isSame && access.kind === 'write')) best = access;
    }
    return best;
  }

  /** Where the function frees the memory that a pointer points to. */
  freesOf(access: PointerAccess): Site[] {
    const { identities } = access as Access;
    const frees = new Map<number, Site>();
    for (const identity of identities) {
      for (const [id, site] of this.#frees.get(identity) ?? []) frees.set(id, site);
    }
    return [...frees.values()];
  }

  /**
   * All places that concern the memory of the pointer at an offset, under whatever name it goes there. Undefined when the
   * function neither allocates nor frees that memory: then names say as much.
   */
  relatedTo(offset: number): RelatedPlaces | undefined {
    const access = this.accessAt(offset) as Access | undefined;
    if (!access) return undefined;
    const isSame = (identity: string): boolean => access.identities.has(identity);
    const allocations = [...this.#stories.values()].filter(({ site }) => isSame(`a${site.id}`)).map(({ site }) => site);
    const frees = this.freesOf(access);
    if (allocations.length === 0 && frees.length === 0) return undefined;
    const accesses = [...this.#accesses.values()].filter(({ identities }) => [...identities].some(isSame));
    return { allocations, frees, accesses };
  }

  /** The allocations of the function in the order of its text. */
  allocations(): AllocationStory[] {
    return [...this.#stories.values()]
      .map((story) => ({ ...story, frees: [...story.frees.values()] }))
      .sort((a, b) => a.site.origin.start - b.site.origin.start);
  }

  #addressesOf(block: BlockId): Map<number, number> {
    let addresses = this.#variables.get(block);
    if (!addresses) {
      addresses = new Map();
      this.#variables.set(block, addresses);
    }
    return addresses;
  }

  /** The variable that is read or written as a whole. */
  #variableOf(instruction: AccessInstruction, block: BlockId): number | undefined {
    return instruction.pointer === undefined ? this.#addressesOf(block).get(instruction.address) : undefined;
  }

  /** Of a declarator with an initialiser it is the name that counts, not the whole of `*p = f()`. */
  #originOf(instruction: AccessInstruction, variable: number | undefined): Origin {
    const { origin } = instruction;
    const name = variable === undefined ? undefined : this.ir.variables[variable].origin;
    const isDeclarator = name && name.start < name.end && origin.start <= name.start && name.end <= origin.end;
    return isDeclarator ? name : origin;
  }

  #access(
    context: AnalysisContext,
    state: State,
    kind: 'read' | 'write',
    instruction: AccessInstruction,
    value: Value,
    block: BlockId,
  ): void {
    const variable = this.#variableOf(instruction, block);
    if (value === undefined || (variable !== undefined && this.ir.variables[variable].kind === 'temporary')) return;
    const origin = this.#originOf(instruction, variable);
    if (origin.start >= origin.end) return;
    const key = `${kind} ${origin.start} ${origin.end}`;
    let access = this.#accesses.get(key);
    if (!access) {
      if (this.#accesses.size >= MAXIMUM_ACCESSES) return;
      access = { kind, origin, variable, facts: [], factKeys: new Set(), identities: new Set() };
      this.#accesses.set(key, access);
    }
    const fact = factOf(context, state, value);
    const factKey = `${fact.status} ${fact.nullness} ${fact.allocation?.id} ${fact.free?.id} ${fact.callee}`;
    if (!access.factKeys.has(factKey) && access.facts.length < MAXIMUM_FACTS) {
      access.factKeys.add(factKey);
      access.facts.push(fact);
    }
    access.identities.add(identityOf(context, value));
  }

  /** A call may have allocated and freed: the records that bear its place are new. */
  #noteRegions(context: AnalysisContext, state: State, block: BlockId, position: number): void {
    for (const [value, { allocation, free, status }] of state.regions) {
      if (allocation && !this.#stories.has(allocation.id)) {
        this.#stories.set(allocation.id, { site: allocation, frees: new Map(), isReturned: false, isShared: false });
      }
      if (status !== 'freed' || free?.block !== block || free.instruction !== position) continue;
      const identity = identityOf(context, value);
      const frees = this.#frees.get(identity) ?? new Map<number, Site>();
      this.#frees.set(identity, frees.set(free.id, free));
      if (allocation) this.#stories.get(allocation.id)?.frees.set(free.id, free);
    }
  }
}

/** Equal for pointers into the same memory, whatever turn of a loop got it. */
function identityOf(context: AnalysisContext, value: Value): string {
  const base = context.table.base(value);
  const shape = context.table.values[base];
  return shape.kind === 'symbol' && shape.origin.kind === 'allocation' ? `a${shape.origin.site}` : `v${base}`;
}

function factOf(context: AnalysisContext, state: State, value: Value): PointerFact {
  const { table } = context;
  const base = table.base(value);
  const region = state.regions.get(base);
  const isNullHere = isNull(table, state, base);
  const nullness = isNullHere
    ? 'null'
    : isNonNull(table, state, base)
      ? 'non-null'
      : region?.isUnchecked
        ? 'unchecked'
        : 'unknown';
  const fact = {
    nullness,
    allocation: region?.allocation,
    free: undefined,
    isDefinite: true,
    assumedNull: region?.assumedNull,
    callee: '',
  } as const;
  // After a use of freed memory was found nothing more is said of it, but it stays freed.
  if (region?.status === 'freed' || (region?.status === 'escaped' && region.free)) {
    return { ...fact, status: 'freed', free: region.free, isDefinite: region.isDefinite };
  }
  if (isNullHere || region?.status === 'failed') return { ...fact, status: 'null' };
  if (region?.status === 'allocated') return { ...fact, status: 'owned' };
  if (region?.allocation) return { ...fact, status: 'shared' };
  const shape = table.values[base];
  if (shape.kind === 'address') return { ...fact, status: 'object' };
  if (shape.kind !== 'symbol') return { ...fact, status: 'unknown' };
  switch (shape.origin.kind) {
    case 'parameter':
    case 'initial':
      return { ...fact, status: 'handed-in' };
    case 'uninitialised':
      return { ...fact, status: 'uninitialised' };
    case 'result':
      return { ...fact, status: 'result', callee: context.sites[shape.origin.site]?.callee ?? '' };
    default:
      return { ...fact, status: 'unknown' };
  }
}
