/** The exact outline of a mask, segment by segment between the corners of a simplified one. */

import type { Point, Ring } from "./polygons";

/** From a corner that both outlines have up to the next such corner, which belongs to the next segment. */
export interface OutlineSegment {
  readonly exact: Ring;
  /** As it was shown: the corner, and those that a person put in after it. */
  readonly shown: Ring;
}

/** The one of `rings` that has most corners of `shown` in their order; null when none has half of them. */
export function segmentsOf(rings: readonly Ring[], shown: Ring): OutlineSegment[] | null {
  let found: OutlineSegment[] | null = null;
  for (const ring of rings.filter((each) => each.length * 2 >= shown.length)) {
    for (const way of eitherWay(ring, shown)) {
      if (found?.length === shown.length) return found;
      const segments = cut(way, shown);
      if (segments.length > (found?.length ?? 1) && segments.length * 2 >= shown.length) found = segments;
    }
  }
  return found;
}

/** First as the corners that were shown seem to run. */
function eitherWay(ring: Ring, shown: Ring): Ring[] {
  const back = [...ring].reverse();
  return senseOf(ring) === senseOf(shown) ? [ring, back] : [back, ring];
}

/** 1 where a ring runs clockwise on screen, -1 where it runs the other way. */
export function senseOf(ring: Ring): 1 | -1 {
  let area = 0;
  ring.forEach(([x, y], i) => {
    const [px, py] = ring.at(i - 1)!;
    area += px * y - x * py;
  });
  return area < 0 ? -1 : 1;
}

function cut(ring: Ring, shown: Ring): OutlineSegment[] {
  const first = startOf(ring, shown);
  if (first < 0) return [];
  const turned = from(ring, placeOf(ring, shown[first]!, 0));
  const marks: { place: number; shown: Point[] }[] = [];
  for (const corner of from(shown, first)) {
    const last = marks.at(-1);
    const place = placeOf(turned, corner, last ? last.place + 1 : 0);
    if (last && place < 0) last.shown.push(corner);
    else marks.push({ place, shown: [corner] });
  }
  return marks.map(({ place, shown }, i) => ({ exact: turned.slice(place, marks[i + 1]?.place), shown }));
}

/** A corner that the ring has once, for it may touch itself. */
function startOf(ring: Ring, shown: Ring): number {
  return shown.findIndex((corner) => {
    const place = placeOf(ring, corner, 0);
    return place >= 0 && placeOf(ring, corner, place + 1) < 0;
  });
}

function from(ring: Ring, start: number): Ring {
  return [...ring.slice(start), ...ring.slice(0, start)];
}

function placeOf(ring: Ring, [x, y]: Point, start: number): number {
  for (let i = start; i < ring.length; i++) if (ring[i]![0] === x && ring[i]![1] === y) return i;
  return -1;
}
