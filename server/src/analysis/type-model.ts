import type { Members, Tag, TypeKey, TypeTerm } from '../ir/type-terms.ts';
import { constantValue } from '../source/constant-expression.ts';

/** What the declarations in sight say about types. */
export interface TypeEnvironment {
  /** The one meaning that the declarations of a type agree on, or undefined. */
  definition(key: TypeKey): TypeTerm | undefined;
  /** The text of an object-like macro, or the value of an enumerator, where the declarations in sight agree on it. */
  constant(name: string): string | undefined;
}

/**
 * A type as objects have it, with sizes in bytes under the LP64 model of 64-bit Unix (`long` and pointers have 8 bytes)
 * and natural alignment, as the System V ABI lays structures out. What is not known for sure has no size.
 */
export type ObjectType =
  | { readonly kind: 'arithmetic'; readonly name: string; readonly size: number }
  | { readonly kind: 'pointer'; readonly to: TypeTerm }
  | { readonly kind: 'array'; readonly of: TypeTerm; readonly length: number | undefined }
  | { readonly kind: 'record'; readonly tag: Tag; readonly name: string; readonly members: Members }
  | { readonly kind: 'void' }
  | { readonly kind: 'function' }
  /** A structure, union or typedef whose definition is not in sight. */
  | { readonly kind: 'incomplete'; readonly name: string; readonly isRecord: boolean };

const UNKNOWN: ObjectType = { kind: 'incomplete', name: '', isRecord: false };

/** Sizes of the basic types (System V ABI, AMD64 supplement, 3.1.2) and of typedefs that all such systems share. */
const ARITHMETIC = new Map<string, number>([
  ['bool', 1],
  ['_Bool', 1],
  ['char', 1],
  ['signed char', 1],
  ['unsigned char', 1],
  ['short', 2],
  ['unsigned short', 2],
  ['int', 4],
  ['unsigned int', 4],
  ['long', 8],
  ['unsigned long', 8],
  ['long long', 8],
  ['unsigned long long', 8],
  ['float', 4],
  ['double', 8],
  ['long double', 16],
]);
const PLATFORM_TYPES = new Map<string, number>([
  ['size_t', 8],
  ['ssize_t', 8],
  ['ptrdiff_t', 8],
  ['intptr_t', 8],
  ['uintptr_t', 8],
  ['intmax_t', 8],
  ['uintmax_t', 8],
  ...[8, 16, 32, 64].flatMap((bits): [string, number][] => [
    [`int${bits}_t`, bits / 8],
    [`uint${bits}_t`, bits / 8],
    [`u_int${bits}_t`, bits / 8],
    [`gint${bits}`, bits / 8],
    [`guint${bits}`, bits / 8],
  ]),
  ['u_char', 1],
  ['u_short', 2],
  ['u_int', 4],
  ['u_long', 8],
  ['uchar', 1],
  ['ushort', 2],
  ['uint', 4],
  ['ulong', 8],
  ['wchar_t', 4],
  ['off_t', 8],
  ['time_t', 8],
  ['pid_t', 4],
  ['uid_t', 4],
  ['gid_t', 4],
  ['mode_t', 4],
  ['gchar', 1],
  ['guchar', 1],
  ['gint', 4],
  ['guint', 4],
  ['glong', 8],
  ['gulong', 8],
  ['gsize', 8],
  ['gssize', 8],
  ['gdouble', 8],
  ['gfloat', 4],
]);

const POINTER_SIZE = 8;
/** Typedefs of typedefs, members of members: deeper is not followed. */
const MAXIMUM_DEPTH = 24;

/** Resolves type terms of one function. All answers are functions of the text of the declarations in sight. */
export class TypeModel {
  readonly #environment: TypeEnvironment;
  readonly #localTypes: ReadonlyMap<string, TypeTerm>;
  readonly #resolved = new Map<TypeTerm, ObjectType>();
  readonly #unions = new Map<ObjectType, Map<string, string>>();

  constructor(environment: TypeEnvironment, localTypes: ReadonlyMap<string, TypeTerm>) {
    this.#environment = environment;
    this.#localTypes = localTypes;
  }

  resolve(term: TypeTerm, depth = 0): ObjectType {
    const known = this.#resolved.get(term);
    if (known) return known;
    const type = depth > MAXIMUM_DEPTH ? UNKNOWN : this.#resolve(term, depth);
    this.#resolved.set(term, type);
    return type;
  }

  #resolve(term: TypeTerm, depth: number): ObjectType {
    switch (term.kind) {
      case 'named':
        return this.#named(term.name, depth);
      case 'tagged': {
        if (term.tag === 'enum') return { kind: 'arithmetic', name: `enum ${term.name}`, size: 4 };
        const key = `${term.tag} ${term.name}`;
        const definition = this.#localTypes.get(key) ?? this.#environment.definition(key);
        if (definition?.kind === 'record') return this.resolve(definition, depth + 1);
        return { kind: 'incomplete', name: key, isRecord: true };
      }
      case 'record':
        return { kind: 'record', tag: term.tag, name: term.name, members: term.members };
      case 'pointer':
        return { kind: 'pointer', to: term.to };
      case 'array':
        return { kind: 'array', of: term.of, length: this.#evaluate(term.length, depth) };
      case 'function':
        return { kind: 'function' };
      case 'member':
        return this.memberOf(term.of, term.name, depth);
      case 'target': {
        const of = this.resolve(term.of, depth + 1);
        if (of.kind === 'pointer') return this.resolve(of.to, depth + 1);
        return of.kind === 'array' ? this.resolve(of.of, depth + 1) : UNKNOWN;
      }
      case 'unknown':
        return UNKNOWN;
    }
  }

  /** The same as the type of a `member` term, for those who have none and ask often. */
  memberOf(of: TypeTerm, name: string, depth = 0): ObjectType {
    const type = this.resolve(of, depth + 1);
    const member = type.kind === 'record' ? this.#member(type.members, name, depth) : undefined;
    return member ? this.resolve(member, depth + 1) : UNKNOWN;
  }

  #named(name: string, depth: number): ObjectType {
    if (name === 'void') return { kind: 'void' };
    const basic = ARITHMETIC.get(name);
    if (basic !== undefined) return { kind: 'arithmetic', name, size: basic };
    const key = `typedef ${name}`;
    const definition = this.#localTypes.get(key) ?? this.#environment.definition(key);
    if (definition) {
      const type = this.resolve(definition, depth + 1);
      // A structure without a tag is known by its typedef.
      if (type.kind === 'record' && type.name === '') return { ...type, name };
      return type;
    }
    const size = PLATFORM_TYPES.get(name);
    return size === undefined ? { kind: 'incomplete', name, isRecord: false } : { kind: 'arithmetic', name, size };
  }

  #member(members: Members, name: string, depth: number): TypeTerm | undefined {
    if (depth > MAXIMUM_DEPTH) return undefined;
    for (const member of members ?? []) {
      if (member.name === name) return member.type;
      if (member.name !== '') continue;
      const inner = this.resolve(member.type, depth + 1);
      const found = inner.kind === 'record' ? this.#member(inner.members, name, depth + 1) : undefined;
      if (found) return found;
    }
    return undefined;
  }

  /**
   * By the name of a pointer, or a number as large as one, that shares its place with others, since they are members of a union or of a
   * union without a name (C17 6.7.2.1p13): the first pointer among these. What else is in a union lies over them in part only.
   */
  pointersOfUnions(of: TypeTerm): ReadonlyMap<string, string> {
    const type = this.resolve(of);
    let found = this.#unions.get(type);
    if (!found) {
      found = new Map();
      if (type.kind === 'record')
        this.#notePointers(type.tag === 'union' ? [{ name: '', type: of }] : (type.members ?? []), found, 0);
      this.#unions.set(type, found);
    }
    return found;
  }

  #notePointers(members: NonNullable<Members>, found: Map<string, string>, depth: number): void {
    if (depth > MAXIMUM_DEPTH) return;
    for (const { name, type } of members) {
      const inner = this.resolve(type);
      if (name !== '' || inner.kind !== 'record') continue;
      const parts = inner.members ?? [];
      if (inner.tag === 'union') {
        const alike = parts.filter((part) => part.name !== '' && this.#isLikePointer(this.resolve(part.type)));
        const first = alike.find((part) => this.resolve(part.type).kind === 'pointer');
        if (first && alike.length > 1) for (const part of alike) found.set(part.name, first.name);
      }
      this.#notePointers(parts, found, depth + 1);
    }
  }

  #isLikePointer(type: ObjectType): boolean {
    if (type.kind !== 'arithmetic') return type.kind === 'pointer';
    return type.size === POINTER_SIZE && type.name !== 'double';
  }

  /** True when a structure has a member of that name behind another member. */
  isBehindOthers(of: TypeTerm, name: string): boolean {
    const type = this.resolve(of);
    if (type.kind !== 'record' || type.tag !== 'struct') return false;
    return (type.members ?? []).findIndex((member) => member.name === name) > 0;
  }

  /** The type in bytes, or undefined where that is not known. */
  sizeOf(type: ObjectType, depth = 0): number | undefined {
    return this.#layout(type, depth)?.size;
  }

  /** `end` is where the last member ends: behind it a structure may be filled up to its size. */
  #layout(type: ObjectType, depth: number): { size: number; alignment: number; end: number } | undefined {
    if (depth > MAXIMUM_DEPTH) return undefined;
    switch (type.kind) {
      case 'arithmetic':
        return { size: type.size, alignment: type.size, end: type.size };
      case 'pointer':
        return { size: POINTER_SIZE, alignment: POINTER_SIZE, end: POINTER_SIZE };
      case 'array': {
        const element = this.#layout(this.resolve(type.of), depth + 1);
        if (!element || type.length === undefined) return undefined;
        const size = element.size * type.length;
        return { size, alignment: element.alignment, end: size };
      }
      case 'record': {
        let size = 0;
        let alignment = 1;
        for (const [index, member] of (type.members ?? []).entries()) {
          const memberType = this.resolve(member.type);
          const layout =
            this.#layout(memberType, depth + 1) ??
            this.#flexible(memberType, index === type.members!.length - 1, depth);
          if (!layout) return undefined;
          alignment = Math.max(alignment, layout.alignment);
          if (type.tag === 'union') size = Math.max(size, layout.size);
          else size = roundUp(size, layout.alignment) + layout.size;
        }
        if (type.members === undefined || type.members.length === 0) return undefined;
        return { size: roundUp(size, alignment), alignment, end: size };
      }
      default:
        return undefined;
    }
  }

  /** A flexible array member takes no room of its own (C17 6.7.2.1.18). */
  #flexible(type: ObjectType, isLast: boolean, depth: number): { size: number; alignment: number } | undefined {
    if (!isLast || type.kind !== 'array' || type.length !== undefined) return undefined;
    const element = this.#layout(this.resolve(type.of), depth + 1);
    return element && { size: 0, alignment: element.alignment };
  }

  /** True when objects of the type may be allocated with more or less room than it has: its last member is an array. */
  hasOpenEnd(type: ObjectType): boolean {
    if (type.kind !== 'record') return false;
    const last = type.members?.at(-1);
    if (!last) return true;
    const end = this.resolve(last.type);
    return end.kind === 'array' || this.hasOpenEnd(end);
  }

  /** The array at the end of a structure: where it begins, the size of its elements, and how many it is declared with. */
  tailOf(type: ObjectType): { offset: number; element: number; length: number } | undefined {
    if (type.kind !== 'record' || type.tag !== 'struct') return undefined;
    const last = type.members?.at(-1);
    const tail = last && this.resolve(last.type);
    if (tail?.kind !== 'array') return undefined;
    const element = this.#layout(this.resolve(tail.of), 0);
    const before = this.#layout({ ...type, members: type.members!.slice(0, -1) }, 0);
    if (!element || !before) return undefined;
    return { offset: roundUp(before.end, element.alignment), element: element.size, length: tail.length ?? 0 };
  }

  /** So many bytes in front of a member of a structure; undefined where that is not known. */
  offsetOf(type: ObjectType, name: string): number | undefined {
    if (type.kind !== 'record') return undefined;
    const position = type.members?.findIndex((member) => member.name === name) ?? -1;
    if (position < 0) return undefined;
    if (position === 0 || type.tag === 'union') return 0;
    const member = this.resolve(type.members![position].type);
    const isLast = position === type.members!.length - 1;
    const layout = this.#layout(member, 0) ?? this.#flexible(member, isLast, 0);
    const before = this.#layout({ ...type, members: type.members!.slice(0, position) }, 0);
    return layout && before && roundUp(before.end, layout.alignment);
  }

  /** True when an object of the first type begins with one of the second, or may hold one in a union. */
  beginsWith(type: ObjectType, inner: ObjectType, depth = 0): boolean {
    if (this.isSame(type, inner)) return true;
    if (type.kind !== 'record' || depth > MAXIMUM_DEPTH) return false;
    const members = type.tag === 'union' ? (type.members ?? []) : (type.members ?? []).slice(0, 1);
    return members.some((member) => this.beginsWith(this.resolve(member.type), inner, depth + 1));
  }

  /**
   * True for two structures whose first members have one name and one type, and that are used for one another behind them
   * (C11, 6.5.2.3p6, names this the common initial sequence).
   */
  beginAlike(a: ObjectType, b: ObjectType): boolean {
    if (a.kind !== 'record' || b.kind !== 'record') return false;
    const [first] = a.members ?? [];
    const [second] = b.members ?? [];
    if (first === undefined || second === undefined || first.name !== second.name) return false;
    return this.isSame(this.resolve(first.type), this.resolve(second.type));
  }

  /** The same type, as far as its memory goes: qualifiers and signs do not count. */
  isSame(a: ObjectType, b: ObjectType, depth = 0): boolean {
    if (depth > MAXIMUM_DEPTH) return false;
    if (a.kind === 'arithmetic' && b.kind === 'arithmetic') return a.size === b.size;
    if (a.kind === 'pointer' && b.kind === 'pointer')
      return this.isSame(this.resolve(a.to), this.resolve(b.to), depth + 1);
    if (a.kind === 'array' && b.kind === 'array')
      return a.length === b.length && this.isSame(this.resolve(a.of), this.resolve(b.of), depth + 1);
    if (a.kind === 'record' && b.kind === 'record')
      return a.members === b.members || (a.tag === b.tag && a.name === b.name && a.name !== '');
    if (a.kind === 'incomplete' && b.kind === 'incomplete') return a.name === b.name && a.name !== '';
    return a.kind === b.kind && (a.kind === 'void' || a.kind === 'function');
  }

  describe(type: ObjectType, depth = 0): string {
    switch (type.kind) {
      case 'pointer': {
        const to = depth > 4 ? '…' : this.describe(this.resolve(type.to), depth + 1);
        return `${to}${to.endsWith('*') ? '' : ' '}*`;
      }
      case 'array':
        return `${this.describe(this.resolve(type.of), depth + 1)}[${type.length ?? ''}]`;
      case 'record':
        return type.name === '' ? type.tag : this.#isTagOnly(type) ? `${type.tag} ${type.name}` : type.name;
      case 'arithmetic':
      case 'incomplete':
        return type.name;
      default:
        return type.kind;
    }
  }

  /** A name that no typedef gives is a tag. */
  #isTagOnly(type: Extract<ObjectType, { kind: 'record' }>): boolean {
    const definition = this.#environment.definition(`typedef ${type.name}`);
    return !(definition?.kind === 'record' && definition.name === '');
  }

  #evaluate(text: string, depth: number): number | undefined {
    return constantValue(text, (name) => this.#environment.constant(name), depth);
  }
}

function roundUp(size: number, alignment: number): number {
  return Math.ceil(size / alignment) * alignment;
}
