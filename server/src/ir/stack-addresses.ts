import type { FunctionIr, Register, VariableId } from './instructions.ts';

/** Rounds of the propagation through variables: an address handed on further than this is not looked for. */
const MAXIMUM_ROUNDS = 3;

/**
 * True when the address of a local may outlive it, as far as the instructions tell without following paths: it is
 * returned, stored through a pointer or in a variable that lives longer. Functions of which this is not so need no analysis for
 * that.
 * @param returnedArgument The position of the argument that a function returns; undefined where it returns something else.
 */
export function mayLetStackAddressesEscape(
  ir: FunctionIr,
  returnedArgument: (callee: string) => number | undefined,
): boolean {
  /** By variable: the locals whose address it may hold. */
  const holders = new Map<VariableId, Set<VariableId>>();
  for (let round = 0; round < MAXIMUM_ROUNDS; round++) {
    let hasChanged = false;
    for (const { instructions, terminator } of ir.blocks) {
      const addresses = new Map<Register, VariableId>();
      const held = new Map<Register, ReadonlySet<VariableId>>();
      for (const instruction of instructions) {
        switch (instruction.op) {
          case 'variable':
            addresses.set(instruction.destination, instruction.variable);
            held.set(
              instruction.destination,
              isOnStack(ir, instruction.variable) ? new Set([instruction.variable]) : NONE,
            );
            break;
          case 'field':
          case 'element': {
            addresses.delete(instruction.destination);
            held.set(instruction.destination, held.get(instruction.base) ?? NONE);
            break;
          }
          case 'load': {
            const variable = addresses.get(instruction.address);
            addresses.delete(instruction.destination);
            held.set(instruction.destination, (variable !== undefined && holders.get(variable)) || NONE);
            break;
          }
          case 'binary':
            addresses.delete(instruction.destination);
            held.set(instruction.destination, held.get(instruction.left) ?? NONE);
            break;
          case 'store': {
            const value = held.get(instruction.value) ?? NONE;
            if (value.size === 0) break;
            const variable = addresses.get(instruction.address);
            // A member of a local, or another place whose variable is known.
            const owners = variable === undefined ? (held.get(instruction.address) ?? NONE) : new Set([variable]);
            if (owners.size === 0) return true;
            for (const owner of owners) {
              if (!isOnStack(ir, owner)) return true;
              const known = holders.get(owner) ?? new Set();
              for (const each of value) {
                if (known.has(each)) continue;
                known.add(each);
                hasChanged = true;
              }
              holders.set(owner, known);
            }
            break;
          }
          case 'call': {
            const given = instruction.callee === '' ? undefined : returnedArgument(instruction.callee);
            const returned = given === undefined ? NONE : (held.get(instruction.arguments[given]) ?? NONE);
            addresses.delete(instruction.destination);
            held.set(instruction.destination, returned);
            break;
          }
          default:
            if ('destination' in instruction) {
              addresses.delete(instruction.destination);
              held.delete(instruction.destination);
            }
            break;
        }
      }
      if (terminator.kind === 'return' && terminator.value !== undefined) {
        if ((held.get(terminator.value) ?? NONE).size > 0) return true;
      }
    }
    if (!hasChanged) break;
  }
  return holders.size > 0 && outlivesBlock(ir, holders);
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
