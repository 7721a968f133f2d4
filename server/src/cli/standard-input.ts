import { maximumSourceFileSize } from '../workspace/source-file.ts';
import { decodeSource, type SourceText } from '../workspace/source-text.ts';
import { UsageError } from './exit-codes.ts';

/** Reads a source text from standard input to its end. Rejects with a UsageError when it is longer than a file may be. */
export async function readStandardInput(): Promise<SourceText> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of process.stdin as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maximumSourceFileSize) {
      throw new UsageError(`standard input is larger than ${maximumSourceFileSize / (1024 * 1024)} MiB`);
    }
    chunks.push(chunk);
  }
  return decodeSource(Buffer.concat(chunks));
}
