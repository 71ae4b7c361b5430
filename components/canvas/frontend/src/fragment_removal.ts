/** What a change of outlines leaves behind: bits cut off by the grain of the pixels, shut-in gaps. */

import { connectedComponents, type ConnectedRuns } from "./connected_components";
import { add, difference, trimmed, union, within, type Box, type Mask } from "./masks";
import { parts } from "./morphology";

/** Pieces of fewer pixels are nothing a person cuts off. */
const SMALLEST_PIECE = 16;

/**
 * The changed mask without specks and holes that were not there before: pieces smaller than
 * that, and those of new pixels alone. Of each part and hole that was there the largest piece
 * stays. `changed` is where the two masks differ.
 */
export function withoutFragments(before: Mask, after: Mask | null, changed: Box): Mask | null {
  if (!after) return null;
  const far = SMALLEST_PIECE + 1; // what reaches from the change to the edge of the room is no fragment
  const room = { x0: changed.x0 - far, y0: changed.y0 - far, x1: changed.x1 + far, y1: changed.y1 + far };
  const [was, now] = [bitsIn(before, room), bitsIn(after, room)];
  const width = room.x1 - room.x0;
  const specks = fragments(was, now, width, 1);
  for (let i = 0; i < now.length; i++) now[i]! ^= specks[i]!;
  const holes = fragments(was, now, width, 0);
  const masks = [specks, holes].map((bits) => trimmed(room.x0, room.y0, width, room.y1 - room.y0, bits));
  return union(difference(after, masks[0]!), masks[1]!) ?? parts(after)[0]!;
}

/** A 1 at each pixel of the fragments of this value. */
function fragments(was: Uint8Array, now: Uint8Array, width: number, value: 0 | 1): Uint8Array {
  const [old, pieces] = [connectedComponents(was, width, value, value), connectedComponents(now, width, value, value)];
  const sizes = sizesOf(pieces, width, now.length);
  const { largest, isOld } = descent(labels(old, was.length), old.groups, pieces, sizes);
  const found = new Uint8Array(now.length);
  pieces.group.forEach((group, run) => {
    const stays = largest.has(group) || (isOld[group] && sizes[group]! >= SMALLEST_PIECE) || sizes[group] === Infinity;
    if (!stays) found.fill(1, pieces.from[run], pieces.to[run]);
  });
  return found;
}

/** Which pieces have pixels of what was there, and which is the largest of each. */
function descent(
  labels: Int32Array, groups: number, pieces: ConnectedRuns, sizes: Float64Array,
): { largest: Set<number>; isOld: Uint8Array } {
  const heirs = new Int32Array(groups).fill(-1);
  const isOld = new Uint8Array(pieces.groups);
  pieces.group.forEach((piece, run) => {
    for (let i = pieces.from[run]!; i < pieces.to[run]!; i++) {
      const group = labels[i]!;
      if (group < 0) continue;
      isOld[piece] = 1;
      const heir = heirs[group]!;
      if (heir < 0 || sizes[piece]! > sizes[heir]! || (sizes[piece] === sizes[heir] && piece < heir)) heirs[group] = piece;
    }
  });
  return { largest: new Set(heirs), isOld };
}

/** Pixels of each group; what touches the edge of the room goes on beyond it. */
function sizesOf(runs: ConnectedRuns, width: number, length: number): Float64Array {
  const sizes = new Float64Array(runs.groups);
  runs.group.forEach((group, run) => {
    const [from, to] = [runs.from[run]!, runs.to[run]!];
    const atEdge = from < width || from >= length - width || from % width === 0 || to % width === 0;
    sizes[group]! += atEdge ? Infinity : to - from;
  });
  return sizes;
}

function labels(runs: ConnectedRuns, length: number): Int32Array {
  const labels = new Int32Array(length).fill(-1);
  runs.group.forEach((group, run) => labels.fill(group, runs.from[run], runs.to[run]));
  return labels;
}

function bitsIn(mask: Mask, { x0, y0, x1, y1 }: Box): Uint8Array {
  const bits = new Uint8Array((x1 - x0) * (y1 - y0));
  const part = within(mask, { x0, y0, x1, y1 });
  if (part) add(part, bits, x1 - x0, x0, y0);
  return bits;
}
