import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSourceFile, SourceFileError, writeSourceFile } from '../../server/src/workspace/source-file.ts';
import { isCSource, listSourceFiles } from '../../server/src/workspace/source-listing.ts';
import { decodeSource, encodeSource } from '../../server/src/workspace/source-text.ts';
import { findWorkspaceRoot } from '../../server/src/workspace/workspace-root.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('encodings', () => {
  test.each<[string, number[], string]>([
    ['plain text', [0x61, 0x0d, 0x0a], 'a\r\n'],
    ['UTF-8', [0xc3, 0xbc], 'ü'],
    ['a byte order mark', [0xef, 0xbb, 0xbf, 0x61], 'a'],
    ['Latin-1', [0x61, 0xfc, 0x80, 0x9f], 'aü\u0080\u009f'],
    ['Latin-1 behind a byte order mark', [0xef, 0xbb, 0xbf, 0xff], 'ÿ'],
    ['UTF-16', [0xff, 0xfe, 0x61, 0x00], 'a'],
    ['nothing', [], ''],
  ])('%s comes back byte for byte', (_, bytes, text) => {
    const decoded = decodeSource(Uint8Array.from(bytes));
    expect(decoded.text).toBe(text);
    expect([...encodeSource(decoded.text, decoded.encoding)]).toEqual(bytes);
  });

  test('a character that the encoding lacks is refused, not replaced', () => {
    expect(() => encodeSource('→', { name: 'latin1', byteOrderMark: false })).toThrow(RangeError);
  });
});

describe('reading and writing', () => {
  test('what is no regular file is refused without waiting', () => {
    const folder = temporaryFolder();
    const fifo = path.join(folder, 'fifo.c');
    execFileSync('mkfifo', [fifo]);
    fs.symlinkSync('loop.c', path.join(folder, 'loop.c'));
    expect(() => readSourceFile(fifo)).toThrow('is not a regular file');
    expect(() => readSourceFile(folder)).toThrow('is a folder');
    expect(() => readSourceFile(path.join(folder, 'none.c'))).toThrow('no such file or folder');
    expect(() => readSourceFile(path.join(folder, 'loop.c'))).toThrow('too many levels of symbolic links');
  });

  test('a huge file is refused before it is read', () => {
    const folder = temporaryFolder({ 'huge.c': '' });
    fs.truncateSync(path.join(folder, 'huge.c'), 40 * 1024 * 1024);
    expect(() => readSourceFile(path.join(folder, 'huge.c'))).toThrow('is larger than 32 MiB');
  });

  test('writing keeps mode, links and everything else in the folder', () => {
    const folder = temporaryFolder({ 'a.c': 'old\r\n' });
    const file = path.join(folder, 'a.c');
    fs.chmodSync(file, 0o640);
    fs.symlinkSync('a.c', path.join(folder, 'link.c'));
    writeSourceFile(path.join(folder, 'link.c'), 'neü\r\n', { name: 'latin1', byteOrderMark: false });
    expect([...fs.readFileSync(file)]).toEqual([0x6e, 0x65, 0xfc, 0x0d, 0x0a]);
    expect(fs.statSync(file).mode & 0o7777).toBe(0o640);
    expect(fs.lstatSync(path.join(folder, 'link.c')).isSymbolicLink()).toBe(true);
    expect(fs.readdirSync(folder)).toEqual(['a.c', 'link.c']);
  });

  test('a failed write leaves the file and no trace', () => {
    const folder = temporaryFolder({ 'a.c': 'old' });
    const file = path.join(folder, 'a.c');
    expect(() => writeSourceFile(file, '→', { name: 'latin1', byteOrderMark: false })).toThrow(SourceFileError);
    expect(fs.readFileSync(file, 'utf8')).toBe('old');
    expect(fs.readdirSync(folder)).toEqual(['a.c']);
  });
});

describe('the files below a folder', () => {
  /** The listed files, relative to the folder that is listed. */
  async function list(folder: string): Promise<string[]> {
    return (await listSourceFiles(folder)).files.map((file) => path.relative(folder, file));
  }

  test('are the C sources and headers, sorted, without what is hidden or installed', async () => {
    const folder = temporaryFolder({
      'b.c': '',
      'a/x.h': '',
      'B.c': '',
      'a.txt': '',
      'node_modules/m/m.c': '',
      '.git/g.c': '',
      '.cache/c.c': '',
      'dir.c/inner.c': '',
    });
    expect(await list(folder)).toEqual(['B.c', 'a/x.h', 'b.c', 'dir.c/inner.c']);
  });

  test('leave out what Git ignores, innermost file first', async () => {
    const folder = temporaryFolder({
      '.git/HEAD': '',
      '.gitignore': 'build/\n*.gen.c\n',
      'a.c': '',
      'a.gen.c': '',
      'build/b.c': '',
      'sub/.gitignore': '!keep.gen.c\n/c.c\n',
      'sub/keep.gen.c': '',
      'sub/c.c': '',
      'sub/deep/c.c': '',
      'sub/deep/d.gen.c': '',
    });
    expect(await list(folder)).toEqual(['a.c', 'sub/deep/c.c', 'sub/keep.gen.c']);
    // The ignore file above counts for a named folder, unless it ignores that folder itself.
    expect(await list(path.join(folder, 'sub/deep'))).toEqual(['c.c']);
    expect(await list(path.join(folder, 'build'))).toEqual(['b.c']);
  });

  test('count headers as C unless their folder is C++', async () => {
    const folder = temporaryFolder({
      'cpp/a.cpp': '',
      'cpp/a.h': '',
      'mixed/a.cc': '',
      'mixed/a.c': '',
      'mixed/a.h': '',
      'include/a.h': '',
      'wrapped/a.h': '',
      'wrapped/a.hpp': '',
    });
    expect(await list(folder)).toEqual(['include/a.h', 'mixed/a.c', 'mixed/a.h', 'wrapped/a.h']);
    expect(isCSource(path.join(folder, 'cpp/a.h'))).toBe(false);
    expect(isCSource(path.join(folder, 'include/a.h'))).toBe(true);
    expect(isCSource(path.join(folder, 'cpp/a.cpp'))).toBe(false);
  });

  test('end at loops, and name what cannot be read', async () => {
    const folder = temporaryFolder({ 'real/a.c': '', 'other/b.c': '' });
    fs.symlinkSync('..', path.join(folder, 'real/up'));
    fs.symlinkSync('a.c', path.join(folder, 'real/again.c'));
    fs.symlinkSync('gone.c', path.join(folder, 'real/broken.c'));
    fs.symlinkSync(path.join(folder, 'real'), path.join(folder, 'other/linked'));
    execFileSync('mkfifo', [path.join(folder, 'fifo.c')]);
    expect(await list(folder)).toEqual(['other/b.c', 'real/a.c']);
    const { problems } = await listSourceFiles(folder);
    expect(problems).toEqual([
      { path: path.join(folder, 'fifo.c'), reason: 'is not a regular file' },
      { path: path.join(folder, 'real/broken.c'), reason: 'no such file or folder' },
    ]);
    // A link to a file elsewhere counts as that file.
    fs.symlinkSync(path.join(folder, 'other/b.c'), path.join(folder, 'real/from-other.c'));
    expect(await list(path.join(folder, 'real'))).toEqual(['a.c', 'from-other.c']);
  });

  test('are bounded and can be given up', async () => {
    const folder = temporaryFolder({ 'a.c': '', 'b.c': '', 'c.c': '' });
    const listing = await listSourceFiles(folder, { maximumFiles: 2 });
    expect(listing.files).toHaveLength(2);
    expect(listing.complete).toBe(false);
    await expect(listSourceFiles(folder, { signal: AbortSignal.abort(new Error('given up')) })).rejects.toThrow(
      'given up',
    );
  });
});

test('the workspace is the nearest configuration, else the nearest repository, else the fallback', () => {
  const folder = temporaryFolder({
    'repository/.git/HEAD': '',
    'repository/a/b.c': '',
    'repository/configured/.ritual.jsonc': '',
    'repository/configured/inner/.git': 'gitdir: elsewhere',
    'repository/configured/inner/c.c': '',
    'alone/d.c': '',
  });
  const root = (file: string) => path.relative(folder, findWorkspaceRoot(path.join(folder, file), '/fallback'));
  expect(root('repository/a/b.c')).toBe('repository');
  expect(root('repository/a')).toBe('repository');
  expect(root('repository/a/not-there.c')).toBe('repository');
  expect(root('repository/configured/inner/c.c')).toBe('repository/configured');
  expect(findWorkspaceRoot(path.join(folder, 'alone/d.c'), '/fallback')).toBe('/fallback');
});
