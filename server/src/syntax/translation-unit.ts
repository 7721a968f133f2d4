import { Edit, type Parser, type Tree, type TreeCursor } from 'web-tree-sitter';
import type { NormalisedSource, Rewrite } from '../source/normalise.ts';
import { functionRanges } from './function-ranges.ts';
import { NodeKind } from './generated/node-kinds.ts';
import type { Grammar } from './grammar.ts';
import { copySubtree, type SyntaxArrays } from './syntax-arrays.ts';

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
  /**
   * The syntax, with offsets from `start`; copied when first asked for, which must be before the unit is updated or
   * deleted. An edit elsewhere in the file keeps the identical object.
   */
  readonly arrays: SyntaxArrays;
  /** The rewrites that touch the item, with offsets from `start`; an edit elsewhere keeps the identical object. */
  readonly rewrites: readonly Rewrite[];
}

/** What survives of an item when an edit elsewhere moves it. */
interface ItemContent {
  readonly kind: TopLevelItem['kind'];
  readonly name: string;
  readonly length: number;
  readonly hasError: boolean;
  /** True when the item was parsed alone: its arrays are there from the beginning. */
  readonly isAlone: boolean;
  arrays: SyntaxArrays | undefined;
}

class Item implements TopLevelItem {
  readonly content: ItemContent;
  readonly start: number;
  readonly rewrites: readonly Rewrite[];
  readonly #unit: TranslationUnit;

  constructor(unit: TranslationUnit, content: ItemContent, start: number, rewrites: readonly Rewrite[]) {
    this.#unit = unit;
    this.content = content;
    this.start = start;
    this.rewrites = rewrites;
  }

  get kind(): TopLevelItem['kind'] {
    return this.content.kind;
  }

  get name(): string {
    return this.content.name;
  }

  get end(): number {
    return this.start + this.content.length;
  }

  get hasError(): boolean {
    return this.content.hasError;
  }

  get arrays(): SyntaxArrays {
    this.content.arrays ??= this.#unit.copy(this.start, this.start + this.content.length);
    return this.content.arrays;
  }
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** What changed between two texts: the part between their common beginning and their common end. */
interface Change {
  readonly start: number;
  readonly oldEnd: number;
  readonly newEnd: number;
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
const noRewrites: readonly Rewrite[] = [];

/** One parsed file. It owns a syntax tree outside of the garbage collector's reach: `delete()` it when done. */
export class TranslationUnit {
  readonly source: NormalisedSource;
  readonly items: readonly TopLevelItem[];
  readonly #grammar: Grammar;
  readonly #parser: Parser;
  #tree: Tree | undefined;

  private constructor(
    grammar: Grammar,
    parser: Parser,
    source: NormalisedSource,
    tree: Tree,
    previous: readonly Item[],
    change: Change | undefined,
  ) {
    this.#grammar = grammar;
    this.#parser = parser;
    this.source = source;
    this.#tree = tree;
    this.items = this.#build(tree, previous, change);
  }

  /** Parses a file from the beginning. Throws only if the parser has no language. */
  static parse(grammar: Grammar, parser: Parser, source: NormalisedSource): TranslationUnit {
    return new TranslationUnit(grammar, parser, source, parseText(parser, source.text), [], undefined);
  }

  /**
   * Parses the file's new text, re-using what did not change. The old unit is used up: its tree is deleted, and only
   * those of its items whose arrays were asked for may still be read.
   */
  update(source: NormalisedSource): TranslationUnit {
    const tree = this.#tree;
    if (tree === undefined) throw new Error('the translation unit was deleted');
    const change = changeBetween(this.source.text, source.text);
    tree.edit(
      new Edit({
        startIndex: change.start,
        oldEndIndex: change.oldEnd,
        newEndIndex: change.newEnd,
        startPosition: pointAt(this.source.text, change.start),
        oldEndPosition: pointAt(this.source.text, change.oldEnd),
        newEndPosition: pointAt(source.text, change.newEnd),
      }),
    );
    const next = parseText(this.#parser, source.text, tree);
    this.delete();
    return new TranslationUnit(this.#grammar, this.#parser, source, next, this.items as Item[], change);
  }

  /** Frees the syntax tree. Items whose arrays were asked for before stay readable. */
  delete(): void {
    this.#tree?.delete();
    this.#tree = undefined;
  }

  /** The syntax of the node with exactly this range. Used by the items; throws when the unit was deleted. */
  copy(start: number, end: number): SyntaxArrays {
    if (this.#tree === undefined) throw new Error('the translation unit was deleted before this item was read');
    // Not by `gotoFirstChildForIndex`: web-tree-sitter 0.27 answers false for the first child it goes to.
    let node = this.#tree.rootNode.namedDescendantForIndex(start, end - 1);
    while (node !== null && (node.startIndex > start || node.endIndex < end)) node = node.parent;
    if (node === null || node.startIndex !== start || node.endIndex !== end) {
      return errorArrays(this.source.text.slice(start, end));
    }
    const cursor = node.walk();
    try {
      return copySubtree(cursor, this.#grammar, this.source.text);
    } finally {
      cursor.delete();
    }
  }

  #build(tree: Tree, previous: readonly Item[], change: Change | undefined): TopLevelItem[] {
    const reusable = new Map<number, Item>();
    if (change !== undefined) {
      const shift = change.newEnd - change.oldEnd;
      for (const item of previous) {
        if (item.end < change.start) reusable.set(item.start, item);
        else if (item.start > change.oldEnd) reusable.set(item.start + shift, item);
      }
    }
    const rewrites = new RewriteSlices(this.source.rewrites);
    const items: Item[] = [];
    let isDamaged = false;
    const add = (kind: TopLevelItem['kind'], start: number, end: number, cursor: TreeCursor | undefined): void => {
      const old = reusable.get(start);
      const inside = rewrites.within(start, end);
      if (old !== undefined && old.kind === kind && old.content.length === end - start && !old.content.isAlone) {
        if (old.hasError) isDamaged = true;
        items.push(new Item(this, old.content, start, sameRewrites(old.rewrites, inside) ? old.rewrites : inside));
        return;
      }
      const node = cursor?.currentNode;
      const hasError = node?.hasError ?? true;
      if (hasError) isDamaged = true;
      let name = kind === 'function' && cursor !== undefined ? functionName(cursor, this.source.text) : '';
      if (kind === 'function') name = wholeName(inside, end - start) ?? name;
      const content = { kind, name, length: end - start, hasError, isAlone: false, arrays: undefined };
      items.push(new Item(this, content, start, inside));
    };
    const cursor = tree.walk();
    this.#collect(cursor, add);
    cursor.delete();
    return isDamaged ? this.#repair(items, reusable, rewrites) : items;
  }

  /** Visits the top level and what stands in `#if` and `extern "C"` blocks there. */
  #collect(
    cursor: TreeCursor,
    add: (kind: TopLevelItem['kind'], start: number, end: number, cursor: TreeCursor | undefined) => void,
  ): void {
    const { kindOfSymbol, isNamedSymbol } = this.#grammar;
    if (!cursor.gotoFirstChild()) return;
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
        add('function', cursor.startIndex, cursor.endIndex, cursor);
      } else if (kind === NodeKind.ERROR || (isInError && kind !== NodeKind.Comment && isNamedSymbol[symbol] === 1)) {
        add('other', cursor.startIndex, cursor.endIndex, kind === NodeKind.ERROR ? undefined : cursor);
      } else if (isNamedSymbol[symbol] === 1 && kind !== NodeKind.Comment && cursor.endIndex > cursor.startIndex) {
        const isDeclaration = kind === NodeKind.Declaration || kind === NodeKind.TypeDefinition;
        add(isDeclaration ? 'declaration' : 'other', cursor.startIndex, cursor.endIndex, cursor);
      }
      while (!cursor.gotoNextSibling()) {
        if (!cursor.gotoParent() || --depth === 0) return;
        if (isInError && depth === errorDepth) isInError = false;
      }
    }
  }

  /**
   * Parses the functions in damaged stretches again, each alone: the parser's own recovery may have swallowed whole
   * functions behind the first error.
   */
  #repair(items: Item[], reusable: ReadonlyMap<number, Item>, rewrites: RewriteSlices): Item[] {
    const { text } = this.source;
    const damaged: Span[] = items.filter((item) => item.hasError);
    const clean = new Set(items.filter((item) => !item.hasError && item.kind === 'function').map((item) => item.end));
    const repaired: Item[] = [];
    let first = 0;
    for (const range of functionRanges(text)) {
      while (first < damaged.length && damaged[first].end <= range.start) first++;
      if (first >= damaged.length) break;
      if (damaged[first].start >= range.end || clean.has(range.end)) continue;
      const inside = rewrites.within(range.start, range.end);
      const old = reusable.get(range.start);
      if (old?.content.isAlone && old.content.length === range.end - range.start) {
        repaired.push(
          new Item(this, old.content, range.start, sameRewrites(old.rewrites, inside) ? old.rewrites : inside),
        );
        continue;
      }
      const content = this.#parseAlone(text.slice(range.start, range.end));
      if (content !== undefined) repaired.push(new Item(this, content, range.start, inside));
    }
    if (repaired.length === 0) return items;
    return merge(items, repaired, (item, start, end) => {
      const length = end - start;
      const content = {
        kind: 'other' as const,
        name: '',
        length,
        hasError: true,
        isAlone: true,
        arrays: errorArrays(text.slice(start, end)),
      };
      return length === item.content.length ? item : new Item(this, content, start, rewrites.within(start, end));
    });
  }

  #parseAlone(text: string): ItemContent | undefined {
    const tree = parseText(this.#parser, text);
    const cursor = tree.walk();
    try {
      if (!cursor.gotoFirstChild()) return undefined;
      do {
        if (this.#grammar.kindOfSymbol[cursor.nodeTypeId] !== NodeKind.FunctionDefinition) continue;
        if (cursor.endIndex !== text.length || cursor.startIndex !== 0) continue;
        const arrays = copySubtree(cursor, this.#grammar, text);
        const name = functionName(cursor, text);
        return { kind: 'function', name, length: text.length, hasError: arrays.hasError, isAlone: true, arrays };
      } while (cursor.gotoNextSibling());
      return undefined;
    } finally {
      cursor.delete();
      tree.delete();
    }
  }
}

/** Puts the repaired functions in the place of the items they overlap; what is left of those becomes gaps. */
function merge(
  items: readonly Item[],
  repaired: readonly Item[],
  gap: (item: Item, start: number, end: number) => Item,
): Item[] {
  const result: Item[] = [];
  let next = 0;
  for (const item of items) {
    let start = item.start;
    while (next < repaired.length && repaired[next].end <= start) next++;
    for (let at = next; at < repaired.length && repaired[at].start < item.end; at++) {
      const { start: from, end: to } = repaired[at];
      if (from > start) result.push(gap(item, start, from));
      start = Math.max(start, to);
    }
    if (start < item.end) result.push(start === item.start ? item : gap(item, start, item.end));
  }
  result.push(...repaired);
  return result.sort((a, b) => a.start - b.start);
}

function parseText(parser: Parser, text: string, old?: Tree): Tree {
  const tree = parser.parse(text, old ?? null);
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

/** Cuts the sorted rewrites of a file into those of its items, which are asked for in order. */
class RewriteSlices {
  readonly #rewrites: readonly Rewrite[];

  constructor(rewrites: readonly Rewrite[]) {
    this.#rewrites = rewrites;
  }

  /**
   * The rewrites between two offsets, and those directly in front that mean something for a name inside: an annotation
   * before a declaration's first word stands outside of its node.
   */
  within(start: number, end: number): readonly Rewrite[] {
    const rewrites = this.#rewrites;
    let low = 0;
    let high = rewrites.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rewrites[middle].start < start) low = middle + 1;
      else high = middle;
    }
    let first = low;
    while (first > 0 && low - first < 8 && pointsInto(rewrites[first - 1], start, end)) first--;
    let last = low;
    while (last < rewrites.length && rewrites[last].start < end) last++;
    if (first === last) return noRewrites;
    return rewrites.slice(first, last).map((rewrite) => ({
      ...rewrite,
      start: rewrite.start - start,
      end: rewrite.end - start,
      ...(rewrite.targets === undefined ? {} : { targets: rewrite.targets.map((target) => target - start) }),
    }));
  }
}

/** The whole name of a function whose name had to give letters for a type. */
function wholeName(rewrites: readonly Rewrite[], length: number): string | undefined {
  return rewrites.find(({ kind, start }) => kind === 'cut-name' && start >= 0 && start < Math.min(8, length))?.name;
}

function pointsInto(rewrite: Rewrite, start: number, end: number): boolean {
  if (rewrite.end > start) return true;
  return rewrite.targets?.some((target) => target >= start && target < end) ?? rewrite.kind === 'annotation';
}

function sameRewrites(a: readonly Rewrite[], b: readonly Rewrite[]): boolean {
  return a.length === b.length && (a.length === 0 || JSON.stringify(a) === JSON.stringify(b));
}

function changeBetween(before: string, after: string): Change {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let tail = 0;
  while (
    tail < shorter - start &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  ) {
    tail++;
  }
  return { start, oldEnd: before.length - tail, newEnd: after.length - tail };
}

function pointAt(text: string, offset: number): { row: number; column: number } {
  let row = 0;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    row++;
    lineStart = at + 1;
  }
  return { row, column: offset - lineStart };
}
