/** Outlines with fewer corners, for showing and editing; masks are never made from them alone. */

import type { Point, Ring } from "./polygons";
import { nearestOnEdge } from "./vertices";

/**
 * Some corners of the ring, such that none left out is farther than `tolerance` from the new
 * outline (Douglas and Peucker). A ring of four or more corners keeps at least three.
 */
export function simplified(ring: Ring, tolerance: number): Ring {
  if (ring.length < 4) return ring;
  const start = farthest(ring, ring[0]!);
  const turned = [...ring.slice(start), ...ring.slice(0, start), ring[start]!];
  const middle = farthest(turned, turned[0]!);
  const kept = new Set([0, middle]);
  keep(turned, 0, middle, tolerance, kept);
  keep(turned, middle, ring.length, tolerance, kept);
  if (kept.size < 3) {
    keepWidest(turned, 0, middle, kept);
    keepWidest(turned, middle, ring.length, kept);
  }
  return [...kept].sort((a, b) => a - b).map((i) => turned[i]!);
}

/** Keep the corner farthest from the straight line, and go on in both halves, until all are near. */
function keep(points: Ring, from: number, to: number, tolerance: number, kept: Set<number>): void {
  const waiting: [number, number][] = [[from, to]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [index, distance] = deepest(points, ...next);
    if (distance <= tolerance) continue;
    kept.add(index);
    waiting.push([next[0], index], [index, next[1]]);
  }
}

/** A shape thinner than the tolerance would fall flat: its widest corner stays. */
function keepWidest(points: Ring, from: number, to: number, kept: Set<number>): void {
  const [index, distance] = deepest(points, from, to);
  if (distance > 0) kept.add(index);
}

function deepest(points: Ring, from: number, to: number): [number, number] {
  let found = from;
  let most = 0;
  for (let i = from + 1; i < to; i++) {
    const [x, y] = points[i]!;
    const [nx, ny] = nearestOnEdge(points[from]!, points[to]!, x, y);
    const distance = Math.hypot(x - nx, y - ny);
    if (distance > most) [found, most] = [i, distance];
  }
  return [found, most];
}

function farthest(points: Ring, [x, y]: Point): number {
  let found = 0;
  let most = -1;
  for (let i = 0; i < points.length; i++) {
    const distance = Math.hypot(points[i]![0] - x, points[i]![1] - y);
    if (distance > most) [found, most] = [i, distance];
  }
  return found;
}
