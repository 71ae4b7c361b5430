/**
 * What can be done with the shape of an object, exactly as `beltmask/masks.py` does it.
 *
 * Pixels of the upright image; a mask is its tight crop, so that cost follows the object.
 * Every function is pure; arrays handed over or returned must not be written to afterwards.
 */

export { cropKey, decode, encode, shapeKey } from "./rle";

/** `bits` is row-major, 0 or 1; its first and last rows and columns each hold a 1. */
export interface Mask {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly bits: Uint8Array;
}

/** Width and height. */
export type Size = readonly [number, number];

/** Half-open: [x0, x1) × [y0, y1). */
export interface Box {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** The set bits of a crop whose top left pixel is image pixel (x, y); null when none is set. */
export function trimmed(x: number, y: number, width: number, height: number, bits: Uint8Array): Mask | null {
  const first = bits.indexOf(1);
  if (first < 0) return null;
  const top = Math.floor(first / width);
  const bottom = Math.floor(bits.lastIndexOf(1) / width) + 1;
  const [left, right] = columns(width, top, bottom, bits);
  if (top === 0 && left === 0 && bottom === height && right === width) return { x, y, width, height, bits };
  const box = { x0: x + left, y0: y + top, x1: x + right, y1: y + bottom };
  const tight = bitsIn({ x, y, width, height, bits }, box);
  return { x: box.x0, y: box.y0, width: right - left, height: bottom - top, bits: tight };
}

/** Every pixel of a box. */
export function boxMask(x0: number, y0: number, x1: number, y1: number): Mask {
  const width = x1 - x0;
  const height = y1 - y0;
  return { x: x0, y: y0, width, height, bits: new Uint8Array(width * height).fill(1) };
}

export function boxOf(mask: Mask): Box {
  return { x0: mask.x, y0: mask.y, x1: mask.x + mask.width, y1: mask.y + mask.height };
}

/** What two boxes share; null when that is nothing. */
export function overlap(one: Box, other: Box): Box | null {
  const x0 = Math.max(one.x0, other.x0);
  const y0 = Math.max(one.y0, other.y0);
  const x1 = Math.min(one.x1, other.x1);
  const y1 = Math.min(one.y1, other.y1);
  return x0 < x1 && y0 < y1 ? { x0, y0, x1, y1 } : null;
}

/** The smallest box around two. */
export function hull(one: Box, other: Box): Box {
  return {
    x0: Math.min(one.x0, other.x0),
    y0: Math.min(one.y0, other.y0),
    x1: Math.max(one.x1, other.x1),
    y1: Math.max(one.y1, other.y1),
  };
}

export function union(first: Mask | null, second: Mask | null): Mask | null {
  if (!first || !second) return first ?? second;
  const box = hull(boxOf(first), boxOf(second));
  const bits = bitsIn(first, box);
  combine(bits, bitsIn(second, box), (mine, theirs) => mine | theirs);
  return { x: box.x0, y: box.y0, width: box.x1 - box.x0, height: box.y1 - box.y0, bits };
}

/** The pixels of `mask` that are not in `taken`. */
export function difference(mask: Mask | null, taken: Mask | null): Mask | null {
  const shared = mask && taken && overlap(boxOf(mask), boxOf(taken));
  if (!mask || !shared) return mask;
  const bits = mask.bits.slice();
  for (let y = shared.y0; y < shared.y1; y++) {
    const to = (y - mask.y) * mask.width - mask.x;
    const from = (y - taken.y) * taken.width - taken.x;
    for (let x = shared.x0; x < shared.x1; x++) if (taken.bits[from + x]) bits[to + x] = 0;
  }
  return trimmed(mask.x, mask.y, mask.width, mask.height, bits);
}

export function intersection(first: Mask | null, second: Mask | null): Mask | null {
  const box = first && second && overlap(boxOf(first), boxOf(second));
  if (!box) return null;
  const bits = bitsIn(first, box);
  combine(bits, bitsIn(second, box), (mine, theirs) => mine & theirs);
  return trimmed(box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0, bits);
}

/** Whether two masks have a pixel in common. */
export function overlaps(first: Mask, second: Mask): boolean {
  return intersection(first, second) !== null;
}

/** The part of the mask inside a box. */
export function within(mask: Mask, box: Box): Mask | null {
  const shared = overlap(boxOf(mask), box);
  if (!shared) return null;
  const [width, height] = [shared.x1 - shared.x0, shared.y1 - shared.y0];
  if (width === mask.width && height === mask.height) return mask;
  return trimmed(shared.x0, shared.y0, width, height, bitsIn(mask, shared));
}

/** The part of the mask inside an image. */
export function clipped(mask: Mask, [width, height]: Size): Mask | null {
  return within(mask, { x0: 0, y0: 0, x1: width, y1: height });
}

/** The same shape, whole pixels to the right and down. */
export function moved(mask: Mask, right: number, down: number): Mask {
  return { ...mask, x: mask.x + right, y: mask.y + down };
}

/** Whether the point lies in one of the mask's pixels. */
export function contains(mask: Mask, px: number, py: number): boolean {
  const column = Math.floor(px) - mask.x;
  const row = Math.floor(py) - mask.y;
  const inside = column >= 0 && row >= 0 && column < mask.width && row < mask.height;
  return inside && mask.bits[row * mask.width + column] === 1;
}

/** Number of pixels. */
export function area(mask: Mask): number {
  let count = areas.get(mask);
  if (count === undefined) {
    count = 0;
    for (const bit of mask.bits) count += bit;
    areas.set(mask, count);
  }
  return count;
}

/** Counted once: what is drawn is sorted by size in every frame. */
const areas = new WeakMap<Mask, number>();

export function same(one: Mask, other: Mask): boolean {
  const alike = one.x === other.x && one.y === other.y && one.width === other.width && one.height === other.height;
  return alike && one.bits.every((bit, i) => bit === other.bits[i]);
}

/** Set the mask's bits in an array that covers a larger box from (x0, y0) on, `stride` wide. */
export function add(mask: Mask, bits: Uint8Array, stride: number, x0: number, y0: number): void {
  for (let row = 0; row < mask.height; row++) {
    const to = (mask.y - y0 + row) * stride + mask.x - x0;
    const from = row * mask.width;
    for (let i = 0; i < mask.width; i++) bits[to + i]! |= mask.bits[from + i]!;
  }
}

/** First column with a set bit, and the one after the last, of rows that have some. */
function columns(width: number, top: number, bottom: number, bits: Uint8Array): [number, number] {
  let left = width;
  let right = 0;
  for (let start = top * width; start < bottom * width; start += width) {
    for (let i = 0; i < left; i++) if (bits[start + i]) left = i;
    for (let i = width - 1; i >= right; i--) if (bits[start + i]) right = i + 1;
  }
  return [left, right];
}

/** The mask's bits within a box, row-major. */
function bitsIn(mask: Mask, box: Box): Uint8Array {
  const stride = box.x1 - box.x0;
  const length = stride * (box.y1 - box.y0);
  const bits = new Uint8Array(new ArrayBuffer(Math.ceil(length / 4) * 4), 0, length);
  const shared = overlap(boxOf(mask), box);
  if (!shared) return bits;
  for (let y = shared.y0; y < shared.y1; y++) {
    const from = (y - mask.y) * mask.width - mask.x;
    bits.set(mask.bits.subarray(from + shared.x0, from + shared.x1), (y - box.y0) * stride + shared.x0 - box.x0);
  }
  return bits;
}

/** Change `mine` by `theirs`, both from `bitsIn`, four pixels at a time: a large mask has millions. */
function combine(mine: Uint8Array, theirs: Uint8Array, how: (mine: number, theirs: number) => number): void {
  const words = new Uint32Array(mine.buffer);
  const others = new Uint32Array(theirs.buffer);
  for (let i = 0; i < words.length; i++) words[i] = how(words[i]!, others[i]!);
}
