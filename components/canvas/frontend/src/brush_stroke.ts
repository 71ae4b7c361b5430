/** Brush and eraser: the pixels a round brush passes over. */

import { add, boxOf, hull, overlap, trimmed, within, type Box, type Mask, type Size } from "./masks";
import type { Point } from "./polygons";

/**
 * A stroke while it is drawn: pixels whose centre is within `radius` of the line through its points, and
 * those the points lie in, so that the smallest brush leaves a trace. A move costs what its newest piece covers,
 * not what the stroke does.
 */
export class BrushStroke {
  readonly #radius: number;
  readonly #size: Size;
  #last: Point | null = null;
  #tight: Box | null = null;
  #room: Box = { x0: 0, y0: 0, x1: 0, y1: 0 };
  #bits = new Uint8Array(0);

  constructor(radius: number, size: Size) {
    this.#radius = radius;
    this.#size = size;
  }

  /** Go on to (x, y). Returns the newest piece alone, from the last point on, for drawing it. */
  add(x: number, y: number): Mask | null {
    const piece = pieceMask(this.#last ?? [x, y], [x, y], this.#radius, this.#size);
    this.#last = [x, y];
    if (!piece) return null;
    this.#tight = this.#tight ? hull(this.#tight, boxOf(piece)) : boxOf(piece);
    this.#makeRoom(this.#tight);
    add(piece, this.#bits, this.#room.x1 - this.#room.x0, this.#room.x0, this.#room.y0);
    return piece;
  }

  /** All that was passed over so far; null when that is nothing of the image. */
  mask(): Mask | null {
    const { x0, y0, x1, y1 } = this.#room;
    if (!this.#tight) return null;
    const whole = { x: x0, y: y0, width: x1 - x0, height: y1 - y0, bits: this.#bits };
    const tight = within(whole, this.#tight);
    return tight === whole ? { ...whole, bits: this.#bits.slice() } : tight;
  }

  /** Where the room does not do, take half as much again on the sides where it grows. */
  #makeRoom(needed: Box): void {
    const old = this.#room;
    const empty = this.#bits.length === 0;
    const all = empty ? needed : hull(old, needed);
    if (!empty && all.x0 === old.x0 && all.y0 === old.y0 && all.x1 === old.x1 && all.y1 === old.y1) return;
    const [wide, high] = [(all.x1 - all.x0) >> 1, (all.y1 - all.y0) >> 1];
    const x0 = Math.max(0, all.x0 < old.x0 || empty ? all.x0 - wide : all.x0);
    const y0 = Math.max(0, all.y0 < old.y0 || empty ? all.y0 - high : all.y0);
    const x1 = Math.min(this.#size[0], all.x1 > old.x1 || empty ? all.x1 + wide : all.x1);
    const y1 = Math.min(this.#size[1], all.y1 > old.y1 || empty ? all.y1 + high : all.y1);
    const bits = new Uint8Array((x1 - x0) * (y1 - y0));
    const before = { x: old.x0, y: old.y0, width: old.x1 - old.x0, height: old.y1 - old.y0, bits: this.#bits };
    add(before, bits, x1 - x0, x0, y0);
    this.#room = { x0, y0, x1, y1 };
    this.#bits = bits;
  }
}

/** Pixels whose centre is within `radius` of the straight line from `a` to `b`, with those two lie in. */
function pieceMask(a: Point, b: Point, radius: number, [width, height]: Size): Mask | null {
  const around = {
    x0: Math.floor(Math.min(a[0], b[0]) - radius) - 1,
    y0: Math.floor(Math.min(a[1], b[1]) - radius) - 1,
    x1: Math.ceil(Math.max(a[0], b[0]) + radius) + 1,
    y1: Math.ceil(Math.max(a[1], b[1]) + radius) + 1,
  };
  const box = overlap(around, { x0: 0, y0: 0, x1: width, y1: height });
  if (!box) return null;
  const stride = box.x1 - box.x0;
  const bits = new Uint8Array(stride * (box.y1 - box.y0));
  for (let y = box.y0; y < box.y1; y++) {
    const low = leftmost(a[0], a[1], b[0], b[1], radius, y + 0.5);
    const high = -leftmost(-a[0], a[1], -b[0], b[1], radius, y + 0.5);
    const from = Math.max(Math.ceil(low - 0.5), box.x0) - box.x0;
    const to = Math.min(Math.floor(high - 0.5) + 1, box.x1) - box.x0;
    if (from < to) bits.fill(1, (y - box.y0) * stride + from, (y - box.y0) * stride + to);
  }
  for (const [x, y] of [a, b]) dot(bits, box, Math.floor(x), Math.floor(y));
  return trimmed(box.x0, box.y0, stride, box.y1 - box.y0, bits);
}

function dot(bits: Uint8Array, { x0, y0, x1, y1 }: Box, x: number, y: number): void {
  if (x >= x0 && x < x1 && y >= y0 && y < y1) bits[(y - y0) * (x1 - x0) + x - x0] = 1;
}

/** Where the horizontal at `y` first comes within `radius` of the line; Infinity where it never does. */
function leftmost(ax: number, ay: number, bx: number, by: number, radius: number, y: number): number {
  const ends = Math.min(leftOfEnd(ax, ay, radius, y), leftOfEnd(bx, by, radius, y));
  return Math.min(ends, leftBeside(ax, ay, bx - ax, by - ay, radius, y));
}

function leftOfEnd(px: number, py: number, radius: number, y: number): number {
  const half = radius * radius - (y - py) * (y - py);
  return half >= 0 ? px - Math.sqrt(half) : Infinity;
}

/** Of the points beside the line, neither before its start nor past its end. */
function leftBeside(ax: number, ay: number, dx: number, dy: number, radius: number, y: number): number {
  const length = dx * dx + dy * dy;
  if (length === 0) return Infinity;
  const wide = radius * Math.sqrt(length);
  const [along, beside] = [(y - ay) * dy, (ay - y) * dx];
  const low = Math.max(least(dx, along, 0, length), least(dy, beside, -wide, wide));
  const high = -Math.max(least(-dx, along, 0, length), least(-dy, beside, -wide, wide));
  return low <= high ? ax + low : Infinity;
}

/** The least t for which low <= slope * t + at <= high; Infinity where there is none. */
function least(slope: number, at: number, low: number, high: number): number {
  if (slope === 0) return low <= at && at <= high ? -Infinity : Infinity;
  return ((slope > 0 ? low : high) - at) / slope;
}
