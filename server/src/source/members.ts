import { directiveAt } from './directives.ts';
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  CLOSE_PAREN,
  COLON,
  COMMA,
  DIRECTIVE,
  IDENTIFIER,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_PAREN,
  SEMICOLON,
  STAR,
  type Tokens,
} from './lexer.ts';

import { NORETURN_WORD } from './noreturn.ts';

/**
 * What the declarations of structures say of members with a name, as bits. Which structure an expression like `p->name`
 * means is a matter of types; what holds for all members of a name holds for it too.
 */
export const MEMBER_FIRST = 1;
/** Stands behind another member. */
export const MEMBER_LATER = 2;
/** Of a union, or of a structure inside one: other members have the same place. */
export const MEMBER_SHARED = 4;
/** A pointer or a number: its name is its value. */
export const MEMBER_SCALAR = 8;
/** An array, a structure, or of a type whose meaning is not in the declaration. */
export const MEMBER_COMPOSITE = 16;
/** An array: its name is the address of its first element. */
export const MEMBER_ARRAY = 32;

/** Members of structures of the system's headers that are arrays (POSIX.1-2017, <netinet/in.h> and others, and what Linux adds). */
export const SYSTEM_ARRAYS: ReadonlySet<string> = new Set(
  (
    's6_addr s6_addr16 s6_addr32 sa_data sun_path d_name ifr_name ifr_newname ether_addr_octet ether_dhost ether_shost ' +
    'h_dest h_source sysname nodename domainname ut_user ut_line ut_host ut_id c_cc sll_addr fds_bits'
  ).split(' '),
);
/** A structure, or of a type whose meaning is not in the declaration, and no array. */
const MEMBER_SINGLE = 64;

/** A pointer to a function that never returns, by an annotation on its declaration. */
const MEMBER_NORETURN = 128;
/** Any other member. */
const MEMBER_ORDINARY = 256;

/** True when all members of a name are pointers to functions that never return. */
export function isNoreturnMember(traits: number): boolean {
  return (traits & (MEMBER_NORETURN | MEMBER_ORDINARY)) === MEMBER_NORETURN;
}

/** True when all members of a name are pointers or numbers, and none is a union's. */
export function isScalarMember(traits: number): boolean {
  return (traits & (MEMBER_SCALAR | MEMBER_COMPOSITE | MEMBER_SHARED)) === MEMBER_SCALAR;
}

/** True when all members of a name are arrays. */
export function isArrayMember(traits: number): boolean {
  return (traits & (MEMBER_ARRAY | MEMBER_SCALAR | MEMBER_SINGLE)) === MEMBER_ARRAY;
}

export interface Member {
  readonly name: string;
  /** The bits of all members of that name in the text. */
  readonly traits: number;
}

/** More members than this in one file are generated tables. */
const MAXIMUM_MEMBERS = 20_000;

const ARITHMETIC_WORD =
  /^(const|volatile|unsigned|signed|short|long|char|int|float|double|bool|_Bool|enum|size_t|ssize_t|off_t|time_t|pid_t|uid_t|gid_t|mode_t|u?int\d+_t|u?int(max|ptr|_fast\d+|_least\d+)_t|u_?(char|int|short|long)|u_int\d+_t|uint|uchar|ushort|ulong|u8|u16|u32|u64|s8|s16|s32|s64|gchar|guchar|gint|guint|glong|gulong|gsize|gssize|gboolean|gint\d+|guint\d+|BOOL|DWORD|WORD|BYTE|wchar_t)$/;

interface Body {
  readonly isShared: boolean;
  /** No member was read yet, or only ones that a preprocessor condition may take away. */
  isFirst: boolean;
  /** Preprocessor conditions that are open inside the body. */
  conditions: number;
  /** The first token of the declaration being read. */
  start: number;
  /** The depth of parentheses and brackets. */
  depth: number;
}

/** The members that a text declares, in one pass over its tokens. Any text gives a list; nothing throws. */
export function readMembers(tokens: Tokens): Member[] {
  const { kind, symbol, names, count } = tokens;
  const traits = new Map<string, number>();
  const bodies: (Body | undefined)[] = [];
  for (let i = 0; i < count && traits.size < MAXIMUM_MEMBERS; i++) {
    const body = bodies.at(-1);
    switch (kind[i]) {
      case OPEN_BRACE: {
        const word = tagWord(tokens, i);
        const isShared = word === 'union' || (body?.isShared ?? false);
        bodies.push(word === '' ? undefined : { isShared, isFirst: true, conditions: 0, start: i + 1, depth: 0 });
        break;
      }
      case CLOSE_BRACE: {
        bodies.pop();
        const outer = bodies.at(-1);
        // The members of an inner structure are read; what stands behind it names a composite.
        if (outer) outer.start = i;
        break;
      }
      case OPEN_PAREN:
      case OPEN_BRACKET:
        if (body) body.depth++;
        break;
      case CLOSE_PAREN:
      case CLOSE_BRACKET:
        if (body) body.depth--;
        break;
      case DIRECTIVE:
        if (body) {
          const { name } = directiveAt(tokens, i);
          if (name.startsWith('if')) body.conditions++;
          else if (name === 'endif' && body.conditions > 0) body.conditions--;
          body.start = i + 1;
        }
        break;
      case SEMICOLON:
        if (body && body.depth <= 0) {
          readDeclaration(tokens, body, i, traits, names, symbol);
          body.start = i + 1;
          body.depth = 0;
        }
        break;
      default:
        break;
    }
  }
  return listOf(traits);
}

function listOf(traits: ReadonlyMap<string, number>): Member[] {
  return [...traits].map(([name, bits]) => ({ name, traits: bits }));
}

/** `struct` or `union` when the brace at `open` begins the body of one, else ''. */
function tagWord(tokens: Tokens, open: number): string {
  const { kind, symbol, names } = tokens;
  // `struct name {`, `struct ATTRIBUTE name {`, `struct {`.
  for (let i = open - 1; i >= Math.max(0, open - 3) && kind[i] === IDENTIFIER; i--) {
    const word = names[symbol[i]];
    if (word === 'struct' || word === 'union') return word;
  }
  return '';
}

function readDeclaration(
  tokens: Tokens,
  body: Body,
  end: number,
  traits: Map<string, number>,
  names: readonly string[],
  symbol: Int32Array,
): void {
  const { kind } = tokens;
  const position = body.isShared ? MEMBER_SHARED | MEMBER_FIRST : body.isFirst ? MEMBER_FIRST : MEMBER_LATER;
  const isArithmetic = hasArithmeticType(tokens, body.start, end);
  let start = body.start;
  let depth = 0;
  let isAny = false;
  for (let i = body.start; i <= end; i++) {
    if (kind[i] === OPEN_PAREN || kind[i] === OPEN_BRACKET) depth++;
    if (kind[i] === CLOSE_PAREN || kind[i] === CLOSE_BRACKET) depth--;
    if (depth > 0 || (kind[i] !== COMMA && i !== end)) continue;
    const declared = declaredName(tokens, start, i);
    if (declared) {
      const name = names[symbol[declared.at]];
      const isScalar = !declared.isArray && (declared.isPointer || isArithmetic);
      const composite = MEMBER_COMPOSITE | (declared.isArray ? MEMBER_ARRAY : MEMBER_SINGLE);
      const ending = isFunction(tokens, declared.at) && saysNoreturn(tokens, body.start, end);
      const bits = position | (isScalar ? MEMBER_SCALAR : composite) | (ending ? MEMBER_NORETURN : MEMBER_ORDINARY);
      traits.set(name, (traits.get(name) ?? 0) | bits);
      isAny = true;
    }
    start = i + 1;
  }
  // An anonymous structure or union is a member too.
  if (body.conditions === 0 && (isAny || kind[body.start] === CLOSE_BRACE)) body.isFirst = false;
}

/** `(*name)(` begins the parameters of a pointer to a function. */
function isFunction({ kind }: Tokens, name: number): boolean {
  return kind[name - 1] === STAR && kind[name + 1] === CLOSE_PAREN && kind[name + 2] === OPEN_PAREN;
}

function saysNoreturn({ kind, symbol, names }: Tokens, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    if (kind[i] === IDENTIFIER && NORETURN_WORD.test(names[symbol[i]])) return true;
  }
  return false;
}

/** All words of a declaration but its last, which is the name, are types of numbers. */
function hasArithmeticType(tokens: Tokens, start: number, end: number): boolean {
  const { kind, symbol, names } = tokens;
  let isTag = false;
  let words = 0;
  for (let i = start; i < end && kind[i] === IDENTIFIER; i++) {
    const word = names[symbol[i]];
    const isName = kind[i + 1] !== IDENTIFIER && kind[i + 1] !== STAR;
    if (isName && words > 0) return true;
    if (!isTag && !ARITHMETIC_WORD.test(word)) return false;
    isTag = word === 'enum';
    words++;
  }
  return words > 0;
}

/** The name in one declarator, and what the declarator makes of it. */
function declaredName(
  tokens: Tokens,
  start: number,
  end: number,
): { at: number; isPointer: boolean; isArray: boolean } | undefined {
  const { kind } = tokens;
  for (let i = start; i < end; i++) {
    // `type (*name)(…)`, `type (*name[n])(…)`.
    if (kind[i] === OPEN_PAREN && kind[i + 1] === STAR && kind[i + 2] === IDENTIFIER)
      return { at: i + 2, isPointer: true, isArray: kind[i + 3] === OPEN_BRACKET };
  }
  let at = -1;
  let isArray = false;
  for (let i = start, depth = 0; i < end; i++) {
    if (kind[i] === OPEN_BRACKET && depth === 0 && at >= 0) isArray = true;
    if (kind[i] === OPEN_PAREN || kind[i] === OPEN_BRACKET) depth++;
    else if (kind[i] === CLOSE_PAREN || kind[i] === CLOSE_BRACKET) depth--;
    else if (kind[i] === COLON && depth === 0) break;
    else if (kind[i] === IDENTIFIER && depth === 0 && !isArray) at = i;
  }
  return at < 0 ? undefined : { at, isPointer: kind[at - 1] === STAR, isArray };
}
