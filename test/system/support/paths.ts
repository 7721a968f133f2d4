import path from 'node:path';

export const root = path.join(import.meta.dirname, '../../..');
export const hostFolder = path.join(root, 'test/system/host');
export const fixtures = path.join(root, 'test/system/fixtures');
export const serverPath = path.join(root, 'dist/server.js');
export const vsixPath = path.join(root, 'dist/ritual.vsix');
/** Screenshots, to be looked at. */
export const artefacts = path.join(root, 'test/artefacts');
