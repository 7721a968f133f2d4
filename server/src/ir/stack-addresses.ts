import { type GivenResult, isPositionIn } from './given-results.ts';
import type { FunctionIr, Register, VariableId } from './instructions.ts';

/** Rounds of the propagation through variables: an address handed on further than this is not looked for. */
const MAXIMUM_ROUNDS = 3;

/**
 * True when the address of a local may outlive it, as far as the instructions tell without following paths: it is
 * returned, stored through a pointer or in a variable that lives longer, or given to a callee that does so. Functions of which this is
 * not so need no analysis for that.
 * @param givenThroughPointer What those functions give that may be what is called through a pointer.
 */
export function mayLetStackAddressesEscape(
  ir: FunctionIr,
  givenBy: (callee: string) => GivenResult,
  givenThroughPointer: () => readonly GivenResult[],
): boolean {
  const holders = new Holders();
  for (let round = 0; round < MAXIMUM_ROUNDS; round++) {
    holders.hasChanged = false;
    for (const { instructions, terminator } of ir.blocks) {
      /** Registers that hold the address of a variable or a member, by the name of the member. */
      const places = new Map<Register, Place>();
      /** By register: the locals to which, or to a part of which, it may point. */
      const held = new Map<Register, ReadonlySet<VariableId>>();
      for (const instruction of instructions) {
        switch (instruction.op) {
          case 'variable':
            places.set(instruction.destination, { variable: instruction.variable, member: '' });
            held.set(
              instruction.destination,
              isOnStack(ir, instruction.variable) ? new Set([instruction.variable]) : NONE,
            );
            break;
          case 'field':
          case 'element': {
            const place = places.get(instruction.base);
            const member = instruction.op === 'field' ? `.${instruction.name}` : (place?.member ?? '');
            if (place) places.set(instruction.destination, { variable: place.variable, member });
            else places.delete(instruction.destination);
            held.set(instruction.destination, held.get(instruction.base) ?? NONE);
            break;
          }
          case 'load': {
            const place = places.get(instruction.address);
            places.delete(instruction.destination);
            const pointed = held.get(instruction.address) ?? NONE;
            held.set(instruction.destination, place ? holders.at(place) : holders.behind(pointed));
            break;
          }
          case 'binary':
            places.delete(instruction.destination);
            held.set(instruction.destination, held.get(instruction.left) ?? NONE);
            break;
          case 'store': {
            const value = held.get(instruction.value) ?? NONE;
            if (value.size === 0) break;
            const place = places.get(instruction.address);
            const owners = place ? new Set([place.variable]) : (held.get(instruction.address) ?? NONE);
            if (owners.size === 0) return true;
            for (const owner of owners) {
              if (!isOnStack(ir, owner)) return true;
              holders.add({ variable: owner, member: place?.member ?? '' }, value);
            }
            break;
          }
          case 'escape': {
            const value = held.get(instruction.value) ?? NONE;
            const { initialises } = instruction;
            if (initialises && value.size > 0 && isOnStack(ir, initialises.variable))
              holders.add({ variable: initialises.variable, member: '' }, value);
            break;
          }
          case 'call': {
            const values = instruction.arguments.map((argument) => held.get(argument) ?? NONE);
            places.delete(instruction.destination);
            held.set(instruction.destination, NONE);
            if (values.every(({ size }) => size === 0)) break;
            const isKept = ({ kept, keptBehind }: GivenResult): boolean =>
              values.some(({ size }, i) => size > 0 && isPositionIn(kept, i)) ||
              values.some((value, i) => isPositionIn(keptBehind, i) && holders.behind(value).size > 0);
            if (instruction.pointer !== undefined && givenThroughPointer().some(isKept)) return true;
            if (instruction.callee === '') break;
            const given = givenBy(instruction.callee);
            const { returned } = given;
            if (isKept(given)) return true;
            if (returned >= 0) held.set(instruction.destination, values[returned] ?? NONE);
            // What copies to its first argument copies pointers, too.
            if (returned === 0 && values.length > 1) {
              const copied = holders.behind(values[1]);
              for (const variable of copied.size > 0 ? values[0] : NONE) holders.add({ variable, member: '' }, copied);
            }
            break;
          }
          default:
            if ('destination' in instruction) {
              places.delete(instruction.destination);
              held.delete(instruction.destination);
            }
            break;
        }
      }
      if (terminator.kind === 'return' && terminator.value !== undefined) {
        if ((held.get(terminator.value) ?? NONE).size > 0) return true;
      }
    }
    if (!holders.hasChanged) break;
  }
  return holders.variables.size > 0 && outlivesBlock(ir, holders.variables);
}

/** A variable, or a member of it: `.name` of the last member on the way there. */
interface Place {
  readonly variable: VariableId;
  readonly member: string;
}

/** By place: the locals whose address it may hold. */
class Holders {
  hasChanged = false;
  /** By variable: the locals whose address it, or a part of it, may hold. */
  readonly variables = new Map<VariableId, Set<VariableId>>();
  readonly #places = new Map<string, Set<VariableId>>();

  add({ variable, member }: Place, values: ReadonlySet<VariableId>): void {
    const key = `${variable}${member}`;
    const known = this.#places.get(key) ?? new Set();
    const all = this.variables.get(variable) ?? new Set();
    for (const value of values) {
      if (known.has(value)) continue;
      known.add(value);
      all.add(value);
      this.hasChanged = true;
    }
    this.#places.set(key, known);
    this.variables.set(variable, all);
  }

  /**
   * What is read from a place: of a member what was stored there or in the whole, of a variable what stands in any part of it. A member
   * that nothing is stored to may be one of a union, which holds what another one got.
   */
  at({ variable, member }: Place): ReadonlySet<VariableId> {
    if (member === '' || !this.#places.has(`${variable}${member}`)) return this.variables.get(variable) ?? NONE;
    const own = this.#places.get(`${variable}${member}`);
    const whole = this.#places.get(`${variable}`);
    return own && whole ? new Set([...own, ...whole]) : (own ?? whole ?? NONE);
  }

  /** What is read from behind a pointer to one of some variables. */
  behind(pointed: ReadonlySet<VariableId>): ReadonlySet<VariableId> {
    const found = new Set<VariableId>();
    for (const variable of pointed) for (const each of this.variables.get(variable) ?? NONE) found.add(each);
    return found;
  }
}

const NONE: ReadonlySet<VariableId> = new Set();

function isOnStack(ir: FunctionIr, variable: VariableId): boolean {
  const { kind } = ir.variables[variable];
  return kind === 'local' || kind === 'parameter' || kind === 'temporary';
}

/** True when a block ends whose variable is held by one of a block around it. */
function outlivesBlock(ir: FunctionIr, holders: ReadonlyMap<VariableId, ReadonlySet<VariableId>>): boolean {
  for (const { instructions } of ir.blocks) {
    for (const instruction of instructions) {
      if (instruction.op !== 'scope-end') continue;
      for (const [holder, held] of holders) {
        if (ir.variables[holder].kind === 'temporary' || instruction.variables.includes(holder)) continue;
        if (instruction.variables.some((variable) => held.has(variable))) return true;
      }
    }
  }
  return false;
}

/**
 * Locals of inner blocks whose address is stored or passed on somewhere: a pointer that outlives the block may be left with
 * it.
 */
export function findBlockLocals(ir: FunctionIr): ReadonlySet<VariableId> {
  const inner = new Set<VariableId>();
  for (const { instructions, terminator } of ir.blocks) {
    if (terminator.kind === 'return') continue;
    for (const instruction of instructions) {
      if (instruction.op !== 'scope-end') continue;
      for (const variable of instruction.variables) if (isOnStack(ir, variable)) inner.add(variable);
    }
  }
  const found = new Set<VariableId>();
  if (inner.size === 0) return found;
  for (const { instructions } of ir.blocks) {
    const addresses = new Map<Register, VariableId>();
    for (const instruction of instructions) {
      const given =
        instruction.op === 'store' ? [instruction.value] : instruction.op === 'call' ? instruction.arguments : [];
      for (const register of given) {
        const variable = addresses.get(register);
        if (variable !== undefined) found.add(variable);
      }
      if (!('destination' in instruction)) continue;
      addresses.delete(instruction.destination);
      if (instruction.op === 'variable' && inner.has(instruction.variable))
        addresses.set(instruction.destination, instruction.variable);
    }
  }
  return found;
}
