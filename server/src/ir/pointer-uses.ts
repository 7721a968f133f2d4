import { keptIn, keptPer } from '../base/kept.ts';
import type { FunctionIr, Instruction, Origin, Register, VariableId } from './instructions.ts';
import type { TypeTerm } from './type-terms.ts';

/*
 * What a function does with the pointers that stand in members of structures and in its parameters, and where those come from that it
 * puts into members: by its text alone, without regard to the order in which things happen (Andersen's assignments, within one function).
 */

/** A pointer was given to a function, as the argument at a position. */
export interface PassedTo {
  readonly callee: string;
  readonly position: number;
}

/** Where a pointer may come from that a function stores. */
export type PointerSource =
  | { readonly kind: 'call'; readonly callee: string; readonly origin: Origin }
  | { readonly kind: 'null' }
  | { readonly kind: 'other' };

/** What becomes of a pointer. */
export interface PointerUse {
  /** It goes where the function's text does not show what becomes of it: to memory, to a caller, to a call through a pointer. */
  readonly isTaken: boolean;
  readonly isReturned: boolean;
  readonly passed: readonly PassedTo[];
  /** The members that it is stored in, as numbers in `members`. */
  readonly storedIn: ReadonlySet<number>;
}

/** One member of a type of structure, in one function. */
export interface MemberUse {
  readonly of: TypeTerm;
  readonly name: string;
  /** Its own address is used for something else than to read and write it. */
  readonly isAddressTaken: boolean;
  /** What becomes of what stands in it. */
  readonly held: PointerUse;
  readonly stored: readonly GivenPointer[];
}

/** A pointer that is stored in a member or returned: where it may come from, and what becomes of it beside. */
export interface GivenPointer {
  readonly sources: readonly PointerSource[];
  readonly beside: PointerUse;
}

export interface PointerUses {
  readonly members: readonly MemberUse[];
  readonly parameters: readonly PointerUse[];
  readonly returned: readonly GivenPointer[];
  /** Some instruction says that what it mentions was not understood. */
  readonly isPartial: boolean;
}

/** What a register holds. */
type Holding =
  | { readonly kind: 'variable'; readonly variable: VariableId }
  | { readonly kind: 'member'; readonly member: number }
  | { readonly kind: 'value'; readonly node: number; readonly isInner: boolean }
  | { readonly kind: 'source'; readonly source: PointerSource };

interface Node {
  isTaken: boolean;
  isReturned: boolean;
  readonly passed: PassedTo[];
  readonly storedIn: Set<number>;
  /** The variables that may hold the same pointer. */
  readonly flowsTo: Set<number>;
  readonly comesFrom: Set<number>;
  readonly sources: PointerSource[];
}

const OTHER: PointerSource = { kind: 'other' };
const NULL: PointerSource = { kind: 'null' };
const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '>', '<=', '>=', '&&', '||']);

export const pointerUses = keptPer((ir: FunctionIr): PointerUses => new Reader(ir).read());

class Reader {
  readonly #ir: FunctionIr;
  /** The variables come first, then the members. */
  readonly #nodes: Node[];
  readonly #members: {
    readonly of: TypeTerm;
    readonly name: string;
    isAddressTaken: boolean;
    readonly node: number;
  }[] = [];
  readonly #memberNumbers = new Map<string, number>();
  readonly #stores: { readonly member: number; readonly held: Holding | undefined }[] = [];
  readonly #returned: (Holding | undefined)[] = [];
  #isPartial = false;

  constructor(ir: FunctionIr) {
    this.#ir = ir;
    this.#nodes = ir.variables.map(newNode);
    // What a parameter holds at first its callers gave.
    for (const id of ir.parameters) this.#nodes[id].sources.push(OTHER);
    for (const { kind, id } of ir.variables) {
      if (kind === 'global' || kind === 'static') this.#take({ kind: 'variable', variable: id });
    }
  }

  read(): PointerUses {
    // Blocks stand in the order of the text: an expression of several goes on where the one before it ended.
    const registers = new Map<Register, Holding>();
    for (const { instructions, terminator } of this.#ir.blocks) {
      for (const instruction of instructions) this.#read(instruction, registers);
      if (terminator.kind !== 'return' || terminator.value === undefined) continue;
      const held = registers.get(terminator.value);
      this.#returned.push(held);
      if (held?.kind === 'value') this.#nodes[held.node].isReturned = true;
      else this.#take(held);
    }
    const uses = new Map<number, PointerUse>();
    const useOf = (node: number): PointerUse => keptIn(uses, node, () => this.#useOf(node));
    return {
      members: this.#members.map(({ of, name, isAddressTaken, node }, number) => ({
        of,
        name,
        isAddressTaken,
        held: useOf(node),
        stored: this.#stores.filter(({ member }) => member === number).map(({ held }) => this.#given(held)),
      })),
      parameters: this.#ir.parameters.map((id) => useOf(id)),
      returned: this.#returned.map((held) => this.#given(held)),
      isPartial: this.#isPartial || this.#ir.isPartial,
    };
  }

  #read(instruction: Instruction, registers: Map<Register, Holding>): void {
    switch (instruction.op) {
      case 'constant':
        registers.set(instruction.destination, { kind: 'source', source: instruction.value === 0 ? NULL : OTHER });
        return;
      case 'variable':
        registers.set(instruction.destination, { kind: 'variable', variable: instruction.variable });
        return;
      case 'field': {
        const member = this.#member(instruction.of, instruction.name);
        registers.set(instruction.destination, { kind: 'member', member });
        return;
      }
      case 'element':
        this.#derive(instruction.base, instruction.destination, registers);
        return;
      case 'load': {
        const address = registers.get(instruction.address);
        const held = this.#loadedFrom(address);
        if (held) registers.set(instruction.destination, held);
        else registers.delete(instruction.destination);
        return;
      }
      case 'store':
        this.#store(instruction, registers);
        return;
      case 'binary': {
        const { destination, left, right, operator } = instruction;
        registers.delete(destination);
        if (COMPARISONS.has(operator)) return;
        this.#derive(left, destination, registers);
        if (registers.get(destination) === undefined) this.#derive(right, destination, registers);
        return;
      }
      case 'unary':
        registers.delete(instruction.destination);
        if (instruction.operator !== '!') this.#derive(instruction.operand, instruction.destination, registers);
        return;
      case 'call': {
        const { callee, origin, destination } = instruction;
        for (const [position, argument] of instruction.arguments.entries()) {
          const held = registers.get(argument);
          if (held?.kind === 'value' && callee !== '') this.#nodes[held.node].passed.push({ callee, position });
          else this.#take(held);
        }
        registers.set(destination, {
          kind: 'source',
          source: callee === '' ? OTHER : { kind: 'call', callee, origin },
        });
        return;
      }
      case 'escape':
        this.#take(registers.get(instruction.value));
        return;
      case 'forget':
        this.#isPartial = true;
        return;
      default:
        if ('destination' in instruction) registers.delete(instruction.destination);
    }
  }

  /** What a computation makes of a pointer points into the same memory. */
  #derive(from: Register, to: Register, registers: Map<Register, Holding>): void {
    const held = registers.get(from);
    if (held?.kind === 'value') registers.set(to, { ...held, isInner: true });
    else if (held?.kind === 'variable' || held?.kind === 'member') registers.set(to, held);
    else registers.delete(to);
  }

  #loadedFrom(address: Holding | undefined): Holding | undefined {
    if (address?.kind === 'variable') return { kind: 'value', node: address.variable, isInner: false };
    if (address?.kind === 'member') return { kind: 'value', node: this.#members[address.member].node, isInner: false };
    return undefined;
  }

  #store({ address, value }: Extract<Instruction, { op: 'store' }>, registers: Map<Register, Holding>): void {
    const place = registers.get(address);
    const held = registers.get(value);
    if (place?.kind === 'variable') {
      const { kind } = this.#ir.variables[place.variable];
      const node = this.#nodes[place.variable];
      if (kind === 'global' || kind === 'static') this.#take(held);
      else if (held?.kind === 'value') {
        this.#nodes[held.node].flowsTo.add(place.variable);
        node.comesFrom.add(held.node);
        if (held.isInner) node.sources.push(OTHER);
      } else {
        if (held?.kind !== 'source') this.#take(held);
        node.sources.push(held?.kind === 'source' ? held.source : OTHER);
      }
    } else if (place?.kind === 'member') {
      this.#stores.push({ member: place.member, held });
      if (held?.kind === 'value') this.#nodes[held.node].storedIn.add(place.member);
      else if (held?.kind !== 'source') this.#take(held);
    } else this.#take(held);
  }

  /** It goes out of sight: a pointer's value, or the address of a place. */
  #take(held: Holding | undefined): void {
    if (held?.kind === 'value') this.#nodes[held.node].isTaken = true;
    else if (held?.kind === 'member') this.#members[held.member].isAddressTaken = true;
    else if (held?.kind === 'variable') {
      const node = this.#nodes[held.variable];
      node.isTaken = true;
      node.sources.push(OTHER);
    }
  }

  #member(of: TypeTerm, name: string): number {
    const key = `${JSON.stringify(of)} ${name}`;
    return keptIn(this.#memberNumbers, key, () => {
      const node = this.#nodes.length;
      this.#nodes.push(newNode());
      return this.#members.push({ of, name, isAddressTaken: false, node }) - 1;
    });
  }

  /** What becomes of a pointer, in whatever variable it stands by then. */
  #useOf(...starts: readonly number[]): PointerUse {
    const passed: PassedTo[] = [];
    const storedIn = new Set<number>();
    let isTaken = false;
    let isReturned = false;
    for (const node of closure(starts, (each) => this.#nodes[each].flowsTo)) {
      const found = this.#nodes[node];
      isTaken ||= found.isTaken;
      isReturned ||= found.isReturned;
      passed.push(...found.passed);
      for (const member of found.storedIn) storedIn.add(member);
    }
    return { isTaken, isReturned, passed, storedIn };
  }

  #given(held: Holding | undefined): GivenPointer {
    return { sources: this.#sourcesOf(held), beside: this.#besideOf(held) };
  }

  /** What becomes of a pointer in all the variables that it came by. */
  #besideOf(held: Holding | undefined): PointerUse {
    if (held?.kind !== 'value') return NO_USE;
    return this.#useOf(...closure([held.node], (each) => this.#nodes[each].comesFrom));
  }

  #sourcesOf(held: Holding | undefined): PointerSource[] {
    if (held?.kind === 'source') return [held.source];
    if (held?.kind !== 'value' || held.isInner) return [OTHER];
    const nodes = closure([held.node], (each) => this.#nodes[each].comesFrom);
    // What stood in a member came there by some other store.
    if (nodes.some((node) => node >= this.#ir.variables.length)) return [OTHER];
    return nodes.flatMap((node) => this.#nodes[node].sources);
  }
}

const NO_USE: PointerUse = { isTaken: false, isReturned: false, passed: [], storedIn: new Set() };

function newNode(): Node {
  return {
    isTaken: false,
    isReturned: false,
    passed: [],
    storedIn: new Set(),
    flowsTo: new Set(),
    comesFrom: new Set(),
    sources: [],
  };
}

function closure(starts: readonly number[], next: (node: number) => Iterable<number>): number[] {
  const found = new Set(starts);
  for (const node of found) for (const each of next(node)) found.add(each);
  return [...found];
}
