import type { DeclaredVariable } from '../source/file-variables.ts';
import { Field, NodeKind } from '../syntax/generated/node-kinds.ts';
import {
  childByField,
  childrenOf,
  NO_NODE,
  type NodeIndex,
  type SyntaxArrays,
  textOf,
} from '../syntax/syntax-arrays.ts';

/**
 * A type as the text writes it. What its names stand for is said by declarations that may lie anywhere in the program, so
 * a term is only resolved (to a size, say) when somebody asks.
 */
export type TypeTerm =
  /** A basic type in its one spelling (`unsigned long`), or a typedef's name. */
  | { readonly kind: 'named'; readonly name: string }
  /** A structure or union whose members stand elsewhere, or an enumeration. */
  | { readonly kind: 'tagged'; readonly tag: Tag; readonly name: string }
  | { readonly kind: 'record'; readonly tag: 'struct' | 'union'; readonly name: string; readonly members: Members }
  | { readonly kind: 'pointer'; readonly to: TypeTerm }
  /** `length` is the text between the brackets, '' for none. */
  | { readonly kind: 'array'; readonly of: TypeTerm; readonly length: string }
  | { readonly kind: 'function' }
  /** The type of a member of an object of this type. */
  | { readonly kind: 'member'; readonly of: TypeTerm; readonly name: string }
  /** The type of what a pointer of this type points to, or of an element of such an array. */
  | { readonly kind: 'target'; readonly of: TypeTerm }
  | { readonly kind: 'unknown' };

export type Tag = 'struct' | 'union' | 'enum';

interface Member {
  /** '' for an anonymous structure or union, whose members count as those of the outer one. */
  readonly name: string;
  readonly type: TypeTerm;
}

/** Undefined where something in the list was not understood: bit-fields, directives, alignment, macros. */
export type Members = readonly Member[] | undefined;

export const UNKNOWN_TYPE: TypeTerm = { kind: 'unknown' };
export const CHARACTER: TypeTerm = { kind: 'named', name: 'char' };
export const INTEGER: TypeTerm = { kind: 'named', name: 'int' };

/** Members nested deeper, and declarators longer than this, are not read. */
const MAXIMUM_TYPE_DEPTH = 16;
/** A longer list of members belongs to a generated table. */
const MAXIMUM_MEMBERS = 500;

const ATTRIBUTES = new Set([
  NodeKind.AttributeSpecifier,
  NodeKind.AttributeDeclaration,
  NodeKind.MsDeclspecModifier,
  NodeKind.AlignasQualifier,
]);

/** The type that a type specifier names. */
export function readSpecifier(tree: SyntaxArrays, node: NodeIndex, depth = 0): TypeTerm {
  if (node === NO_NODE) return UNKNOWN_TYPE;
  switch (tree.kind[node]) {
    case NodeKind.PrimitiveType:
    case NodeKind.SizedTypeSpecifier:
      return { kind: 'named', name: basicName(textOf(tree, node)) };
    case NodeKind.TypeIdentifier:
      return { kind: 'named', name: textOf(tree, node) };
    case NodeKind.StructSpecifier:
      return readRecord(tree, node, 'struct', depth);
    case NodeKind.UnionSpecifier:
      return readRecord(tree, node, 'union', depth);
    case NodeKind.EnumSpecifier: {
      const name = childByField(tree, node, Field.Name);
      const isPlain = childByField(tree, node, Field.UnderlyingType) === NO_NODE;
      return isPlain ? { kind: 'tagged', tag: 'enum', name: name === NO_NODE ? '' : textOf(tree, name) } : UNKNOWN_TYPE;
    }
    default:
      return UNKNOWN_TYPE;
  }
}

function readRecord(tree: SyntaxArrays, node: NodeIndex, tag: 'struct' | 'union', depth: number): TypeTerm {
  const nameNode = childByField(tree, node, Field.Name);
  const name = nameNode === NO_NODE ? '' : textOf(tree, nameNode);
  const body = childByField(tree, node, Field.Body);
  if (body === NO_NODE) return name === '' ? UNKNOWN_TYPE : { kind: 'tagged', tag, name };
  const hasAttributes = childrenOf(tree, node).some((child) => ATTRIBUTES.has(tree.kind[child]));
  const members = hasAttributes || depth >= MAXIMUM_TYPE_DEPTH ? undefined : readMembers(tree, body, depth + 1);
  return { kind: 'record', tag, name, members };
}

function readMembers(tree: SyntaxArrays, body: NodeIndex, depth: number): Members {
  const members: Member[] = [];
  for (const field of childrenOf(tree, body)) {
    if (tree.kind[field] !== NodeKind.FieldDeclaration) return undefined;
    const base = readSpecifier(tree, childByField(tree, field, Field.Type), depth);
    let isNamed = false;
    for (const child of childrenOf(tree, field)) {
      const kind = tree.kind[child];
      if (kind === NodeKind.BitfieldClause || kind === NodeKind.ERROR || ATTRIBUTES.has(kind)) return undefined;
      if (tree.field[child] !== Field.Declarator) continue;
      isNamed = true;
      members.push(readDeclared(tree, child, base));
    }
    if (!isNamed) members.push({ name: '', type: base });
    if (members.length > MAXIMUM_MEMBERS) return undefined;
  }
  return members;
}

/** The name that a declarator declares, and its type when `base` is that of the specifiers (C17 6.7.6). */
export function readDeclared(tree: SyntaxArrays, node: NodeIndex, base: TypeTerm): Member {
  let type = base;
  let current = node;
  for (let depth = 0; current !== NO_NODE && depth < MAXIMUM_TYPE_DEPTH; depth++) {
    switch (tree.kind[current]) {
      case NodeKind.PointerDeclarator:
      case NodeKind.AbstractPointerDeclarator:
        type = { kind: 'pointer', to: type };
        break;
      case NodeKind.ArrayDeclarator:
      case NodeKind.AbstractArrayDeclarator: {
        const size = childByField(tree, current, Field.Size);
        type = { kind: 'array', of: type, length: size === NO_NODE ? '' : textOf(tree, size) };
        break;
      }
      case NodeKind.FunctionDeclarator:
      case NodeKind.AbstractFunctionDeclarator:
        type = { kind: 'function' };
        break;
      case NodeKind.Identifier:
      case NodeKind.TypeIdentifier:
      case NodeKind.FieldIdentifier:
      case NodeKind.PrimitiveType:
        return { name: textOf(tree, current), type };
      case NodeKind.ParenthesizedDeclarator:
      case NodeKind.AbstractParenthesizedDeclarator:
      case NodeKind.InitDeclarator:
        break;
      default:
        return { name: '', type: UNKNOWN_TYPE };
    }
    const inner = childByField(tree, current, Field.Declarator);
    const first = current + 1 < tree.next[current] ? current + 1 : NO_NODE;
    const isWrapped =
      tree.kind[current] === NodeKind.ParenthesizedDeclarator ||
      tree.kind[current] === NodeKind.AbstractParenthesizedDeclarator;
    if (inner === NO_NODE && !isWrapped) return { name: '', type };
    current = inner === NO_NODE ? first : inner;
  }
  return { name: '', type: UNKNOWN_TYPE };
}

/** The type between the parentheses of a cast or of `sizeof`. */
export function readTypeDescriptor(tree: SyntaxArrays, node: NodeIndex): TypeTerm {
  const base = readSpecifier(tree, childByField(tree, node, Field.Type));
  const declarator = childByField(tree, node, Field.Declarator);
  return declarator === NO_NODE ? base : readDeclared(tree, declarator, base).type;
}

/** The type of a variable outside of functions, as far as its declarations say. */
export function typeOfVariable({ type, isArray }: DeclaredVariable): TypeTerm {
  const [, words, stars, toArray] = /^(.*?) ?(\**)(\[\]\*)?$/.exec(type)!;
  if (words === '') return UNKNOWN_TYPE;
  const [tag, name = ''] = words.split(' ');
  let term: TypeTerm = isTag(tag) ? { kind: 'tagged', tag, name } : { kind: 'named', name: basicName(words) };
  for (let i = 0; i < stars.length; i++) term = { kind: 'pointer', to: term };
  if (toArray) term = { kind: 'pointer', to: { kind: 'array', of: term, length: '' } };
  return isArray ? { kind: 'array', of: term, length: '' } : term;
}

function isTag(word: string): word is Tag {
  return word === 'struct' || word === 'union' || word === 'enum';
}

/** The type that a declaration of its own gives a typedef's name or a tag; undefined when it gives none. */
export function readDefinition(tree: SyntaxArrays, root: NodeIndex, key: TypeKey): TypeTerm | undefined {
  if (tree.hasError) return undefined;
  const [kind, name] = key.split(' ');
  const specifier =
    tree.kind[root] === NodeKind.StructSpecifier || tree.kind[root] === NodeKind.UnionSpecifier
      ? root
      : childByField(tree, root, Field.Type);
  if (childrenOf(tree, root).some((child) => ATTRIBUTES.has(tree.kind[child]))) return undefined;
  const base = readSpecifier(tree, specifier);
  if (kind !== 'typedef') return base.kind === 'record' && base.tag === kind && base.name === name ? base : undefined;
  for (const child of childrenOf(tree, root)) {
    if (tree.field[child] !== Field.Declarator) continue;
    const declared = readDeclared(tree, child, base);
    if (declared.name === name) return declared.type;
  }
  return undefined;
}

/** A type in words; undefined when a part of it is not known. Equal words in one scope mean equal types. */
export function describeTerm(type: TypeTerm): string | undefined {
  switch (type.kind) {
    case 'named':
      return type.name;
    case 'tagged':
    case 'record':
      return type.name === '' ? undefined : `${type.tag} ${type.name}`;
    case 'pointer': {
      const to = describeTerm(type.to);
      return to === undefined ? undefined : `${to}${to.endsWith('*') ? '' : ' '}*`;
    }
    case 'array': {
      const of = describeTerm(type.of);
      return of === undefined || type.length === '' ? undefined : `${of}[${type.length}]`;
    }
    default:
      return undefined;
  }
}

/** How a definition is asked for: `typedef NAME`, `struct TAG`, `union TAG`. */
export type TypeKey = string;

/** `unsigned`, `long unsigned int`, `unsigned long`: each basic type has one spelling (C17 6.7.2.2). */
function basicName(text: string): string {
  const words = text.split(/\s+/);
  const count = (word: string): number => words.filter((each) => each === word || each === `__${word}__`).length;
  if (words.some((word) => !BASIC_WORD.test(word))) return words.join(' ');
  if (count('double') > 0) return count('long') > 0 ? 'long double' : 'double';
  for (const plain of ['void', 'float', '_Bool', 'bool']) if (count(plain) > 0) return plain;
  const sign = count('unsigned') > 0 ? 'unsigned ' : '';
  if (count('char') > 0) return count('signed') > 0 ? 'signed char' : `${sign}char`;
  if (count('short') > 0) return `${sign}short`;
  if (count('long') > 1) return `${sign}long long`;
  if (count('long') > 0) return `${sign}long`;
  return `${sign}int`;
}

const BASIC_WORD = /^(__)?(unsigned|signed|long|short|int|char|double|float|void|_Bool|bool)(__)?$/;
