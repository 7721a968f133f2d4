// Bundles the extension's client, the language server and the command line tool into dist/.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';
import { thirdPartyLicences } from './third-party-licences.mjs';

const require = createRequire(import.meta.url);
const root = path.join(import.meta.dirname, '..');
const dist = path.join(root, 'dist');
fs.mkdirSync(dist, { recursive: true });

// Everything in dist/ is CommonJS: editors from before 1.100 load an extension with require(), and one folder has one
// module type. This package.json overrides the root's "module" for the folder.
fs.writeFileSync(path.join(dist, 'package.json'), '{ "type": "commonjs" }\n');

const common = {
  absWorkingDir: root,
  bundle: true,
  metafile: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  sourcemap: process.argv.includes('--sourcemap'),
  minify: !process.argv.includes('--no-minify'),
  legalComments: 'none',
  logLevel: 'warning',
  loader: { '.md': 'text' },
  // jsonc-parser's main is UMD, whose require() no bundler can follow.
  mainFields: ['module', 'main'],
};
// CommonJS has no import.meta; modules that find files beside themselves must find them beside the bundle.
const importMeta = {
  define: {
    'import.meta.url': '__bundleUrl',
    'import.meta.dirname': '__dirname',
    'import.meta.filename': '__filename',
  },
  banner: { js: "const __bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
};
// For browsers; web-tree-sitter asks for Node's modules only where it finds itself in Node.
const browser = {
  platform: 'browser',
  target: 'es2022',
  conditions: ['browser'],
};
/**
 * The commands of the command line tool are a bundle of their own, which is read when one of them runs: its help and its
 * version are there at once. `ritual lsp` runs the server's bundle.
 */
const separateCommands = {
  name: 'separate-commands',
  setup({ onResolve }) {
    onResolve({ filter: /\.ts$/ }, ({ kind, importer, path: imported }) => {
      if (kind !== 'dynamic-import') return undefined;
      if (imported.endsWith('/lsp/stdio.ts')) return { path: './server.js', external: true };
      const isProgram = /[\\/]cli[\\/](?:program|check-command)\.ts$/.test(importer);
      return isProgram ? { path: './commands.js', external: true } : undefined;
    });
  },
};
const entries = [
  { in: 'client/src/main.ts', options: { outfile: 'dist/client.js', external: ['vscode'] } },
  { in: 'client/src/browser.ts', options: { outfile: 'dist/client.browser.js', external: ['vscode'], ...browser } },
  { in: 'server/src/lsp/stdio.ts', options: { outfile: 'dist/server.js', ...importMeta } },
  {
    in: 'server/src/lsp/worker.ts',
    options: {
      outfile: 'dist/server.browser.js',
      ...browser,
      format: 'iife',
      external: ['fs/promises', 'module'],
      define: { 'import.meta.url': 'self.location.href' },
    },
  },
  {
    in: 'server/src/cli/commands.ts',
    options: { outfile: 'dist/commands.js', ...importMeta, plugins: [separateCommands] },
  },
  {
    in: 'server/src/cli/main.ts',
    options: {
      outfile: 'dist/cli.js',
      ...importMeta,
      // The other bundles are loaded with require(): import() would read them twice, once to find out what they export.
      supported: { 'dynamic-import': false },
      plugins: [separateCommands],
      banner: { js: `#!/usr/bin/env node\n${importMeta.banner.js}` },
    },
  },
];
const metafiles = [];
for (const entry of entries) {
  if (!fs.existsSync(path.join(root, entry.in))) continue;
  const { metafile } = await build({ ...common, entryPoints: [entry.in], ...entry.options });
  metafiles.push(metafile);
}
fs.writeFileSync(path.join(dist, 'THIRD-PARTY-LICENCES.txt'), thirdPartyLicences(root, metafiles));
fs.copyFileSync(path.join(root, 'grammars/tree-sitter-c.wasm'), path.join(dist, 'tree-sitter-c.wasm'));
fs.copyFileSync(require.resolve('web-tree-sitter/web-tree-sitter.wasm'), path.join(dist, 'web-tree-sitter.wasm'));
