import { functionItem } from './analysed-file.ts';
import type { Program } from './program.ts';
import type { FunctionEntry, ProgramIndex } from './program-index.ts';

/** Names of functions that end objects. */
const ENDING = /free|destroy|delete|release|dispose|cleanup|close|fini(?![a-z])|Free|Destroy|Delete/;
/** Candidates whose bodies are read for one type. */
const MAXIMUM_CANDIDATES = 24;
/** Functions of other files whose names have fewer letters in common with the allocator's are about something else. */
const MINIMUM_LIKENESS = 3;

/** By index: the functions that such names have, as of a version. */
const known = new WeakMap<ProgramIndex, { readonly version: number; readonly entries: readonly FunctionEntry[] }>();

/** Whether a function frees its only argument, as its library or its body says; undefined where neither does. */
export function freesArgument(program: Program, name: string, file: string): boolean | undefined {
  const model = program.models.modelOf(name);
  if (model?.frees) return model.frees.argument === 0 && model.frees.parameters === 1 && !model.frees.isIndirect;
  const summary = program.summary(name, file, 1);
  if (!summary) return undefined;
  if (summary.cases.some(({ frees }) => frees.some(({ path }) => path.length === 1 && path[0] === 'p0'))) return true;
  return summary.isIncomplete || summary.cases.some(({ escapes }) => escapes.length > 0) ? undefined : false;
}

/** The type that a function returns, as its definition says. */
export function returnTypeOf(program: Program, name: string, file: string): string | undefined {
  const [entry] = program.index.definitions(name, file);
  const analysed = entry && program.analysed(entry.file);
  const item = analysed && functionItem(analysed, name);
  return item && program.lowered(analysed, item)?.returnType;
}

/**
 * The function that ends objects of a type: its name says so, its only parameter is of the type, and its body frees it. Of
 * several the one whose name begins as the allocator's does.
 */
export function destructorOf(program: Program, file: string, type: string, allocator: string): string | undefined {
  const { index } = program;
  const candidates = endingFunctions(index)
    .filter(
      ({ file: other, fact }) =>
        other === file || (!fact.isStatic && likeness(fact.name, allocator) >= MINIMUM_LIKENESS),
    )
    .sort(
      (a, b) =>
        likeness(b.fact.name, allocator) - likeness(a.fact.name, allocator) ||
        (a.fact.name < b.fact.name ? -1 : a.fact.name > b.fact.name ? 1 : 0),
    )
    .slice(0, MAXIMUM_CANDIDATES)
    .filter((entry) => takes(program, entry, type) && freesArgument(program, entry.fact.name, file));
  const [best, next] = candidates;
  if (!best) return undefined;
  const isClear =
    !next ||
    next.fact.name === best.fact.name ||
    likeness(best.fact.name, allocator) > likeness(next.fact.name, allocator);
  return isClear ? best.fact.name : undefined;
}

/** The function's parameter is a pointer to the type, as its head is written. */
function takes(program: Program, { file, fact }: FunctionEntry, type: string): boolean {
  const text = program.analysed(file)?.text.slice(fact.start, fact.bodyStart);
  return text !== undefined && new RegExp(`\\b${type}\\s*\\*\\s*\\w+\\s*[,;)]`).test(text);
}

function endingFunctions(index: ProgramIndex): readonly FunctionEntry[] {
  const before = known.get(index);
  if (before?.version === index.version) return before.entries;
  const entries: FunctionEntry[] = [];
  for (const name of index.functionNames()) {
    if (!ENDING.test(name)) continue;
    entries.push(...index.allDefinitions(name).filter(({ fact }) => fact.parameterCount === 1 && !fact.isVariadic));
  }
  known.set(index, { version: index.version, entries });
  return entries;
}

/** How many letters two names have in common at their beginning. */
function likeness(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}
