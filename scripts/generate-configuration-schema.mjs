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
const patterns = (description) => ({ description, type: 'array', items: { type: 'string', minLength: 1 } });

const schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
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
        required: ['allocate'],
        properties: {
          allocate: functionNames('Functions that return fresh memory.'),
          free: functionNames('Functions that free what the allocating ones gave, as their first argument.'),
          nullable: { description: 'False when they never return NULL.', type: 'boolean', default: true },
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
