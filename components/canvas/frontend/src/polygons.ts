/** Outlines into masks: rings on pixel edges, filled by the even-odd rule at pixel centres. */

import { overlap, trimmed, type Box, type Mask, type Size } from "./masks";

export type Point = readonly [number, number];

/** Corners as [x, y] on pixel edges: pixel (3, 5) covers x 3..4 and y 5..6. The last joins the first. */
export type Ring = readonly Point[];

/** Pixels whose centre lies inside the rings; null when there are none. `size` bounds them to an image. */
export function maskFromRings(rings: readonly Ring[], size?: Size): Mask | null {
  const closed = rings.filter(isClosed);
  const box = boxAround(closed.flat(), size);
  return box && filled(closed, box, box, (winding) => winding % 2 !== 0);
}

/**
 * Pixels of a window that one ring goes round in this sense: 1 is clockwise on screen, as outer
 * rings go, -1 the other way. What a ring that crosses itself goes round twice is inside as well.
 */
export function maskFromWinding(ring: Ring, sense: 1 | -1, window: Box, size: Size): Mask | null {
  const box = isClosed(ring) && boxAround(ring, size);
  return box ? filled([ring], box, window, (winding) => winding * sense > 0) : null;
}

function isClosed(ring: Ring): boolean {
  return ring.length >= 3;
}

/** The pixels that hold the corners; null when the image has none of them. */
export function boxAround(corners: readonly Point[], size?: Size): Box | null {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of corners) {
    x0 = Math.min(x0, Math.floor(x));
    y0 = Math.min(y0, Math.floor(y));
    x1 = Math.max(x1, Math.ceil(x));
    y1 = Math.max(y1, Math.ceil(y));
  }
  const box = { x0, y0, x1, y1 };
  return overlap(box, size ? { x0: 0, y0: 0, x1: size[0], y1: size[1] } : box);
}

/** The rings' pixels in a window. What rounds, rounds as in Python: in distances from their own box. */
function filled(rings: readonly Ring[], box: Box, window: Box, isInside: (winding: number) => boolean): Mask | null {
  const [stride, height] = [window.x1 - window.x0 + 1, window.y1 - window.y0];
  const windings = new Int8Array(stride * height);
  for (const ring of rings) addCrossings(windings, ring, box, window);
  const bits = new Uint8Array(stride * height);
  for (let start = 0; start < bits.length; start += stride) {
    for (let i = start, winding = 0; i < start + stride - 1; i++) bits[i] = +isInside((winding += windings[i]!));
  }
  return trimmed(window.x0, window.y0, stride, height, bits);
}

/** Per row, the first pixel whose centre lies right of each edge: 1 where it goes up, -1 where down. */
function addCrossings(windings: Int8Array, ring: Ring, box: Box, window: Box): void {
  const [left, top] = [window.x0 - box.x0, window.y0 - box.y0];
  const last = window.x1 - window.x0;
  let [xa, ya] = [ring.at(-1)![0] - box.x0, ring.at(-1)![1] - box.y0];
  for (const [x, y] of ring) {
    const [xb, yb] = [x - box.x0, y - box.y0];
    const [one, other] = [Math.ceil(ya - 0.5), Math.ceil(yb - 0.5)];
    const end = Math.min(Math.max(one, other), window.y1 - box.y0);
    for (let row = Math.max(Math.min(one, other), top); row < end; row++) {
      const at = xa + ((row + 0.5 - ya) * (xb - xa)) / (yb - ya);
      const column = Math.min(Math.max(Math.ceil(at - 0.5) - left, 0), last);
      windings[(row - top) * (last + 1) + column]! += one > other ? 1 : -1;
    }
    [xa, ya] = [xb, yb];
  }
}
