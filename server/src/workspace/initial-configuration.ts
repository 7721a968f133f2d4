import { ruleRegistry } from '../rules/registry.ts';

/**
 * The text of a new `.ritual.jsonc`: every key with what it does, and every value commented out, so that it changes
 * nothing until somebody takes the comment marks away. Such lines begin with `//` and no blank; prose has a blank.
 */
export function initialConfiguration(): string {
  const rules = ruleRegistry.flatMap((rule) => [`    // ${rule.summary}`, `    //"${rule.id}": ${ruleValue(rule)},`]);
  return `\
// Configuration of Ritual. This folder is a workspace: its files inform one another. "ritual config PATH" shows what holds.
{
  // A severity by rule: "error", "warning", "information", "hint" or "off"; or an object with options.
  "rules": {
${rules.join('\n')}
  },

  // Functions of this project that give and take back memory. Those whose bodies are in the workspace are known without.
  "allocators": [
    //{ "allocate": ["pool_get"], "free": ["pool_put"], "nullable": false },
  ],

  // Functions that never return.
  "noreturn": [
    //"panic",
  ],

  // Macros as on a compiler's command line; null stands for "defined as 1".
  "defines": {
    //"HAVE_CONFIG_H": null,
  },

  // Patterns as in .gitignore: what to check below a folder (empty: everything), and what not to.
  "include": [
    //"src/",
  ],
  "exclude": [
    //"third_party/",
  ],

  // Accepted findings, written by "ritual check --write-baseline".
  //"baseline": ".ritual-baseline.json",
}
`;
}

function ruleValue({ defaultSeverity, options }: (typeof ruleRegistry)[number]): string {
  const names = Object.entries(options);
  if (names.length === 0) return JSON.stringify(defaultSeverity);
  const values = names.map(([name, option]) => `${JSON.stringify(name)}: ${JSON.stringify(option.default)}`);
  return `{ "severity": ${JSON.stringify(defaultSeverity)}, ${values.join(', ')} }`;
}
