import type { NodeKind } from '../syntax/generated/node-kinds.ts';
import type { TypeTerm } from './type-terms.ts';

/**
 * The three-address intermediate representation of one function: basic blocks of instructions over virtual registers.
 *
 * Memory is addressed as in LLVM: `variable`, `field` and `element` compute addresses, `load` and `store` go through
 * them. Every offset is in UTF-16 code units from the beginning of the function's top-level item, so the representation
 * stays valid when an edit elsewhere in the file moves the function.
 */

/** A virtual register: numbered from 0 within one full expression, written once there, dead at its end. */
export type Register = number;
/** The number of a variable in `FunctionIr.variables`. */
export type VariableId = number;
/** The number of a basic block in `FunctionIr.blocks`. */
export type BlockId = number;

/** Where an instruction comes from in the source. Inside an inlined macro that is the whole call of the macro. */
export interface Origin {
  readonly start: number;
  readonly end: number;
}

export type Instruction =
  | { readonly op: 'constant'; readonly destination: Register; readonly value: number }
  /** The address of a string literal. */
  | { readonly op: 'string'; readonly destination: Register; readonly origin: Origin; readonly text: string }
  /** The address of a function that is not called here, or of a label: then the name is written `&&label`. */
  | { readonly op: 'function'; readonly destination: Register; readonly name: string }
  /** A value that nothing is known of, the same each time `key` is met (an enumerator, a configuration choice). */
  | { readonly op: 'named'; readonly destination: Register; readonly key: string }
  /** The size of a type or of an expression that is not evaluated (C17 6.5.3.4). */
  | {
      readonly op: 'sizeof';
      readonly destination: Register;
      readonly key: string;
      readonly type: TypeTerm;
      /** The operand's text, where it is an expression. */
      readonly operand: Origin | undefined;
    }
  /** The value becomes a pointer to this type: by a cast, an assignment, an initialiser or a return. */
  | { readonly op: 'convert'; readonly value: Register; readonly pointee: TypeTerm; readonly origin: Origin }
  /** A value that nothing is known of, another one each time. */
  | { readonly op: 'unknown'; readonly destination: Register; readonly origin: Origin }
  | { readonly op: 'variable'; readonly destination: Register; readonly variable: VariableId }
  /** The address of a member. `of` is the structure's type, as far as declarations say it. */
  | {
      readonly op: 'field';
      readonly destination: Register;
      readonly base: Register;
      readonly name: string;
      readonly of: TypeTerm;
    }
  /** The address of the element `index` of what `base` points to; also pointer arithmetic. */
  | {
      readonly op: 'element';
      readonly destination: Register;
      readonly base: Register;
      readonly index: Register;
      readonly type: TypeTerm;
    }
  | {
      readonly op: 'load';
      readonly destination: Register;
      readonly address: Register;
      readonly origin: Origin;
      /** The pointer expression that is dereferenced, if the lvalue goes through one. */
      readonly pointer: Origin | undefined;
    }
  | {
      readonly op: 'store';
      readonly address: Register;
      readonly value: Register;
      readonly origin: Origin;
      readonly pointer: Origin | undefined;
      /** The store goes to `*p` where `p` may point to any pointer of the program: what they hold is unknown after it. */
      readonly mayWritePointers: boolean;
    }
  | {
      readonly op: 'binary';
      readonly destination: Register;
      readonly operator: string;
      readonly left: Register;
      readonly right: Register;
    }
  | { readonly op: 'unary'; readonly destination: Register; readonly operator: string; readonly operand: Register }
  | {
      readonly op: 'call';
      readonly destination: Register;
      /** The called name, or '' for a call through a pointer. */
      readonly callee: string;
      /** The called pointer, for a call through one. */
      readonly pointer: Register | undefined;
      /** `.name` when the pointer is a member that is named as an allocator, else ''. */
      readonly hook: string;
      readonly arguments: readonly Register[];
      readonly argumentOrigins: readonly Origin[];
      readonly origin: Origin;
      /** True when the scope's end makes this call (a cleanup attribute), not the program's text. */
      readonly isImplicit: boolean;
      /** The value is used, so that a caller may learn from it. */
      readonly isResultUsed: boolean;
      /** The macros whose bodies the call stands in, outermost first, separated by spaces; '' for none. */
      readonly macro: string;
    }
  /** The variable enters its scope without a value. */
  | { readonly op: 'declare'; readonly variable: VariableId }
  /** The variables leave their scope, in this order. */
  | { readonly op: 'scope-end'; readonly variables: readonly VariableId[]; readonly origin: Origin }
  /** A full expression ends (a sequence point, C17 6.8.4): no register is alive behind it. */
  | { readonly op: 'sequence-point'; readonly point?: InsertionPoint }
  /** The value goes where the analysis cannot follow it. */
  | {
      readonly op: 'escape';
      readonly value: Register;
      /** Unless the types say which part of a variable it initialises, by its positions in lists within lists. */
      readonly initialises?: { readonly variable: VariableId; readonly path: readonly ListPosition[] };
    }
  /** Something that was not understood mentions these variables; nothing they hold is tracked any longer. */
  | { readonly op: 'forget'; readonly variables: readonly VariableId[]; readonly forgetsMemory: boolean };

/** Where a value stands in an initialiser list. */
export interface ListPosition {
  readonly position: number;
  /** The positions in front of it whose values have no braces of their own. */
  readonly unbraced: readonly number[];
}

/**
 * A place between the statements of the function's own text where a repair may put another: in front of a statement, at the
 * end of a block, or in the `else` that an `if` does not have. Only a function that is lowered for its repairs has them.
 */
export interface InsertionPoint {
  readonly side: 'before' | 'end' | 'otherwise';
  /** The statement, the block or the `if`. */
  readonly kind: NodeKind;
  readonly origin: Origin;
}

export type Terminator =
  | { readonly kind: 'goto'; readonly target: BlockId }
  | {
      readonly kind: 'branch';
      readonly condition: Register;
      readonly whenTrue: BlockId;
      readonly whenFalse: BlockId;
      readonly origin: Origin;
      /** The test stands in an inlined macro: it is no evidence about its caller. */
      readonly isInlined: boolean;
      /** The macro leaves the function by what it finds: it asks what its caller wants to know. */
      readonly isLeaving?: boolean;
      /** The last label of a `switch` without `default`: where the test is false, none of them is the value's. */
      readonly isLastLabel?: boolean;
      /** The branch is a `#if`'s. */
      readonly configuration?: ConfigurationChoice;
    }
  | {
      readonly kind: 'return';
      readonly value: Register | undefined;
      readonly origin: Origin;
      /** A check that a program without mistakes passes leaves the function (`g_return_if_fail`). */
      readonly isCheck?: boolean;
    }
  /** Control never gets here (after a call that does not return), or the function's text ends in no return. */
  | { readonly kind: 'unreachable' };

/** A conditional group that is left open: programs are built with either branch. */
export interface ConfigurationChoice {
  /** By condition, from 0; at most 30. */
  readonly number: number;
  /** Which answer is usual: the first branch where there is another one, else to leave the branch out. */
  readonly usual: boolean;
  /** A bit for each choice that is about the same names, or stands around this one. */
  readonly related: number;
}

export interface BasicBlock {
  readonly id: BlockId;
  readonly instructions: Instruction[];
  terminator: Terminator;
  /** So many registers of an unfinished full expression may be alive at the block's entry; 0 between statements. */
  readonly liveRegisters: number;
}

export interface Variable {
  readonly id: VariableId;
  readonly name: string;
  readonly kind: 'local' | 'parameter' | 'static' | 'global' | 'temporary';
  /** Declared as an array: its name is its address. */
  readonly isArray: boolean;
  /** How many pointers the declarator shows. A typedef may hide more. */
  readonly pointerDepth: number;
  readonly type: TypeTerm;
  /** The type as written, without the declarator. */
  readonly typeText: string;
  /** A name that is taken for a variable outside of functions although no declaration of it is in sight. */
  readonly isUndeclared?: boolean;
  /** It points to another address space, in which 0 may be an address as others are. */
  readonly isElsewhere?: boolean;
  /** A function called with the variable's address when it leaves its scope. */
  readonly cleanup: string | undefined;
  /** The declarator's name, in the function's item. Empty for globals and temporaries. */
  readonly origin: Origin;
}

export interface FunctionIr {
  readonly name: string;
  readonly parameters: readonly VariableId[];
  /** By position: the parameter is a pointer to const. */
  readonly isVariadic: boolean;
  readonly isStatic: boolean;
  /** The return type as written, pointers included, e.g. `struct node *`. */
  readonly returnType: string;
  /** It returns a pointer to const: what that leads to is not its callers' to free. */
  readonly givesConst: boolean;
  readonly variables: readonly Variable[];
  readonly blocks: readonly BasicBlock[];
  readonly entry: BlockId;
  /** Declared to never return. */
  readonly isNoreturn: boolean;
  /** Some of the text was not understood: nothing may be concluded from what is absent. */
  readonly isPartial: boolean;
  /** The first place that the lowering made nothing of, although the grammar did. */
  readonly misread: Origin | undefined;
  /** Offsets in `text` of arguments that are statements or operators and were lowered in the bodies of their macros. */
  readonly argumentsRead: ReadonlySet<number>;
  /** All names that are called, sorted. */
  readonly callees: readonly string[];
  /** Structures and unions that the function itself declares, by tag. */
  readonly localTypes: ReadonlyMap<string, TypeTerm>;
  /** The text of the function's item as it was parsed; origins are ranges of it. */
  readonly text: string;
  /** Its macros were written out: places in what a macro made are those of its use. */
  readonly isExpanded: boolean;
  /** The closing brace, where control falls off the end. */
  readonly closing: Origin;
}

/** Where control can go from a block: a condition that is a constant has one answer. */
export function takenSuccessors({ instructions, terminator }: BasicBlock): BlockId[] {
  if (terminator.kind === 'branch') {
    for (let i = instructions.length - 1; i >= 0; i--) {
      const instruction = instructions[i];
      if (!('destination' in instruction) || instruction.destination !== terminator.condition) continue;
      if (instruction.op !== 'constant') break;
      return [instruction.value === 0 ? terminator.whenFalse : terminator.whenTrue];
    }
  }
  return successors(terminator);
}

/** The blocks that a terminator may go to. */
export function successors(terminator: Terminator): BlockId[] {
  if (terminator.kind === 'goto') return [terminator.target];
  if (terminator.kind === 'branch') return [terminator.whenTrue, terminator.whenFalse];
  return [];
}
