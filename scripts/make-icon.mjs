// Draws client/icon.png, the extension's icon: a row of memory cells, one of them freed, and the pointer that is left.
// Needs nothing but Node. Run it again after a change; the result is committed.
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

const size = 128;
const samples = 4;
const target = path.join(import.meta.dirname, '../client/icon.png');

const background = [24, 38, 58];
const cell = [236, 241, 246];
const freed = [66, 86, 112];
const pointer = [255, 176, 59];

/** Signed distance to a box with round corners; negative inside. */
function roundBox(x, y, centreX, centreY, halfWidth, halfHeight, radius) {
  const dx = Math.abs(x - centreX) - halfWidth + radius;
  const dy = Math.abs(y - centreY) - halfHeight + radius;
  return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - radius;
}

/** Distance to a line segment. */
function segment(x, y, ax, ay, bx, by) {
  const along = Math.max(
    0,
    Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)),
  );
  return Math.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay));
}

/** The colour at a point, or undefined outside the icon. */
function colourAt(x, y) {
  if (roundBox(x, y, 64, 64, 62, 62, 26) > 0) return undefined;
  // The arrow from above, and its head.
  if (segment(x, y, 64, 22, 64, 56) < 4.5) return pointer;
  if (segment(x, y, 64, 58, 52, 45) < 4.5 || segment(x, y, 64, 58, 76, 45) < 4.5) return pointer;
  // Three cells: owned, freed (only its outline is left), owned.
  if (roundBox(x, y, 30, 86, 14, 16, 5) < 0 || roundBox(x, y, 98, 86, 14, 16, 5) < 0) return cell;
  const middle = roundBox(x, y, 64, 86, 14, 16, 5);
  if (middle < 0) {
    if (segment(x, y, 57, 78.5, 71, 93.5) < 3 || segment(x, y, 71, 78.5, 57, 93.5) < 3) return pointer;
    return middle > -3 ? freed : background;
  }
  return background;
}

const rows = [];
for (let y = 0; y < size; y++) {
  const row = Buffer.alloc(1 + size * 4);
  for (let x = 0; x < size; x++) {
    const sum = [0, 0, 0];
    let covered = 0;
    for (let i = 0; i < samples * samples; i++) {
      const colour = colourAt(x + ((i % samples) + 0.5) / samples, y + (Math.floor(i / samples) + 0.5) / samples);
      if (!colour) continue;
      covered++;
      for (let channel = 0; channel < 3; channel++) sum[channel] += colour[channel];
    }
    const offset = 1 + x * 4;
    for (let channel = 0; channel < 3; channel++)
      row[offset + channel] = covered ? Math.round(sum[channel] / covered) : 0;
    row[offset + 3] = Math.round((255 * covered) / (samples * samples));
  }
  rows.push(row);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'ascii'), data]);
  const result = Buffer.alloc(body.length + 8);
  result.writeUInt32BE(data.length, 0);
  body.copy(result, 4);
  result.writeUInt32BE(crc32(body), body.length + 4);
  return result;
}

// Node has zlib.crc32 only from 20.15 and 22.2 on.
function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

const header = Buffer.alloc(13);
header.writeUInt32BE(size, 0);
header.writeUInt32BE(size, 4);
header.set([8, 6, 0, 0, 0], 8); // eight bits per channel, red green blue alpha
fs.writeFileSync(
  target,
  Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', zlib.deflateSync(Buffer.concat(rows), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]),
);
