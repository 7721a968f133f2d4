// Measures how much of real C is understood: functions with errors, plain and normalised, and what normalising costs.
// Usage: node scripts/measure-normalising.mjs [--sites=20] [--plain] FOLDER...
import { runTypeScript } from './run-typescript.mjs';

process.exit(await runTypeScript('test/bench/normalising.ts', process.argv.slice(2)));
