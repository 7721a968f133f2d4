import fs from 'node:fs';
import path from 'node:path';
import { inflateRawSync } from 'node:zlib';

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly compressedSize: number;
  /** Of the local header, which stands in front of the content. */
  readonly offset: number;
}

/** The names of the files in a zip archive, read from its central directory. */
export function zipEntries(archive: Buffer): string[] {
  return readEntries(archive).map(({ name }) => name);
}

/** Unpacks a zip archive into a folder. Knows the two methods that packers use: stored and deflated. */
export function extractZip(archive: Buffer, folder: string): void {
  for (const { name, method, compressedSize, offset } of readEntries(archive)) {
    if (name.endsWith('/')) continue;
    const start = offset + 30 + archive.readUInt16LE(offset + 26) + archive.readUInt16LE(offset + 28);
    const content = archive.subarray(start, start + compressedSize);
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, method === 0 ? content : inflateRawSync(content));
  }
}

function readEntries(archive: Buffer): Entry[] {
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0) throw new Error('not a zip archive');
  const count = archive.readUInt16LE(end + 10);
  const entries: Entry[] = [];
  let at = archive.readUInt32LE(end + 16);
  for (let i = 0; i < count; i++) {
    const nameLength = archive.readUInt16LE(at + 28);
    entries.push({
      name: archive.toString('utf8', at + 46, at + 46 + nameLength),
      method: archive.readUInt16LE(at + 10),
      compressedSize: archive.readUInt32LE(at + 20),
      offset: archive.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return entries;
}
