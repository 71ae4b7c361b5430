/** Cutting a mask along a line. No pixel is lost: the cut runs between pixel centres. */

import { connectedComponents, EAST, SOUTH, SOUTH_EAST, SOUTH_WEST } from "./connected_components";
import { area, contains, union, type Mask } from "./masks";
import { parts, partsOf } from "./morphology";
import type { Point, Ring } from "./polygons";

/** A piece, and the centres of its rows' first and last pixels, where neighbours are nearest. */
interface PieceWithEnds {
  mask: Mask;
  ends: readonly number[];
}

/** Pieces of fewer pixels are slips of the hand where the line wavers, unless the mask is that small. */
const SMALLEST_PIECE = 9;

/** So that no line runs through a pixel's centre exactly, where either side would do. */
const NUDGE: Point = [1.37e-6, 0.731e-6];

/**
 * The mask cut along the line from its first point to its last, largest piece first: one piece
 * when the line does not cut through. Parts the line does not cut stay with the nearest
 * piece that does not lie beyond the line, so a line drawn between two parts tells them apart.
 */
export function split(mask: Mask, line: Ring): Mask[] {
  const cut = line.map(([x, y]): Point => [x + NUDGE[0], y + NUDGE[1]]);
  const whole = parts(mask);
  const pieces = partsOf(mask, connectedComponents(mask.bits, mask.width, 1, 1, cutLinks(mask, cut)));
  const home = pieces.map((piece) => whole.findIndex((part) => holds(part, piece)));
  const isCut = (i: number): boolean => home.indexOf(home[i]!) !== home.lastIndexOf(home[i]!);
  const smallest = Math.min(SMALLEST_PIECE, area(mask) / 10);
  const joined = pieces.filter((piece, i) => isCut(i) && area(piece) >= smallest).map(withEnds);
  pieces.forEach((piece, i) => {
    if (!isCut(i)) joinNearest(joined, withEnds(piece), cut);
    else if (area(piece) < smallest) joinNearest(joined, withEnds(piece), []);
  });
  return joined.map((piece) => piece.mask).sort((a, b) => area(b) - area(a));
}

/** Join the nearest piece that the line does not part from this one, or stand alone. */
function joinNearest(joined: PieceWithEnds[], piece: PieceWithEnds, cut: Ring): void {
  let found: PieceWithEnds | null = null;
  let least = Infinity;
  for (const other of joined) {
    const [a, b] = nearestEnds(piece, other);
    const distance = Math.hypot(a[0] - b[0], a[1] - b[1]);
    if (distance >= least || parted(cut, a, b)) continue;
    [found, least] = [other, distance];
  }
  if (!found) joined.push(piece);
  else Object.assign(found, { mask: union(found.mask, piece.mask), ends: [...found.ends, ...piece.ends] });
}

/** For each pixel the neighbours it is cut off from. */
function cutLinks(mask: Mask, cut: Ring): Uint8Array {
  const links = new Uint8Array(mask.bits.length);
  for (let i = 1; i < cut.length; i++) {
    const [a, b] = [cut[i - 1]!, cut[i]!];
    const top = Math.max(Math.floor(Math.min(a[1], b[1])) - 2, mask.y);
    const bottom = Math.min(Math.ceil(Math.max(a[1], b[1])) + 2, mask.y + mask.height);
    for (let y = top; y < bottom; y++) cutRow(mask, links, a, b, y);
  }
  return links;
}

/** Links from pixels of row `y`, where the line from `a` to `b` passes near them. */
function cutRow(mask: Mask, links: Uint8Array, a: Point, b: Point, y: number): void {
  const [low, high] = [crossingAt(a, b, y - 1), crossingAt(a, b, y + 3)].sort((p, q) => p - q) as [number, number];
  const from = Math.max(Math.floor(low) - 2, mask.x);
  const to = Math.min(Math.ceil(high) + 2, mask.x + mask.width);
  for (let x = from; x < to; x++) {
    const here: Point = [x + 0.5, y + 0.5];
    const crossed = (right: number, down: number): boolean => crosses(a, b, here, [here[0] + right, here[1] + down]);
    // Twice across is not across, so each crossing turns the bit round.
    links[(y - mask.y) * mask.width + x - mask.x]! ^=
      (crossed(1, 0) ? EAST : 0) |
      (crossed(-1, 1) ? SOUTH_WEST : 0) |
      (crossed(0, 1) ? SOUTH : 0) |
      (crossed(1, 1) ? SOUTH_EAST : 0);
  }
}

/** The x of the line from `a` to `b` at height `y`, or of its end nearest to that height. */
function crossingAt([ax, ay]: Point, [bx, by]: Point, y: number): number {
  if (ay === by) return y < ay ? ax : bx;
  const along = Math.min(Math.max((y - ay) / (by - ay), 0), 1);
  return ax + along * (bx - ax);
}

function crosses(a: Point, b: Point, p: Point, q: Point): boolean {
  return isLeft(a, b, p) !== isLeft(a, b, q) && isLeft(p, q, a) !== isLeft(p, q, b);
}

function isLeft([ax, ay]: Point, [bx, by]: Point, [x, y]: Point): boolean {
  return (bx - ax) * (y - ay) - (by - ay) * (x - ax) >= 0;
}

/** Whether the straight way from `p` to `q` leads across the line. */
function parted(cut: Ring, p: Point, q: Point): boolean {
  let across = false;
  for (let i = 1; i < cut.length; i++) if (crosses(cut[i - 1]!, cut[i]!, p, q)) across = !across;
  return across;
}

/** Whether a piece is of this part. Its first row has a pixel: crops are tight. */
function holds(part: Mask, piece: Mask): boolean {
  return contains(part, piece.x + piece.bits.indexOf(1), piece.y);
}

function withEnds(mask: Mask): PieceWithEnds {
  const { from, to } = connectedComponents(mask.bits, mask.width, 1, 1);
  const ends = from.flatMap((start, run) => [...centre(mask, start), ...centre(mask, to[run]! - 1)]);
  return { mask, ends };
}

function centre({ x, y, width }: Mask, i: number): Point {
  return [x + (i % width) + 0.5, y + Math.floor(i / width) + 0.5];
}

function nearestEnds(one: PieceWithEnds, other: PieceWithEnds): [Point, Point] {
  const start = nearestEnd(other, [one.ends[0]!, one.ends[1]!]);
  const mine = nearestEnd(one, start);
  return [mine, nearestEnd(other, mine)];
}

function nearestEnd({ ends }: PieceWithEnds, [x, y]: Point): Point {
  let found = 0;
  let least = Infinity;
  for (let i = 0; i < ends.length; i += 2) {
    const distance = (ends[i]! - x) ** 2 + (ends[i + 1]! - y) ** 2;
    if (distance < least) [found, least] = [i, distance];
  }
  return [ends[found]!, ends[found + 1]!];
}
