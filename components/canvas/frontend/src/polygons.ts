/** Outlines into masks: rings on pixel edges, filled by the even-odd rule at pixel centres. */

import { difference, overlap, trimmed, union, type Box, type Mask, type Size } from "./masks";

export { outline, ringsOf } from "./outlines";
export { simplified } from "./simplifying";

export type Point = readonly [number, number];

/** Corners as [x, y] on pixel edges: pixel (3, 5) covers x 3..4 and y 5..6. The last joins the first. */
export type Ring = readonly Point[];

/** Pixels whose centre lies inside the rings; null when there are none. `size` bounds them to an image. */
export function maskFromRings(rings: readonly Ring[], size?: Size): Mask | null {
  const closed = rings.filter(isClosed);
  const box = boxAround(closed.flat(), size);
  return box && filled(closed, box, box);
}

/**
 * The mask after a person turned the outline `shown` into `changed`.
 *
 * Only pixels between the two outlines change, so a simplified outline leaves the rest of the
 * mask (its fine edge, holes, other parts) as it was. Null when no pixel is left.
 */
export function reshaped(mask: Mask, shown: Ring, changed: Ring, size: Size): Mask | null {
  return reshapedRings(mask, [shown], [changed], size);
}

/** As `reshaped`, with several of a mask's outlines at once: a larger hole takes pixels away. */
export function reshapedRings(mask: Mask, shown: readonly Ring[], changed: readonly Ring[], size: Size): Mask | null {
  const [old, now] = [shown.filter(isClosed), changed.filter(isClosed)];
  const touched = boxAround(edgesInOne(old, now).flat(), size);
  if (!touched) return mask;
  const [before, after] = [filledWithin(old, touched, size), filledWithin(now, touched, size)];
  return difference(union(mask, difference(after, before)), difference(before, after));
}

/** The edges that only one of two outlines has: all that differs lies between them. */
function edgesInOne(shown: readonly Ring[], changed: readonly Ring[]): Ring[] {
  const edges = new Map<string, Ring>();
  for (const ring of [...shown, ...changed]) {
    ring.forEach((corner, i) => {
      const edge = [ring.at(i - 1)!, corner];
      if (!edges.delete(edge.join())) edges.set(edge.join(), edge);
    });
  }
  return [...edges.values()];
}

function isClosed(ring: Ring): boolean {
  return ring.length >= 3;
}

/** The pixels that hold the corners; null when the image has none of them. */
function boxAround(corners: readonly Point[], size?: Size): Box | null {
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

function filledWithin(rings: readonly Ring[], window: Box, size: Size): Mask | null {
  const box = boxAround(rings.flat(), size);
  return box && filled(rings, box, window);
}

/** The rings' pixels in a window. What rounds, rounds as in Python: in distances from their own box. */
function filled(rings: readonly Ring[], box: Box, window: Box): Mask | null {
  const [stride, height] = [window.x1 - window.x0 + 1, window.y1 - window.y0];
  const bits = new Uint8Array(stride * height);
  for (const ring of rings) toggleCrossings(bits, ring, box, window);
  for (let start = 0; start < bits.length; start += stride) {
    for (let i = start, inside = 0; i < start + stride; i++) bits[i] = inside ^= bits[i]!;
  }
  return trimmed(window.x0, window.y0, stride, height, bits);
}

/** Flip, per row, the first pixel whose centre lies right of each edge; one column more takes what lies outside. */
function toggleCrossings(bits: Uint8Array, ring: Ring, box: Box, window: Box): void {
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
      bits[(row - top) * (last + 1) + column]! ^= 1;
    }
    [xa, ya] = [xb, yb];
  }
}
