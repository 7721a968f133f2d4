/** How the bytes of a source file were understood; enough to write the same bytes back. */
export interface SourceEncoding {
  readonly name: 'utf-8' | 'latin1' | 'utf-16le';
  readonly byteOrderMark: boolean;
}

export interface SourceText {
  /** Without a byte order mark, as editors count offsets; line ends are kept as they are. */
  readonly text: string;
  readonly encoding: SourceEncoding;
}

/**
 * Decodes a source file. C says nothing about encodings, so whatever is not valid UTF-8 is read as Latin-1, in which
 * every byte is one code unit: nothing is lost, and an edit writes all other bytes back as they were.
 */
export function decodeSource(bytes: Uint8Array): SourceText {
  if (bytes[0] === 0xff && bytes[1] === 0xfe && bytes.length % 2 === 0) {
    const text = new TextDecoder('utf-16le', { ignoreBOM: true }).decode(bytes.subarray(2));
    return { text, encoding: { name: 'utf-16le', byteOrderMark: true } };
  }
  const byteOrderMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const content = byteOrderMark ? bytes.subarray(3) : bytes;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
    return { text, encoding: { name: 'utf-8', byteOrderMark } };
  } catch {
    return { text: decodeLatin1(content), encoding: { name: 'latin1', byteOrderMark } };
  }
}

/** By hand: what the web calls Latin-1 is another encoding, which is not the identity. */
function decodeLatin1(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += 0x2000)
    pieces.push(String.fromCharCode(...bytes.subarray(at, at + 0x2000)));
  return pieces.join('');
}

/**
 * Encodes a text as its file was. Throws a RangeError when the text holds a character that the encoding lacks: a
 * replacement character would damage the file.
 */
export function encodeSource(text: string, encoding: SourceEncoding): Uint8Array {
  const mark = encoding.byteOrderMark;
  switch (encoding.name) {
    case 'utf-8':
      return Buffer.concat([Buffer.from(mark ? [0xef, 0xbb, 0xbf] : []), Buffer.from(text, 'utf8')]);
    case 'utf-16le':
      return Buffer.concat([Buffer.from(mark ? [0xff, 0xfe] : []), Buffer.from(text, 'utf16le')]);
    case 'latin1':
      for (let i = 0; i < text.length; i++) {
        if (text.charCodeAt(i) > 0xff) throw new RangeError('the text holds a character that Latin-1 lacks');
      }
      return Buffer.concat([Buffer.from(mark ? [0xef, 0xbb, 0xbf] : []), Buffer.from(text, 'latin1')]);
  }
}
