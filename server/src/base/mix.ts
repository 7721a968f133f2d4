/** A mixing step after MurmurHash3's finaliser. */
export function mix(x: number, y: number, seed: number): number {
  let h = Math.imul(x ^ Math.imul(seed, 0x9e3779b1), 0x85ebca6b) ^ Math.imul(y + 0x7f4a7c15, 0xc2b2ae35);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  h ^= h >>> 12;
  return h;
}

/** One number out of two hashes, as long as a number holds exactly. */
export function combined(a: number, b: number): number {
  return (a >>> 0) * 0x200000 + (b & 0x1fffff);
}
