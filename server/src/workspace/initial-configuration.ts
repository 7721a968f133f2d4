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

  // Functions of this project that give and take back memory, by family. Those whose bodies are in the workspace are known
  // without. Positions of arguments count from 1, which is what a plain name means.
  "allocators": [
    // "nullable": false if they never return NULL; "zeroed": true if the memory is filled with zeros.
    //{ "allocate": ["pool_get"], "free": ["pool_put", { "name": "pool_put_in", "argument": 2 }], "nullable": false },
    // Like realloc; and like asprintf, which stores memory where an argument points and says by its result that it did:
    // "zero", "nonnegative", "positive" or "true".
    //{ "reallocate": ["my_realloc"], "allocateTo": [{ "name": "print_to", "argument": 1, "success": "nonnegative" }] },
    // Memory of an arena is not freed alone, but ends with it.
    //{ "allocate": ["arena_get"], "arena": { "argument": 1, "end": ["arena_reset", "arena_destroy"] } },
  ],

  // Functions that never return.
  "noreturn": [
    //"panic",
  ],

  // Macros as on a compiler's command line; null stands for "defined as 1".
  "defines": {
    //"HAVE_CONFIG_H": null,
  },

  // Macros that the sources in sight do not define, or that are to mean something else to Ritual.
  "macros": {
    //"SAFE_FREE(p)": "do { free(p); (p) = NULL; } while (0)",
    //"MODULE_API": "",
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
