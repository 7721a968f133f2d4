// The licences of the packages that end up inside our bundles; theirs ask that the text goes with every copy.
import fs from 'node:fs';
import path from 'node:path';

/**
 * The licence texts of all packages that the bundles contain, one after the other, ordered by name.
 * Throws when a package brings no licence: then it must not be bundled.
 * @param root The folder that the bundles' inputs are relative to.
 * @param metafiles What esbuild says about each bundle.
 */
export function thirdPartyLicences(root, metafiles) {
  const folders = new Set();
  for (const metafile of metafiles) {
    for (const input of Object.keys(metafile.inputs)) {
      const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
      if (folder) folders.add(folder);
    }
  }
  const sections = [...folders].map((folder) => {
    const { name, version, license } = JSON.parse(fs.readFileSync(path.join(root, folder, 'package.json'), 'utf8'));
    const file = fs.readdirSync(path.join(root, folder)).find((entry) => /^licen[cs]e(?:\.(?:md|txt))?$/i.test(entry));
    if (!file && !license) throw new Error(`${name} ${version} is bundled and names no licence`);
    const text = file ? fs.readFileSync(path.join(root, folder, file), 'utf8').trim() : `Licence: ${license}`;
    return { name, text: `${name} ${version}\n\n${text}\n` };
  });
  sections.sort((a, b) => (a.name < b.name ? -1 : 1));
  return sections.map(({ text }) => text).join(`\n${'-'.repeat(80)}\n\n`);
}
