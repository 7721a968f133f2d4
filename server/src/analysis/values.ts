import type { VariableId } from '../ir/instructions.ts';
import { isComparison } from './constant-folding.ts';
import { simplified } from './normal-form.ts';
import { TupleIndex } from './tuple-index.ts';
import {
  type ImpliedBounds,
  type Location,
  type LocationShape,
  locationWithAllMembers,
  NO_VALUE,
  originWithAllMembers,
  type SymbolOrigin,
  type Value,
  type ValueShape,
  withAllMembers,
} from './value-shapes.ts';

const NOTHING: readonly Value[] = [];

function union(a: readonly Value[], b: readonly Value[]): readonly Value[] {
  if (a.length === 0) return b;
  const added = b.filter((value) => !a.includes(value));
  return added.length === 0 ? a : [...a, ...added];
}

/** Operations nested deeper become opaque: conditions that long do not correlate in practice. */
const MAXIMUM_DEPTH = 6;
/** Locations nested deeper are cut, so that a loop over `p = &p->a.b` ends. */
const MAXIMUM_LOCATION_DEPTH = 12;

export class ValueTable {
  readonly values: ValueShape[] = [];
  readonly locations: LocationShape[] = [];
  readonly #depths: number[] = [];
  readonly #locationDepths: number[] = [];
  readonly #valueIds = new TupleIndex();
  readonly #locationIds = new TupleIndex();
  /** Numbers for names, so that all that is looked up is numbers. */
  readonly #nameIds = new Map<string, number>();
  readonly #integers = new Map<number, Value>();
  /** By location, where somebody asked: the pointer to it. */
  readonly #addresses: (Value | undefined)[] = [];
  /** By value, where somebody asked: the location behind it. */
  readonly #pointees: (Location | undefined)[] = [];
  readonly #variables: (Location | undefined)[] = [];
  readonly #bases: Value[] = [];
  readonly #roots: Location[] = [];
  readonly #restsOn: (readonly Value[] | undefined)[] = [];
  readonly zero: Value;
  /** NULL as well, but only one of the ways in which a callee may end says so: no evidence that the program gets there. */
  readonly possibleNull: Value;
  readonly one: Value;
  /** Functions whose addresses were taken and that have the same name in all files. */
  readonly sharedFunctions = new Set<string>();
  /** By symbol: what it is at least on every path, by what it stands for (a length, a size, a counter that only grows). */
  readonly lowerBounds = new Map<Value, number>();
  /** By symbol: what it is at most on every path, as a size is that has one value. */
  readonly upperBounds = new Map<Value, number>();
  /** By symbol: what another value is where the symbol is not 0. */
  readonly implied = new Map<Value, ImpliedBounds>();

  constructor() {
    this.zero = this.integer(0);
    this.one = this.integer(1);
    this.possibleNull = this.#addValue({ kind: 'integer', value: 0 }, 0);
  }

  integer(value: number): Value {
    let id = this.#integers.get(value);
    if (id === undefined) {
      id = this.#addValue({ kind: 'integer', value }, 0);
      this.#integers.set(value, id);
    }
    return id;
  }

  /** How many values there are: a symbol with a number below was known before. */
  get size(): number {
    return this.values.length;
  }

  symbol(origin: SymbolOrigin): Value {
    const ids = this.#valueIds;
    let x = 0;
    let y = 0;
    let z = 0;
    switch (origin.kind) {
      case 'parameter':
        x = origin.index;
        break;
      case 'initial':
        x = origin.location;
        y = origin.epoch;
        break;
      case 'allocation':
      case 'result':
      case 'unknown':
        x = origin.site;
        y = origin.iteration;
        break;
      case 'uninitialised':
      case 'dead':
        x = origin.variable;
        break;
      case 'merged':
        x = origin.location;
        y = origin.block;
        z = origin.iteration;
        break;
      case 'retired':
        x = origin.of;
        break;
      case 'part':
        x = origin.whole;
        y = this.nameId(origin.path);
        break;
      case 'aggregate':
        x = origin.rest ?? NO_VALUE;
        y = this.nameId(origin.parts.map((part) => `${part.path.join('.')}=${part.value}`).join());
        break;
      case 'answer':
        x = this.nameId(`${origin.callee}(${origin.given.join()}) ${origin.held.join()}`);
        y = origin.site;
        z = origin.iteration;
        break;
      case 'named':
        x = this.nameId(origin.key);
        break;
    }
    const kind = SYMBOL_KINDS[origin.kind];
    let id = ids.find(kind, x, y, z);
    if (id < 0) {
      id = this.#addValue({ kind: 'symbol', origin: originWithAllMembers(origin) }, 0);
      ids.add(kind, x, y, z, id);
    }
    return id;
  }

  /** The symbol for what a location holds where paths meet: `symbol` without an object for its origin, if it is known. */
  merged(location: Location, block: number, iteration: number): Value {
    const id = this.#valueIds.find(SYMBOL_KINDS.merged, location, block, iteration);
    return id >= 0 ? id : this.symbol({ kind: 'merged', location, block, iteration });
  }

  /** The same for what a location held when a memory epoch began. */
  initial(location: Location, epoch: number): Value {
    const id = this.#valueIds.find(SYMBOL_KINDS.initial, location, epoch, 0);
    return id >= 0 ? id : this.symbol({ kind: 'initial', location, epoch });
  }

  /** A number for a name, the same for the same name. */
  nameId(name: string): number {
    let id = this.#nameIds.get(name);
    if (id === undefined) {
      id = this.#nameIds.size;
      this.#nameIds.set(name, id);
    }
    return id;
  }

  /** The pointer to a location; the pointer to what a value points to is that value. */
  addressOf(location: Location): Value {
    const shape = this.locations[location];
    if (shape.kind === 'pointee') return shape.pointer;
    let id = this.#addresses[location];
    if (id === undefined) {
      id = this.#addValue({ kind: 'address', location }, 0);
      this.#addresses[location] = id;
    }
    return id;
  }

  /** The location that a pointer points to. */
  pointee(pointer: Value): Location {
    const shape = this.values[pointer];
    if (shape.kind === 'address') return shape.location;
    if (shape.kind === 'binary' && (shape.operator === '+' || shape.operator === '-')) {
      const index = shape.operator === '+' ? shape.right : this.binary('-', this.zero, shape.right);
      return this.element(this.pointee(shape.left), index);
    }
    let id = this.#pointees[pointer];
    if (id === undefined) {
      id = this.#addLocation({ kind: 'pointee', pointer }, 0);
      this.#pointees[pointer] = id;
    }
    return id;
  }

  variable(variable: VariableId): Location {
    let id = this.#variables[variable];
    if (id === undefined) {
      id = this.#addLocation({ kind: 'variable', variable }, 0);
      // Asked for in any order: without holes the array stays a flat one.
      while (this.#variables.length <= variable) this.#variables.push(undefined);
      this.#variables[variable] = id;
    }
    return id;
  }

  literal(offset: number): Location {
    const id = this.#locationIds.find(LOCATION_KINDS.literal, offset, 0, 0);
    if (id >= 0) return id;
    return this.#newLocation(offset, 0, { kind: 'literal', offset }, 0);
  }

  functionLocation(name: string): Location {
    const nameId = this.nameId(name);
    const id = this.#locationIds.find(LOCATION_KINDS.function, nameId, 0, 0);
    if (id >= 0) return id;
    return this.#newLocation(nameId, 0, { kind: 'function', name }, 0);
  }

  field(parent: Location, name: string): Location {
    const nameId = this.nameId(name);
    const id = this.#locationIds.find(LOCATION_KINDS.field, parent, nameId, 0);
    if (id >= 0) return id;
    const depth = this.#locationDepths[parent] + 1;
    if (depth > MAXIMUM_LOCATION_DEPTH) return parent;
    return this.#newLocation(parent, nameId, { kind: 'field', parent, name }, depth);
  }

  /** `parent[index]`; element 0 is the object itself, and constant indices add up, as in pointer arithmetic. */
  element(parent: Location, index: Value): Location {
    if (index === this.zero) return parent;
    const shape = this.locations[parent];
    if (shape.kind === 'element') {
      return this.element(shape.parent, this.binary('+', shape.index, index));
    }
    const id = this.#locationIds.find(LOCATION_KINDS.element, parent, index, 0);
    if (id >= 0) return id;
    const depth = this.#locationDepths[parent] + 1;
    if (depth > MAXIMUM_LOCATION_DEPTH) return parent;
    return this.#newLocation(parent, index, { kind: 'element', parent, index }, depth);
  }

  /** An operation on two values, folded and brought into a normal form: the constant stands on the right. */
  binary(operator: string, left: Value, right: Value): Value {
    const simpler = simplified(this, operator, left, right);
    if (simpler !== undefined) return simpler;
    const operatorId = this.nameId(operator);
    let id = this.#valueIds.find(BINARY, operatorId, left, right);
    if (id >= 0) return id;
    const depth = Math.max(this.#depths[left], this.#depths[right]) + 1;
    if (depth > MAXIMUM_DEPTH) return this.symbol({ kind: 'named', key: `deep ${operator} ${left} ${right}` });
    id = this.#addValue({ kind: 'binary', operator, left, right }, depth);
    this.#valueIds.add(BINARY, operatorId, left, right, id);
    return id;
  }

  /** The value that a pointer is an offset of: of `&p->a`, `p + 1` and `p` itself it is `p`. */
  base(value: Value): Value {
    return this.#bases[value];
  }

  /** The outermost location that a location is a part of: a variable, a pointee, a literal. */
  root(location: Location): Location {
    return this.#roots[location];
  }

  /** True when `location` is `ancestor` or a part of it. */
  isWithin(location: Location, ancestor: Location): boolean {
    let current = location;
    for (;;) {
      if (current === ancestor) return true;
      const shape = this.locations[current];
      if (shape.kind !== 'field' && shape.kind !== 'element') return false;
      current = shape.parent;
    }
  }

  /** True when the meaning of a value rests on a symbol: the value is made of it, or was read from behind it. */
  restsOn(value: Value, symbol: Value): boolean {
    return this.#foundations(value).includes(symbol);
  }

  /** The same of any of some symbols. */
  restsOnAny(value: Value, symbols: ReadonlySet<Value>): boolean {
    for (const foundation of this.#foundations(value)) if (symbols.has(foundation)) return true;
    return false;
  }

  /** True when a value was read from memory in the given epoch, or is made of one that was. */
  restsOnEpoch(value: Value, epoch: number): boolean {
    for (const symbol of this.#foundations(value)) {
      const shape = this.values[symbol];
      if (shape.kind === 'symbol' && shape.origin.kind === 'initial' && shape.origin.epoch === epoch) return true;
    }
    return false;
  }

  /**
   * The symbols that a value is made of, by arithmetic or as the address of a part; what was read from memory is itself. Those that a
   * comparison asks of as well, unless `entersComparisons` is false.
   */
  forEachSymbol(value: Value, visit: (symbol: Value) => void, entersComparisons = true): void {
    const shape = this.values[value];
    if (shape.kind === 'symbol') {
      visit(value);
      if (shape.origin.kind !== 'aggregate') return;
      for (const part of shape.origin.parts) this.forEachSymbol(part.value, visit, entersComparisons);
    } else if (shape.kind === 'binary') {
      if (!entersComparisons && isComparison(shape.operator)) return;
      this.forEachSymbol(shape.left, visit, entersComparisons);
      this.forEachSymbol(shape.right, visit, entersComparisons);
    } else if (shape.kind === 'address') {
      for (let location = this.locations[shape.location]; ; ) {
        if (location.kind === 'pointee') this.forEachSymbol(location.pointer, visit, entersComparisons);
        else if (location.kind === 'element') this.forEachSymbol(location.index, visit, entersComparisons);
        if (location.kind !== 'field' && location.kind !== 'element') return;
        location = this.locations[location.parent];
      }
    }
  }

  /** The symbols from which a value leads back to what they point to: the answer of a comparison leads nowhere. */
  forEachHeld(value: Value, visit: (symbol: Value) => void): void {
    this.forEachSymbol(value, visit, false);
  }

  #foundations(value: Value): readonly Value[] {
    let found = this.#restsOn[value];
    if (found) return found;
    const shape = this.values[value];
    if (shape.kind === 'integer') found = NOTHING;
    else if (shape.kind === 'binary') found = union(this.#foundations(shape.left), this.#foundations(shape.right));
    else if (shape.kind === 'address') found = this.#locationFoundations(shape.location);
    else if (shape.origin.kind === 'initial') found = union([value], this.#locationFoundations(shape.origin.location));
    else if (shape.origin.kind === 'aggregate')
      found = shape.origin.parts.reduce((all, part) => union(all, this.#foundations(part.value)), [
        value,
      ] as readonly Value[]);
    else if (shape.origin.kind === 'part') found = union([value], this.#foundations(shape.origin.whole));
    else if (shape.origin.kind === 'answer') {
      found = [value];
      for (const given of shape.origin.given) found = union(found, this.#foundations(given));
    } else found = [value];
    this.#restsOn[value] = found;
    return found;
  }

  #locationFoundations(location: Location): readonly Value[] {
    const shape = this.locations[location];
    if (shape.kind === 'pointee') return this.#foundations(shape.pointer);
    if (shape.kind === 'field') return this.#locationFoundations(shape.parent);
    if (shape.kind !== 'element') return NOTHING;
    return union(this.#locationFoundations(shape.parent), this.#foundations(shape.index));
  }

  integerOf(value: Value): number | undefined {
    const shape = this.values[value];
    return shape.kind === 'integer' ? shape.value : undefined;
  }

  /** The name of a constant whose value is not in sight. */
  constantName(value: Value): string | undefined {
    const shape = this.values[value];
    if (shape.kind !== 'symbol' || shape.origin.kind !== 'named') return undefined;
    return /^[A-Za-z_]\w*$/.test(shape.origin.key) ? shape.origin.key : undefined;
  }

  #addValue(shape: ValueShape, depth: number): Value {
    const base = this.#baseOf(shape);
    const value = this.values.length;
    this.values.push(withAllMembers(shape));
    this.#depths.push(depth);
    this.#restsOn.push(undefined);
    this.#bases.push(base ?? value);
    this.#pointees.push(undefined);
    return value;
  }

  /** The base of a value that is none itself. */
  #baseOf(shape: ValueShape): Value | undefined {
    if (shape.kind === 'address') {
      const root = this.root(shape.location);
      const rootShape = this.locations[root];
      if (rootShape.kind === 'pointee') return rootShape.pointer;
      return root === shape.location ? undefined : this.addressOf(root);
    }
    if (shape.kind !== 'binary' || (shape.operator !== '+' && shape.operator !== '-')) return undefined;
    const base = this.#bases[shape.left];
    if (shape.operator === '+') return base;
    // The distance of two pointers is a number.
    const subtracted = this.#bases[shape.right];
    return subtracted === base || this.values[subtracted].kind === 'address' ? undefined : base;
  }

  #addLocation(shape: LocationShape, depth: number): Location {
    const location = this.locations.length;
    this.locations.push(locationWithAllMembers(shape));
    this.#locationDepths.push(depth);
    this.#addresses.push(undefined);
    this.#roots.push(shape.kind === 'field' || shape.kind === 'element' ? this.#roots[shape.parent] : location);
    return location;
  }

  /** A location that `find` has just not found, by what tells it from others of its kind. */
  #newLocation(x: number, y: number, shape: LocationShape, depth: number): Location {
    const id = this.#addLocation(shape, depth);
    this.#locationIds.add(LOCATION_KINDS[shape.kind], x, y, 0, id);
    return id;
  }
}

const BINARY = 0;
const SYMBOL_KINDS: Readonly<Record<SymbolOrigin['kind'], number>> = {
  parameter: 1,
  initial: 2,
  allocation: 3,
  result: 4,
  unknown: 5,
  uninitialised: 6,
  merged: 7,
  retired: 8,
  part: 9,
  named: 10,
  dead: 11,
  aggregate: 12,
  answer: 13,
};
const LOCATION_KINDS: Readonly<Record<LocationShape['kind'], number>> = {
  variable: 0,
  pointee: 1,
  field: 2,
  element: 3,
  literal: 4,
  function: 5,
};
