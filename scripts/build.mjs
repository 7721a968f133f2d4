// Bundles the extension's client, the language server and the command line tool into dist/.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';

const require = createRequire(import.meta.url);
const root = path.join(import.meta.dirname, '..');
const dist = path.join(root, 'dist');
fs.mkdirSync(dist, { recursive: true });

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  sourcemap: process.argv.includes('--sourcemap'),
  minify: !process.argv.includes('--no-minify'),
  legalComments: 'none',
  logLevel: 'warning',
  loader: { '.md': 'text' },
};
// CommonJS modules inside an ESM bundle still call require(); import.meta gives them one.
const banner = {
  js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
};
const entries = [
  { in: 'client/src/extension.ts', options: { outfile: 'dist/client.js', format: 'cjs', external: ['vscode'] } },
  { in: 'server/src/lsp/main.ts', options: { outfile: 'dist/server.js', format: 'esm', banner } },
  {
    in: 'server/src/cli/main.ts',
    options: { outfile: 'dist/cli.js', format: 'esm', banner: { js: `#!/usr/bin/env node\n${banner.js}` } },
  },
];
for (const entry of entries) {
  if (!fs.existsSync(path.join(root, entry.in))) continue;
  await build({ ...common, entryPoints: [entry.in], ...entry.options });
}
fs.copyFileSync(path.join(root, 'grammars/tree-sitter-c.wasm'), path.join(dist, 'tree-sitter-c.wasm'));
fs.copyFileSync(require.resolve('web-tree-sitter/web-tree-sitter.wasm'), path.join(dist, 'web-tree-sitter.wasm'));
