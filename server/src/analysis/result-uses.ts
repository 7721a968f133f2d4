import { keptIn, keptPer } from '../base/kept.ts';
import { variableAt } from '../ir/definitions.ts';
import type { FunctionIr, Register, VariableId } from '../ir/instructions.ts';
import type { CallInstruction } from './calls.ts';
import type { AnalysisContext } from './context.ts';
import type { Place } from './regions.ts';
import { resultVariable } from './release-names.ts';
import { siteKey } from './state.ts';

/*
 * What becomes of the result of a call directly behind it: who asks it at once, or answers it in turn, goes by it.
 */

/** Blocks behind a call that are looked at for a test of its result. */
const MAXIMUM_BLOCKS = 4;

const testedResults = keptPer((_: FunctionIr) => new Map<number, boolean>());

/** True when the first branch behind a call asks its result, and no other call stands in between. */
export function isResultTested({ ir }: AnalysisContext, call: CallInstruction, place: Place): boolean {
  const key = siteKey(place.block, place.instruction);
  return keptIn(testedResults(ir), key, () => findsTest(ir, call, place));
}

const returnedResults = keptPer((_: FunctionIr) => new Map<number, boolean>());

/** True when the number that a call answers is what the function answers, and no other call stands in between. */
export function isResultReturned({ ir }: AnalysisContext, call: CallInstruction, place: Place): boolean {
  if (ir.returnType.includes('*')) return false;
  const key = siteKey(place.block, place.instruction);
  return keptIn(returnedResults(ir), key, () => findsReturn(ir, call, place));
}

function findsReturn(ir: FunctionIr, call: CallInstruction, { block, instruction }: Place): boolean {
  const registers = new Set<Register>([call.destination]);
  const variables = new Set<VariableId>();
  let position = instruction + 1;
  for (let id = block, count = 0; count < MAXIMUM_BLOCKS; count++, position = 0) {
    const { instructions, terminator } = ir.blocks[id];
    for (; position < instructions.length; position++) {
      const next = instructions[position];
      if (next.op === 'call') return false;
      if (next.op === 'load') {
        const variable = variableAt(instructions, position, next.address);
        if (variable !== undefined && variables.has(variable)) registers.add(next.destination);
        else registers.delete(next.destination);
      } else if (next.op === 'store') {
        const variable = variableAt(instructions, position, next.address);
        if (variable === undefined) continue;
        if (registers.has(next.value)) variables.add(variable);
        else variables.delete(variable);
      } else if ('destination' in next) registers.delete(next.destination);
    }
    if (terminator.kind === 'return') return terminator.value !== undefined && registers.has(terminator.value);
    if (terminator.kind !== 'goto') return false;
    id = terminator.target;
  }
  return false;
}

function findsTest(ir: FunctionIr, call: CallInstruction, { block, instruction }: Place): boolean {
  const variable = resultVariable(ir, block, instruction);
  let position = instruction + 1;
  let isRead = false;
  for (let id = block, count = 0; count < MAXIMUM_BLOCKS; count++, position = 0) {
    const { instructions, terminator } = ir.blocks[id];
    for (; position < instructions.length; position++) {
      const { op } = instructions[position];
      if (op === 'call') return false;
      const next = instructions[position];
      if (next.op === 'load')
        isRead ||= variable !== undefined && variableAt(instructions, position, next.address) === variable;
      else if (next.op === 'binary' || next.op === 'unary') {
        const operands = next.op === 'binary' ? [next.left, next.right] : [next.operand];
        isRead ||= id === block && operands.includes(call.destination);
      }
    }
    if (terminator.kind === 'branch') return isRead || (id === block && terminator.condition === call.destination);
    if (terminator.kind !== 'goto') return false;
    id = terminator.target;
  }
  return false;
}
