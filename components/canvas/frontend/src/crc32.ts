/** CRC-32 as zlib computes it. */

const TABLE = new Uint32Array(256).map((_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

/** Of a text of ASCII letters, as an unsigned number. */
export function crc32(text: string): number {
  let rest = 0xffffffff;
  for (let i = 0; i < text.length; i++) {
    rest = (rest >>> 8) ^ TABLE[(rest ^ text.charCodeAt(i)) & 255]!;
  }
  return (rest ^ 0xffffffff) >>> 0;
}
