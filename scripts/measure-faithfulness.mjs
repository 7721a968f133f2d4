// Compares the calls that give and take memory, as the analysis sees them, with those that `gcc -E` leaves in the text.
// Usage: node scripts/measure-faithfulness.mjs [--sites=20] FOLDER...
// Only files that gcc can preprocess as they stand take part: a folder that was configured and built has more of them.
import { runTypeScript } from './run-typescript.mjs';

process.exit(await runTypeScript('test/bench/faithfulness.ts', process.argv.slice(2)));
