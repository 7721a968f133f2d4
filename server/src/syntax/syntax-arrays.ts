import type { TreeCursor } from 'web-tree-sitter';
import type { SourceMap } from '../source/source-map.ts';
import { type Field, NodeKind } from './generated/node-kinds.ts';
import type { Grammar } from './grammar.ts';

/** A node of `SyntaxArrays`: its position in pre-order. Node 0 is the root; `NO_NODE` is none. */
export type NodeIndex = number;
export const NO_NODE: NodeIndex = -1;

/**
 * A compact copy of one syntax subtree in pre-order, made with one walk of a cursor, so that the tree itself can be
 * deleted and no node costs an object. Comments and anonymous tokens without a field are left out. Offsets are UTF-16
 * code units from the beginning of the subtree, so that a copy stays valid when an edit elsewhere moves it.
 */
export interface SyntaxArrays {
  /** The subtree's own text as it was parsed; node texts are slices of it. */
  readonly text: string;
  readonly length: number;
  readonly kind: Uint8Array;
  readonly field: Uint8Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
  /** The node after this node's subtree: the next sibling, if it has the same parent. */
  readonly next: Int32Array;
  /** True when an ERROR or MISSING node was met: the subtree was not understood in full. */
  readonly hasError: boolean;
  /** Where the macros of the text were written out: the places of the original. */
  readonly places?: SourceMap;
}

/** Subtrees nested deeper than this are cut and count as errors: recursion over them must stay bounded. */
const MAXIMUM_NESTING = 400;

const INITIAL_CAPACITY = 4096;
let kinds = new Uint8Array(INITIAL_CAPACITY);
let fields = new Uint8Array(INITIAL_CAPACITY);
let starts = new Int32Array(INITIAL_CAPACITY);
let ends = new Int32Array(INITIAL_CAPACITY);
let nexts = new Int32Array(INITIAL_CAPACITY);

function grow(): void {
  const size = kinds.length * 2;
  const widen = <T extends Uint8Array | Int32Array>(from: T, to: T): T => {
    to.set(from as never);
    return to;
  };
  kinds = widen(kinds, new Uint8Array(size));
  fields = widen(fields, new Uint8Array(size));
  starts = widen(starts, new Int32Array(size));
  ends = widen(ends, new Int32Array(size));
  nexts = widen(nexts, new Int32Array(size));
}

/**
 * Copies the subtree that the cursor stands on, anywhere in a tree; the cursor is left where it was. `text` is the
 * whole text that was parsed.
 */
export function copySubtree(cursor: TreeCursor, grammar: Grammar, text: string): SyntaxArrays {
  const base = cursor.startIndex;
  const rootEnd = cursor.endIndex;
  let count = 0;
  let hasError = false;
  // Per open ancestor: its index in the arrays, or -1 when the ancestor itself was left out.
  const open: number[] = [];
  let depth = 0;
  for (;;) {
    const symbol = cursor.nodeTypeId;
    const kind = grammar.kindOfSymbol[symbol];
    const field = depth === 0 ? 0 : grammar.fieldOfId[cursor.currentFieldId];
    const start = cursor.startIndex - base;
    const end = cursor.endIndex - base;
    if (kind === NodeKind.ERROR) hasError = true;
    // Only a MISSING token (or an empty translation unit) has no width.
    if (start === end && cursor.nodeIsMissing) hasError = true;
    const isKept = (grammar.isNamedSymbol[symbol] === 1 && kind !== NodeKind.Comment) || field !== 0;
    if (isKept) {
      if (count === kinds.length) grow();
      kinds[count] = kind;
      fields[count] = field;
      starts[count] = start;
      ends[count] = end;
      nexts[count] = count + 1;
      open.push(count++);
    } else {
      open.push(-1);
    }
    if (depth < MAXIMUM_NESTING) {
      if (cursor.gotoFirstChild()) {
        depth++;
        continue;
      }
    } else {
      hasError = true;
    }
    for (;;) {
      const closed = open.pop()!;
      if (closed >= 0) nexts[closed] = count;
      if (depth === 0) {
        return {
          text: text.slice(base, rootEnd),
          length: count,
          kind: kinds.slice(0, count),
          field: fields.slice(0, count),
          start: starts.slice(0, count),
          end: ends.slice(0, count),
          next: nexts.slice(0, count),
          hasError,
        };
      }
      if (cursor.gotoNextSibling()) break;
      cursor.gotoParent();
      depth--;
    }
  }
}

/** The first child of a node, or `NO_NODE`. */
export function firstChild(tree: SyntaxArrays, node: NodeIndex): NodeIndex {
  return node + 1 < tree.next[node] ? node + 1 : NO_NODE;
}

/** The sibling after `child` under `parent`, or `NO_NODE`. */
export function nextSibling(tree: SyntaxArrays, parent: NodeIndex, child: NodeIndex): NodeIndex {
  return tree.next[child] < tree.next[parent] ? tree.next[child] : NO_NODE;
}

/** The first child with the given field, or `NO_NODE`. */
export function childByField(tree: SyntaxArrays, node: NodeIndex, field: Field): NodeIndex {
  for (let child = node + 1; child < tree.next[node]; child = tree.next[child]) {
    if (tree.field[child] === field) return child;
  }
  return NO_NODE;
}

/** The children of a node, in order. */
export function childrenOf(tree: SyntaxArrays, node: NodeIndex): NodeIndex[] {
  const children: NodeIndex[] = [];
  for (let child = node + 1; child < tree.next[node]; child = tree.next[child]) children.push(child);
  return children;
}

/** The source text of a node. */
export function textOf(tree: SyntaxArrays, node: NodeIndex): string {
  return tree.text.slice(tree.start[node], tree.end[node]);
}

/** True for two copies that say the same of the same text. */
export function isSameSyntax(a: SyntaxArrays, b: SyntaxArrays): boolean {
  if (a.length !== b.length || a.hasError !== b.hasError || a.places !== b.places || a.text !== b.text) return false;
  for (let node = 0; node < a.length; node++) {
    if (a.kind[node] !== b.kind[node] || a.field[node] !== b.field[node] || a.next[node] !== b.next[node]) return false;
    if (a.start[node] !== b.start[node] || a.end[node] !== b.end[node]) return false;
  }
  return true;
}
