import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  type ParseErrorCode,
  parseTree,
  printParseErrorCode,
  stripComments,
} from 'jsonc-parser';
import type { Severity } from '../base/finding.ts';
import { LineIndex } from '../base/line-index.ts';
import {
  type AllocatorConfiguration,
  type Configuration,
  defaultConfiguration,
  type FunctionArgument,
  type RuleConfiguration,
} from './configuration.ts';
import schema from './generated/configuration.schema.json' with { type: 'json' };
import { suggestName } from './nearest-name.ts';

/** One mistake in a configuration file; lines and columns are one-based, the end is behind the last code unit. */
export interface ConfigurationProblem {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly message: string;
}

/** A configuration file that cannot be used. The message names file, line, column and the nearest valid key. */
export class ConfigurationError extends Error {
  readonly file: string;
  readonly problems: readonly ConfigurationProblem[];

  constructor(file: string, problems: readonly ConfigurationProblem[]) {
    super(problems.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n'));
    this.name = 'ConfigurationError';
    this.file = file;
    this.problems = problems;
  }
}

interface ParsedConfiguration {
  /** What the text says, or the default configuration when there are problems. */
  readonly configuration: Configuration;
  /** Ordered by position. */
  readonly problems: readonly ConfigurationProblem[];
}

/** A configuration of more than that many characters is another file by mistake. */
const maximumConfigurationLength = 1_000_000;

type RawFunction = string | { readonly name: string; readonly argument?: number };

interface RawAllocator {
  readonly allocate?: readonly string[];
  readonly reallocate?: readonly RawFunction[];
  readonly allocateTo?: readonly (string | { name: string; argument?: number; success?: Success })[];
  readonly free?: readonly RawFunction[];
  readonly nullable?: boolean;
  readonly zeroed?: boolean;
  readonly arena?: { readonly argument?: number; readonly end?: readonly RawFunction[] };
}

type Success = AllocatorConfiguration['allocateTo'][number]['success'];

/** What the schema admits, before defaults are filled in. */
interface RawConfiguration {
  readonly rules?: Readonly<Record<string, Severity | 'off' | Readonly<Record<string, unknown>>>>;
  readonly allocators?: readonly RawAllocator[];
  readonly noreturn?: readonly string[];
  readonly defines?: Readonly<Record<string, string | null>>;
  readonly macros?: Readonly<Record<string, string>>;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly baseline?: string;
}

interface Problem {
  readonly offset: number;
  /** Default: one code unit. */
  readonly length?: number;
  readonly message: string;
}

/** Reads the text of a `.ritual.jsonc`: JSON with comments and trailing commas, held to the schema. Never throws. */
export function parseConfiguration(text: string): ParsedConfiguration {
  const problems = stripComments(text).trim() === '' ? [] : findProblems(text);
  if (!Array.isArray(problems)) return { configuration: complete(problems.value), problems: [] };
  const lines = new LineIndex(text);
  return {
    configuration: defaultConfiguration,
    problems: problems
      .sort((a, b) => a.offset - b.offset)
      .map(({ offset, length = 1, message }) => {
        const start = lines.positionAt(offset);
        const end = lines.positionAt(offset + length);
        return {
          line: start.line + 1,
          column: start.character + 1,
          endLine: end.line + 1,
          endColumn: end.character + 1,
          message,
        };
      }),
  };
}

function findProblems(text: string): Problem[] | { value: RawConfiguration } {
  if (text.length > maximumConfigurationLength) return [{ offset: 0, message: 'the configuration is too long' }];
  const errors: ParseError[] = [];
  let tree: Node | undefined;
  try {
    tree = parseTree(text, errors, { allowTrailingComma: true });
  } catch {
    // The parser recurses, so that thousands of open brackets exhaust the stack.
    return [{ offset: 0, message: 'the configuration is nested too deeply' }];
  }
  if (errors.length > 0 || !tree) {
    // What follows the first syntax error is mostly its echo.
    const [first] = errors;
    if (!first) return [{ offset: 0, message: 'syntax error' }];
    return [{ offset: first.offset, length: first.length, message: `syntax error: ${syntaxErrorText(first.error)}` }];
  }
  const root = tree;
  const repeated = findRepeatedKeys(root);
  if (repeated.length > 0) return repeated;
  const value = getNodeValue(root);
  const validate = validator();
  if (validate(value)) return { value };
  const relevant = (validate.errors ?? []).filter((error) => isRelevant(error, root));
  const seen = new Set<string>();
  return relevant.flatMap((error) => {
    const problem = describe(error, root);
    const key = `${problem.offset} ${problem.message}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [problem];
  });
}

let compiled: ValidateFunction<RawConfiguration> | undefined;

/** Compiled when the first configuration file is met; most runs have none. */
function validator(): ValidateFunction<RawConfiguration> {
  compiled ??= new Ajv({ allErrors: true, verbose: true }).compile<RawConfiguration>(schema);
  return compiled;
}

/** Keys that occur twice in one object, of which JSON silently takes the last; and the one key that is no key. */
function findRepeatedKeys(node: Node): Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const child of node.children ?? []) {
    if (node.type === 'object') {
      const key = child.children![0];
      if (key.value === '__proto__') problems.push({ ...placeOf(key), message: 'unknown key "__proto__"' });
      else if (seen.has(key.value)) problems.push({ ...placeOf(key), message: `the key "${key.value}" occurs twice` });
      seen.add(key.value);
    }
    problems.push(...findRepeatedKeys(child));
  }
  return problems;
}

function nodeAt(error: ErrorObject, root: Node): Node {
  // Array indices come as text; the parser wants numbers for them.
  let node: Node | undefined = root;
  for (const part of error.instancePath.split('/').slice(1)) {
    const segment = part.replaceAll('~1', '/').replaceAll('~0', '~');
    node = node && findNodeAtLocation(node, [node.type === 'array' ? Number(segment) : segment]);
  }
  return node ?? root;
}

/** A value of several lines is marked at its bracket: a squiggle under half the file shows no place. */
function placeOf({ offset, length, type }: Node): { offset: number; length: number } {
  return { offset, length: type === 'object' || type === 'array' ? 1 : length };
}

/** Of the alternatives of a value, a plain one or an object, only that which its author began to write is worth an error. */
function isRelevant(error: ErrorObject, root: Node): boolean {
  const alternative = /^(.*\/anyOf)\/\d\/(.*)$/.exec(error.schemaPath);
  if (!alternative) return error.keyword !== 'anyOf';
  const isObjectWanted = !/^(?:enum|type|pattern)$/.test(alternative[2]) || error.params.type === 'object';
  return isObjectWanted === (objectBehind(error, alternative[2], root)?.type === 'object');
}

/** The value for which there are alternatives: what is wrong may lie inside it. */
function objectBehind(error: ErrorObject, schemaPath: string, root: Node): Node | undefined {
  const depth = (schemaPath.match(/(?:^|\/)(?:properties|items)\//g) ?? []).length;
  let node: Node | undefined = nodeAt(error, root);
  // A property node stands between an object and its value.
  for (let i = 0; i < depth; i++) node = node?.parent?.type === 'property' ? node.parent.parent : node?.parent;
  return node;
}

function describe(error: ErrorObject, root: Node): Problem {
  const node = nodeAt(error, root);
  const place = placeOf(node);
  switch (error.keyword) {
    case 'additionalProperties': {
      const name: string = error.params.additionalProperty;
      const property = node.children?.find((child) => child.children?.[0].value === name);
      const valid = Object.keys(error.parentSchema?.properties ?? {});
      const isMacro = error.instancePath === '/macros';
      const shape = isMacro ? 'NAME or NAME(parameters)' : 'an identifier of C';
      const hint = valid.length > 0 ? suggestName(name, valid) : `; it must be ${shape}`;
      return { ...placeOf(property?.children?.[0] ?? node), message: `unknown key "${name}"${hint}` };
    }
    case 'enum': {
      const values: string[] = error.params.allowedValues;
      const hint = suggestName(typeof node.value === 'string' ? node.value : '', values);
      const wanted = values.includes('off') ? ' a severity' : '';
      return {
        ...place,
        message: `${subject(error)} must be${wanted || ' one of its values'}, not ${shown(node)}${hint}`,
      };
    }
    case 'type': {
      const types = [error.params.type].flat().map((type: string) => typeNames[type] ?? type);
      return { ...place, message: `${subject(error)} must be ${types.join(' or ')}, not ${shown(node)}` };
    }
    case 'required':
      return { ...place, message: `${subject(error)} lacks the key "${error.params.missingProperty}"` };
    case 'minProperties':
      return { ...place, message: `${subject(error)} is empty; expected one of ${keysOf(error)}` };
    case 'minimum':
    case 'maximum':
      return { ...place, message: `${subject(error)} must be a position from 1 to 32, not ${shown(node)}` };
    case 'pattern':
      return { ...place, message: `${subject(error)} must be an identifier of C, not ${shown(node)}` };
    default:
      return { ...place, message: `${subject(error)} ${error.message}` };
  }
}

function keysOf(error: ErrorObject): string {
  return Object.keys(error.parentSchema?.properties ?? {})
    .map((key) => `"${key}"`)
    .join(', ');
}

const typeNames: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'an array',
  string: 'a string',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'null',
};

function subject(error: ErrorObject): string {
  const path = error.instancePath.slice(1).replaceAll('/', '.');
  return path === '' ? 'the configuration' : `"${path}"`;
}

function shown(node: Node): string {
  return typeNames[node.type] && typeof node.value !== 'string' && typeof node.value !== 'boolean'
    ? typeNames[node.type]
    : JSON.stringify(node.value);
}

function syntaxErrorText(code: ParseErrorCode): string {
  // "CommaExpected" reads as "comma expected".
  const words = printParseErrorCode(code).replace(/([a-z])([A-Z])/g, '$1 $2');
  return words.toLowerCase();
}

function complete(raw: RawConfiguration): Configuration {
  return {
    noreturn: raw.noreturn ?? defaultConfiguration.noreturn,
    defines: raw.defines ?? defaultConfiguration.defines,
    macros: raw.macros ?? defaultConfiguration.macros,
    include: raw.include ?? defaultConfiguration.include,
    exclude: raw.exclude ?? defaultConfiguration.exclude,
    ...(raw.baseline !== undefined && { baseline: raw.baseline }),
    rules: Object.fromEntries(Object.entries(raw.rules ?? {}).map(([id, value]) => [id, ruleConfiguration(value)])),
    allocators: (raw.allocators ?? []).map(allocatorConfiguration),
  };
}

/** Positions count from 1 in the text, as in manuals and in GCC's attributes, and from 0 in here. */
function functionArgument(value: RawFunction): FunctionArgument {
  return typeof value === 'string'
    ? { name: value, argument: 0 }
    : { name: value.name, argument: (value.argument ?? 1) - 1 };
}

function allocatorConfiguration(raw: RawAllocator): AllocatorConfiguration {
  const { nullable, zeroed, arena } = raw;
  return {
    allocate: raw.allocate ?? [],
    reallocate: (raw.reallocate ?? []).map(functionArgument),
    allocateTo: (raw.allocateTo ?? []).map((value) => ({
      ...functionArgument(value),
      success: (typeof value === 'string' ? undefined : value.success) ?? 'zero',
    })),
    free: (raw.free ?? []).map(functionArgument),
    ...(nullable !== undefined && { nullable }),
    ...(zeroed !== undefined && { zeroed }),
    ...(arena && { arena: { argument: (arena.argument ?? 1) - 1, end: (arena.end ?? []).map(functionArgument) } }),
  };
}

function ruleConfiguration(value: Severity | 'off' | Readonly<Record<string, unknown>>): RuleConfiguration {
  if (typeof value === 'string') return { severity: value };
  const { severity, ...options } = value as { severity?: Severity | 'off' } & Record<string, boolean>;
  return { severity, options: options as Record<string, boolean> };
}
