// The entry of dist/commands.js: what `program.ts` loads when a command runs, and what the threads run that a check starts.
import { allowThreads } from './crew.ts';
import { isCrewWorker, runCrewWorker } from './crew-worker.ts';

if (isCrewWorker()) runCrewWorker();
else allowThreads(import.meta.filename);

export { check } from './check.ts';
export { config } from './config.ts';
export { debug } from './debug.ts';
export { explain } from './explain.ts';
export { health } from './health.ts';
export { init } from './init.ts';
export { lsp } from './lsp.ts';
export { rules } from './rules.ts';
