/** What one file says, read off its tokens without parsing: cheap enough for every file of a workspace. */
import { type ConstantVariable, readConstantVariables } from './constant-variables.ts';
import { type DirectiveFacts, directiveFacts } from './directive-facts.ts';
import { type Enumerator, readEnumerators } from './enumerators.ts';
import { FileDeclarations, type FunctionFact, type PrototypeFact } from './file-declarations.ts';
import { type FileVariable, readFileVariables } from './file-variables.ts';
import { type FunctionVariable, readFunctionVariables } from './function-variables.ts';
import { type HookFact, readHooks, readWrappers, type WrapperFact } from './hooks.ts';
import { ARROW, DOT, IDENTIFIER, type Tokens, tokenise } from './lexer.ts';
import { type Member, readMembers } from './members.ts';
import { changesLayout, type TypeFact } from './type-facts.ts';

export interface SourceFacts extends DirectiveFacts {
  readonly file: string;
  readonly length: number;
  readonly functions: readonly FunctionFact[];
  readonly prototypes: readonly PrototypeFact[];
  readonly typedefs: readonly string[];
  readonly enumerators: readonly Enumerator[];
  readonly members: readonly Member[];
  /** Declared outside of functions. */
  readonly variables: readonly FileVariable[];
  readonly constants: readonly ConstantVariable[];
  readonly functionVariables: readonly FunctionVariable[];
  /** The file's own definitions of types, except of those whose layout a pragma changes. */
  readonly types: readonly TypeFact[];
  /** Names mentioned behind `.` or `->`, each once. */
  readonly fields: readonly string[];
  /** What is stored in pointers to allocators. */
  readonly hooks: readonly HookFact[];
  readonly wrappers: readonly WrapperFact[];
}

/** Reads the facts of one file off its tokens. Any text gives facts; nothing throws. */
export function collectFacts(file: string, text: string, tokens: Tokens = tokenise(text)): SourceFacts {
  const reader = new FileDeclarations(tokens, text);
  reader.read();
  return {
    file,
    length: text.length,
    ...directiveFacts(file, tokens),
    functions: reader.functions,
    prototypes: reader.prototypes,
    typedefs: [...reader.typedefs],
    enumerators: readEnumerators(tokens),
    members: readMembers(tokens),
    variables: readFileVariables(tokens),
    constants: readConstantVariables(tokens),
    functionVariables: readFunctionVariables(tokens),
    types: changesLayout(text) ? reader.types.filter((type) => !type.text.includes('{')) : reader.types,
    fields: fieldNames(tokens),
    hooks: readHooks(tokens),
    wrappers: readWrappers(tokens, reader.functions),
  };
}

/** The names behind `.` and `->`, each once, in the order of the list of names. */
export function fieldNames({ kind, symbol, names, count }: Tokens): string[] {
  const isField = new Uint8Array(names.length);
  for (let index = 1; index < count; index++) {
    if (kind[index] !== IDENTIFIER) continue;
    const before = kind[index - 1];
    if (before === ARROW || before === DOT) isField[symbol[index]] = 1;
  }
  return names.filter((_, number) => isField[number] === 1);
}
