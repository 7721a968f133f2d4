// Generates the JSON schema of `.ritual.jsonc` from the rule registry.
// `--check` fails when the committed file is stale, and writes nothing.
import fs from 'node:fs';
import path from 'node:path';
import { ruleRegistry } from './rule-registry.mjs';

const root = path.join(import.meta.dirname, '..');
const target = path.join(root, 'server/src/workspace/generated/configuration.schema.json');

const severities = ['error', 'warning', 'information', 'hint', 'off'];
const severity = (rule) => ({
  description: `How severe the findings are, or "off". By default "${rule.defaultSeverity}" when certain, less otherwise.`,
  enum: severities,
});
const ruleSchema = (rule) => ({
  description: rule.summary,
  anyOf: [
    severity(rule),
    {
      type: 'object',
      additionalProperties: false,
      properties: {
        severity: severity(rule),
        ...Object.fromEntries(
          Object.entries(rule.options).map(([name, option]) => [
            name,
            { description: option.description, type: 'boolean', default: option.default },
          ]),
        ),
      },
    },
  ],
});
const functionName = { type: 'string', pattern: '^[A-Za-z_$][A-Za-z0-9_$]*$' };
const functionNames = (description) => ({ description, type: 'array', items: functionName });
const position = (description) => ({ description, type: 'integer', minimum: 1, maximum: 32 });
/** Functions by name, or by name and the position of an argument where it is not the first. */
const functionsWithArgument = (description, argument, more = {}) => ({
  description,
  type: 'array',
  items: {
    anyOf: [
      functionName,
      {
        type: 'object',
        additionalProperties: false,
        required: ['name'],
        properties: { name: functionName, argument: { ...position(argument), default: 1 }, ...more },
      },
    ],
  },
});
const patterns = (description) => ({ description, type: 'array', items: { type: 'string', minLength: 1 } });

/** `NAME`, or `NAME(a, b, ...)`. */
const word = '[A-Za-z_][A-Za-z0-9_]*';
const macroPattern = `^${word}(?:\\( *(?:(?:${word}|\\.\\.\\.)(?: *, *(?:${word}|\\.\\.\\.))*)? *\\))?$`;

const schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  // Where it is published: as it stands in the repository.
  $id: 'https://raw.githubusercontent.com/ritual-lint/ritual/main/server/src/workspace/generated/configuration.schema.json',
  title: 'Ritual: configuration of a workspace (.ritual.jsonc)',
  type: 'object',
  additionalProperties: false,
  properties: {
    $schema: { description: 'Where editors find this schema.', type: 'string' },
    rules: {
      description: 'A severity by rule, or an object with a severity and the options of the rule.',
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(ruleRegistry.map((rule) => [rule.id, ruleSchema(rule)])),
    },
    allocators: {
      description: 'Functions of this project that give and take back memory.',
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        minProperties: 1,
        properties: {
          allocate: functionNames('Functions that return fresh memory.'),
          reallocate: functionsWithArgument(
            'Functions like realloc: they return the memory in another size, and free the old one unless they fail.',
            'The position of the old memory among the arguments, from 1.',
          ),
          allocateTo: functionsWithArgument(
            'Functions like asprintf and posix_memalign: they store fresh memory where an argument points.',
            'The position of that argument, from 1.',
            {
              success: {
                description: 'Which results mean that memory was stored.',
                enum: ['zero', 'nonnegative', 'positive', 'true'],
                default: 'zero',
              },
            },
          ),
          free: functionsWithArgument(
            'Functions that take back what the others gave.',
            'The position of the memory among the arguments, from 1.',
          ),
          nullable: { description: 'False when they never return NULL.', type: 'boolean', default: true },
          zeroed: { description: 'True when the memory is filled with zeros.', type: 'boolean', default: false },
          arena: {
            description: 'The memory belongs to an arena (a pool, a region): it is not freed alone, but ends with it.',
            type: 'object',
            additionalProperties: false,
            properties: {
              argument: {
                ...position('The position of the arena among the arguments of allocate, from 1.'),
                default: 1,
              },
              end: functionsWithArgument(
                'Functions that reset or destroy an arena: all memory from it is gone.',
                'The position of the arena among the arguments, from 1.',
              ),
            },
          },
        },
      },
    },
    noreturn: functionNames('Functions that never return.'),
    defines: {
      description: 'Macros as on a compiler command line; null stands for "defined as 1".',
      type: 'object',
      additionalProperties: false,
      patternProperties: { '^[A-Za-z_][A-Za-z0-9_]*$': { type: ['string', 'null'] } },
    },
    macros: {
      description:
        'Definitions of macros that the sources in sight do not have, by name and parameters: "SAFE_FREE(p)". They are stronger than those of the sources.',
      type: 'object',
      additionalProperties: false,
      patternProperties: { [macroPattern]: { type: 'string' } },
    },
    include: patterns('Patterns, as in .gitignore, of what to check below a folder. Empty: everything.'),
    exclude: patterns('Patterns, as in .gitignore, of what not to check below a folder; it still informs the rest.'),
    baseline: {
      description:
        'A file with accepted findings, written by "ritual check --write-baseline"; relative to this folder.',
      type: 'string',
      minLength: 1,
    },
  },
};
const text = `${JSON.stringify(schema, null, 2)}\n`;

if (process.argv.includes('--check')) {
  if (!fs.existsSync(target) || fs.readFileSync(target, 'utf8') !== text) {
    console.error('configuration.schema.json is stale: run `npm run generate`.');
    process.exit(1);
  }
} else {
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, text);
}
