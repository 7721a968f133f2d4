import fs from 'node:fs';
import path from 'node:path';

/** Larger seeds make slow runs and teach nothing that smaller ones do not. */
const MAXIMUM_SEED = 4_000;

/** The programs of this project's own tests and pages, in a fixed order. */
export function readSeeds(root: string): string[] {
  const seeds: string[] = [];
  const take = (text: string): void => {
    if (text.trim() !== '' && text.length <= MAXIMUM_SEED) seeds.push(text);
  };
  const below = (folder: string, extension: string): string[] =>
    fs
      .readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith(extension))
      .sort()
      .map((name) => fs.readFileSync(path.join(root, folder, name), 'utf8'));
  for (const page of [...below('test/fixtures', '.md'), ...below('server/src/rules', '.md')]) {
    for (const [, code] of page.matchAll(/^```c[^\n]*\n([\s\S]*?)^```/gm)) take(code);
  }
  for (const text of below('examples', '.c')) take(text);
  return seeds;
}
