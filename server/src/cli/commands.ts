// The entry of dist/commands.js: what `program.ts` loads when a command runs.
export { check } from './check.ts';
export { config } from './config.ts';
export { debug } from './debug.ts';
export { explain } from './explain.ts';
export { health } from './health.ts';
export { init } from './init.ts';
export { lsp } from './lsp.ts';
export { rules } from './rules.ts';
