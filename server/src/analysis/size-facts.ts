import type { BlockId, Instruction, Origin } from '../ir/instructions.ts';
import type { AnalysisContext } from './context.ts';
import { EveryWay } from './every-way.ts';
import { epochOf } from './memory.ts';
import type { SizeFlaw } from './size-flaws.ts';
import { inBytes, multiply, ONE, type SizeForm, type SizeNames, sizeForm } from './size-forms.ts';
import type { Region, Site, State } from './state.ts';
import type { AccessPath, InterfaceSize } from './summary.ts';
import type { ObjectType, TypeModel } from './type-model.ts';
import type { Value } from './value-shapes.ts';

/** What one analysis knows of sizes beside its states. */
export class SizeFacts {
  readonly types: TypeModel;
  /** By the symbol of a `sizeof`: its operand. */
  readonly sizeofs = new Map<Value, Extract<Instruction, { op: 'sizeof' }>>();
  /** By a string's length: what string, with what content. */
  readonly lengths = new Map<Value, string>();
  /** By a string with its content, as `contentKey` names it: how long it is at least. */
  readonly leastLengths = new Map<string, number>();
  /** By what stands in an array: so many characters of it at least are no terminator. */
  readonly fills = new Map<Value, { readonly count: number; readonly unit: number }>();
  /** By what stands at the beginning of a block: so long at least is the string there, without its terminator; undefined where paths differ. */
  readonly texts = new Map<Value, { readonly length: SizeForm; readonly unit: number } | undefined>();
  /** By the site of an allocation: what every path asks for there; NO_VALUE when it varies. */
  readonly extents = new Map<Site, Value>();
  /** By the place of an access to a block and the block's allocation: the flaw that each path shows there. */
  readonly overflows = new Map<string, Extract<SizeFlaw, { kind: 'overflow' }> | undefined>();
  /** How far the function goes into what it was given. */
  readonly reached = new EveryWay<{
    readonly path: AccessPath;
    readonly size: InterfaceSize;
    readonly isLimit: boolean;
    readonly site: Site;
    readonly block: BlockId;
    readonly given: Value;
  }>();
  /** Allocations whose size a callee settles, whatever it is given. */
  readonly settled = new Set<Site>();
  /** By the site of an allocation by a function in sight: the argument that says the size, or its last factor. */
  readonly sizeArguments = new Map<Site, number>();
  /** Allocations of which a hint was given. */
  readonly hinted = new Set<Site>();
  readonly #reported = new Set<Site>();

  constructor(types: TypeModel) {
    this.types = types;
  }

  /** True the first time that a site is given. */
  isNew(allocation: Site): boolean {
    if (this.#reported.has(allocation)) return false;
    this.#reported.add(allocation);
    return true;
  }
}

export function noteSizeof(context: AnalysisContext, instruction: Extract<Instruction, { op: 'sizeof' }>): Value {
  const symbol = context.table.symbol({ kind: 'named', key: instruction.key });
  if (!context.sizes.sizeofs.has(symbol)) {
    context.sizes.sizeofs.set(symbol, instruction);
    const { types } = context.sizes;
    const size = sizeEverywhere(types, types.resolve(instruction.type));
    context.table.lowerBounds.set(symbol, size ?? 1);
    if (size !== undefined) context.table.upperBounds.set(symbol, size);
  }
  return symbol;
}

/** Types whose size is the same on all systems that a program is likely to be built for. */
const SAME_EVERYWHERE =
  /^(?:(?:(?:un)?signed )?(?:char|short|int|long long)|bool|_Bool|float|double|u?int(?:8|16|32|64)_t|u_int(?:8|16|32|64)_t|gu?int(?:8|16|32|64)?|u_?(?:char|short|int)|gu?char)$/;

/** What a numbers' type or an array of such takes whatever the program is built for: no test of it goes another way elsewhere. */
function sizeEverywhere(types: TypeModel, type: ObjectType): number | undefined {
  if (type.kind === 'arithmetic') return SAME_EVERYWHERE.test(type.name) ? type.size : undefined;
  if (type.kind !== 'array' || type.length === undefined) return undefined;
  const element = types.resolve(type.of);
  const size = element.kind === 'arithmetic' ? sizeEverywhere(types, element) : undefined;
  return size === undefined ? undefined : size * type.length;
}

/** A name for the string that a pointer points to; another one when something was written to it. */
export function contentKey(context: AnalysisContext, state: State, pointer: Value): string {
  const { table } = context;
  const location = table.pointee(pointer);
  const root = table.root(location);
  const written: string[] = [];
  for (const [place, value] of state.memory) if (table.root(place) === root) written.push(`${place}=${value}`);
  return `strlen ${pointer}@${epochOf(context, state, location)} ${written.sort().join()}`;
}

function namesOf(context: AnalysisContext): SizeNames {
  const { sizeofs, lengths } = context.sizes;
  return {
    typeOf: (value) => sizeofs.get(value)?.type,
    nameOf: (value) => lengths.get(value) ?? `value ${value}`,
  };
}

/** A size as a sum of products. */
export function formOf(context: AnalysisContext, value: Value): SizeForm | undefined {
  return sizeForm(context.table, value, namesOf(context));
}

/** The same with the sizes of types as numbers, where all are known. */
export function bytesOf(context: AnalysisContext, form: SizeForm): SizeForm | undefined {
  const { types } = context.sizes;
  return inBytes(form, (type) => types.sizeOf(types.resolve(type)));
}

/** A size that is at least so much, with the lengths as numbers of which no more is known than how long they are at least. */
export function atLeast({ sizes }: AnalysisContext, form: SizeForm): SizeForm {
  let isChanged = false;
  const products = form.map((product) => {
    const { coefficient, factors } = product;
    const least = coefficient > 0 && factors.length === 1 ? sizes.leastLengths.get(factors[0]) : undefined;
    if (least === undefined) return product;
    isChanged = true;
    return { ...product, coefficient: coefficient * least, factors: [] };
  });
  return (isChanged && multiply(products, ONE)) || form;
}

/** The argument of an allocation that says its size. */
export function sizeOrigin(context: AnalysisContext, allocation: Site): Origin | undefined {
  const call = context.ir.blocks[allocation.block].instructions[allocation.instruction];
  if (call?.op !== 'call') return undefined;
  const measured = context.sizes.sizeArguments.get(allocation);
  if (measured !== undefined) return call.argumentOrigins[measured];
  const positions = context.environment.models.sizeArguments(call.callee);
  return positions?.length ? call.argumentOrigins[positions[positions.length - 1]] : undefined;
}

/** Adds a flaw of a region, the first for its allocation only: what follows from one wrong size is one flaw. */
export function report(
  context: AnalysisContext,
  region: Region,
  make: (allocation: Site) => (typeof context.flaws)[number],
): void {
  const { allocation } = region;
  if (allocation && context.sizes.isNew(allocation)) context.flaws.push(make(allocation));
}
