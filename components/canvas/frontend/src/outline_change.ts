/** What becomes of a mask when a person changes the outline it is shown with. */

import { withoutFragments } from "./fragment_removal";
import { contains, difference, intersection, overlaps, union, type Box, type Mask, type Size } from "./masks";
import { parts } from "./morphology";
import { segmentsOf, senseOf, type OutlineSegment } from "./outline_segments";
import { ringsOf } from "./outlines";
import { boxAround, maskFromWinding, type Point, type Ring } from "./polygons";

type Edge = readonly [from: Point, to: Point];

/** The outline of a mask, as it is and as it was shown. */
interface Outline {
  readonly segments: readonly OutlineSegment[];
  readonly exact: Ring;
  /** 1 where it runs clockwise on screen. */
  readonly sense: 1 | -1;
  readonly isHole: boolean;
}

/** How it was shown and how it is wanted, exact where nobody touched it; all that differs lies in the window. */
interface OutlineChange {
  readonly before: Ring;
  readonly after: Ring;
  readonly window: Box;
}

/**
 * The mask after a person turned `shown`, a simplified outline of it, into `changed`.
 *
 * What lies between the two is added or taken away, and with it what the true edge left between
 * itself and an edge that was moved: no hole and no speck stays behind. The rest of the mask (its
 * fine edge, holes, other parts) is as it was. Null when no pixel is left.
 */
export function reshaped(mask: Mask, shown: Ring, changed: Ring, size: Size): Mask | null {
  const outline = outlineOf(mask, shown);
  const change = changeOf(outline, changed, size);
  if (!change) return mask;
  const inside = (ring: Ring, sense: 1 | -1): Mask | null => maskFromWinding(ring, sense, change.window, size);
  const is = inside(outline.exact, outline.sense);
  const was = inside(change.before, outline.sense);
  const turned = (sense: 1 | -1): Mask | null => {
    const after = inside(change.after, sense);
    return withoutFragments(mask, withPixels(mask, outline.isHole, { is, was, after }), change.window);
  };
  // An outline that was pulled inside out altogether lies the other way round.
  return turned(outline.sense) ?? turned(outline.sense === 1 ? -1 : 1);
}

function withPixels(
  mask: Mask, isHole: boolean, { is, was, after }: { is: Mask | null; was: Mask | null; after: Mask | null },
): Mask | null {
  const [grown, shrunk] = [difference(after, was), difference(was, after)];
  const bays = intersection(difference(was, is), after);
  const bumps = difference(difference(is, was), after);
  const [gained, lost] = [reaching(bays, grown), reaching(bumps, shrunk)];
  return isHole ? union(difference(mask, gained), lost) : difference(union(mask, gained), lost);
}

/** What was moved, with the pieces beside it that touch it. */
function reaching(beside: Mask | null, moved: Mask | null): Mask | null {
  if (!beside || !moved) return moved;
  return parts(union(beside, moved)!).reduce<Mask | null>((all, part) => (overlaps(part, moved) ? union(all, part) : all), null);
}

function changeOf({ segments }: Outline, changed: Ring, size: Size): OutlineChange | null {
  const wanted = edgesOf(changed);
  const names = new Set(wanted.map(String));
  const kept = new Map<string, Ring>();
  const touched: Point[] = [];
  const before = segments.flatMap((segment, i) => {
    const edge: Edge = [segment.shown[0]!, segments[(i + 1) % segments.length]!.shown[0]!];
    if (segment.shown.length > 1 || !names.has(String(edge))) {
      touched.push(...segment.exact, ...segment.shown, edge[1]);
      return segment.shown;
    }
    kept.set(String(edge), segment.exact);
    return segment.exact;
  });
  for (const edge of wanted) if (!kept.has(String(edge))) touched.push(...edge);
  const window = boxAround(touched, size);
  return window && { before, after: wanted.flatMap((edge) => kept.get(String(edge)) ?? [edge[0]]), window };
}

/** A drag asks at every move for the same outline of the same mask. */
const drags = new WeakMap<Ring, { readonly mask: Mask; readonly outline: Outline }>();

function outlineOf(mask: Mask, shown: Ring): Outline {
  const last = drags.get(shown);
  if (last?.mask === mask) return last.outline;
  const found = segmentsOf(ringsOf(mask), shown);
  const segments = found ?? shown.map((corner): OutlineSegment => ({ exact: [corner], shown: [corner] }));
  const exact = segments.flatMap((each) => each.exact);
  const isHole = found !== null && !contains(mask, ...topmost(exact));
  const outline = { segments, exact, sense: senseOf(exact), isHole };
  drags.set(shown, { mask, outline });
  return outline;
}

function edgesOf(ring: Ring): Edge[] {
  return ring.map((from, i) => [from, ring[(i + 1) % ring.length]!]);
}

/** Right below this corner lies a pixel that the ring goes round. */
function topmost(ring: Ring): Point {
  return ring.reduce((found, corner) => (corner[1] < found[1] || (corner[1] === found[1] && corner[0] < found[0]) ? corner : found));
}
