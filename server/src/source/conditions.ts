/**
 * The conditions of `#if` lines: their value, as far as it is known, and their normal form, so that the same question
 * asked in two spellings (`#ifdef X`, `#if defined(X)`) is seen to be the same.
 */
import { CLOSE_PAREN, END_OF_FILE, IDENTIFIER, NUMBER, OPEN_PAREN, type Tokens, tokeniseBody } from './lexer.ts';

/** What is known about a macro's value: its body, `null` for known to be undefined, `undefined` for not known. */
export type DefineLookup = (name: string) => string | null | undefined;

/** The body of a macro that is defined for sure, nobody knows as what: it is no integer. */
export const UNKNOWN_BODY = '?';

export interface Condition {
  /** The normal form, e.g. `defined(A)&&!defined(B)`; '' for the condition that always holds. */
  readonly text: string;
  /** True or false where it is known without asking the user. */
  readonly value: boolean | undefined;
}

interface Term {
  readonly text: string;
  /** Larger binds tighter; a term of lower strength is put in parentheses. */
  readonly strength: number;
  readonly value: number | undefined;
}

const MAXIMUM_DEPTH = 64;
const ATOM = 20;
const UNARY = 15;
const AND = 3;
const OR = 2;
const binaryStrength: Readonly<Record<string, number>> = {
  '||': OR,
  '&&': AND,
  '|': 4,
  '^': 5,
  '&': 6,
  '==': 7,
  '!=': 7,
  '<': 8,
  '>': 8,
  '<=': 8,
  '>=': 8,
  '<<': 9,
  '>>': 9,
  '+': 10,
  '-': 10,
  '*': 11,
  '/': 11,
  '%': 11,
};

interface Reader {
  readonly tokens: Tokens;
  position: number;
  readonly defines: DefineLookup;
  /** Set when the text is no expression: the condition is then its own text and of unknown value. */
  failed: boolean;
}

/** Reads the expression of an `#if` or `#elif`; anything else gives an unknown condition with its text as normal form. */
export function parseCondition(expression: string, defines: DefineLookup): Condition {
  const reader: Reader = { tokens: tokeniseBody(expression), position: 0, defines, failed: false };
  const term = readBinary(reader, 1, 0);
  if (reader.failed || reader.tokens.kind[reader.position] !== END_OF_FILE) {
    return { text: collapse(expression), value: undefined };
  }
  return { text: term.text, value: term.value === undefined ? undefined : term.value !== 0 };
}

/** True for a text that `#if` may ask: anything else is for another preprocessor, or a way to say no. */
export function isConditionExpression(expression: string): boolean {
  const reader: Reader = { tokens: tokeniseBody(expression), position: 0, defines: () => undefined, failed: false };
  readBinary(reader, 1, 0);
  return !reader.failed && reader.tokens.kind[reader.position] === END_OF_FILE;
}

/** The condition of `#ifdef name`, or of `#ifndef name` when `isNegated`. */
export function definedCondition(name: string, isNegated: boolean, defines: DefineLookup): Condition {
  const known = defines(name);
  const condition = { text: `defined(${name})`, value: known === undefined ? undefined : known !== null };
  return isNegated ? negateCondition(condition) : condition;
}

/** What a condition in its normal form joins by an operator, and by no weaker one; nothing where it joins nothing. */
export function partsOf(text: string, operator: '&&' | '||'): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(') depth++;
    else if (text[i] === ')') depth--;
    else if (depth > 0 || !/[&|?]/.test(text[i])) continue;
    else if (text.startsWith(operator, i)) {
      parts.push(text.slice(start, i));
      start = i + 2;
      i++;
    } else if (operator === '&&' || text[i] === '?') return [];
    else i++;
  }
  return parts.length > 0 ? [...parts, text.slice(start)] : [];
}

/** The condition that holds exactly when `condition` does not. */
export function negateCondition(condition: Condition): Condition {
  const { text, value } = condition;
  return { text: negateText(text), value: value === undefined ? undefined : !value };
}

function negateText(text: string): string {
  if (text === '') return '0';
  if (text === '0') return '';
  if (isSingle(text, 0)) return `!${text}`;
  if (text.startsWith('!') && isSingle(text, 1)) return text.slice(1);
  return text.startsWith('!(') && closesAtEnd(text, 1) ? text.slice(2, -1) : `!(${text})`;
}

/** True when a name, or one with arguments (`VERSION_IS(2,26)`), is all that stands from `start` on. */
function isSingle(text: string, start: number): boolean {
  const name = /^\w+/.exec(text.slice(start))?.[0];
  if (name === undefined) return false;
  const end = start + name.length;
  return end === text.length || (text[end] === '(' && closesAtEnd(text, end));
}

function closesAtEnd(text: string, open: number): boolean {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 40) depth++;
    else if (code === 41 && --depth === 0) return i === text.length - 1;
  }
  return false;
}

/** The condition that both hold. */
export function bothConditions(a: Condition, b: Condition): Condition {
  const value = a.value === false || b.value === false ? false : a.value === true ? b.value : b.value && a.value;
  if (a.text === '') return { text: b.text, value };
  if (b.text === '' || a.text === b.text) return { text: a.text, value };
  const wrap = (text: string): string =>
    /\|\||[^=!<>]=|[<>?]/.test(text) && !closesAtEnd(text, 0) ? `(${text})` : text;
  return { text: `${wrap(a.text)}&&${wrap(b.text)}`, value };
}

/** The normal form of an `#if` expression's text. */
export function normaliseCondition(expression: string): string {
  return parseCondition(expression, () => undefined).text;
}

function collapse(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 400);
}

function spelling(reader: Reader): string {
  const { tokens, position } = reader;
  return tokens.text.slice(tokens.start[position], tokens.end[position]);
}

function readBinary(reader: Reader, strength: number, depth: number): Term {
  let left = readUnary(reader, depth);
  while (!reader.failed) {
    const operator = spelling(reader);
    const own = binaryStrength[operator];
    if (own === undefined || own < strength) return left;
    reader.position++;
    const right = readBinary(reader, own + 1, depth + 1);
    left = {
      text: `${enclose(left, own)}${operator}${enclose(right, own + 1)}`,
      strength: own,
      value: compute(operator, left.value, right.value),
    };
  }
  return left;
}

function enclose(term: Term, strength: number): string {
  return term.strength < strength ? `(${term.text})` : term.text;
}

function compute(operator: string, a: number | undefined, b: number | undefined): number | undefined {
  if (operator === '&&') {
    if (a === 0 || b === 0) return 0;
    return a === undefined || b === undefined ? undefined : 1;
  }
  if (operator === '||') {
    if ((a !== undefined && a !== 0) || (b !== undefined && b !== 0)) return 1;
    return a === undefined || b === undefined ? undefined : 0;
  }
  if (a === undefined || b === undefined) return undefined;
  switch (operator) {
    case '==':
      return Number(a === b);
    case '!=':
      return Number(a !== b);
    case '<':
      return Number(a < b);
    case '>':
      return Number(a > b);
    case '<=':
      return Number(a <= b);
    case '>=':
      return Number(a >= b);
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0 ? undefined : Math.trunc(a / b);
    case '%':
      return b === 0 ? undefined : a % b;
    case '<<':
      return a << b;
    case '>>':
      return a >> b;
    case '&':
      return a & b;
    case '|':
      return a | b;
    default:
      return a ^ b;
  }
}

function fail(reader: Reader): Term {
  reader.failed = true;
  return { text: '', strength: ATOM, value: undefined };
}

function readUnary(reader: Reader, depth: number): Term {
  if (depth > MAXIMUM_DEPTH) return fail(reader);
  const operator = spelling(reader);
  if (operator === '!') {
    reader.position++;
    const operand = readUnary(reader, depth + 1);
    const value = operand.value === undefined ? undefined : Number(operand.value === 0);
    if (operand.strength === UNARY && operand.text.startsWith('!')) {
      return { text: operand.text.slice(1), strength: ATOM, value };
    }
    return { text: `!${enclose(operand, UNARY)}`, strength: UNARY, value };
  }
  if (operator === '-' || operator === '+' || operator === '~') {
    reader.position++;
    const operand = readUnary(reader, depth + 1);
    const sign = operator === '-' ? -1 : 1;
    const value = operand.value === undefined ? undefined : operator === '~' ? ~operand.value : sign * operand.value;
    return { text: `${operator}${enclose(operand, UNARY)}`, strength: UNARY, value };
  }
  return readAtom(reader, depth);
}

function readAtom(reader: Reader, depth: number): Term {
  const { tokens } = reader;
  const kind = tokens.kind[reader.position];
  if (kind === OPEN_PAREN) {
    reader.position++;
    const inner = readBinary(reader, 1, depth + 1);
    if (tokens.kind[reader.position] !== CLOSE_PAREN) return fail(reader);
    reader.position++;
    return inner;
  }
  const text = spelling(reader);
  if (kind === NUMBER) {
    reader.position++;
    const value = Number(text.replace(/[uUlL']+$/g, '').replace(/^0+(?=[0-7])/, '0o'));
    return { text, strength: ATOM, value: Number.isFinite(value) ? value : undefined };
  }
  if (kind !== IDENTIFIER) return fail(reader);
  reader.position++;
  if (text === 'defined') return readDefined(reader);
  if (tokens.kind[reader.position] === OPEN_PAREN) return readCall(reader, text);
  const known = reader.defines(text);
  let value: number | undefined;
  if (text === 'true') value = 1;
  else if (known === null || text === 'false') value = 0;
  else if (known !== undefined) value = integerOf(known);
  return { text, strength: ATOM, value };
}

function integerOf(body: string): number | undefined {
  const match = /^\s*\(?\s*(0[xX][\da-fA-F]+|\d+)[uUlL]*\s*\)?\s*$/.exec(body);
  return match === null ? undefined : Number(match[1].replace(/^0+(?=[0-7])/, '0o'));
}

function readDefined(reader: Reader): Term {
  const { tokens } = reader;
  const hasParentheses = tokens.kind[reader.position] === OPEN_PAREN;
  if (hasParentheses) reader.position++;
  if (tokens.kind[reader.position] !== IDENTIFIER) return fail(reader);
  const name = spelling(reader);
  reader.position++;
  if (hasParentheses) {
    if (tokens.kind[reader.position] !== CLOSE_PAREN) return fail(reader);
    reader.position++;
  }
  const known = reader.defines(name);
  return { text: `defined(${name})`, strength: ATOM, value: known === undefined ? undefined : Number(known !== null) };
}

/** A function-like question, such as `__has_include(<x.h>)` or `GLIB_CHECK_VERSION(2, 1, 0)`, whose answer is unknown. */
function readCall(reader: Reader, name: string): Term {
  const { tokens } = reader;
  const start = tokens.start[reader.position];
  let depth = 0;
  for (;;) {
    const kind = tokens.kind[reader.position];
    if (kind === END_OF_FILE) return fail(reader);
    reader.position++;
    if (kind === OPEN_PAREN) depth++;
    else if (kind === CLOSE_PAREN && --depth === 0) break;
  }
  const text = tokens.text.slice(start, tokens.end[reader.position - 1]).replace(/\s+/g, '');
  return { text: name + text, strength: ATOM, value: undefined };
}
