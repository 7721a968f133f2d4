import type { BasicBlock, Instruction, Register } from '../ir/instructions.ts';
import type { TypeTerm } from '../ir/type-terms.ts';

/** Places further from their variable than this many members and pointers are not followed. */
const MAXIMUM_PATH_LENGTH = 48;

/** What a register holds: the value of a place, or the address of one, reached through the pointer in another. */
interface Held {
  readonly value?: string;
  readonly address?: string;
  readonly through?: string;
  readonly constant?: number;
  /** Truth of the register means that the place is NULL, or that it is not. */
  readonly test?: { readonly place: string; readonly isNullWhenTrue: boolean };
  /** The place that a test asks for on one side of an operator that evaluates both: `p != NULL & p->size > 0`. */
  readonly bitwiseTest?: string;
  readonly isNonNull?: boolean;
  /** A string literal, as written. */
  readonly text?: string;
}

const NOTHING: Held = {};

/** Follows the registers of one block. */
export class Registers {
  readonly #held = new Map<Register, Held>();

  get(register: Register | undefined): Held {
    return (register === undefined ? undefined : this.#held.get(register)) ?? NOTHING;
  }

  set(register: Register, held: Held): void {
    this.#held.set(register, held);
  }

  /** The place gets another value: what was read from it before is not its value any more. */
  change(address: string): void {
    for (const [register, { value, through, test, bitwiseTest }] of this.#held) {
      const isOld =
        isWithin(value, address) ||
        isWithin(through, address) ||
        isWithin(test?.place, address) ||
        isWithin(bitwiseTest, address);
      if (isOld) this.#held.set(register, NOTHING);
    }
  }

  step(instruction: Instruction): void {
    switch (instruction.op) {
      case 'constant':
        this.#held.set(instruction.destination, { constant: instruction.value });
        return;
      case 'string':
        this.#held.set(instruction.destination, { isNonNull: true, text: instruction.text });
        return;
      case 'function':
        this.#held.set(instruction.destination, { isNonNull: true });
        return;
      case 'variable':
        this.#held.set(instruction.destination, { address: `v${instruction.variable}` });
        return;
      case 'field': {
        const base = this.get(instruction.base);
        this.#held.set(instruction.destination, partOf(base, `.${instruction.name}`));
        return;
      }
      case 'element': {
        const base = this.get(instruction.base);
        const { constant } = this.get(instruction.index);
        // The first element is the object itself, as in the interpreter.
        const part = constant === 0 ? '' : constant === undefined ? undefined : `[${constant}]`;
        // The elements of a row are others than the rows.
        const row = isRow(instruction.type) ? '[]' : '';
        this.#held.set(instruction.destination, partOf(base, part === undefined ? undefined : part + row));
        return;
      }
      case 'load': {
        const address = addressIn(this.get(instruction.address));
        this.#held.set(instruction.destination, address === undefined ? NOTHING : { value: address });
        return;
      }
      case 'binary': {
        const left = this.get(instruction.left);
        const right = this.get(instruction.right);
        const { operator } = instruction;
        if (operator === '&' || operator === '|') {
          const place = left.test?.place ?? right.test?.place ?? left.bitwiseTest ?? right.bitwiseTest;
          this.#held.set(instruction.destination, place === undefined ? NOTHING : { bitwiseTest: place });
          return;
        }
        if (operator !== '==' && operator !== '!=') {
          // `p + 0` is `p`.
          const isSame = right.constant === 0 && left.value !== undefined && (operator === '+' || operator === '-');
          this.#held.set(instruction.destination, isSame ? left : NOTHING);
          return;
        }
        const [place, other] = left.constant === 0 ? [right, left] : [left, right];
        const isTest = place.value !== undefined && other.constant === 0;
        this.#held.set(
          instruction.destination,
          isTest ? { test: { place: place.value!, isNullWhenTrue: operator === '==' } } : NOTHING,
        );
        return;
      }
      case 'unary': {
        const { value, test } = this.get(instruction.operand);
        const isNot = instruction.operator === '!';
        if (isNot && test) {
          const isNullWhenTrue = !test.isNullWhenTrue;
          this.#held.set(instruction.destination, { test: { place: test.place, isNullWhenTrue } });
        } else if (isNot && value !== undefined) {
          this.#held.set(instruction.destination, { test: { place: value, isNullWhenTrue: true } });
        } else this.#held.set(instruction.destination, NOTHING);
        return;
      }
      default:
        if ('destination' in instruction) this.#held.set(instruction.destination, NOTHING);
    }
  }
}

function isWithin(place: string | undefined, address: string): boolean {
  return place !== undefined && isPartOf(place, address);
}

/** The element of an array of arrays, as far as the type itself says so; a member of a member's type is not looked up. */
function isRow(type: TypeTerm): boolean {
  return type.kind === 'array' || (type.kind === 'target' && type.of.kind === 'member');
}

/** The place that an address register names: `*p` where the register holds the pointer itself. */
export function addressIn({ address, value }: Held): string | undefined {
  return address ?? (value === undefined || value.length >= MAXIMUM_PATH_LENGTH ? undefined : `${value}*`);
}

function partOf(base: Held, part: string | undefined): Held {
  const isPointer = base.value !== undefined;
  const through = isPointer ? base.value : base.through;
  const parent = isPointer ? `${base.value}*` : base.address;
  const isShort = parent !== undefined && parent.length < MAXIMUM_PATH_LENGTH;
  return { address: part === undefined || !isShort ? undefined : parent + part, through, isNonNull: !isPointer };
}

export function noteStored(registers: Registers, value: Register, address: string): void {
  const held = registers.get(value);
  if (held.value === undefined && held.constant === undefined && !held.isNonNull && held.address === undefined) {
    registers.set(value, { value: address });
  }
}

export function testOf(
  block: BasicBlock,
  registers: Registers,
): { readonly place: string; readonly isNullWhenTrue: boolean } | undefined {
  const { terminator } = block;
  if (terminator.kind !== 'branch') return undefined;
  const { test, value } = registers.get(terminator.condition);
  return test ?? (value === undefined ? undefined : { place: value, isNullWhenTrue: false });
}

/** The place that a condition asks for on one side of an operator that evaluates both. */
export function bitwiseTestOf({ terminator }: BasicBlock, registers: Registers): string | undefined {
  return terminator.kind === 'branch' ? registers.get(terminator.condition).bitwiseTest : undefined;
}

export function rootOf(place: string): string {
  let end = 1;
  while (isDigit(place.charCodeAt(end))) end++;
  return end === place.length ? place : place.slice(0, end);
}

/** False as well behind the end of a text, where there is no code. */
function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** The place is the other one, or is reached through it. */
export function isPartOf(place: string, other: string): boolean {
  if (!place.startsWith(other)) return false;
  const next = place[other.length];
  return next === undefined || next === '*' || next === '.' || next === '[';
}
