import { findNodeAtLocation, type Node, type ParseError, parseTree, stripComments } from 'jsonc-parser';
import type { TextEdit } from '../base/range.ts';

/** What a new `.ritual.jsonc` begins with. */
function newConfiguration(rule: string): string {
  return `{\n  "rules": {\n    "${rule}": "off"\n  }\n}\n`;
}

/**
 * The edits that switch a rule off in the text of a `.ritual.jsonc`, whose comments and layout stay; none when it is off.
 * An empty text becomes a configuration. Undefined when the text has a syntax error: whoever wrote it must mend it first.
 */
export function disableRuleEdits(text: string, rule: string): TextEdit[] | undefined {
  if (stripComments(text).trim() === '') {
    return [{ range: { start: text.length, end: text.length }, newText: newConfiguration(rule) }];
  }
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  if (errors.length > 0 || root?.type !== 'object') return undefined;
  const rules = findNodeAtLocation(root, ['rules']);
  if (rules && rules.type !== 'object') return undefined;
  if (!rules) {
    return insertProperty(text, root, (indent, unit, eol) => {
      return `"rules": {${eol}${indent}${unit}"${rule}": "off"${eol}${indent}}`;
    });
  }
  const value = findNodeAtLocation(root, ['rules', rule]);
  if (!value) return insertProperty(text, rules, () => `"${rule}": "off"`);
  // A rule with options keeps them, for whoever switches it on again.
  const severity = value.type === 'object' ? findNodeAtLocation(value, ['severity']) : value;
  if (!severity) return insertProperty(text, value, () => '"severity": "off"');
  if (severity.value === 'off') return [];
  return [{ range: { start: severity.offset, end: severity.offset + severity.length }, newText: '"off"' }];
}

/** Adds a property behind the last one of an object, on a line of its own if the others have lines of their own. */
function insertProperty(
  text: string,
  object: Node,
  property: (indent: string, unit: string, eol: string) => string,
): TextEdit[] {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const unit = /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ';
  const insert = (at: number, newText: string): TextEdit => ({ range: { start: at, end: at }, newText });
  const last = object.children?.at(-1);
  if (!last) {
    const indent = indentationAt(text, object.offset);
    return [insert(object.offset + 1, `${eol}${indent}${unit}${property(indent + unit, unit, eol)}${eol}${indent}`)];
  }
  const end = last.offset + last.length;
  const closing = object.offset + object.length - 1;
  const hasComma = stripComments(text.slice(end, closing)).trim() === ',';
  const lineEnd = end + /[^\r\n]*/.exec(text.slice(end))![0].length;
  const indent = indentationAt(text, last.offset);
  if (lineEnd > closing) {
    return [insert(end, `, ${property(indent, unit, eol)}`)];
  }
  const line = `${eol}${indent}${property(indent, unit, eol)}${hasComma ? ',' : ''}`;
  if (hasComma) return [insert(lineEnd, line)];
  return lineEnd === end ? [insert(end, `,${line}`)] : [insert(end, ','), insert(lineEnd, line)];
}

/** The blanks at the beginning of the line of an offset. */
function indentationAt(text: string, offset: number): string {
  const start = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
  return /^[ \t]*/.exec(text.slice(start))![0];
}
