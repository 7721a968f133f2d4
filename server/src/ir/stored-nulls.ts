import { keptPer } from '../base/kept.ts';
import type { FunctionIr, Register, VariableId } from './instructions.ts';

/** Places deeper than this are not told apart. */
const MAXIMUM_PLACE_LENGTH = 40;

/** What a body does with NULL, as its text shows. */
interface StoredNulls {
  /** It stores NULL in a pointer, or a zero in what may be one. */
  readonly stores: boolean;
  /** A place that its callers see gets NULL or zero and nothing else, or a variable that holds nothing else may be what it returns. */
  readonly gives: boolean;
}

interface Place {
  readonly root: VariableId;
  readonly key: string;
}

export const storedNulls = keptPer(findStoredNulls);

function findStoredNulls({ blocks, variables, returnType }: FunctionIr): StoredNulls {
  const zeroed = new Map<string, Place>();
  const others = new Set<string>();
  const returned = new Set<string>();
  // What the lowering puts aside is what was put there last.
  const aside = new Map<VariableId, Place | undefined>();
  for (const { instructions, terminator } of blocks) {
    const places = new Map<Register, Place>();
    const loaded = new Map<Register, Place>();
    const zeros = new Set<Register>();
    const set = (register: Register, place: Place | undefined, step: string): void => {
      if (place && place.key.length < MAXIMUM_PLACE_LENGTH) places.set(register, { ...place, key: place.key + step });
    };
    for (const instruction of instructions) {
      if (instruction.op === 'store') {
        const place = places.get(instruction.address) ?? behind(loaded.get(instruction.address));
        if (!place) continue;
        if (variables[place.root].kind === 'temporary') aside.set(place.root, loaded.get(instruction.value));
        else if (zeros.has(instruction.value)) zeroed.set(place.key, place);
        else if (!isCopyOfNull(loaded.get(instruction.value), zeroed, others)) others.add(place.key);
        else zeroed.set(place.key, place);
        continue;
      }
      if (instruction.op === 'escape' && instruction.initialises && zeros.has(instruction.value)) {
        const root = instruction.initialises.variable;
        // Which member it is for only the types tell. A row of numbers is no pointer.
        if (!variables[root].isArray) zeroed.set(`v${root}.?`, { root, key: `v${root}.?` });
      }
      if (!('destination' in instruction)) continue;
      const { destination } = instruction;
      places.delete(destination);
      loaded.delete(destination);
      zeros.delete(destination);
      if (instruction.op === 'constant' && instruction.value === 0) zeros.add(destination);
      else if (instruction.op === 'variable') {
        places.set(destination, { root: instruction.variable, key: `v${instruction.variable}` });
      } else if (instruction.op === 'load') {
        const place = places.get(instruction.address) ?? behind(loaded.get(instruction.address));
        const held = place && variables[place.root].kind === 'temporary' ? aside.get(place.root) : place;
        if (held) loaded.set(destination, held);
      } else if (instruction.op === 'field') {
        const { base } = instruction;
        set(destination, places.get(base) ?? behind(loaded.get(base)), `.${instruction.name}`);
      } else if (instruction.op === 'element') {
        const { base } = instruction;
        set(destination, places.get(base) ?? behind(loaded.get(base)), '[]');
      }
    }
    const value =
      terminator.kind === 'return' && terminator.value !== undefined ? loaded.get(terminator.value) : undefined;
    if (value) returned.add(value.key);
  }
  let stores = false;
  let gives = false;
  for (const { root, key } of zeroed.values()) {
    const { kind, pointerDepth } = variables[root];
    const isVariable = key === `v${root}`;
    // Of variables outside of functions the type is not at hand.
    if (isVariable && pointerDepth === 0 && kind !== 'global') continue;
    stores = true;
    if (others.has(key)) continue;
    const isSeen = kind === 'global' || key.startsWith(`v${root}*`);
    // A structure that is returned as a whole takes its members with it.
    const isPart = !isVariable && !returnType.includes('*') && returned.has(`v${root}`);
    if (isSeen || isPart || returned.has(key)) gives = true;
  }
  return { stores, gives };
}

function behind(pointer: Place | undefined): Place | undefined {
  return pointer && { root: pointer.root, key: `${pointer.key}*` };
}

/** What was read from a place that holds NULL and nothing else, as far as the text in front shows. */
function isCopyOfNull(
  place: Place | undefined,
  zeroed: ReadonlyMap<string, Place>,
  others: ReadonlySet<string>,
): boolean {
  return place !== undefined && zeroed.has(place.key) && !others.has(place.key);
}
