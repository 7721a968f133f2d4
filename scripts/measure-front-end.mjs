// Measures how much of real C is understood, as the product reads it, and compares the functions found with those of ctags.
// Usage: node scripts/measure-front-end.mjs [--record] [--sites=20] FOLDER...
// A folder is named PROJECT-VERSION. The counts are compared with test/bench/front-end.json: a project of which more is lost
// than is written there is a failure; --record writes what was measured.
import { runTypeScript } from './run-typescript.mjs';

process.exit(await runTypeScript('test/bench/front-end.ts', process.argv.slice(2)));
