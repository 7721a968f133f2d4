import { Field, NodeKind } from '../syntax/generated/node-kinds.ts';
import type { RewrittenArgument } from '../syntax/macro-body.ts';
import { childByField, NO_NODE, type NodeIndex, type SyntaxArrays } from '../syntax/syntax-arrays.ts';
import type {
  BasicBlock,
  BlockId,
  InsertionPoint,
  Instruction,
  Origin,
  Register,
  Terminator,
  Variable,
  VariableId,
} from './instructions.ts';
import type { LoweringEnvironment } from './lowering-environment.ts';
import { type TypeTerm, typeOfVariable, UNKNOWN_TYPE } from './type-terms.ts';

/** An argument of an inlined macro: it is lowered where the macro's body mentions its parameter. */
export interface Argument {
  readonly frame: Frame;
  readonly node: NodeIndex;
}

/** The text that is being lowered: the function's own, or the body of a macro inside it. */
export interface Frame {
  readonly tree: SyntaxArrays;
  readonly macro: string;
  readonly substitutions: ReadonlyMap<string, Argument>;
  /** The arguments that a variadic macro's last parameter stands for, none or more. */
  readonly rest: { readonly parameter: string; readonly arguments: readonly Argument[] } | undefined;
  /** Inside a macro: the call, which stands for every position in the body. */
  readonly origin: Origin | undefined;
  readonly depth: number;
  /** Arguments that are no expressions, by the offset of what stands for them. */
  readonly rewrittenAt: (offset: number) => RewrittenArgument | undefined;
  /** The cleanup function that an annotation inside a range gives its declaration, if any. */
  readonly cleanupWithin: (start: number, end: number) => string | undefined;
}

interface Scope {
  /** The node that opens the scope, in the function's own frame; NO_NODE inside macros. */
  readonly node: NodeIndex;
  readonly names: Map<string, VariableId>;
  readonly variables: VariableId[];
  /** Statements that run where the scope ends, each with the number of variables that were declared before it. */
  readonly deferred: { readonly lower: () => void; readonly behind: number }[];
}

interface JumpTarget {
  readonly block: BlockId;
  readonly scopeDepth: number;
}

/** Macros inlined in one another deeper than this are left as calls. */
export const MAXIMUM_MACRO_DEPTH = 8;
/** Macros in the arguments of macros double the text with every level; what they make is bounded, and the rest left as calls. */
const MAXIMUM_INLINED_INSTRUCTIONS = 6_000;
/** A function with more instructions is cut: what is behind the cut is unknown, and said to be. */
const MAXIMUM_INSTRUCTIONS = 60_000;

/**
 * The state of lowering one function: the blocks so far, the scopes that are open, the frame being read. The lowering of
 * statements, declarations and expressions are functions over it, in files of their own.
 */
export class Lowering {
  readonly blocks: BasicBlock[] = [];
  readonly variables: Variable[] = [];
  readonly callees = new Set<string>();
  readonly localTypes = new Map<string, TypeTerm>();
  /** The name whose initialiser is being lowered: `T *p = malloc(sizeof *p)` measures what it declares (C17 6.2.1.7). */
  declaring: { readonly name: string; readonly type: TypeTerm } | undefined;
  functionName = '';
  /** What the function returns. */
  returnType: TypeTerm = UNKNOWN_TYPE;
  readonly environment: LoweringEnvironment;
  readonly globals = new Map<string, VariableId>();
  readonly scopes: Scope[] = [];
  readonly breakTargets: JumpTarget[] = [];
  readonly continueTargets: JumpTarget[] = [];
  readonly labels = new Map<string, { block: BlockId; scopes: readonly NodeIndex[] }>();
  /** The conditional groups left open so far, by the normal form of their conditions. */
  readonly configurations = new Map<string, { readonly number: number; readonly usual: boolean }>();
  /** A bit for each open group around the statement being lowered. */
  configurationsAround = 0;
  /** Labels whose address is taken (GNU's `&&label`): where a computed `goto` may lead. */
  readonly addressedLabels = new Set<string>();
  /** Blocks of the `case` labels of the switches that are open, by node. */
  readonly caseBlocks = new Map<string, BlockId>();
  frame: Frame;
  current: BasicBlock;
  isPartial = false;
  /** The condition that is being lowered is one of a macro that leaves the function by it. */
  isLeaving = false;
  /** What is being lowered is an argument of a macro that is left as a call: what it tests is the macro's care. */
  isInOpenMacro = false;
  /** What is being lowered may not be evaluated: what it goes through need not be there. */
  isSkipped = false;
  /** A cast that is `(a) && b`, of which `a` was lowered already. */
  regrouped: { readonly tree: SyntaxArrays; readonly cast: NodeIndex } | undefined;
  /** The first place that was not understood. */
  misread: Origin | undefined;
  /** By the offset of an argument that is no expression and went into the body of its macro: the offset of the macro's use. */
  readonly argumentsInBodies = new Map<number, number>();
  /** Offsets of arguments that are no expressions, and of uses of macros with one, that nothing was made of. */
  readonly forgottenArguments = new Set<number>();
  readonly #marksPoints: boolean;
  #registers = 0;
  #expressionDepth = 0;
  #instructionCount = 0;
  #inlinedCount = 0;

  /** `marksPoints`: the places where a statement could be put are marked. */
  constructor(tree: SyntaxArrays, environment: LoweringEnvironment, marksPoints = false) {
    this.environment = environment;
    this.#marksPoints = marksPoints;
    this.frame = {
      tree,
      macro: '',
      substitutions: new Map(),
      rest: undefined,
      origin: undefined,
      depth: 0,
      rewrittenAt: (offset) => environment.rewrittenArgumentAt(offset),
      cleanupWithin: (start, end) => environment.cleanupWithin(start, end),
    };
    this.current = this.newBlock();
  }

  get tree(): SyntaxArrays {
    return this.frame.tree;
  }

  // --- blocks -------------------------------------------------------------------------------------------------------

  newBlock(): BasicBlock {
    const block: BasicBlock = {
      id: this.blocks.length,
      instructions: [],
      terminator: { kind: 'unreachable' },
      liveRegisters: this.#expressionDepth > 0 ? this.#registers : 0,
    };
    this.blocks.push(block);
    return block;
  }

  /** The bodies of macros have taken their share of the function: further uses of macros are calls. */
  get isInliningDone(): boolean {
    return this.#inlinedCount > MAXIMUM_INLINED_INSTRUCTIONS;
  }

  emit(instruction: Instruction): void {
    if (this.frame.depth > 0) this.#inlinedCount++;
    if (++this.#instructionCount > MAXIMUM_INSTRUCTIONS) {
      this.isPartial = true;
      return;
    }
    this.current.instructions.push(instruction);
  }

  get marksPoints(): boolean {
    return this.#marksPoints && this.frame.origin === undefined && this.#expressionDepth === 0;
  }

  /** Marks a place where a statement could be put, if somebody wants to know. */
  markPoint(side: InsertionPoint['side'], node: NodeIndex): void {
    if (!this.marksPoints) return;
    this.emit({ op: 'sequence-point', point: { side, kind: this.kind(node), origin: this.origin(node) } });
  }

  /** Ends the current block and goes on with a new one, which nothing reaches unless something jumps there. */
  terminate(terminator: Terminator): void {
    this.current.terminator = terminator;
    this.current = this.newBlock();
  }

  /** Ends the current block with a jump to `target`, and goes on there. */
  continueIn(target: BasicBlock): void {
    this.current.terminator = { kind: 'goto', target: target.id };
    this.current = target;
  }

  /** Ends the current block with a jump to `target`, without going on anywhere: the caller sets `current` next. */
  finishWithGoto(target: BasicBlock): void {
    this.current.terminator = { kind: 'goto', target: target.id };
  }

  jump(target: BasicBlock): void {
    this.terminate({ kind: 'goto', target: target.id });
  }

  // --- registers ----------------------------------------------------------------------------------------------------

  newRegister(): Register {
    return this.#registers++;
  }

  /** Lowers one full expression; its registers are numbered from 0 again unless it stands inside another. */
  fullExpression<T>(lower: () => T): T {
    const registers = this.#registers;
    if (this.#expressionDepth === 0) this.#registers = 0;
    this.#expressionDepth++;
    try {
      return lower();
    } finally {
      this.#expressionDepth--;
      if (this.#expressionDepth > 0) this.#registers = Math.max(registers, this.#registers);
      else if (this.current.instructions.some((instruction) => instruction.op === 'call'))
        this.emit({ op: 'sequence-point' });
    }
  }

  /**
   * Lowers statements that stand where an expression is read (the body of a macro). When nothing of the expression was
   * computed yet, they are as good as statements of their own, and their blocks carry no registers.
   */
  statementsInExpression(lower: () => void): void {
    const depth = this.#expressionDepth;
    if (this.#registers === 0) this.#expressionDepth = 0;
    lower();
    this.#expressionDepth = depth;
  }

  // --- positions ----------------------------------------------------------------------------------------------------

  origin(node: NodeIndex): Origin {
    if (this.frame.origin) return this.frame.origin;
    return this.place(this.tree.start[node], this.tree.end[node]);
  }

  /** A place in the function's text, for one in the text of its syntax. */
  place(start: number, end: number): Origin {
    return this.tree.places?.originOf(start, end) ?? { start, end };
  }

  /** True where what is tested is a macro's care. */
  get isTestedByMacro(): boolean {
    return this.frame.depth > 0 || this.isInOpenMacro;
  }

  /** True where the text of a node was made by a macro: what is tested there says nothing of its user. */
  isInMacro(node: NodeIndex): boolean {
    return this.frame.depth > 0 || this.macroAround(node) !== '';
  }

  /** A macro was written out where the node stands: what of it is the macro's, and what its caller's, is not known any more. */
  isWrittenOut(node: NodeIndex): boolean {
    return (this.tree.places?.macroAt(this.tree.start[node]) ?? '') !== '';
  }

  /** The macros that made a node, outermost first. */
  macroAround(node: NodeIndex): string {
    const { places } = this.tree;
    const name = places?.macroAt(this.tree.start[node]) ?? '';
    return name === '' ? this.frame.macro : `${this.frame.macro} ${name}`;
  }

  /** The source text of a node. */
  text(node: NodeIndex): string {
    return this.tree.text.slice(this.tree.start[node], this.tree.end[node]);
  }

  kind(node: NodeIndex): NodeKind {
    return this.tree.kind[node];
  }

  child(node: NodeIndex, field: Field): NodeIndex {
    return childByField(this.tree, node, field);
  }

  /** The node inside any number of parentheses; statement expressions stay as they are. */
  unparenthesised(node: NodeIndex): NodeIndex {
    let inner = node;
    while (this.kind(inner) === NodeKind.ParenthesizedExpression) {
      const child = inner + 1;
      if (child >= this.tree.next[inner] || this.kind(child) === NodeKind.CompoundStatement) return inner;
      inner = child;
    }
    return inner;
  }

  /** The text of a node's `operator` field. */
  operator(node: NodeIndex): string {
    const operator = this.child(node, Field.Operator);
    return operator === NO_NODE ? '' : this.text(operator);
  }

  // --- names and scopes -----------------------------------------------------------------------------------------------

  addVariable(variable: Omit<Variable, 'id'>): VariableId {
    const id = this.variables.length;
    this.variables.push({ ...variable, id });
    return id;
  }

  /** A variable that the program does not name; with a type, it is the object of a compound literal. */
  newTemporary(typeText = ''): VariableId {
    return this.addVariable({
      name: '',
      kind: 'temporary',
      isArray: false,
      pointerDepth: 0,
      type: UNKNOWN_TYPE,
      typeText,
      cleanup: undefined,
      origin: { start: 0, end: 0 },
    });
  }

  openScope(node: NodeIndex): void {
    this.scopes.push({ node: this.frame.origin ? NO_NODE : node, names: new Map(), variables: [], deferred: [] });
  }

  /** The local variable that the innermost scope has declared under a name. */
  declaredHere(name: string): VariableId | undefined {
    const id = this.scopes[this.scopes.length - 1].names.get(name);
    return id !== undefined && this.variables[id].kind === 'local' ? id : undefined;
  }

  declare(name: string, id: VariableId): void {
    const scope = this.scopes[this.scopes.length - 1];
    if (scope.names.get(name) === id) return;
    scope.names.set(name, id);
    if (this.variables[id].kind === 'local') scope.variables.push(id);
  }

  lookUp(name: string): VariableId | undefined {
    for (let i = this.scopes.length - 1; i >= 0; i--) {
      const id = this.scopes[i].names.get(name);
      if (id !== undefined) return id;
    }
    return this.globals.get(name);
  }

  global(name: string, type = UNKNOWN_TYPE): VariableId {
    let id = this.globals.get(name);
    if (id === undefined) {
      const declared = this.environment.fileVariable(name);
      id = this.addVariable({
        name,
        kind: 'global',
        isArray: declared?.isArray ?? false,
        isUndeclared: declared === undefined && type === UNKNOWN_TYPE,
        pointerDepth: 0,
        type: type === UNKNOWN_TYPE && declared ? typeOfVariable(declared) : type,
        typeText: '',
        cleanup: undefined,
        origin: { start: 0, end: 0 },
      });
      this.globals.set(name, id);
    }
    return id;
  }

  /** The nodes of the scopes that are open, outermost first: what a jump to here has to leave the others up to. */
  scopeNodes(): NodeIndex[] {
    return this.scopes.map((scope) => scope.node);
  }

  /** How many of the open scopes also enclose a place with the given chain of scopes. */
  commonScopeDepth(chain: readonly NodeIndex[]): number {
    let depth = 0;
    while (depth < this.scopes.length && depth < chain.length && this.scopes[depth].node === chain[depth]) depth++;
    return depth;
  }
}
