import { isReservedFunction } from '../models/registry.ts';
import { childrenOf, type NodeIndex } from '../syntax/syntax-arrays.ts';
import { constant, load, named, unknown, variableAddress } from './emit.ts';
import { errorNumbers } from './error-numbers.ts';
import type { Register } from './instructions.ts';
import { lowerExpression } from './lower-expression.ts';
import { lowerStatements } from './lower-statement.ts';
import type { Lowering } from './lowering.ts';
import { enterMacro, macroFor, withFrame } from './macro-inlining.ts';

/** Identifiers that the compiler defines as strings: never NULL. */
const PREDEFINED_STRINGS = new Set([
  '__FILE__',
  '__func__',
  '__FUNCTION__',
  '__PRETTY_FUNCTION__',
  '__DATE__',
  '__TIME__',
]);
/** Macros of the standard headers, and of other headers of the system's, with the same meaning everywhere. */
const STANDARD_CONSTANTS: ReadonlyMap<string, number> = new Map([
  ['EXIT_SUCCESS', 0],
  ['EXIT_FAILURE', 1],
  ['TRUE', 1],
  ['FALSE', 0],
  // X11 (`Xlib.h`), and what follows its manner.
  ['True', 1],
  ['False', 0],
  ['Success', 0],
  ...Object.entries(errorNumbers),
  // Windows: error codes ("System Error Codes (0-499)").
  ['ERROR_SUCCESS', 0],
  ['NO_ERROR', 0],
]);

/** By convention a name in capitals that is no variable in sight is an enumerator or a configuration constant. */
const CONSTANT_NAME = /^[A-Z][A-Z0-9_]*$/;

/** `Err_Ok`, of which macros or files that are included make an enumerator: by convention a success is 0. */
const SUCCESS_NAME =
  /^[A-Z]\w*(?:Err|Error|Stat|Status|Result|Code)_(?:Ok|Success|NoError|No_Error)$|^(?:Err|Error|Status|Result)_(?:Ok|Success)$/;

/** Lowers a name for its value: a variable's, a macro's, an enumerator's, a function's address. */
export function lowerIdentifier(l: Lowering, node: NodeIndex): Register {
  const name = l.text(node);
  const argument = l.frame.substitutions.get(name);
  if (argument) return withFrame(l, argument.frame, () => lowerExpression(l, argument.node));
  const variable = l.lookUp(name);
  if (variable === undefined) {
    const macro = macroFor(l, name);
    if (macro && macro.parameters === undefined && macro.kind === 'expression') {
      return enterMacro(l, name, macro, [], node, () => lowerExpression(l, macro.body));
    }
    if (macro && macro.parameters === undefined) {
      // `FAIL;` that stands for statements, a jump as a rule.
      enterMacro(l, name, macro, [], node, () => {
        l.statementsInExpression(() => lowerStatements(l, childrenOf(l.tree, macro.body)));
      });
      return unknown(l, node);
    }
    if (PREDEFINED_STRINGS.has(name)) {
      const destination = l.newRegister();
      l.emit({ op: 'string', destination, origin: l.origin(node), text: l.text(node) });
      return destination;
    }
    const known = l.environment.constant(name) ?? STANDARD_CONSTANTS.get(name);
    if (known !== undefined) return constant(l, known);
    const isKnown = l.environment.isFunction(name) || isReservedFunction(name);
    if (isKnown && l.environment.fileVariable(name) === undefined) return addressOfCode(l, name);
    if (CONSTANT_NAME.test(name)) return named(l, name);
    if (SUCCESS_NAME.test(name) && l.environment.fileVariable(name) === undefined) return constant(l, 0);
  }
  const id = variable ?? l.global(name);
  const register = variableAddress(l, id);
  if (l.variables[id].isArray) return register;
  return load(l, { register, pointer: undefined }, node);
}

export function lowerNumber(l: Lowering, node: NodeIndex): Register {
  // The grammar reads a sign in front of a number as part of it.
  const [, sign, text] = /^([+-]?)(.*)$/s.exec(l.text(node).replace(/'/g, ''))!;
  if (/^(0[xX][0-9a-fA-F]+|0[bB][01]+|\d+)[uUlLzZ]*$/.test(text)) {
    const digits = text.replace(/[uUlLzZ]+$/, '');
    const isOctal = /^0[0-7]+$/.test(digits);
    const value = isOctal ? Number.parseInt(digits, 8) : Number(digits);
    if (Number.isSafeInteger(value)) return constant(l, sign === '-' && value !== 0 ? -value : value);
  }
  return named(l, sign + text);
}

export function lowerCharacter(l: Lowering, node: NodeIndex): Register {
  const text = l.text(node);
  // A wide character of the basic set has the same number (C17 7.19p2).
  const simple = /^(?:L(?=.[ -~]))?'([^\\'])'$/.exec(text);
  if (simple) return constant(l, simple[1].charCodeAt(0));
  if (text === "'\\0'" || text === "L'\\0'") return constant(l, 0);
  return named(l, text);
}

/** The address of a function, or of a label. */
export function addressOfCode(l: Lowering, name: string): Register {
  const destination = l.newRegister();
  l.emit({ op: 'function', destination, name });
  return destination;
}
