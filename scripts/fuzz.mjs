// Changes the programs of the tests at random and checks what comes out: nothing may crash, hang or tell nonsense.
// Usage: node scripts/fuzz.mjs [--runs=100000] [--from=0] [--keep=FOLDER]
// For a night; `npm test` does the first 2,000 runs.
import { runTypeScript } from './run-typescript.mjs';

process.exit(await runTypeScript('test/fuzz/run.ts', process.argv.slice(2)));
