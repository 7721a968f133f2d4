import { keptIn, keptPer } from '../base/kept.ts';
import { definitionOf, variableAt } from '../ir/definitions.ts';
import type { BlockId, Instruction, Register, VariableId } from '../ir/instructions.ts';
import type { AnalysisContext } from './context.ts';
import { isPrivate } from './memory.ts';
import type { State } from './state.ts';
import type { Location } from './value-shapes.ts';

/*
 * A loop that fills a buffer changes the buffer, and nothing else: `while (i < n) copy[i++] = text[i];` leaves alone what the caller's
 * pointers lead to where the function alone has the copy.
 */

/** The steps from a store's address to the variable that holds the buffer; more are seldom written. */
const MAXIMUM_STEPS = 8;

/** The variables by which a loop reaches all memory that it writes. */
interface Targets {
  /** Arrays, and structures: what is written is a part of the variable. */
  readonly wholes: ReadonlySet<VariableId>;
  /** Pointers: they stay in the block that they point into. */
  readonly pointers: ReadonlySet<VariableId>;
}

const targetsByHead = keptPer((_: AnalysisContext) => new Map<BlockId, Targets | undefined>());

/**
 * The roots of all locations that a loop may write, beside its variables, where the function alone can reach them; undefined where
 * it may write elsewhere.
 */
export function storedRoots(context: AnalysisContext, head: BlockId, state: State): ReadonlySet<Location> | undefined {
  const targets = targetsOf(context, head);
  if (!targets) return undefined;
  const { table } = context;
  const roots = new Set<Location>();
  for (const variable of targets.wholes) {
    const location = table.variable(variable);
    if (!isPrivate(context, state, location)) return undefined;
    roots.add(location);
  }
  for (const variable of targets.pointers) {
    const held = state.memory.get(table.variable(variable));
    if (held === undefined) return undefined;
    const shape = table.values[held];
    const location = shape.kind === 'address' ? shape.location : table.pointee(table.base(held));
    // New memory that the caller sees is beside everything else that it sees, as long as no code ran that could have moved it about.
    const isNew = state.regions.get(table.base(held))?.isPublished === true;
    if (!isNew && !isPrivate(context, state, location)) return undefined;
    roots.add(table.root(location));
  }
  return roots;
}

function targetsOf(context: AnalysisContext, head: BlockId): Targets | undefined {
  return keptIn(targetsByHead(context), head, () => findTargets(context, head));
}

function findTargets({ flow, ir }: AnalysisContext, head: BlockId): Targets | undefined {
  const wholes = new Set<VariableId>();
  const pointers = new Set<VariableId>();
  /** Those that the loop gives a value which does not come from themselves. */
  const replaced = new Set<VariableId>();
  for (const block of flow.loopBlocks.get(head) ?? []) {
    const { instructions } = ir.blocks[block];
    for (const [position, instruction] of instructions.entries()) {
      if (instruction.op === 'call' || instruction.op === 'escape' || instruction.op === 'forget') return undefined;
      if (instruction.op === 'declare') replaced.add(instruction.variable);
      if (instruction.op !== 'store') continue;
      const written = variableAt(instructions, position, instruction.address);
      if (written !== undefined) {
        const source = sourceOf(instructions, position, instruction.value);
        if (source?.variable !== written || !source.isLoaded) replaced.add(written);
        continue;
      }
      const target = sourceOf(instructions, position, instruction.address);
      if (!target) return undefined;
      (target.isLoaded ? pointers : wholes).add(target.variable);
    }
  }
  for (const variable of pointers) if (replaced.has(variable)) return undefined;
  return { wholes, pointers };
}

const pointersAloneByHead = keptPer((_: AnalysisContext) => new Map<BlockId, boolean>());

/**
 * True for a loop that calls nothing and writes pointers alone where it does not write its variables: one that moves the caller's
 * cursor, `(*cursor)++`, writes to no object that has a number's type (C17 6.5p7).
 */
export function writesPointersAlone(context: AnalysisContext, head: BlockId): boolean {
  return keptIn(pointersAloneByHead(context), head, () => findsPointersAlone(context, head));
}

function findsPointersAlone({ flow, ir }: AnalysisContext, head: BlockId): boolean {
  for (const block of flow.loopBlocks.get(head) ?? []) {
    const { instructions } = ir.blocks[block];
    for (const [position, instruction] of instructions.entries()) {
      if (instruction.op === 'call' || instruction.op === 'escape' || instruction.op === 'forget') return false;
      if (instruction.op !== 'store') continue;
      if (variableAt(instructions, position, instruction.address) !== undefined) continue;
      const target = sourceOf(instructions, position, instruction.address);
      if (!target?.isLoaded || target.isMember || ir.variables[target.variable].pointerDepth < 2) return false;
    }
  }
  return true;
}

/** The variable that a register is a part of, or that holds the pointer from which the register was computed. */
function sourceOf(
  instructions: readonly Instruction[],
  position: number,
  from: Register,
): { readonly variable: VariableId; readonly isLoaded: boolean; readonly isMember: boolean } | undefined {
  let register = from;
  let isMember = false;
  for (let steps = 0; steps < MAXIMUM_STEPS; steps++) {
    const definition = definitionOf(instructions, position, register);
    if (definition?.op === 'variable') return { variable: definition.variable, isLoaded: false, isMember };
    if (definition?.op === 'load') {
      const variable = variableAt(instructions, position, definition.address);
      return variable === undefined ? undefined : { variable, isLoaded: true, isMember };
    }
    if (definition?.op === 'field') isMember = true;
    if (definition?.op === 'element' || definition?.op === 'field') register = definition.base;
    else if (definition?.op === 'binary' && /^[-+]$/.test(definition.operator)) register = definition.left;
    else return undefined;
  }
  return undefined;
}
