import fs from 'node:fs';
import path from 'node:path';
import { decodeSource, encodeSource, type SourceEncoding, type SourceText } from './source-text.ts';

/**
 * The largest file that is read, in bytes. The largest hand-made translation unit in wide use, SQLite's amalgamation,
 * has 9 MB; what is beyond this is data in disguise, and would hold an editor's server for minutes.
 */
export const maximumSourceFileSize = 32 * 1024 * 1024;

/** A path that cannot be read or written as a source file; the message says why, without the path. */
export class SourceFileError extends Error {
  readonly file: string;

  constructor(file: string, reason: string) {
    super(reason);
    this.name = 'SourceFileError';
    this.file = file;
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EISDIR: 'is a folder',
  ENOTDIR: 'a part of the path is not a folder',
  ELOOP: 'too many levels of symbolic links',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'too many open files',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device',
  ENXIO: 'is not a regular file',
};

/** What a failed system call means, in words. */
export function systemErrorReason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException)?.code;
  return (code && reasons[code]) ?? code ?? String(error);
}

/** Reads and decodes a regular file. Throws a SourceFileError; never waits on a FIFO or a device. */
export function readSourceFile(file: string): SourceText {
  return decodeSource(readRegularFile(file));
}

function readRegularFile(file: string): Uint8Array {
  let descriptor: number;
  try {
    // Opening a FIFO without O_NONBLOCK waits for a writer that never comes. Windows has no such flag.
    descriptor = fs.openSync(file, fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw new SourceFileError(file, systemErrorReason(error));
  }
  try {
    const status = fs.fstatSync(descriptor);
    if (status.isDirectory()) throw new SourceFileError(file, 'is a folder');
    if (!status.isFile()) throw new SourceFileError(file, 'is not a regular file');
    if (status.size > maximumSourceFileSize) {
      const limit = maximumSourceFileSize / (1024 * 1024);
      throw new SourceFileError(file, `is larger than ${limit} MiB`);
    }
    return fs.readFileSync(descriptor);
  } catch (error) {
    if (error instanceof SourceFileError) throw error;
    throw new SourceFileError(file, systemErrorReason(error));
  } finally {
    fs.closeSync(descriptor);
  }
}

/**
 * Replaces the content of a source file at once: the new content goes to a temporary file beside it, which then takes
 * its name, so that neither a crash nor a full disk leaves half a file. Keeps the mode; follows symbolic links.
 * Throws a SourceFileError, and then leaves the file as it was.
 */
export function writeSourceFile(file: string, text: string, encoding: SourceEncoding): void {
  withReason(file, () => {
    const bytes = encodeSource(text, encoding);
    const target = fs.realpathSync(file);
    const status = fs.statSync(target);
    // The mode does not stop a rename, so a file that its owner protected must be refused by hand, also to root.
    fs.accessSync(target, fs.constants.W_OK);
    if ((status.mode & 0o222) === 0) throw new SourceFileError(file, 'is read-only');
    replaceFile(target, bytes, status);
  });
}

/**
 * Writes what a command made, such as a report, at once and in UTF-8; makes the folders that are missing. What is there
 * and is no regular file, such as a pipe, is written to as it is. Throws a SourceFileError.
 */
export function writeTextFile(file: string, text: string): void {
  withReason(file, () => {
    const status = fs.statSync(file, { throwIfNoEntry: false });
    if (status?.isDirectory()) throw new SourceFileError(file, 'is a folder');
    if (status && !status.isFile()) {
      fs.writeFileSync(file, text);
      return;
    }
    fs.mkdirSync(path.dirname(file), { recursive: true });
    replaceFile(status ? fs.realpathSync(file) : file, Buffer.from(text, 'utf8'), status);
  });
}

/** Puts bytes in the place of a file; `status` tells mode and owner of the one that is there. */
function replaceFile(target: string, bytes: Uint8Array, status: fs.Stats | undefined): void {
  const temporary = path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}.ritual-tmp`);
  try {
    const descriptor = fs.openSync(temporary, 'wx', status?.mode ?? 0o666);
    try {
      fs.writeFileSync(descriptor, bytes);
      if (status) {
        fs.fchmodSync(descriptor, status.mode & 0o7777);
        const created = fs.fstatSync(descriptor);
        if (created.uid !== status.uid || created.gid !== status.gid) {
          fs.fchownSync(descriptor, status.uid, status.gid);
        }
      }
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
    fs.renameSync(temporary, target);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}

function withReason(file: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    if (error instanceof SourceFileError) throw error;
    throw new SourceFileError(file, error instanceof RangeError ? error.message : systemErrorReason(error));
  }
}
