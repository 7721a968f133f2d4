// Builds the extension and packs it into dist/ritual.vsix.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);
const root = path.join(import.meta.dirname, '..');
const { createVSIX } = require('@vscode/vsce');

// Build logs go to standard error, so that the last line on standard output is the result.
execFileSync(process.execPath, [path.join(root, 'scripts/build.mjs')], { stdio: ['ignore', 2, 2] });
await createVSIX({
  cwd: root,
  packagePath: path.join(root, 'dist/ritual.vsix'),
  // Everything is bundled; what lies in node_modules is for development.
  dependencies: false,
});
