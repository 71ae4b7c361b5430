/** Masks as drawings, and as strokes draw them. */

import { BrushStroke } from "../src/brush_stroke";
import { trimmed, type Mask, type Size } from "../src/masks";
import type { Ring } from "../src/polygons";

/** The mask whose drawing, "#" for its pixels, has its top left letter at (x, y). */
export function drawn(x: number, y: number, ...rows: string[]): Mask {
  const letters = [...rows.join("")];
  const mask = trimmed(x, y, rows[0]!.length, rows.length, Uint8Array.from(letters, (letter) => +(letter === "#")));
  if (!mask) throw new Error("the drawing is empty");
  return mask;
}

/** What `drawn` made a mask of, at its tight box; null stays null. */
export function shown(mask: Mask | null): { at: [number, number]; rows: string[] } | null {
  if (!mask) return null;
  const rows = Array.from({ length: mask.height }, (_, row) => {
    const bits = mask.bits.subarray(row * mask.width, (row + 1) * mask.width);
    return Array.from(bits, (bit) => (bit ? "#" : ".")).join("");
  });
  return { at: [mask.x, mask.y], rows };
}

/** All that a round brush passes over along these points; null when that is nothing of the image. */
export function strokeMask(points: Ring, radius: number, size: Size): Mask | null {
  const stroke = new BrushStroke(radius, size);
  for (const [x, y] of points) stroke.add(x, y);
  return stroke.mask();
}

/** Numbers from 0 to 1 that are the same every time. */
export function dice(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}
