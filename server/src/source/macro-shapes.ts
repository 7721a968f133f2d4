/** What a macro is, read from its own body: nothing is known from the shape of its name. */
import { type Meaning, meaningsOfAttributes } from './attributes.ts';
import {
  ASSEMBLY_WORD,
  ATTRIBUTE_WORD,
  HEAD_WORD,
  JUMP_WORD,
  keywordClass,
  NOISE_WORD,
  NOT_A_KEYWORD,
  OPERATOR_WORD,
  QUALIFIER_WORD,
  STORAGE_WORD,
  TAG_WORD,
  TYPE_WORD,
  TYPEOF_WORD,
} from './keywords.ts';
import { knownShape } from './known-macros.ts';
import {
  CLOSE_BRACE,
  CLOSE_PAREN,
  COMMA,
  END_OF_FILE,
  EQUALS,
  HASH,
  HASH_HASH,
  IDENTIFIER,
  NUMBER,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_PAREN,
  SEMICOLON,
  STAR,
  STRING,
  type Tokens,
  tokeniseBody,
} from './lexer.ts';
import {
  closing,
  declaresFirst,
  hasTopLevelSemicolon,
  isBalanced,
  isTypeName,
  waitingHead,
  wordAt,
} from './macro-bodies.ts';
import type { MacroRole, MacroShape } from './macro-roles.ts';
import type { MacroDefinition, MacroLookup } from './macros.ts';

const MAXIMUM_DEPTH = 8;
/** Bodies with more tokens are statements or tables; reading on tells nothing new. */
const MAXIMUM_TOKENS = 4000;

const shapesOfLookup = new WeakMap<MacroLookup, Map<string, MacroShape | undefined>>();

/**
 * The shape of the macro `name`, or `undefined` if nothing is known of it. Where several definitions disagree, the first
 * one that is not empty decides, because an empty alternative (another compiler's) says the least.
 */
export function macroShape(name: string, lookup: MacroLookup): MacroShape | undefined {
  return shapeByName(name, lookup, 0);
}

function shapeByName(name: string, lookup: MacroLookup, depth: number): MacroShape | undefined {
  let shapes = shapesOfLookup.get(lookup);
  if (shapes === undefined) {
    shapes = new Map();
    shapesOfLookup.set(lookup, shapes);
  }
  if (shapes.has(name)) return shapes.get(name);
  // While its own body is being read the name is not known: a macro that uses itself ends here.
  shapes.set(name, undefined);
  const shape = readShape(name, lookup, depth);
  shapes.set(name, shape);
  return shape;
}

function readShape(name: string, lookup: MacroLookup, depth: number): MacroShape | undefined {
  const known = knownShape(name);
  if (known !== undefined && known.meanings.length > 0) return known;
  const definitions = lookup.definitionsOf(name);
  if (definitions.length === 0) return known;
  let empty: MacroShape | undefined;
  let alias: MacroShape | undefined;
  for (let i = 0; i < definitions.length && i < 8; i++) {
    const definition = definitions[i];
    if (definition.body === name) continue;
    const shape = shapeOfDefinition(definition, lookup, depth);
    if (shape.role === 'annotation' && shape.meanings.length === 0) {
      empty ??= shape;
    } else if (shape.role === 'expression' && /^\w+$/.test(definition.body) && /^[A-Za-z_]/.test(definition.body)) {
      // A name that nobody explains, beside nothing at all: another compiler's keyword.
      alias ??= shape;
    } else {
      return shape;
    }
  }
  return empty ?? alias;
}

/** The shape of one definition; `lookup` answers for the macros its body uses. */
function shapeOfDefinition(definition: MacroDefinition, lookup: MacroLookup, depth = 0): MacroShape {
  const tokens = tokeniseBody(definition.body);
  const parameters = definition.parameters ?? [];
  const typeParameters = parameters.map((parameter) => isUsedAsType(tokens, parameter, lookup, depth));
  const last = tokens.kind[tokens.count - 2];
  const shape = (role: MacroRole, more?: Partial<MacroShape>): MacroShape => ({
    role,
    meanings: [],
    typeParameters,
    isComplete: last === SEMICOLON || last === CLOSE_BRACE,
    isFunctionLike: definition.parameters !== undefined,
    braces: 0,
    ...more,
  });
  const count = Math.min(tokens.count - 1, MAXIMUM_TOKENS);
  if (count === 0) return shape('annotation');
  // `= value`: an initialiser behind a declarator; without it the declaration is still one.
  if (tokens.kind[0] === EQUALS) return shape('annotation');
  const annotation = readAnnotation(tokens, count, lookup, depth);
  if (annotation !== undefined) return shape('annotation', { meanings: annotation });
  if (count === 1 && tokens.kind[0] === IDENTIFIER) {
    const word = definition.body;
    const parameter = parameters.indexOf(word);
    if (parameter >= 0) return shape('argument', { parameter });
    const role = keywordClass(word);
    if (role === NOT_A_KEYWORD) {
      const alias = depth < MAXIMUM_DEPTH ? shapeByName(word, lookup, depth + 1) : undefined;
      return alias === undefined ? shape('expression') : { ...alias, isFunctionLike: alias.isFunctionLike };
    }
    if (role !== TYPE_WORD) return shape('substitution', { substitute: word });
  }
  const cleaned = readCleanedType(tokens, count, lookup, depth);
  if (cleaned !== undefined) {
    const parameter = parameters.indexOf(cleaned.type.replace(/[\s*]+$/, ''));
    const isShort = parameters.length === 0 && cleaned.type.length <= definition.name.length;
    return shape('type', {
      meanings: cleaned.meanings,
      isPointer: cleaned.type.endsWith('*'),
      ...(parameter >= 0 && { parameter }),
      ...(isShort && { substitute: cleaned.type }),
    });
  }
  const role = roleOfBody(tokens, count, lookup, depth);
  return shape(role, {
    ...substitutionOf(count, definition),
    ...(role === 'fragment' && { braces: openBraces(tokens, count, lookup, depth) }),
  });
}

/** How many braces a body leaves open, with those of the macros that it uses. */
function openBraces(tokens: Tokens, count: number, lookup: MacroLookup, depth: number): number {
  let braces = 0;
  for (let index = 0; index < count; index++) {
    if (tokens.kind[index] === OPEN_BRACE) braces++;
    else if (tokens.kind[index] === CLOSE_BRACE) braces--;
    else if (tokens.kind[index] === IDENTIFIER && depth < MAXIMUM_DEPTH) {
      const word = wordAt(tokens, index);
      if (keywordClass(word) === NOT_A_KEYWORD) braces += shapeByName(word, lookup, depth + 1)?.braces ?? 0;
    }
  }
  return braces;
}

function substitutionOf(count: number, definition: MacroDefinition): Partial<MacroShape> | undefined {
  if (definition.parameters !== undefined || count > 8) return undefined;
  return { substitute: definition.body.length <= definition.name.length ? definition.body : undefined };
}

/** The meanings of a body made of attributes, storage classes and qualifiers only; `undefined` for any other body. */
function readAnnotation(
  tokens: Tokens,
  count: number,
  lookup: MacroLookup,
  depth: number,
): readonly Meaning[] | undefined {
  const meanings: Meaning[] = [];
  let index = 0;
  while (index < count) {
    const kind = tokens.kind[index];
    if (kind === OPEN_BRACKET && tokens.kind[index + 1] === OPEN_BRACKET) {
      const close = closing(tokens, index, count);
      meanings.push(...meaningsOfAttributes(tokens.text.slice(tokens.start[index], tokens.end[close])));
      index = close + 1;
      continue;
    }
    if (kind !== IDENTIFIER) return undefined;
    const word = wordAt(tokens, index);
    const keyword = keywordClass(word);
    const hasArguments = tokens.kind[index + 1] === OPEN_PAREN;
    const close = hasArguments ? closing(tokens, index + 1, count) : index;
    if (keyword === ATTRIBUTE_WORD) {
      meanings.push(...meaningsOfAttributes(tokens.text.slice(tokens.start[index], tokens.end[close])));
      index = close + 1;
    } else if (keyword === STORAGE_WORD || keyword === QUALIFIER_WORD) {
      if (word === 'typedef' || word === 'auto') return undefined;
      if (word === 'static') meanings.push({ kind: 'static' });
      index++;
    } else if (keyword === NOISE_WORD) {
      if (/noreturn/i.test(word)) meanings.push({ kind: 'noreturn' });
      index++;
    } else if (word === '_Pragma' || word === '__pragma') {
      index = close + 1;
    } else if (keyword === NOT_A_KEYWORD && depth < MAXIMUM_DEPTH) {
      const inner = shapeByName(word, lookup, depth + 1);
      if (inner?.role !== 'annotation') return undefined;
      const text = tokens.text.slice(tokens.start[index], tokens.end[close]);
      meanings.push(...meaningsOfUse(word, text, lookup, depth + 1, inner));
      index = close + 1;
    } else {
      return undefined;
    }
  }
  return meanings;
}

/**
 * The type and the meanings of a body that is a type whose variables are cleaned up, as `T __attribute__((cleanup(f)))`;
 * `undefined` for any other body.
 */
function readCleanedType(
  tokens: Tokens,
  count: number,
  lookup: MacroLookup,
  depth: number,
): { readonly type: string; readonly meanings: readonly Meaning[] } | undefined {
  const meanings: Meaning[] = [];
  const type: string[] = [];
  for (let index = 0; index < count; index++) {
    const word = wordAt(tokens, index);
    const close = tokens.kind[index + 1] === OPEN_PAREN ? closing(tokens, index + 1, count) : index;
    const text = tokens.text.slice(tokens.start[index], tokens.end[close]);
    const keyword = keywordClass(word);
    if (tokens.kind[index] === IDENTIFIER && keyword === ATTRIBUTE_WORD) {
      meanings.push(...meaningsOfAttributes(text));
      index = close;
      continue;
    }
    if (tokens.kind[index] === IDENTIFIER && keyword === NOT_A_KEYWORD && depth < MAXIMUM_DEPTH) {
      const inner = shapeByName(word, lookup, depth + 1);
      if (inner?.role === 'annotation') {
        meanings.push(...meaningsOfUse(word, text, lookup, depth + 1, inner));
        index = close;
        continue;
      }
    }
    if (tokens.kind[index] !== STAR && (tokens.kind[index] !== IDENTIFIER || keyword > QUALIFIER_WORD))
      return undefined;
    type.push(word === '' ? '*' : word);
  }
  if (type.length === 0 || type[0] === '*' || !meanings.some(({ kind }) => kind === 'cleanup')) return undefined;
  return { type: type.join(' ').replaceAll(' *', '*'), meanings };
}

/**
 * The meanings of one use of an annotation macro, `text` being the use with its arguments: `_cleanup_(freep)` means
 * clean-up by `freep`, because the body hands its parameter to the attribute.
 */
export function meaningsOfUse(
  name: string,
  text: string,
  lookup: MacroLookup,
  depth = 0,
  known: MacroShape | undefined = macroShape(name, lookup),
): readonly Meaning[] {
  if (known === undefined) return [];
  const definition = lookup.definitionsOf(name).find((each) => each.parameters !== undefined && each.body !== '');
  const open = text.indexOf('(');
  if (definition?.parameters === undefined || open < 0 || known.meanings.length > 0 || depth > MAXIMUM_DEPTH) {
    return known.meanings.length > 0 && open >= 0 && definition?.parameters !== undefined && depth <= MAXIMUM_DEPTH
      ? (meaningsOfBody(definition, text.slice(open + 1, text.lastIndexOf(')')), lookup, depth) ?? known.meanings)
      : known.meanings;
  }
  return meaningsOfBody(definition, text.slice(open + 1, text.lastIndexOf(')')), lookup, depth) ?? known.meanings;
}

function meaningsOfBody(
  definition: MacroDefinition,
  argumentText: string,
  lookup: MacroLookup,
  depth: number,
): readonly Meaning[] | undefined {
  const values = argumentText.split(',').map((value) => value.trim());
  const body = definition.body.replace(/[A-Za-z_]\w*/g, (word) => {
    const index = definition.parameters!.indexOf(word);
    if (index < 0) return word;
    const isRest = definition.isVariadic && index === definition.parameters!.length - 1;
    return isRest ? values.slice(index).join(', ') : (values[index] ?? '');
  });
  const tokens = tokeniseBody(body.replace(/\s*##\s*/g, ''));
  const count = Math.min(tokens.count - 1, MAXIMUM_TOKENS);
  return (
    readAnnotation(tokens, count, lookup, depth + 1) ?? readCleanedType(tokens, count, lookup, depth + 1)?.meanings
  );
}

function roleOfBody(tokens: Tokens, count: number, lookup: MacroLookup, depth: number): MacroRole {
  const { kind } = tokens;
  if (!isBalanced(tokens, count)) return 'fragment';
  const head = waitingHead(tokens, count);
  if (head !== undefined) return head;
  if (isStringBody(tokens, count, lookup, depth)) return 'string';
  const firstKind = kind[0];
  const first = wordAt(tokens, 0);
  const keyword = firstKind === IDENTIFIER ? keywordClass(first) : NOT_A_KEYWORD;
  if (keyword === HEAD_WORD || keyword === JUMP_WORD || first === 'do' || firstKind === OPEN_BRACE) return 'statement';
  if (first === 'else' || keyword === ASSEMBLY_WORD) return 'statement';
  if (firstKind === OPEN_PAREN && closing(tokens, 0, count) === count - 1) {
    // `(name)` may be a cast or an operand: what stands behind its use tells.
    if (isTypeName(tokens, 1, count - 1) || (count === 3 && kind[1] === IDENTIFIER)) return 'cast';
  }
  if (
    firstKind !== IDENTIFIER &&
    count <= 2 &&
    firstKind !== NUMBER &&
    firstKind !== STRING &&
    firstKind !== OPEN_PAREN
  ) {
    return 'substitution';
  }
  if (keyword === TYPE_WORD || keyword === TAG_WORD || keyword === STORAGE_WORD || keyword === QUALIFIER_WORD) {
    if (isTypeName(tokens, 0, count)) return 'type';
    if (keyword === TAG_WORD) {
      const brace = kind[1] === OPEN_BRACE ? 1 : kind[2] === OPEN_BRACE ? 2 : -1;
      if (brace > 0 && closing(tokens, brace, count) === count - 1) return 'type';
    }
    return 'declaration';
  }
  if (keyword === TYPEOF_WORD && closing(tokens, 1, count) === count - 1) return 'type';
  if (firstKind === IDENTIFIER && count >= 2 && kind[count - 1] === STAR && isTypeName(tokens, 0, count)) return 'type';
  if (hasTopLevelSemicolon(tokens, count)) return declaresFirst(tokens) ? 'declaration' : 'statement';
  if (keyword === NOT_A_KEYWORD && firstKind === IDENTIFIER && kind[1] === IDENTIFIER && kind[2] !== STRING) {
    return 'declaration';
  }
  if (count >= 3 && firstKind === IDENTIFIER && kind[1] === OPEN_PAREN && closing(tokens, 1, count) === count - 1) {
    const inner = depth < MAXIMUM_DEPTH ? shapeByName(first, lookup, depth + 1) : undefined;
    // `VOID (f)` has its operand with it.
    if (inner?.role === 'cast' && inner.isFunctionLike !== true) return 'expression';
    if (inner !== undefined && inner.role !== 'argument' && inner.role !== 'annotation') return inner.role;
  }
  return 'expression';
}

function isStringBody(tokens: Tokens, count: number, lookup: MacroLookup, depth: number): boolean {
  let hasString = false;
  for (let index = 0; index < count; index++) {
    if (tokens.kind[index] === STRING || tokens.kind[index] === HASH) {
      hasString = true;
    } else if (tokens.kind[index] === IDENTIFIER) {
      if (tokens.kind[index - 1] === HASH) continue;
      if (depth >= MAXIMUM_DEPTH || keywordClass(wordAt(tokens, index)) !== NOT_A_KEYWORD) return false;
      if (count > 1 && tokens.kind[index - 1] !== STRING && tokens.kind[index + 1] !== STRING) return false;
      if (shapeByName(wordAt(tokens, index), lookup, depth + 1)?.role === 'string') hasString = true;
      else if (count === 1) return false;
    } else {
      return false;
    }
  }
  return hasString;
}

/** A parameter is a type where the body casts to it, takes its size, declares with it or hands it on as a type. */
function isUsedAsType(tokens: Tokens, parameter: string, lookup: MacroLookup, depth: number): boolean {
  const { kind } = tokens;
  for (let index = 0; kind[index] !== END_OF_FILE; index++) {
    if (wordAt(tokens, index) !== parameter) continue;
    const before = index > 0 ? kind[index - 1] : END_OF_FILE;
    const after = kind[index + 1];
    if (before === OPEN_PAREN) {
      const callee = wordAt(tokens, index - 2);
      const calleeClass = keywordClass(callee);
      if (calleeClass === OPERATOR_WORD || calleeClass === TYPEOF_WORD) return true;
      const isCast = callee === '' || calleeClass === JUMP_WORD;
      if (after === STAR && (kind[index + 2] === CLOSE_PAREN || kind[index + 2] === STAR)) return true;
      if (isCast && after === CLOSE_PAREN && beginsOperand(kind[index + 2])) return true;
    }
    if (after === IDENTIFIER && before !== HASH && before !== HASH_HASH && before !== STRING) return true;
    if (after === STAR && kind[index + 2] === IDENTIFIER && startsDeclaration(before)) return true;
    if (depth < 4 && (before === OPEN_PAREN || before === COMMA) && (after === CLOSE_PAREN || after === COMMA)) {
      if (isTypeArgument(tokens, index, lookup, depth)) return true;
    }
  }
  return false;
}

function beginsOperand(kind: number): boolean {
  return kind === IDENTIFIER || kind === OPEN_PAREN || kind === NUMBER || kind === OPEN_BRACE || kind === STRING;
}

function startsDeclaration(before: number): boolean {
  return before === END_OF_FILE || before === SEMICOLON || before === OPEN_BRACE || before === CLOSE_BRACE;
}

/** True when the token is an argument of a macro that takes a type there. */
function isTypeArgument(tokens: Tokens, index: number, lookup: MacroLookup, depth: number): boolean {
  let number = 0;
  let level = 0;
  for (let at = index - 1; at > 0; at--) {
    const kind = tokens.kind[at];
    if (kind === CLOSE_PAREN) level++;
    else if (kind === COMMA && level === 0) number++;
    else if (kind === OPEN_PAREN && --level < 0) {
      const callee = wordAt(tokens, at - 1);
      if (callee === '' || keywordClass(callee) !== NOT_A_KEYWORD) return false;
      return shapeByName(callee, lookup, depth + 1)?.typeParameters[number] === true;
    }
  }
  return false;
}
