/** Masks into outlines. */

import type { Mask } from "./masks";
import type { Point, Ring } from "./polygons";

/** The outlines as exact rings, outer rings clockwise on screen, holes the other way round. */
export function ringsOf(mask: Mask): Ring[] {
  const { width, bits } = mask;
  const seen = new Uint8Array(bits.length);
  const rings: Ring[] = [];
  for (let i = bits.indexOf(1); i < bits.length; i++) {
    if (!bits[i] || seen[i] || (i >= width && bits[i - width])) continue;
    rings.push(traced(mask, i % width, Math.floor(i / width), seen));
  }
  return rings;
}

/**
 * Walk along pixel edges with the mask on the right hand, from the top left corner of a pixel
 * that has none above it, back to it. Where two pixels touch at a corner only, cross over to
 * the other: parts are 8-connected, what is around them 4-connected. Marks top edges as seen.
 */
function traced({ x, y, width, height, bits }: Mask, column: number, row: number, seen: Uint8Array): Ring {
  const isSet = (cx: number, cy: number): boolean =>
    cx >= 0 && cy >= 0 && cx < width && cy < height && bits[cy * width + cx] === 1;
  const ring: Point[] = [];
  let [cx, cy, dx, dy] = [column, row, 1, 0];
  do {
    ring.push([x + cx, y + cy]);
    let turn: number;
    do {
      if (dx === 1) seen[cy * width + cx] = 1;
      cx += dx;
      cy += dy;
      turn = turnAt(isSet, cx, cy, dx, dy);
    } while (turn === 0);
    [dx, dy] = turn > 0 ? [-dy, dx] : [dy, -dx];
  } while (cx !== column || cy !== row || dx !== 1);
  return ring;
}

/** 1 for right, -1 for left, 0 for straight on, at corner (cx, cy) reached in direction (dx, dy). */
function turnAt(isSet: (x: number, y: number) => boolean, cx: number, cy: number, dx: number, dy: number): number {
  if (isSet(cx + (dx + dy - 1) / 2, cy + (dy - dx - 1) / 2)) return -1;
  return isSet(cx + (dx - dy - 1) / 2, cy + (dy + dx - 1) / 2) ? 0 : 1;
}
