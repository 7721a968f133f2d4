import { detached } from '../base/detached.ts';
import { type FunctionModel, plainDeallocation } from '../models/function-model.ts';
import { meaningsOfAttributes } from '../source/attributes.ts';
import type { SourceFacts } from '../source/facts.ts';
import type { MacroDefinition } from '../source/macros.ts';
import { topLevelParts } from './top-level-parts.ts';

/** A function, and what a declaration says of it beyond its type. */
export interface DeclaredModel {
  readonly name: string;
  readonly model: FunctionModel;
}

const NOTHING: FunctionModel = { dereferences: [], reads: [], keeps: [], writes: [] };
/** Attribute lists longer than this are not read. */
const MAXIMUM_ATTRIBUTES = 2_000;

/**
 * What the attributes on a file's prototypes say of memory, also by macros of the file: GCC's `malloc (deallocator, argument)`,
 * `nonnull`, `returns_nonnull`, `pure` and `const`, clang's `ownership_returns`, `ownership_takes` and `ownership_holds`, in any of their spellings.
 */
export function declaredModels(
  facts: SourceFacts,
  text: string,
  familyOfDeallocator: (name: string) => string,
): DeclaredModel[] {
  const found = new Map<string, FunctionModel>();
  const add = (name: string, more: Partial<FunctionModel>): void => {
    found.set(name, { ...(found.get(name) ?? NOTHING), ...more });
  };
  const macros = attributeMacros(facts.macros);
  for (const { name, start, end, hasAttributes, words, isVariadic } of facts.prototypes) {
    const written = text.slice(start, end);
    const mayBeConst = written.includes('const');
    const looked = isVariadic || !mayBeConst ? undefined : lookedAt(written, name);
    const unwritten = mayBeConst ? pointersToConst(written, name) : [];
    if (unwritten.length > 0) add(name, { unwritten });
    if (looked !== undefined) add(name, { looksAt: [looked.position], reads: looked.isRead ? [looked.position] : [] });
    if (isVoid(written, name)) add(name, { returnsNothing: true });
    if (!hasAttributes && !words.some((word) => macros.has(word))) continue;
    const declaration = detached(withMacros(written, macros));
    const meanings = meaningsOfAttributes(attributesIn(declaration).slice(0, MAXIMUM_ATTRIBUTES));
    const isNonNull = meanings.some(({ kind }) => kind === 'returns-nonnull');
    if (isNonNull) add(name, { returnsNonNull: true });
    for (const meaning of meanings) {
      if (meaning.kind === 'malloc') {
        const { deallocator, argument = 1 } = meaning;
        const known = found.get(name)?.allocates?.family;
        const family = known || (deallocator === undefined ? '' : familyOfDeallocator(deallocator));
        // Without a deallocator, whether it may fail is not said: wrappers that end the program are declared so too.
        const nullable = !isNonNull && (deallocator !== undefined || found.get(name)?.allocates?.nullable === true);
        add(name, { allocates: { family, nullable, content: 'written' } });
        if (deallocator !== undefined) {
          const other = found.get(deallocator)?.frees?.family;
          add(deallocator, {
            frees: plainDeallocation(other !== undefined && other !== family ? '' : family, argument - 1),
          });
        }
      } else if (meaning.kind === 'pure') {
        add(name, { purity: meaning.isConstant ? 'constant' : 'pure' });
      } else if (meaning.kind === 'nonnull') {
        const positions = meaning.parameters?.map((number) => number - 1) ?? pointerParameters(declaration, name);
        add(name, { dereferences: positions });
      } else if (meaning.kind === 'ownership') {
        const { verb, family, parameters } = meaning;
        const positions = parameters.map((number) => number - 1);
        if (verb === 'returns') {
          add(name, { allocates: { family, nullable: !isNonNull, content: 'written' } });
        } else if (verb === 'holds') add(name, { keeps: positions });
        else if (positions.length > 0) add(name, { frees: plainDeallocation(family, positions[0]) });
      }
    }
  }
  return [...found].map(([name, model]) => ({ name, model }));
}

/** `void malloc(int);` declares something else than the library's function. */
function isVoid(declaration: string, name: string): boolean {
  return ALLOCATING_NAME.test(name) && new RegExp(`^(?:extern\\s+)?void\\s+${name}\\s*\\(`).test(declaration);
}

/** Library functions that give memory as their result. */
const ALLOCATING_NAME = /alloc$|dup$/;

/** Bodies longer than this are no annotations. */
const MAXIMUM_BODY = 400;
/** So many uses of such macros are written out in one declaration. */
const MAXIMUM_USES = 16;
const ATTRIBUTE = /__attribute(?:__)?\s*\(|__declspec\s*\(|\[\[/;

/** The macros of a file that stand for attributes, by name; of several definitions the first that does. */
function attributeMacros(macros: SourceFacts['macros']): ReadonlyMap<string, MacroDefinition> {
  const found = new Map<string, MacroDefinition>();
  for (const macro of macros) {
    if (macro.body.length > MAXIMUM_BODY || found.has(macro.name) || !ATTRIBUTE.test(macro.body)) continue;
    found.set(macro.name, macro);
  }
  return found;
}

/** A declaration with the macros that stand for attributes written out, as the preprocessor does (C17 6.10.3.1). */
function withMacros(declaration: string, macros: ReadonlyMap<string, MacroDefinition>): string {
  if (macros.size === 0) return declaration;
  let count = 0;
  return declaration.replace(/\b([A-Za-z_]\w*)\b(?:\s*\(([^()]*)\))?/g, (use, name: string, list?: string) => {
    const macro = macros.get(name);
    if (!macro || ++count > MAXIMUM_USES) return use;
    const { parameters, body } = macro;
    if (parameters === undefined) return list === undefined ? body : `${body} (${list})`;
    if (list === undefined) return use;
    const given = list.split(',').map((argument) => argument.trim());
    return body.replace(/\b[A-Za-z_]\w*\b/g, (word) => {
      if (word === '__VA_ARGS__') return given.slice(Math.max(0, parameters.length - 1)).join(', ');
      const position = parameters.indexOf(word);
      return position < 0 ? word : (given[position] ?? '');
    });
  });
}

/** Names of functions that keep what they are given, as a rule. */
const KEEPING_NAME =
  /(?:^|_)(?:add|append|attach|enter|hold|insert|install|intern|keep|list|own|push|put|queue|register|remember|save|set|store|take|track|use|free|release|destroy|delete|dispose|unref)(?:_|[A-Z]|$)/i;
const NUMBER_WORDS =
  /^(?:(?:const|extern|volatile|signed|unsigned|void|_Bool|bool|char|short|int|long|float|double|s?size_t|u?int(?:8|16|32|64)_t)\b\s*)+(?:[A-Za-z_]\w*\s*)?$/;

/**
 * The position of the one pointer that a function is given, when that is to const and there is nowhere to keep it: all else that
 * goes in or out is numbers, by the words of the prototype, and the name does not say that it does. It reads what it is given where
 * that has a type: there is nothing else to do with it.
 */
function lookedAt(declaration: string, name: string): { position: number; isRead: boolean } | undefined {
  if (KEEPING_NAME.test(name)) return undefined;
  const head = new RegExp(`^([^()]*?)\\b${name}\\s*\\(([^()]*)\\)`).exec(declaration);
  if (!head || !NUMBER_WORDS.test(head[1].trim())) return undefined;
  let found: { position: number; isRead: boolean } | undefined;
  for (const [position, parameter] of head[2].split(',').entries()) {
    const words = parameter.trim();
    if (NUMBER_WORDS.test(words)) continue;
    const isToConst = /^const\s+(?:struct\s+|union\s+)?[A-Za-z_][\w\s]*\*\s*(?:const\s+|restrict\s+)?\w*$/.test(words);
    if (!isToConst || found !== undefined) return undefined;
    found = { position, isRead: !/\bvoid\b/.test(words) };
  }
  return found;
}

/** Parameter lists longer than this are not read. */
const MAXIMUM_PARAMETER_TEXT = 4_000;

/**
 * The positions of the parameters that are pointers to const, by the words of the prototype: what they point to is the function's
 * to read (C17 6.7.3). Of a pointer to a pointer that is not asked.
 */
function pointersToConst(declaration: string, name: string): number[] {
  const head = new RegExp(`\\b${name}\\s*\\)?\\s*\\(`).exec(declaration);
  if (!head) return [];
  const start = head.index + head[0].length;
  const positions: number[] = [];
  for (const [position, parameter] of topLevelParts(
    declaration.slice(start, start + MAXIMUM_PARAMETER_TEXT),
  ).entries()) {
    const star = parameter.indexOf('*');
    if (star < 0 || star !== parameter.lastIndexOf('*') || /[([]/.test(parameter)) continue;
    if (/\bconst\b/.test(parameter.slice(0, star))) positions.push(position);
  }
  return positions;
}

/** The text inside the attribute brackets of a declaration. */
function attributesIn(declaration: string): string {
  const parts: string[] = [];
  for (const match of declaration.matchAll(/__attribute(?:__)?\s*\(|__declspec\s*\(|\[\[/g)) {
    const open = match.index + match[0].length;
    let depth = 1;
    let end = open;
    while (end < declaration.length && depth > 0) {
      const character = declaration[end++];
      if (character === '(' || character === '[') depth++;
      else if (character === ')' || character === ']') depth--;
    }
    parts.push(declaration.slice(open, end - 1).replace(/\bgnu\s*::|\bclang\s*::/g, ''));
  }
  return parts.join(', ');
}

/** The positions of the parameters that show a star, read off the text of a prototype. */
function pointerParameters(declaration: string, name: string): number[] {
  const head = new RegExp(`\\b${name}\\s*\\)?\\s*\\(`).exec(declaration);
  if (!head) return [];
  const positions: number[] = [];
  let position = 0;
  let depth = 0;
  for (let i = head.index + head[0].length; i < declaration.length; i++) {
    const character = declaration[i];
    if (character === '(' || character === '[') depth++;
    else if (character === ')' || character === ']') {
      if (depth-- === 0) break;
    } else if (character === ',' && depth === 0) position++;
    else if (character === '*' && depth === 0 && positions.at(-1) !== position) positions.push(position);
  }
  return positions;
}

/** Two declarations of a name say what both say; a family that they disagree on is not known. */
export function mergeDeclared(models: readonly FunctionModel[]): FunctionModel | undefined {
  let merged: FunctionModel | undefined;
  for (const model of models) {
    if (merged === undefined) {
      merged = model;
      continue;
    }
    const allocates = merged.allocates ?? model.allocates;
    const frees = merged.frees ?? model.frees;
    const isSameMemory = !merged.allocates || !model.allocates || merged.allocates.family === model.allocates.family;
    const isSameFree = !merged.frees || !model.frees || merged.frees.family === model.frees.family;
    merged = {
      ...model,
      ...merged,
      allocates: allocates && !isSameMemory ? { ...allocates, family: '' } : allocates,
      frees: frees && !isSameFree ? { ...frees, family: '' } : frees,
      dereferences: [...new Set([...merged.dereferences, ...model.dereferences])],
      keeps: [...new Set([...merged.keeps, ...model.keeps])],
      // What one says of effects that are missing, the other may not know.
      looksAt: merged.looksAt?.filter((position) => model.looksAt?.includes(position)),
      unwritten: merged.unwritten?.filter((position) => model.unwritten?.includes(position)),
      reads: merged.reads.filter((position) => model.reads.includes(position)),
      purity: merged.purity ?? model.purity,
    };
  }
  return merged;
}
