import type { BasicBlock, BlockId, FunctionIr, Instruction, Origin } from '../ir/instructions.ts';
import type { FunctionModel } from '../models/function-model.ts';
import { scannedArguments, textArguments } from './formats.ts';
import { addressIn, bitwiseTestOf, isPartOf, noteStored, Registers, rootOf, testOf } from './null-places.ts';
import type { NullSource } from './null-verdicts.ts';

/** Names of functions that end the life of what they are given. */
const ENDING_NAME = /free|destroy|release|close|unref|delete|dispose|cleanup|clear|decref|_put/i;

/** Functions that mention more such places are cut: what is beyond is not looked at. */
const MAXIMUM_PLACES = 30;

/** Copies of pointers beyond this many are not followed, nor copies of copies of copies. */
const MAXIMUM_COPIES = 64;

const MAXIMUM_COPY_ROUNDS = 2;

/** A dereference, as a place in the blocks. */
export interface Dereference {
  readonly block: BlockId;
  readonly instruction: number;
  readonly origin: Origin;
  readonly pointer: Origin;
}

/**
 * What the analysis asks about called names: their models, and whether a body tells what they do. `followsLiterals` is for
 * functions that are followed path by path anyway: then a NULL written out as an argument is of interest, too.
 */
export interface Callees {
  modelOf(callee: string): FunctionModel | undefined;
  /** What attributes on the declarations of a function without a model say. */
  declaredModelOf(callee: string): FunctionModel | undefined;
  isInSight(callee: string): boolean;
  readonly followsLiterals: boolean;
}

export type Event =
  | { readonly kind: 'dereference'; readonly bits: number; readonly at: Dereference }
  | { readonly kind: 'null'; readonly bits: number; readonly at: Origin; readonly position: number }
  /** The pointer is handed to a callee, which may dereference it. */
  | { readonly kind: 'passed'; readonly bits: number; readonly position: number }
  /** A callee ends the life of what the pointer points to, by its name or its model. */
  | { readonly kind: 'ended'; readonly bits: number; readonly position: number }
  /** What the place holds goes on by another name. */
  | { readonly kind: 'read'; readonly bits: number; readonly position: number }
  /** The callee is not in sight and may not return. */
  | { readonly kind: 'unknown-call'; readonly position: number }
  | { readonly kind: 'known'; readonly bits: number; readonly position: number }
  /** By others: code that was not given the place may have written there. */
  | { readonly kind: 'changed'; readonly bits: number; readonly position: number; readonly isByOthers: boolean }
  /** The place gets the value of another one. */
  | {
      readonly kind: 'copied';
      readonly bits: number;
      readonly from: number;
      readonly at: Origin;
      readonly position: number;
    };

export interface Test {
  readonly bits: number;
  readonly nullTarget: BlockId;
  readonly isInlined: boolean;
  readonly origin: Origin;
}

/** What happens in a block, in its order, and the test at its end. */
export interface BlockFacts {
  readonly events: Event[];
  readonly test: Test | undefined;
  /** The places that the condition at its end asks for beside something else, which it evaluates whatever the answer is. */
  readonly bitwiseBits: number;
}

export type BlockEvents = ReadonlyMap<BlockId, BlockFacts>;

/** Where in its block an event happens. */
export function positionOf(event: Event): number {
  return event.kind === 'dereference' ? event.at.instruction : event.position;
}

/** A NULL written out as an argument; `isDereferenced` when a library function takes it that must not get it. */
export interface Literal {
  readonly key: string;
  readonly at: NullSource;
  readonly isDereferenced: boolean;
}

export interface Places {
  readonly places: Map<string, number>;
  /** The variables that other functions can write. */
  readonly exposed: ReadonlySet<string>;
  /** The variables to which a pointer of the function's own leads: `*p` may be any of them. */
  readonly addressed: ReadonlySet<string>;
  /** The bits of places that are tested, and that may be dereferenced by another name only. */
  readonly elsewhere: number;
  /** Of these, those to which a pointer of the function's own leads. */
  readonly aliased: number;
  readonly hasLiterals: boolean;
  /** A call is given a NULL that is written out. */
  readonly hasWrittenNulls: boolean;
}

/**
 * The places worth following, each with its bit: dereferenced, and tested or set to NULL by the function's own text; and
 * the variables that other functions can write.
 */
export function findPlaces(ir: FunctionIr, callees: Callees): Places {
  const { modelOf, isInSight } = callees;
  const dereferenced = new Set<string>();
  const doubted = new Set<string>();
  const tested = new Set<string>();
  const given = new Set<string>();
  const pointers = new Set<string>();
  const addressed = new Set<string>();
  const copies: { readonly from: string; readonly to: string }[] = [];
  const exposed = new Set<string>();
  for (const { id, kind } of ir.variables) if (kind === 'global' || kind === 'static') exposed.add(`v${id}`);
  let hasLiterals = false;
  let hasWrittenNulls = false;
  for (const block of ir.blocks) {
    const registers = new Registers();
    for (const instruction of block.instructions) {
      if (instruction.op === 'call' && instruction.arguments.length > 0) {
        const required = requiredArguments(instruction, registers, callees);
        hasLiterals ||= required.some((position) => registers.get(instruction.arguments[position]).constant === 0);
        for (const position of required) {
          const { value } = registers.get(instruction.arguments[position]);
          if (value !== undefined) dereferenced.add(value);
        }
        for (const argument of instruction.arguments) {
          const held = registers.get(argument);
          hasWrittenNulls ||= held.constant === 0;
          const value = held.value ?? held.address;
          // The callee may dereference a pointer; what a member is, nobody knows here.
          if (value !== undefined && isPointerVariable(ir, value) && isInSight(instruction.callee)) {
            dereferenced.add(value);
          }
        }
      }
      for (const place of dereferencedBy(instruction, registers, modelOf)) dereferenced.add(place);
      const handed =
        instruction.op === 'call' ? instruction.arguments : instruction.op === 'store' ? [instruction.value] : [];
      for (const register of handed) {
        const { address } = registers.get(register);
        if (address === undefined) continue;
        exposed.add(rootOf(address));
        if (instruction.op === 'store') addressed.add(rootOf(address));
      }
      if (instruction.op === 'escape') {
        const { value } = registers.get(instruction.value);
        if (value !== undefined) given.add(value);
      }
      if (instruction.op === 'store') {
        const address = addressIn(registers.get(instruction.address));
        if (address !== undefined && registers.get(instruction.value).constant === 0) doubted.add(address);
        const from = registers.get(instruction.value).value;
        if (from !== undefined) given.add(from);
        if (address !== undefined && from !== undefined && copies.length < MAXIMUM_COPIES) {
          copies.push({ from, to: address });
        }
        // `(p = next()) == NULL` tests what was stored.
        if (address !== undefined) {
          registers.change(address);
          noteStored(registers, instruction.value, address);
        }
      }
      registers.step(instruction);
    }
    const place = testOf(block, registers)?.place ?? bitwiseTestOf(block, registers);
    if (place !== undefined) {
      doubted.add(place);
      tested.add(place);
      if (isComparedWithNull(ir, block)) pointers.add(place);
    }
  }
  // What is a copy of a doubted place is doubted, and what was copied to a place that is dereferenced counts as that.
  for (let round = 0; round < MAXIMUM_COPY_ROUNDS; round++) {
    for (const { from, to } of copies) {
      if (doubted.has(from) && dereferenced.has(to)) {
        doubted.add(to);
        dereferenced.add(from);
      } else if (doubted.has(to) && dereferenced.has(from)) {
        doubted.add(from);
        dereferenced.add(to);
      }
    }
  }
  const places = new Map<string, number>();
  for (const place of doubted) {
    if (!dereferenced.has(place) || isNoPointer(ir, place)) continue;
    if (places.size < MAXIMUM_PLACES) places.set(place, places.size);
  }
  // What is read as a whole takes its members with it.
  const isGiven = (place: string): boolean => [...given].some((each) => isPartOf(place, each));
  let elsewhere = 0;
  let aliased = 0;
  for (const place of tested) {
    if (isNoPointer(ir, place) || !(pointers.has(place) || isPointerVariable(ir, place))) continue;
    const isBehind = /^v\d+\*$/.test(place);
    if (place.includes('*') && !isBehind) continue;
    if (!(isBehind || isGiven(place) || exposed.has(rootOf(place)))) continue;
    if (!places.has(place)) {
      if (places.size >= MAXIMUM_PLACES) continue;
      places.set(place, places.size);
    }
    const bit = 1 << places.get(place)!;
    elsewhere |= bit;
    if (isBehind || addressed.has(rootOf(place))) aliased |= bit;
  }
  return { places, exposed, addressed, elsewhere, aliased, hasLiterals, hasWrittenNulls };
}

function isPointerVariable(ir: FunctionIr, place: string): boolean {
  return rootOf(place) === place && ir.variables[Number(place.slice(1))].pointerDepth > 0;
}

/** The test is written as one of a pointer. */
function isComparedWithNull({ text }: FunctionIr, { terminator }: BasicBlock): boolean {
  return (
    terminator.kind === 'branch' &&
    /\b(?:NULL|nullptr)\b/.test(text.slice(terminator.origin.start, terminator.origin.end))
  );
}

/** A value that the lowering made up (of `c ? p : NULL`), or a row of an array of arrays. */
function isNoPointer(ir: FunctionIr, place: string): boolean {
  const variable = ir.variables[Number(rootOf(place).slice(1))];
  if (variable.kind === 'temporary') return true;
  return variable.isArray && variable.pointerDepth === 0 && !place.includes('*') && !place.includes('.');
}

const NO_PLACES: readonly string[] = [];

/** The places whose pointer an instruction dereferences. */
function dereferencedBy(
  instruction: Instruction,
  registers: Registers,
  modelOf: (callee: string) => FunctionModel | undefined,
): readonly string[] {
  if (instruction.op === 'load' || instruction.op === 'store') {
    if (!instruction.pointer) return NO_PLACES;
    const { through, value } = registers.get(instruction.address);
    const place = through ?? value;
    return place === undefined ? NO_PLACES : [place];
  }
  if (instruction.op === 'call' && instruction.pointer !== undefined) {
    const { value } = registers.get(instruction.pointer);
    return value === undefined ? NO_PLACES : [value];
  }
  if (instruction.op !== 'call' || instruction.callee === '') return NO_PLACES;
  const model = modelOf(instruction.callee);
  // What has a size may be empty, and then need not exist.
  if (!model || instruction.arguments.length > 2) return NO_PLACES;
  return model.dereferences.flatMap((position) => {
    const { value } = registers.get(instruction.arguments[position]);
    return value === undefined ? [] : [value];
  });
}

/** The positions of the arguments that must point to memory, as the callee's model, a format or a size says. */
function requiredArguments(
  call: Extract<Instruction, { op: 'call' }>,
  registers: Registers,
  { modelOf, declaredModelOf }: Callees,
): readonly number[] {
  const model = call.callee === '' ? undefined : (modelOf(call.callee) ?? declaredModelOf(call.callee));
  if (!model) return [];
  const isNothing = (position: number): boolean => registers.get(call.arguments[position]).constant === 0;
  const required = model.bytes !== undefined && isNothing(model.bytes) ? [] : [...model.dereferences];
  const { format, scan, sizedBuffer } = model;
  const textAt = (position: number): string => registers.get(call.arguments[position]).text ?? '';
  if (format !== undefined) required.push(...textArguments(textAt(format), format, call.arguments.length));
  if (scan !== undefined) required.push(...scannedArguments(textAt(scan), scan, call.arguments.length));
  if (sizedBuffer && (registers.get(call.arguments[sizedBuffer.size]).constant ?? 0) > 0) {
    required.push(sizedBuffer.argument);
  }
  return required.filter((position) => position < call.arguments.length);
}

export function eventsOf(
  { text, variables }: FunctionIr,
  block: BasicBlock,
  { places, exposed, addressed, elsewhere }: Places,
  callees: Callees,
  literals: Literal[],
): BlockFacts {
  const { modelOf, declaredModelOf, isInSight } = callees;
  const events: Event[] = [];
  const registers = new Registers();
  const bitsOf = (isMeant: (place: string) => boolean): number => {
    let bits = 0;
    for (const [place, bit] of places) if (isMeant(place)) bits |= 1 << bit;
    return bits;
  };
  let position = 0;
  const change = (isMeant: (place: string) => boolean, isByOthers = false): void => {
    const bits = bitsOf(isMeant);
    if (bits !== 0) events.push({ kind: 'changed', bits, position, isByOthers });
  };
  const read = (whole: string | undefined): void => {
    const bits = whole === undefined ? 0 : elsewhere & bitsOf((place) => isPartOf(place, whole));
    if (bits !== 0) events.push({ kind: 'read', bits, position });
  };
  const isOutside = (place: string): boolean => variables[Number(rootOf(place).slice(1))].kind === 'global';
  for (const [at, instruction] of block.instructions.entries()) {
    position = at;
    if (elsewhere !== 0) {
      if (instruction.op === 'store' || instruction.op === 'escape') read(registers.get(instruction.value).value);
      else if (instruction.op === 'call' && (isInSight(instruction.callee) || modelOf(instruction.callee))) {
        for (const argument of instruction.arguments) read(registers.get(argument).address);
        const bits = elsewhere & bitsOf(isOutside);
        if (bits !== 0) events.push({ kind: 'read', bits, position });
      }
    }
    for (const place of dereferencedBy(instruction, registers, modelOf)) {
      const bit = places.get(place);
      if (bit === undefined) continue;
      const { origin } = instruction as { origin: Origin };
      const pointer =
        ('pointer' in instruction && typeof instruction.pointer === 'object' && instruction.pointer) || origin;
      const at = { block: block.id, instruction: position, origin, pointer };
      events.push({ kind: 'dereference', bits: 1 << bit, at });
    }
    if (instruction.op === 'store') {
      const address = addressIn(registers.get(instruction.address));
      const value = registers.get(instruction.value);
      // Through a pointer to pointers it may go to a variable that the pointer was given the address of.
      if (instruction.mayWritePointers && addressed.size > 0) change((place) => addressed.has(place));
      if (address === undefined) change((place) => place.includes('*') || place.includes('['), true);
      else {
        const from = value.value === undefined ? 0 : bitsOf((place) => place === value.value);
        const bits = bitsOf((place) => place === address);
        const isCopy = bits !== 0 && from !== 0;
        change((place) => (isPartOf(place, address) || isSameMember(place, address)) && !(isCopy && place === address));
        if (isCopy) {
          events.push({ kind: 'copied', bits, from, at: instruction.origin, position });
        } else if (bits !== 0 && value.constant === 0 && text[instruction.origin.start] !== '{') {
          // An empty list of initialisers is for structures and arrays, whatever declares them.
          const { origin } = instruction;
          events.push({ kind: 'null', bits, at: origin, position });
        } else if (bits !== 0 && (value.isNonNull || value.address !== undefined)) {
          events.push({ kind: 'known', bits, position });
        }
        registers.change(address);
        noteStored(registers, instruction.value, address);
      }
    } else if (instruction.op === 'declare') {
      const root = `v${instruction.variable}`;
      change((place) => isPartOf(place, root));
    } else if (instruction.op === 'call') {
      const model = instruction.callee === '' ? undefined : modelOf(instruction.callee);
      const isPure = model !== undefined && model.writes.length === 0 && !model.out && !model.reallocates;
      for (const argument of instruction.arguments) {
        const { address, value, test } = registers.get(argument);
        // `EXPECT(p != NULL)`: what is not in sight may leave where it is told that there is nothing.
        const asked = test && !model && !isInSight(instruction.callee) ? bitsOf((place) => place === test.place) : 0;
        if (asked !== 0) events.push({ kind: 'known', bits: asked, position });
        // The callee may write where it was told, and macros that look like calls may test what they are given.
        if (address !== undefined) change((place) => isPartOf(place, address));
        const bits = value === undefined ? 0 : bitsOf((place) => place === value);
        if (bits === 0) continue;
        // What is not in sight may be a macro that changes it, and what a function answers may hang on its being NULL.
        if (model?.frees || ENDING_NAME.test(instruction.callee)) events.push({ kind: 'ended', bits, position });
        const isInView =
          model !== undefined || tellsOfPointers(declaredModelOf(instruction.callee)) || isInSight(instruction.callee);
        events.push({ kind: isInView ? 'passed' : 'known', bits, position });
      }
      for (const [i, argument] of instruction.arguments.entries()) {
        if (registers.get(argument).constant !== 0 || instruction.callee === '') continue;
        const origin = instruction.argumentOrigins[i];
        const source: NullSource = {
          kind: 'literal',
          block: block.id,
          instruction: position - 1,
          origin,
          isSure: true,
        };
        const isDereferenced = requiredArguments(instruction, registers, callees).includes(i);
        literals.push({ key: `${block.id}:${position}`, at: source, isDereferenced });
      }
      if (!model && !isInSight(instruction.callee)) events.push({ kind: 'unknown-call', position });
      const isByOthers = !model && !isInSight(instruction.callee);
      if (!isPure) change((place) => place.includes('*') || exposed.has(rootOf(place)), isByOthers);
    } else if (instruction.op === 'forget') {
      change(() => true);
    } else if (instruction.op === 'named' && isStatement(block, position)) {
      // A name that is a statement of its own is a macro of unknown meaning.
      events.push({ kind: 'unknown-call', position });
    }
    registers.step(instruction);
  }
  const test = testOf(block, registers);
  const bit = test && places.get(test.place);
  const { terminator } = block;
  const bitwise = places.get(bitwiseTestOf(block, registers) ?? '');
  const bitwiseBits = bitwise === undefined || terminator.kind !== 'branch' || terminator.isInlined ? 0 : 1 << bitwise;
  if (!test || bit === undefined || terminator.kind !== 'branch') return { events, test: undefined, bitwiseBits };
  const nullTarget = test.isNullWhenTrue ? terminator.whenTrue : terminator.whenFalse;
  const { isInlined, origin } = terminator;
  return { events, test: { bits: 1 << bit, nullTarget, isInlined, origin }, bitwiseBits };
}

/** What attributes say of a function is more than that it changes nothing: it may still look at a pointer before it answers. */
function tellsOfPointers(declared: FunctionModel | undefined): boolean {
  if (!declared) return false;
  const { dereferences, keeps, allocates, frees, returnsNonNull } = declared;
  return dereferences.length + keeps.length > 0 || (allocates ?? frees ?? returnsNonNull) !== undefined;
}

function isStatement({ instructions }: BasicBlock, position: number): boolean {
  const next = instructions[position + 1];
  return next === undefined || next.op === 'sequence-point';
}

/** A store to a member may reach the same member of the same object by another pointer. */
function isSameMember(place: string, stored: string): boolean {
  if (!stored.includes('*') && !stored.includes('[')) return false;
  const [member] = /\.\w+$/.exec(stored) ?? [];
  return member === undefined ? place.includes('*') : place.includes('*') && place.includes(member);
}
