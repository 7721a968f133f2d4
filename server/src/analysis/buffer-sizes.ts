import { definitionOf } from '../ir/definitions.ts';
import type { FunctionIr, Instruction, Origin } from '../ir/instructions.ts';
import type { ModelRegistry } from '../models/registry.ts';
import type { CallInstruction } from './calls.ts';
import type { SizeFlaw } from './size-flaws.ts';
import type { TypeModel } from './type-model.ts';

/** Flaws in the arguments of calls that show in the call itself, whatever path leads there. */
export function findBufferSizes(ir: FunctionIr, models: ModelRegistry, types: TypeModel): SizeFlaw[] {
  const flaws: SizeFlaw[] = [];
  for (const { instructions } of ir.blocks) {
    for (const [position, instruction] of instructions.entries()) {
      if (instruction.op !== 'call' || instruction.callee === '') continue;
      const bounded = models.shipped(instruction.callee)?.bounded;
      if (!bounded || bounded.size >= instruction.arguments.length) continue;
      const size = definitionOf(instructions, position, instruction.arguments[bounded.size]);
      if (size?.op === 'sizeof') {
        const flaw = sizeOfPointer(ir, types, instruction, bounded, size);
        if (flaw) flaws.push(flaw);
      } else if (size?.op === 'constant' && size.value === 0 && bounded.fill !== undefined) {
        const fill = definitionOf(instructions, position, instruction.arguments[bounded.fill]);
        if (!fill || (fill.op === 'constant' && fill.value === 0)) continue;
        flaws.push({
          kind: 'swapped-fill',
          callee: instruction.callee,
          call: instruction.origin,
          fill: instruction.argumentOrigins[bounded.fill],
          size: instruction.argumentOrigins[bounded.size],
        });
      }
    }
  }
  return flaws;
}

/** `memset(p, 0, sizeof(p))` where `p` is a pointer, or a parameter that looks like an array. */
function sizeOfPointer(
  ir: FunctionIr,
  types: TypeModel,
  call: CallInstruction,
  { buffers }: { readonly buffers: readonly number[] },
  size: Extract<Instruction, { op: 'sizeof' }>,
): SizeFlaw | undefined {
  if (!size.operand) return undefined;
  const operand = bareText(ir, size.operand);
  const buffer = buffers
    .filter((position) => position < call.argumentOrigins.length)
    .map((position) => call.argumentOrigins[position])
    .find((origin) => bareText(ir, origin) === operand);
  if (!buffer) return undefined;
  const type = types.resolve(size.type);
  if (type.kind !== 'pointer') return undefined;
  const pointee = types.resolve(type.to);
  const pointeeSize = types.sizeOf(pointee);
  // A pointer's size is by chance the right one for one pointer, or one long.
  if (pointeeSize === types.sizeOf(type)) return undefined;
  return {
    kind: 'buffer-size-of-pointer',
    callee: call.callee,
    call: call.origin,
    size:
      call.argumentOrigins.find(({ start, end }) => start <= size.operand!.start && end >= size.operand!.end) ?? buffer,
    buffer,
    pointee: { name: types.describe(pointee), size: pointeeSize },
  };
}

/** An expression without blanks, and without the parentheses and casts around it. */
function bareText(ir: FunctionIr, { start, end }: Origin): string {
  let text = ir.text.slice(start, end).replace(/\s+/g, '');
  for (;;) {
    const inner = /^\((?:const|struct|unsigned)*\w+\*+\)(.+)$/s.exec(text) ?? /^\(([^()]*)\)$/s.exec(text);
    if (!inner) return text;
    text = inner[1];
  }
}
