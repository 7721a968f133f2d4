import { detached } from '../base/detached.ts';
import { type FunctionModel, plainDeallocation } from '../models/function-model.ts';
import { meaningsOfAttributes } from '../source/attributes.ts';
import type { SourceFacts } from '../source/facts.ts';

/** A function, and what a declaration says of it beyond its type. */
export interface DeclaredModel {
  readonly name: string;
  readonly model: FunctionModel;
}

const NOTHING: FunctionModel = { dereferences: [], reads: [], keeps: [], writes: [] };
/** Attribute lists longer than this are not read. */
const MAXIMUM_ATTRIBUTES = 2_000;

/**
 * What the attributes on a file's prototypes say of memory: GCC's `malloc (deallocator, argument)`, `nonnull` and
 * `returns_nonnull`, clang's `ownership_returns`, `ownership_takes` and `ownership_holds`, in any of their spellings.
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
  for (const { name, start, end, hasAttributes } of facts.prototypes) {
    if (!hasAttributes) continue;
    const declaration = detached(text.slice(start, end));
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
    };
  }
  return merged;
}
