import type { FunctionIr, Instruction, Register, Terminator } from './instructions.ts';

type Branch = Extract<Terminator, { kind: 'branch' }>;

/** What a called name is to the effect of a macro: it matters, it never does, or it does where an argument reaches it. */
export type CalleeKind = 'memory' | 'harmless' | 'unknown';

/** What a jump to a label of the macro's user returns in the text that stands for its use, with the label behind it. */
export const JUMP = 'goto ';

/** Symbolic values longer than this are cut: two that differ only behind it are taken for different by their count. */
const MAXIMUM_TEXT = 200;
const MAXIMUM_EFFECTS = 200;

/**
 * What a macro does to its arguments and to memory, as text that is equal for two definitions with the same effect: which
 * functions get which arguments, what is stored through them, whether it returns, and what its value is. Read off the blocks of
 * a function with the macro's parameters whose body is one use of the macro; locals stand for what was assigned to them, and a
 * NULL test of an argument counts for nothing, so that `free(p)` and `do { T *q = p; if (q) free(q); } while (0)` are equal.
 * Undefined when the body was not understood.
 */
export function macroEffect(ir: FunctionIr, kindOf: (callee: string) => CalleeKind): string | undefined {
  return new EffectReader(ir, kindOf).read();
}

class EffectReader {
  readonly #ir: FunctionIr;
  readonly #kindOf: (callee: string) => CalleeKind;
  readonly #parameters: ReadonlySet<number>;
  readonly #registers = new Map<Register, string>();
  readonly #variables = new Map<number, string>();
  readonly #effects = new Set<string>();
  #isUnderstood = true;

  constructor(ir: FunctionIr, kindOf: (callee: string) => CalleeKind) {
    this.#ir = ir;
    this.#kindOf = kindOf;
    this.#parameters = new Set(ir.parameters);
    for (const [position, id] of ir.parameters.entries()) this.#variables.set(id, `$${position}`);
  }

  read(): string | undefined {
    for (const block of this.#reachable()) {
      for (const instruction of block.instructions) this.#take(instruction);
      const { terminator } = block;
      if (terminator.kind === 'branch') {
        const condition = this.#value(terminator.condition);
        if (mentionsArgument(condition) && !isNullTest(condition)) this.#add(`if ${condition}`);
        else if (mentionsArgument(condition)) this.#addLeaving(condition, terminator);
      } else if (terminator.kind === 'return' && terminator.origin !== this.#ir.closing) {
        this.#add(`return ${terminator.value === undefined ? '' : this.#value(terminator.value)}`);
      }
    }
    return this.#isUnderstood ? [...this.#effects].sort().join('\n') : undefined;
  }

  /** On which answer of a NULL test the macro jumps away, however the test is written. */
  #addLeaving(condition: string, { whenTrue, whenFalse }: Branch): void {
    const { asked, isNegated } = question(condition);
    for (const [target, answer] of [whenTrue, whenFalse].entries()) {
      const { instructions } = this.#ir.blocks[answer];
      if (!instructions.some((each) => each.op === 'named' && each.key.startsWith(JUMP))) continue;
      this.#add(`leaves ${(target === 0) === isNegated ? 'unless' : 'if'} ${asked}`);
    }
  }

  /** The blocks that control can reach, a branch on a constant deciding, in breadth-first order. */
  #reachable(): FunctionIr['blocks'] {
    const { blocks, entry } = this.#ir;
    const order: FunctionIr['blocks'][number][] = [];
    const seen = new Set([entry]);
    for (const id of seen) {
      const block = blocks[id];
      order.push(block);
      const { terminator } = block;
      if (terminator.kind === 'goto') seen.add(terminator.target);
      else if (terminator.kind === 'branch') {
        const last = block.instructions.findLast((each) => 'destination' in each);
        const constant = last?.op === 'constant' && last.destination === terminator.condition ? last.value : undefined;
        if (constant !== 0) seen.add(terminator.whenTrue);
        if (constant === undefined || constant === 0) seen.add(terminator.whenFalse);
      }
    }
    return order;
  }

  #add(effect: string): void {
    if (this.#effects.size < MAXIMUM_EFFECTS) this.#effects.add(effect);
  }

  #value(register: Register): string {
    return this.#registers.get(register) ?? '?';
  }

  #set(register: Register, text: string): void {
    this.#registers.set(register, text.length > MAXIMUM_TEXT ? `${text.slice(0, MAXIMUM_TEXT)}…${text.length}` : text);
  }

  #take(instruction: Instruction): void {
    switch (instruction.op) {
      case 'constant':
        this.#set(instruction.destination, String(instruction.value));
        break;
      case 'string':
        this.#set(instruction.destination, '""');
        break;
      case 'function':
        this.#set(instruction.destination, instruction.name);
        break;
      case 'named':
        this.#set(instruction.destination, instruction.key);
        break;
      case 'unknown':
        this.#set(instruction.destination, '?');
        break;
      case 'variable':
        this.#set(instruction.destination, `&#${instruction.variable};`);
        break;
      case 'field':
        this.#set(instruction.destination, `${this.#value(instruction.base)}.${instruction.name}`);
        break;
      case 'element':
        this.#set(instruction.destination, `${this.#value(instruction.base)}[${this.#value(instruction.index)}]`);
        break;
      case 'load':
        this.#set(instruction.destination, this.#load(this.#value(instruction.address)));
        break;
      case 'store':
        this.#store(this.#value(instruction.address), this.#value(instruction.value));
        break;
      case 'binary': {
        const { operator, left, right } = instruction;
        this.#set(instruction.destination, `(${this.#value(left)} ${operator} ${this.#value(right)})`);
        break;
      }
      case 'unary':
        this.#set(instruction.destination, `${instruction.operator}(${this.#value(instruction.operand)})`);
        break;
      case 'call':
        this.#call(instruction);
        break;
      case 'forget':
        this.#isUnderstood = false;
        break;
      default:
        break;
    }
  }

  #load(address: string): string {
    const id = variableOf(address);
    if (id === undefined) return `*(${address})`;
    const known = this.#variables.get(id);
    if (known !== undefined) return known;
    const { kind, name } = this.#ir.variables[id];
    return kind === 'global' || kind === 'static' ? name : '?';
  }

  #store(address: string, value: string): void {
    const id = variableOf(address);
    const { kind } = id === undefined ? { kind: 'global' } : this.#ir.variables[id];
    if (id !== undefined && !this.#parameters.has(id) && kind !== 'global') {
      const before = this.#variables.get(id);
      if (before !== undefined && before !== value)
        this.#variables.set(id, `${before}|${value}`.slice(0, MAXIMUM_TEXT));
      else this.#variables.set(id, value);
      return;
    }
    // Assigning an argument is seen by the macro's user; it does not change what the argument was.
    if (id !== undefined && this.#parameters.has(id)) this.#add(`&$${this.#ir.parameters.indexOf(id)} := ${value}`);
    else if (mentionsArgument(address)) this.#add(`${address} := ${value}`);
    else if (id !== undefined && mentionsArgument(value)) this.#add(`${this.#ir.variables[id].name} := ${value}`);
  }

  #call({ callee, pointer, arguments: registers, destination }: Extract<Instruction, { op: 'call' }>): void {
    const name = callee === '' && pointer !== undefined ? `(${this.#value(pointer)})` : callee;
    const text = `${name}(${registers.map((register) => this.#value(register)).join(', ')})`;
    const kind = callee === '' ? 'unknown' : this.#kindOf(callee);
    if (kind === 'memory' || (kind === 'unknown' && registers.some((each) => mentionsArgument(this.#value(each)))))
      this.#add(text);
    this.#set(destination, text);
  }
}

/** The variable whose address the text is. */
function variableOf(address: string): number | undefined {
  const match = /^&#(\d+);$/.exec(address);
  return match ? Number(match[1]) : undefined;
}

function mentionsArgument(text: string): boolean {
  return text.includes('$');
}

/** What a NULL test asks, and whether it is true where the answer is no. */
function question(condition: string): { readonly asked: string; readonly isNegated: boolean } {
  let asked = condition;
  let isNegated = false;
  for (;;) {
    const [, compared, operator] = /^\((.*) ([!=]=) 0\)$/.exec(asked) ?? [];
    const inner = compared ?? /^!\((.*)\)$/.exec(asked)?.[1];
    if (inner === undefined) return { asked, isNegated };
    if (operator !== '!=') isNegated = !isNegated;
    asked = inner;
  }
}

/** A comparison of an argument, or of what it points to, with NULL. */
function isNullTest(condition: string): boolean {
  return /^(?:!\()*\(?\**\(*\$\d+\)*(?: [!=]= 0\))?\)*$/.test(condition);
}
