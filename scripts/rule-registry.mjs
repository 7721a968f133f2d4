// The rule registry for scripts. Node 20 cannot import TypeScript, so it comes as a bundle.
import path from 'node:path';
import { build } from 'esbuild';

const bundle = await build({
  absWorkingDir: path.join(import.meta.dirname, '..'),
  entryPoints: ['server/src/rules/registry.ts'],
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
  loader: { '.md': 'text' },
});
const source = Buffer.from(bundle.outputFiles[0].contents).toString('base64');
export const { ruleRegistry } = await import(`data:text/javascript;base64,${source}`);
