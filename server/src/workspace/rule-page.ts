import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The Markdown page of a rule, which lies at the same path in the repository and in every package made from it.
 * Throws when an installation lost it.
 */
export function readRulePage(rule: string): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  // From dist/ one folder up, from the sources three.
  const candidates = ['..', '../../..'].map((up) => path.join(here, up, `server/src/rules/${rule}/README.md`));
  const file = candidates.find((candidate) => fs.existsSync(candidate)) ?? candidates[0];
  return fs.readFileSync(file, 'utf8');
}
