// Lists calls of macros that free or allocate, and were left as calls of something unknown.
// Usage: node scripts/measure-macros.mjs [--sites=20] FOLDER...
import { runTypeScript } from './run-typescript.mjs';

process.exit(await runTypeScript('test/bench/macro-calls.ts', process.argv.slice(2)));
