import type { VariableId } from '../ir/instructions.ts';

/**
 * Symbolic values and memory locations of one function's analysis, hash-consed: equal ones have equal numbers. The model
 * of memory is the region model of Xu, Kremenek and Zhang ("A Memory Model for Static Analysis of C Programs", 2010): a
 * location is a variable, what a value points to, or a field or element of another location; a value is an integer, the
 * address of a location, an opaque symbol or an operation on values.
 */
export type Value = number;
export type Location = number;

export const NO_VALUE = -1;

export type ValueShape =
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'address'; readonly location: Location }
  | { readonly kind: 'symbol'; readonly origin: SymbolOrigin }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Value; readonly right: Value };

/** Where a symbol comes from. The same origin gives the same symbol on sibling paths, so that their states can meet. */
export type SymbolOrigin =
  | { readonly kind: 'parameter'; readonly index: number }
  /** What a location held when the memory epoch began, as far as nothing is known to have written it. */
  | { readonly kind: 'initial'; readonly location: Location; readonly epoch: number }
  | { readonly kind: 'allocation'; readonly site: number; readonly iteration: number }
  | { readonly kind: 'result'; readonly site: number; readonly iteration: number }
  | { readonly kind: 'unknown'; readonly site: number; readonly iteration: number }
  | { readonly kind: 'uninitialised'; readonly variable: VariableId }
  | { readonly kind: 'merged'; readonly location: Location; readonly block: number; readonly iteration: number }
  | { readonly kind: 'retired'; readonly of: Value }
  /** What a part of a value holds that was stored as a whole. */
  | { readonly kind: 'part'; readonly whole: Value; readonly path: string }
  | { readonly kind: 'named'; readonly key: string };

export type LocationShape =
  | { readonly kind: 'variable'; readonly variable: VariableId }
  | { readonly kind: 'pointee'; readonly pointer: Value }
  | { readonly kind: 'field'; readonly parent: Location; readonly name: string }
  | { readonly kind: 'element'; readonly parent: Location; readonly index: Value }
  | { readonly kind: 'literal'; readonly offset: number }
  | { readonly kind: 'function'; readonly name: string };

const NOTHING: ReadonlySet<Value> = new Set();

/** Operations nested deeper become opaque: conditions that long do not correlate in practice. */
const MAXIMUM_DEPTH = 6;
/** Locations nested deeper are cut, so that a loop over `p = &p->a.b` ends. */
const MAXIMUM_LOCATION_DEPTH = 12;

export class ValueTable {
  readonly values: ValueShape[] = [];
  readonly locations: LocationShape[] = [];
  readonly #depths: number[] = [];
  readonly #locationDepths: number[] = [];
  readonly #valueIds = new Map<string, Value>();
  readonly #locationIds = new Map<string, Location>();
  readonly #integers = new Map<number, Value>();
  readonly #addresses = new Map<Location, Value>();
  readonly #pointees = new Map<Value, Location>();
  readonly #bases: Value[] = [];
  readonly #roots: Location[] = [];
  readonly #restsOn: ReadonlySet<Value>[] = [];
  readonly zero: Value;
  readonly one: Value;

  constructor() {
    this.zero = this.integer(0);
    this.one = this.integer(1);
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
    return this.#intern(symbolKey(origin), () => ({ kind: 'symbol', origin }), 0);
  }

  /** The pointer to a location; the pointer to what a value points to is that value. */
  addressOf(location: Location): Value {
    const shape = this.locations[location];
    if (shape.kind === 'pointee') return shape.pointer;
    let id = this.#addresses.get(location);
    if (id === undefined) {
      id = this.#addValue({ kind: 'address', location }, 0);
      this.#addresses.set(location, id);
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
    let id = this.#pointees.get(pointer);
    if (id === undefined) {
      id = this.#addLocation({ kind: 'pointee', pointer }, 0);
      this.#pointees.set(pointer, id);
    }
    return id;
  }

  variable(variable: VariableId): Location {
    return this.#internLocation(`v${variable}`, () => ({ kind: 'variable', variable }), 0);
  }

  literal(offset: number): Location {
    return this.#internLocation(`l${offset}`, () => ({ kind: 'literal', offset }), 0);
  }

  functionLocation(name: string): Location {
    return this.#internLocation(`f${name}`, () => ({ kind: 'function', name }), 0);
  }

  field(parent: Location, name: string): Location {
    const depth = this.#locationDepths[parent] + 1;
    if (depth > MAXIMUM_LOCATION_DEPTH) return parent;
    return this.#internLocation(`${parent}.${name}`, () => ({ kind: 'field', parent, name }), depth);
  }

  /** `parent[index]`; element 0 is the object itself, and constant indices add up, as in pointer arithmetic. */
  element(parent: Location, index: Value): Location {
    if (index === this.zero) return parent;
    const shape = this.locations[parent];
    if (shape.kind === 'element') {
      return this.element(shape.parent, this.binary('+', shape.index, index));
    }
    const depth = this.#locationDepths[parent] + 1;
    if (depth > MAXIMUM_LOCATION_DEPTH) return parent;
    return this.#internLocation(`${parent}[${index}`, () => ({ kind: 'element', parent, index }), depth);
  }

  /** An operation on two values, folded and brought into a normal form: the constant stands on the right. */
  binary(operator: string, left: Value, right: Value): Value {
    const a = this.values[left];
    const b = this.values[right];
    if (a.kind === 'integer' && b.kind === 'integer') {
      const folded = fold(operator, a.value, b.value);
      if (folded !== undefined) return this.integer(folded);
    }
    if (a.kind === 'integer' && COMMUTATIVE.has(operator) && b.kind !== 'integer') {
      return this.binary(operator, right, left);
    }
    const mirrored = MIRRORED.get(operator);
    if (mirrored && a.kind === 'integer' && b.kind !== 'integer') return this.binary(mirrored, right, left);
    if (b.kind === 'integer') {
      if (operator === '-') return this.binary('+', left, this.integer(-b.value));
      if (b.value === 0 && (operator === '+' || operator === '|' || operator === '^')) return left;
      if (operator === '+' && a.kind === 'binary' && a.operator === '+') {
        const inner = this.values[a.right];
        if (inner.kind === 'integer') return this.binary('+', a.left, this.integer(inner.value + b.value));
      }
    }
    if (left === right) {
      if (operator === '-' || operator === '^') return this.zero;
      if (operator === '==' || operator === '<=' || operator === '>=') return this.one;
      if (operator === '!=' || operator === '<' || operator === '>') return this.zero;
    }
    const depth = Math.max(this.#depths[left], this.#depths[right]) + 1;
    if (depth > MAXIMUM_DEPTH) return this.symbol({ kind: 'named', key: `deep ${operator} ${left} ${right}` });
    return this.#intern(`${operator} ${left} ${right}`, () => ({ kind: 'binary', operator, left, right }), depth);
  }

  /** The value that a pointer is an offset of: of `&p->a`, `p + 1` and `p` itself it is `p`. */
  base(value: Value): Value {
    const known = this.#bases[value];
    if (known !== undefined) return known;
    const shape = this.values[value];
    let base = value;
    if (shape.kind === 'address') {
      const root = this.root(shape.location);
      const rootShape = this.locations[root];
      base = rootShape.kind === 'pointee' ? rootShape.pointer : this.addressOf(root);
    } else if (shape.kind === 'binary' && (shape.operator === '+' || shape.operator === '-')) {
      base = this.base(shape.left);
    }
    this.#bases[value] = base;
    return base;
  }

  /** The outermost location that a location is a part of: a variable, a pointee, a literal. */
  root(location: Location): Location {
    const known = this.#roots[location];
    if (known !== undefined) return known;
    const shape = this.locations[location];
    const root = shape.kind === 'field' || shape.kind === 'element' ? this.root(shape.parent) : location;
    this.#roots[location] = root;
    return root;
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
    return this.#foundations(value).has(symbol);
  }

  /** True when a value was read from memory in the given epoch, or is made of one that was. */
  restsOnEpoch(value: Value, epoch: number): boolean {
    for (const symbol of this.#foundations(value)) {
      const shape = this.values[symbol];
      if (shape.kind === 'symbol' && shape.origin.kind === 'initial' && shape.origin.epoch === epoch) return true;
    }
    return false;
  }

  #foundations(value: Value): ReadonlySet<Value> {
    let found = this.#restsOn[value];
    if (found) return found;
    const shape = this.values[value];
    if (shape.kind === 'integer') found = NOTHING;
    else if (shape.kind === 'binary')
      found = new Set([...this.#foundations(shape.left), ...this.#foundations(shape.right)]);
    else if (shape.kind === 'address') found = this.#locationFoundations(shape.location);
    else if (shape.origin.kind === 'initial')
      found = new Set([value, ...this.#locationFoundations(shape.origin.location)]);
    else if (shape.origin.kind === 'part') found = new Set([value, ...this.#foundations(shape.origin.whole)]);
    else found = new Set([value]);
    this.#restsOn[value] = found;
    return found;
  }

  #locationFoundations(location: Location): ReadonlySet<Value> {
    const shape = this.locations[location];
    if (shape.kind === 'pointee') return this.#foundations(shape.pointer);
    if (shape.kind === 'field') return this.#locationFoundations(shape.parent);
    if (shape.kind !== 'element') return NOTHING;
    const parent = this.#locationFoundations(shape.parent);
    const index = this.#foundations(shape.index);
    return index.size === 0 ? parent : new Set([...parent, ...index]);
  }

  integerOf(value: Value): number | undefined {
    const shape = this.values[value];
    return shape.kind === 'integer' ? shape.value : undefined;
  }

  #addValue(shape: ValueShape, depth: number): Value {
    this.values.push(shape);
    this.#depths.push(depth);
    return this.values.length - 1;
  }

  #addLocation(shape: LocationShape, depth: number): Location {
    this.locations.push(shape);
    this.#locationDepths.push(depth);
    return this.locations.length - 1;
  }

  #intern(key: string, shape: () => ValueShape, depth: number): Value {
    let id = this.#valueIds.get(key);
    if (id === undefined) {
      id = this.#addValue(shape(), depth);
      this.#valueIds.set(key, id);
    }
    return id;
  }

  #internLocation(key: string, shape: () => LocationShape, depth: number): Location {
    let id = this.#locationIds.get(key);
    if (id === undefined) {
      id = this.#addLocation(shape(), depth);
      this.#locationIds.set(key, id);
    }
    return id;
  }
}

function symbolKey(origin: SymbolOrigin): string {
  switch (origin.kind) {
    case 'parameter':
      return `p${origin.index}`;
    case 'initial':
      return `i${origin.location}@${origin.epoch}`;
    case 'allocation':
      return `a${origin.site}@${origin.iteration}`;
    case 'result':
      return `r${origin.site}@${origin.iteration}`;
    case 'unknown':
      return `u${origin.site}@${origin.iteration}`;
    case 'uninitialised':
      return `x${origin.variable}`;
    case 'merged':
      return `m${origin.location}@${origin.block}@${origin.iteration}`;
    case 'retired':
      return `o${origin.of}`;
    case 'part':
      return `w${origin.whole}${origin.path}`;
    case 'named':
      return `n${origin.key}`;
  }
}

const COMMUTATIVE = new Set(['+', '*', '==', '!=', '&', '|', '^']);
const MIRRORED = new Map([
  ['<', '>'],
  ['>', '<'],
  ['<=', '>='],
  ['>=', '<='],
]);

function fold(operator: string, a: number, b: number): number | undefined {
  switch (operator) {
    case '+':
      return safe(a + b);
    case '-':
      return safe(a - b);
    case '*':
      return safe(a * b);
    case '/':
      return b === 0 ? undefined : Math.trunc(a / b);
    case '%':
      return b === 0 ? undefined : a % b;
    case '==':
      return a === b ? 1 : 0;
    case '!=':
      return a !== b ? 1 : 0;
    case '<':
      return a < b ? 1 : 0;
    case '>':
      return a > b ? 1 : 0;
    case '<=':
      return a <= b ? 1 : 0;
    case '>=':
      return a >= b ? 1 : 0;
    case '&':
      return isWord(a) && isWord(b) ? a & b : undefined;
    case '|':
      return isWord(a) && isWord(b) ? a | b : undefined;
    case '<<':
      return b >= 0 && b < 31 && a >= 0 && a < 2 ** 20 ? safe(a * 2 ** b) : undefined;
    case '>>':
      return b >= 0 && b < 31 && a >= 0 ? Math.floor(a / 2 ** b) : undefined;
    default:
      return undefined;
  }
}

function safe(value: number): number | undefined {
  return Number.isSafeInteger(value) ? value : undefined;
}

/** JavaScript's bitwise operators work on 32 bits. */
function isWord(value: number): boolean {
  return value >= 0 && value < 2 ** 31;
}
