/** Parts, holes and specks. Parts are 8-connected, holes 4-connected, so no line is both. */

import { connectedComponents, type ConnectedRuns } from "./connected_components";
import { area, trimmed, type Mask } from "./masks";

/** The mask's parts, largest first. */
export function parts(mask: Mask): Mask[] {
  return partsOf(mask, connectedComponents(mask.bits, mask.width, 1, 1));
}

/** A mask for each group of runs, largest first; groups of one size as they are met. */
export function partsOf(mask: Mask, runs: ConnectedRuns): Mask[] {
  if (runs.groups === 1) return [mask];
  const boxes = boxesOf(mask, runs);
  const masks = boxes.map(({ x0, y0, x1, y1 }) => ({
    x: mask.x + x0,
    y: mask.y + y0,
    width: x1 - x0,
    height: y1 - y0,
    bits: new Uint8Array((x1 - x0) * (y1 - y0)),
  }));
  runs.from.forEach((from, run) => {
    const { width, bits } = masks[runs.group[run]!]!;
    const { x0, y0 } = boxes[runs.group[run]!]!;
    const row = Math.floor(from / mask.width);
    const at = (row - y0) * width + (from - row * mask.width) - x0;
    bits.fill(1, at, at + runs.to[run]! - from);
  });
  return masks.map((part) => ({ part, size: area(part) })).sort((a, b) => b.size - a.size).map(({ part }) => part);
}

/** The mask with all that it surrounds. */
export function holesFilled(mask: Mask): Mask {
  const { width, height } = mask;
  const runs = connectedComponents(mask.bits, width, 0, 0);
  const outside = new Uint8Array(runs.groups);
  runs.from.forEach((from, run) => {
    const to = runs.to[run]!;
    const atEdge = from < width || from >= width * (height - 1) || from % width === 0 || to % width === 0;
    if (atEdge) outside[runs.group[run]!] = 1;
  });
  if (outside.every(Boolean)) return mask;
  const bits = mask.bits.slice();
  runs.from.forEach((from, run) => {
    if (!outside[runs.group[run]!]) bits.fill(1, from, runs.to[run]);
  });
  return { ...mask, bits };
}

/** The mask without parts of fewer than `smallestArea` pixels; null when no part is larger. */
export function specksRemoved(mask: Mask, smallestArea: number): Mask | null {
  const runs = connectedComponents(mask.bits, mask.width, 1, 1);
  const areas = new Float64Array(runs.groups);
  runs.from.forEach((from, run) => (areas[runs.group[run]!]! += runs.to[run]! - from));
  if (areas.every((size) => size >= smallestArea)) return mask;
  const bits = mask.bits.slice();
  runs.from.forEach((from, run) => {
    if (areas[runs.group[run]!]! < smallestArea) bits.fill(0, from, runs.to[run]);
  });
  return trimmed(mask.x, mask.y, mask.width, mask.height, bits);
}

function boxesOf({ width }: Mask, runs: ConnectedRuns): { x0: number; y0: number; x1: number; y1: number }[] {
  const boxes = Array.from({ length: runs.groups }, () => ({ x0: Infinity, y0: Infinity, x1: 0, y1: 0 }));
  runs.from.forEach((from, run) => {
    const box = boxes[runs.group[run]!]!;
    const row = Math.floor(from / width);
    box.x0 = Math.min(box.x0, from - row * width);
    box.x1 = Math.max(box.x1, runs.to[run]! - row * width);
    box.y0 = Math.min(box.y0, row);
    box.y1 = row + 1;
  });
  return boxes;
}
