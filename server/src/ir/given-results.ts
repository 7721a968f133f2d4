import { reachableBlocks } from './control-flow.ts';
import { operandsOf } from './definitions.ts';
import type { FunctionIr, Instruction, Register, VariableId } from './instructions.ts';

/*
 * What a function gives its callers, as its text shows without following paths.
 */

export interface GivenResult {
  /** It may return, or leave in a place of its callers, an address that no deallocator of the heap takes. */
  readonly isOther: boolean;
  /** The position of the parameter that it returns, whichever way it ends; -1 for none. */
  readonly returned: number;
  /** A bit for each of the first parameters that it may leave in a place that outlives the call. */
  readonly kept: number;
  /** Of these, those that it may leave in a variable. */
  readonly keptInVariable: number;
  /** The same as `kept` for what is read from behind a parameter. */
  readonly keptBehind: number;
}

export const NOTHING_GIVEN_BACK: GivenResult = {
  isOther: false,
  returned: -1,
  kept: 0,
  keptInVariable: 0,
  keptBehind: 0,
};

/** Rounds of the propagation through variables. */
const MAXIMUM_ROUNDS = 3;

/** Of later parameters nothing is told. */
const MAXIMUM_KEPT = 30;

/** The bit of such an address; those of the parameters stand above it. */
const OTHER = 1;

/**
 * @param givenBy What a callee gives: memory that is the library's own, or goes back in another way, is such an address, too.
 */
export function findGivenResult(ir: FunctionIr, givenBy: (callee: string) => GivenResult): GivenResult {
  const { variables, parameters } = ir;
  // Whoever gets a pointer to const is not to free it.
  const mayReturn = ir.returnType !== 'void' && !ir.givesConst;
  const flow = new Flow(ir, givenBy);
  for (let round = 0; round < MAXIMUM_ROUNDS && flow.propagate(); round++);
  const mayLeave = parameters.some((id) => variables[id].pointerDepth > 0 && !/\bconst\b/.test(variables[id].typeText));
  const isOther = ((mayReturn ? flow.returned : 0) | (mayLeave ? flow.left : 0)) & OTHER;
  const returned = returnedParameter(ir);
  return {
    isOther: returned < 0 && isOther !== 0,
    returned,
    kept: flow.kept >>> 1,
    keptInVariable: flow.keptInVariable >>> 1,
    keptBehind: flow.keptBehind >>> 1,
  };
}

/** What variables and places may hold, as bits, without regard to the order in which it happens. */
class Flow {
  /** What may be returned. */
  returned = 0;
  /** What may be left behind a parameter. */
  left = 0;
  /** What may be left there, or in a variable that outlives the call. */
  kept = 0;
  /** Of these, what may be left in such a variable. */
  keptInVariable = 0;
  /** Of what may be left so, what was read from behind a parameter. */
  keptBehind = 0;
  readonly #ir: FunctionIr;
  readonly #givenBy: (callee: string) => GivenResult;
  /** By variable: what it, or a member of it, may hold. */
  readonly #held = new Map<VariableId, number>();
  /** By variable: from behind which parameters that was read. */
  readonly #heldBehind = new Map<VariableId, number>();
  readonly #given = new Map<string, GivenResult>();

  constructor(ir: FunctionIr, givenBy: (callee: string) => GivenResult) {
    this.#ir = ir;
    this.#givenBy = givenBy;
    for (const [index, id] of ir.parameters.entries()) if (index < MAXIMUM_KEPT) this.#held.set(id, 2 << index);
  }

  /** One round over the blocks; true when a variable may hold more than before. */
  propagate(): boolean {
    const { blocks, variables } = this.#ir;
    let hasChanged = false;
    for (const { instructions, terminator } of blocks) {
      /** Registers that hold the address of a variable, or of a part of it. */
      const roots = new Map<Register, VariableId>();
      /** Registers that hold what was read from a parameter, or from behind one. */
      const behindParameters = new Set<Register>();
      const held = new Map<Register, number>();
      const heldBehind = new Map<Register, number>();
      for (const instruction of instructions) {
        if (instruction.op === 'store') {
          const bits = held.get(instruction.value) ?? 0;
          const behind = heldBehind.get(instruction.value) ?? 0;
          if ((bits | behind) === 0) continue;
          const root = roots.get(instruction.address);
          const isBehind = root === undefined && behindParameters.has(instruction.address);
          if (isBehind) this.left |= bits;
          const kind = root === undefined ? undefined : variables[root].kind;
          if (isBehind || kind === 'global' || kind === 'static') {
            this.kept |= bits;
            this.keptBehind |= behind;
            if (!isBehind) this.keptInVariable |= bits;
          }
          if (root === undefined) continue;
          if (add(this.#held, root, bits)) hasChanged = true;
          if (add(this.#heldBehind, root, behind)) hasChanged = true;
          continue;
        }
        if (!('destination' in instruction)) continue;
        const { destination } = instruction;
        roots.delete(destination);
        behindParameters.delete(destination);
        held.delete(destination);
        heldBehind.delete(destination);
        switch (instruction.op) {
          case 'string':
            held.set(destination, OTHER);
            break;
          case 'variable': {
            const { kind } = variables[instruction.variable];
            roots.set(destination, instruction.variable);
            if (kind === 'static' || kind === 'global') held.set(destination, OTHER);
            break;
          }
          case 'field':
          case 'element': {
            const root = roots.get(instruction.base);
            if (root !== undefined) roots.set(destination, root);
            held.set(destination, held.get(instruction.base) ?? 0);
            if (behindParameters.has(instruction.base)) behindParameters.add(destination);
            break;
          }
          case 'load': {
            const root = roots.get(instruction.address);
            if (root !== undefined) {
              held.set(destination, this.#held.get(root) ?? 0);
              heldBehind.set(destination, this.#heldBehind.get(root) ?? 0);
              if (variables[root].kind === 'parameter') behindParameters.add(destination);
            } else if (behindParameters.has(instruction.address)) {
              const { address } = instruction;
              heldBehind.set(destination, ((held.get(address) ?? 0) | (heldBehind.get(address) ?? 0)) & ~OTHER);
              behindParameters.add(destination);
            }
            break;
          }
          case 'call': {
            if (instruction.callee === '') break;
            const { isOther, returned, kept, keptInVariable, keptBehind } = this.#givenByCallee(instruction.callee);
            if (isOther) held.set(destination, OTHER);
            else if (returned >= 0) held.set(destination, held.get(instruction.arguments[returned]) ?? 0);
            if ((kept | keptBehind) === 0) break;
            for (const [position, argument] of instruction.arguments.entries()) {
              const bits = held.get(argument) ?? 0;
              const behind = heldBehind.get(argument) ?? 0;
              if (isPositionIn(kept, position)) {
                this.kept |= bits;
                this.keptBehind |= behind;
              }
              if (isPositionIn(keptInVariable, position)) this.keptInVariable |= bits;
              if (isPositionIn(keptBehind, position)) this.keptBehind |= (bits | behind) & ~OTHER;
            }
            break;
          }
          default:
            break;
        }
      }
      if (terminator.kind === 'return' && terminator.value !== undefined)
        this.returned |= held.get(terminator.value) ?? 0;
    }
    return hasChanged;
  }

  #givenByCallee(callee: string): GivenResult {
    let known = this.#given.get(callee);
    if (known === undefined) {
      known = this.#givenBy(callee);
      this.#given.set(callee, known);
    }
    return known;
  }
}

function add(held: Map<VariableId, number>, variable: VariableId, bits: number): boolean {
  const known = held.get(variable) ?? 0;
  if ((known | bits) === known) return false;
  held.set(variable, known | bits);
  return true;
}

/** The bit of a parameter's position is set. */
export function isPositionIn(parameters: number, position: number): boolean {
  return position < MAXIMUM_KEPT && (parameters & (1 << position)) !== 0;
}

/** The position of the parameter that every return reads, and that nothing writes. */
function returnedParameter(ir: FunctionIr): number {
  const { blocks, parameters, variables } = ir;
  if (!ir.returnType.includes('*') || parameters.length === 0) return -1;
  let found: VariableId | undefined;
  const read = new Map<VariableId, VariableId>();
  for (const id of reachableBlocks(ir, [ir.entry])) {
    const { instructions, terminator } = blocks[id];
    if (terminator.kind !== 'return') continue;
    const addresses = new Map<Register, VariableId>();
    const values = new Map<Register, VariableId>();
    for (const instruction of instructions) {
      if (instruction.op === 'variable') addresses.set(instruction.destination, instruction.variable);
      else if (instruction.op === 'store') {
        const to = addresses.get(instruction.address);
        const from = values.get(instruction.value);
        // What is returned goes through a temporary.
        if (to !== undefined && from !== undefined && variables[to].kind === 'temporary') read.set(to, from);
      } else if (instruction.op === 'load') {
        const from = addresses.get(instruction.address);
        if (from !== undefined) values.set(instruction.destination, read.get(from) ?? from);
      }
    }
    const value = terminator.value === undefined ? undefined : values.get(terminator.value);
    if (value === undefined || (found !== undefined && found !== value)) return -1;
    found = value;
  }
  if (found === undefined || !parameters.includes(found)) return -1;
  return isOnlyRead(blocks, found) ? parameters.indexOf(found) : -1;
}

/** The variable is read, and its address goes nowhere else. */
function isOnlyRead(blocks: FunctionIr['blocks'], variable: VariableId): boolean {
  return blocks.every(({ instructions }) => {
    const addresses = new Set<Register>();
    return instructions.every((instruction) => {
      if (instruction.op === 'sequence-point') addresses.clear();
      if (instruction.op === 'forget' && instruction.variables.includes(variable)) return false;
      if (addresses.size > 0 && instruction.op !== 'load') {
        if (registersOf(instruction).some((register) => addresses.has(register))) return false;
      }
      if (!('destination' in instruction)) return true;
      addresses.delete(instruction.destination);
      if (instruction.op === 'variable' && instruction.variable === variable) addresses.add(instruction.destination);
      return true;
    });
  });
}

/** All that an instruction reads but the address of a load. */
function registersOf(instruction: Instruction): readonly Register[] {
  if (instruction.op === 'store') return [instruction.address, instruction.value];
  return instruction.op === 'convert' ? [instruction.value] : operandsOf(instruction);
}
