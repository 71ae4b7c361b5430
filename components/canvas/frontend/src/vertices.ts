/** Taking hold of the corners and edges of outlines. */

import type { Point, Ring } from "./polygons";

/** Where an outline is taken hold of: a corner, or a point on the edge from corner `index` to the next. */
export interface OutlinePosition {
  readonly ring: number;
  readonly index: number;
  readonly x: number;
  readonly y: number;
}

/** The corner nearest to (x, y) within `reach`. */
export function vertexAt(rings: readonly Ring[], x: number, y: number, reach: number): OutlinePosition | null {
  return nearest(rings, x, y, reach, (ring, index) => ring[index]!);
}

/** The point on an edge nearest to (x, y) within `reach`. */
export function edgeAt(rings: readonly Ring[], x: number, y: number, reach: number): OutlinePosition | null {
  return nearest(rings, x, y, reach, (ring, index) =>
    nearestOnEdge(ring[index]!, ring[(index + 1) % ring.length]!, x, y),
  );
}

/** With a corner more at the position on an edge; it gets `position.index + 1`. */
export function vertexInserted(rings: readonly Ring[], { ring, index, x, y }: OutlinePosition): Ring[] {
  return changed(rings, ring, (corners) => corners.splice(index + 1, 0, [x, y]));
}

/** Without the corner; a ring of fewer than three fills nothing. */
export function vertexRemoved(rings: readonly Ring[], { ring, index }: OutlinePosition): Ring[] {
  return changed(rings, ring, (corners) => corners.splice(index, 1));
}

/** With the corner at (x, y). */
export function vertexDragged(rings: readonly Ring[], { ring, index }: OutlinePosition, x: number, y: number): Ring[] {
  return changed(rings, ring, (corners) => corners.splice(index, 1, [x, y]));
}

/** The point of the straight edge from `a` to `b` that is nearest to (x, y). */
export function nearestOnEdge(
  [ax, ay]: Point,
  [bx, by]: Point,
  x: number,
  y: number,
): Point {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const along = length && Math.min(Math.max(((x - ax) * dx + (y - ay) * dy) / length, 0), 1);
  return [ax + along * dx, ay + along * dy];
}

function changed(rings: readonly Ring[], which: number, change: (corners: (Point)[]) => void): Ring[] {
  return rings.map((ring, i) => {
    if (i !== which) return ring;
    const corners = [...ring];
    change(corners);
    return corners;
  });
}

function nearest(
  rings: readonly Ring[],
  x: number,
  y: number,
  reach: number,
  place: (ring: Ring, index: number) => Point,
): OutlinePosition | null {
  let found: OutlinePosition | null = null;
  let least = reach;
  rings.forEach((ring, r) => {
    for (let index = 0; index < ring.length; index++) {
      const [px, py] = place(ring, index);
      const distance = Math.hypot(px - x, py - y);
      if (distance > least || (found && distance === least)) continue;
      found = { ring: r, index, x: px, y: py };
      least = distance;
    }
  });
  return found;
}
