import type { Parser, Tree, TreeCursor } from 'web-tree-sitter';
import { detached } from '../base/detached.ts';
import { keywordClass, NOT_A_KEYWORD } from '../source/keywords.ts';
import type { NormalisedSource } from '../source/normalise.ts';
import type { Rewrite } from '../source/rewrites.ts';
import { NodeKind } from './generated/node-kinds.ts';
import type { Grammar } from './grammar.ts';
import { RewriteSlices } from './rewrite-slices.ts';
import { copySubtree, isSameSyntax, type SyntaxArrays } from './syntax-arrays.ts';

/** One declaration, function or other thing at the top level of a file. Items come in order and do not overlap. */
export interface TopLevelItem {
  readonly kind: 'function' | 'declaration' | 'other';
  /** Of a function; else ''. */
  readonly name: string;
  /** UTF-16 offsets in the file. */
  readonly start: number;
  readonly end: number;
  /** True when something inside was not understood. */
  readonly hasError: boolean;
  /** True for a whole stretch that was not even parsed, because it is longer than `MAXIMUM_STRETCH`. */
  readonly isTooLong: boolean;
  /** The syntax, with offsets from `start`. An edit elsewhere in the file keeps the identical object. */
  readonly arrays: SyntaxArrays;
  /** The rewrites that touch the item, with offsets from `start`; an edit elsewhere keeps the identical object. */
  readonly rewrites: readonly Rewrite[];
}

/** What survives of an item when an edit elsewhere moves it. */
interface ItemContent {
  readonly kind: TopLevelItem['kind'];
  readonly name: string;
  /** From the beginning of its stretch. */
  readonly offset: number;
  readonly length: number;
  readonly hasError: boolean;
  /** Of what is no function only when it was asked for: nothing but tests does. */
  arrays: SyntaxArrays | undefined;
  rewrites: readonly Rewrite[];
}

class Item implements TopLevelItem {
  readonly content: ItemContent;
  readonly start: number;
  /** Where its stretch begins. */
  readonly #from: number;
  readonly #unit: TranslationUnit;
  readonly #slices: RewriteSlices;
  #rewrites: readonly Rewrite[] | undefined;

  constructor(unit: TranslationUnit, content: ItemContent, from: number, slices: RewriteSlices) {
    this.content = content;
    this.start = from + content.offset;
    this.#from = from;
    this.#unit = unit;
    this.#slices = slices;
  }

  get kind(): TopLevelItem['kind'] {
    return this.content.kind;
  }

  get name(): string {
    return this.#slices.nameAt(this.start) ?? this.content.name;
  }

  get end(): number {
    return this.start + this.content.length;
  }

  get hasError(): boolean {
    return this.content.hasError;
  }

  get isTooLong(): boolean {
    return this.content.length > MAXIMUM_STRETCH;
  }

  get arrays(): SyntaxArrays {
    this.content.arrays ??= this.#unit.copyAlone(this.start, this.end);
    return this.content.arrays;
  }

  get rewrites(): readonly Rewrite[] {
    if (!this.#rewrites) {
      const { content, start, end } = this;
      this.#rewrites = this.#slices.within(this.#from, start, end, content.rewrites);
      content.rewrites = this.#rewrites;
    }
    return this.#rewrites;
  }
}

interface ParsedStretch {
  readonly text: string;
  readonly contents: readonly ItemContent[];
}

const containers = new Set<number>([
  NodeKind.PreprocIf,
  NodeKind.PreprocIfdef,
  NodeKind.PreprocElse,
  NodeKind.PreprocElif,
  NodeKind.PreprocElifdef,
  NodeKind.LinkageSpecification,
  NodeKind.DeclarationList,
]);
const MAXIMUM_CONTAINER_DEPTH = 64;
/**
 * A stretch longer than this, in UTF-16 code units, is not parsed: it is data, or made by a generator, and its tree takes a
 * hundred times the memory. The longest function of SQLite's amalgamation has a quarter of it.
 */
export const MAXIMUM_STRETCH = 1 << 20;
/** Stretches that an edit took away are kept, this many of them: most edits are taken back or made again. */
const MAXIMUM_RETIRED = 32;
const noRewrites: readonly Rewrite[] = [];

/**
 * One parsed file. Every stretch of it is parsed alone: the same text has the same syntax whatever stands around it and
 * whatever stood there before, a broken function breaks no other, and an edit costs the stretches that it touches.
 */
export class TranslationUnit {
  readonly source: NormalisedSource;
  readonly items: readonly TopLevelItem[];
  readonly #grammar: Grammar;
  readonly #parser: Parser;
  /** In the order of the text. */
  readonly #parsed: ParsedStretch[] = [];
  /** Of earlier texts, by their own text, the latest last. */
  readonly #retired = new Map<string, ParsedStretch>();
  #byName: Map<string, TopLevelItem[]> | undefined;

  private constructor(grammar: Grammar, parser: Parser, source: NormalisedSource, previous?: TranslationUnit) {
    this.#grammar = grammar;
    this.#parser = parser;
    this.source = source;
    this.items = this.#build(previous);
  }

  /** Parses a file from the beginning. Throws only if the parser has no language. */
  static parse(grammar: Grammar, parser: Parser, source: NormalisedSource): TranslationUnit {
    return new TranslationUnit(grammar, parser, source);
  }

  /** Parses the file's new text, re-using what did not change. */
  update(source: NormalisedSource): TranslationUnit {
    return new TranslationUnit(this.#grammar, this.#parser, source, this);
  }

  /** The function of that name; of several the first, as with alternatives of a conditional group. */
  functionNamed(name: string): TopLevelItem | undefined {
    return this.functionsNamed(name)[0];
  }

  /** All functions of that name, in order. */
  functionsNamed(name: string): readonly TopLevelItem[] {
    return this.#functions().get(name) ?? [];
  }

  /** The names of its functions, each once. */
  functionNames(): Iterable<string> {
    return this.#functions().keys();
  }

  #functions(): ReadonlyMap<string, readonly TopLevelItem[]> {
    if (!this.#byName) {
      this.#byName = new Map();
      for (const item of this.items) {
        if (item.kind !== 'function') continue;
        const known = this.#byName.get(item.name);
        if (known) known.push(item);
        else this.#byName.set(item.name, [item]);
      }
    }
    return this.#byName;
  }

  /** The syntax of what stands between two offsets, one node of the top level. Used by the items. */
  copyAlone(start: number, end: number): SyntaxArrays {
    const own = this.source.text.slice(start, end);
    if (own.length > MAXIMUM_STRETCH) return errorArrays(own);
    const tree = parseText(this.#parser, own);
    const cursor = tree.walk();
    try {
      const isNode = cursor.gotoFirstChild() && cursor.startIndex === 0 && cursor.endIndex === own.length;
      return isNode ? copySubtree(cursor, this.#grammar, own) : errorArrays(own);
    } finally {
      cursor.delete();
      tree.delete();
    }
  }

  #build(previous: TranslationUnit | undefined): TopLevelItem[] {
    const { text, rewrites, stretches } = this.source;
    const slices = new RewriteSlices(rewrites);
    const items: TopLevelItem[] = [];
    const parsed = this.#parsed;
    const before = previous ? previous.#parsed : [];
    // Most are where they were, counted from one end or the other: to compare them there is quicker than to look them up.
    const isSame = (at: number, own: string): boolean => at >= 0 && at < before.length && before[at].text === own;
    const fromEnd = before.length - stretches.length;
    let others: Map<string, ParsedStretch> | undefined;
    let start = 0;
    for (const [i, { end, head }] of stretches.entries()) {
      const own = text.slice(start, end);
      let stretch: ParsedStretch | undefined;
      if (isSame(i, own)) stretch = before[i];
      else if (isSame(i + fromEnd, own)) stretch = before[i + fromEnd];
      else if (previous) {
        others ??= new Map([...previous.#retired, ...before.map((each) => [each.text, each] as const)]);
        stretch = others.get(own);
      }
      if (!stretch) {
        stretch = this.#parseStretch(previous ? detached(own) : own, head - start);
        if (fromEnd === 0) stretch = withKnownFunctions(stretch, before[i]);
      }
      parsed.push(stretch);
      for (const content of stretch.contents) items.push(new Item(this, content, start, slices));
      start = end;
    }
    if (previous) this.#retire(previous);
    return items;
  }

  #retire(previous: TranslationUnit): void {
    const present = new Set(this.#parsed);
    for (const [text, stretch] of previous.#retired) if (!present.has(stretch)) this.#retired.set(text, stretch);
    for (const stretch of previous.#parsed) if (!present.has(stretch)) this.#retired.set(stretch.text, stretch);
    for (const text of this.#retired.keys()) {
      if (this.#retired.size <= MAXIMUM_RETIRED) return;
      this.#retired.delete(text);
    }
  }

  #parseStretch(text: string, head: number): ParsedStretch {
    return { text, contents: this.#contentsOf(text, head) };
  }

  /** The items of a stretch. A function whose surroundings disturb it is parsed again, from its head at `head`. */
  #contentsOf(text: string, head: number): ItemContent[] {
    if (text.length > MAXIMUM_STRETCH) return [tooLong(text, head)];
    const tree = parseText(this.#parser, text);
    const cursor = tree.walk();
    try {
      const contents = this.#collect(cursor, text);
      const isWhole = ({ kind, hasError, offset, length }: ItemContent): boolean =>
        kind === 'function' && !hasError && offset + length === text.length;
      if (head < 0 || contents.some(isWhole)) return contents;
      const alone = this.#parseAlone(text, head);
      const hasError = contents.some((content) => content.hasError);
      const own = alone ?? (hasError ? notUnderstood(text, head, contents) : undefined);
      return own ? withAlone(contents, own) : contents;
    } finally {
      cursor.delete();
      tree.delete();
    }
  }

  /** Visits the top level and what stands in `#if` and `extern "C"` blocks there. */
  #collect(cursor: TreeCursor, text: string): ItemContent[] {
    const { kindOfSymbol, isNamedSymbol } = this.#grammar;
    const contents: ItemContent[] = [];
    const add = (kind: TopLevelItem['kind'], isError: boolean): void => {
      const { startIndex: offset, endIndex } = cursor;
      const length = endIndex - offset;
      if (length === 0) return;
      const hasError = isError || cursor.currentNode.hasError;
      const arrays = kind === 'function' ? copySubtree(cursor, this.#grammar, text) : undefined;
      const name = kind === 'function' ? functionName(cursor, text) : '';
      contents.push({ kind, name, offset, length, hasError, arrays, rewrites: noRewrites });
    };
    if (!cursor.gotoFirstChild()) return contents;
    let depth = 1;
    let isInError = false;
    let errorDepth = 0;
    for (;;) {
      const symbol = cursor.nodeTypeId;
      const kind = kindOfSymbol[symbol];
      const isDeep = depth > MAXIMUM_CONTAINER_DEPTH;
      if (
        !isDeep &&
        (containers.has(kind) || (kind === NodeKind.ERROR && !isInError && hasFunction(cursor, kindOfSymbol)))
      ) {
        if (kind === NodeKind.ERROR) {
          isInError = true;
          errorDepth = depth;
        }
        if (cursor.gotoFirstChild()) {
          depth++;
          continue;
        }
      } else if (kind === NodeKind.FunctionDefinition) {
        add('function', false);
      } else if (kind === NodeKind.ERROR) {
        add('other', true);
      } else if (isNamedSymbol[symbol] === 1 && kind !== NodeKind.Comment) {
        const isDeclaration = kind === NodeKind.Declaration || kind === NodeKind.TypeDefinition;
        add(isDeclaration && !isInError ? 'declaration' : 'other', false);
      }
      while (!cursor.gotoNextSibling()) {
        if (!cursor.gotoParent() || --depth === 0) return contents;
        if (isInError && depth === errorDepth) isInError = false;
      }
    }
  }

  /** The function from its head to the end of the text, when that is one definition; undefined when it is not. */
  #parseAlone(text: string, head: number): ItemContent | undefined {
    const own = text.slice(head);
    const tree = parseText(this.#parser, own);
    const cursor = tree.walk();
    try {
      if (!cursor.gotoFirstChild()) return undefined;
      do {
        if (this.#grammar.kindOfSymbol[cursor.nodeTypeId] !== NodeKind.FunctionDefinition) continue;
        if (cursor.endIndex !== own.length || cursor.startIndex !== 0) continue;
        const arrays = copySubtree(cursor, this.#grammar, own);
        const { hasError } = arrays;
        const name = functionName(cursor, own);
        return { kind: 'function', name, offset: head, length: own.length, hasError, arrays, rewrites: noRewrites };
      } while (cursor.gotoNextSibling());
      return undefined;
    } finally {
      cursor.delete();
      tree.delete();
    }
  }
}

/** A function whose own text an edit left alone, as one of the comment in front of it does, keeps its syntax, and what is known by that. */
function withKnownFunctions({ text, contents }: ParsedStretch, before: ParsedStretch): ParsedStretch {
  const known = (content: ItemContent): ItemContent => {
    const { arrays } = content;
    const same = before.contents.find((each) => arrays && each.arrays && isSameSyntax(each.arrays, arrays));
    return same ? { ...content, arrays: same.arrays, rewrites: same.rewrites } : content;
  };
  return { text, contents: contents.map(known) };
}

/** The word in front of the first parenthesis from `head` on; '' where a brace comes first. */
function nameBehind(text: string, head: number): string {
  return /^[^{(]*?([A-Za-z_]\w*)\s*\(/.exec(text.slice(head, head + 400))?.[1] ?? '';
}

/** Stands for a function that the grammar made something else of. */
function notUnderstood(text: string, head: number, contents: readonly ItemContent[]): ItemContent | undefined {
  const known = contents.find(({ kind, offset, length }) => kind === 'function' && offset + length === text.length);
  if (known) return known;
  const name = nameBehind(text, head);
  // Without a name in front of parentheses it is some other thing with a block.
  if (name === '' || keywordClass(name) !== NOT_A_KEYWORD) return undefined;
  const own = text.slice(head);
  const arrays = errorArrays(own);
  return { kind: 'function', name, offset: head, length: own.length, hasError: true, arrays, rewrites: noRewrites };
}

/** Stands for a stretch that is not parsed. */
function tooLong(text: string, head: number): ItemContent {
  const name = head < 0 ? '' : nameBehind(text, head);
  const kind = head < 0 ? 'other' : 'function';
  const arrays = errorArrays(text);
  return { kind, name, offset: 0, length: text.length, hasError: true, arrays, rewrites: noRewrites };
}

/** Puts the function in the place of the items it overlaps, at the end of a stretch; what is left of those is an error. */
function withAlone(contents: readonly ItemContent[], alone: ItemContent): ItemContent[] {
  const result: ItemContent[] = [];
  for (const content of contents) {
    const end = Math.min(content.offset + content.length, alone.offset);
    if (content.offset + content.length <= alone.offset) result.push(content);
    else if (content.offset < end) {
      const length = end - content.offset;
      result.push({ ...content, kind: 'other', name: '', length, hasError: true, arrays: undefined });
    }
  }
  result.push(alone);
  return result;
}

function parseText(parser: Parser, text: string): Tree {
  const tree = parser.parse(text);
  if (tree === null) throw new Error('the parser has no language');
  return tree;
}

function hasFunction(cursor: TreeCursor, kindOfSymbol: Uint8Array): boolean {
  if (!cursor.gotoFirstChild()) return false;
  let found = false;
  do {
    const kind = kindOfSymbol[cursor.nodeTypeId];
    found = kind === NodeKind.FunctionDefinition || containers.has(kind);
  } while (!found && cursor.gotoNextSibling());
  cursor.gotoParent();
  return found;
}

/** The declared name of the function definition that the cursor stands on; the cursor stays there. */
function functionName(cursor: TreeCursor, text: string): string {
  let node = cursor.currentNode.childForFieldName('declarator');
  for (let depth = 0; node !== null && depth < 32; depth++) {
    if (node.type === 'identifier' || node.type === 'field_identifier' || node.type === 'type_identifier') {
      return text.slice(node.startIndex, node.endIndex);
    }
    node = node.childForFieldName('declarator') ?? node.namedChild(0);
  }
  return '';
}

/** Arrays of a stretch that was not understood at all: one ERROR node. */
function errorArrays(text: string): SyntaxArrays {
  return {
    text,
    length: 1,
    kind: Uint8Array.of(NodeKind.ERROR),
    field: Uint8Array.of(0),
    start: Int32Array.of(0),
    end: Int32Array.of(text.length),
    next: Int32Array.of(1),
    hasError: true,
  };
}
