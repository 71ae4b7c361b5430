/** What lies on top: higher layers, within a layer small objects, and of two of one size the later one. */

import { area, intersection, type Mask } from "./masks";

export interface LayeredObject {
  readonly layer: number;
  readonly number: number;
  readonly mask: Mask;
}

/** For sorting from bottom to top. */
export function bottomToTop(a: LayeredObject, b: LayeredObject): number {
  return a.layer - b.layer || area(b.mask) - area(a.mask) || a.number - b.number;
}

/** The layer that lifts an object above the next one that covers some of it; null when none does. */
export function layerAbove(object: LayeredObject, others: readonly LayeredObject[]): number | null {
  const [next] = touching(object, others).filter((each) => bottomToTop(each, object) > 0).sort(bottomToTop);
  return next ? next.layer + (bottomToTop({ ...object, layer: next.layer }, next) > 0 ? 0 : 1) : null;
}

/** The layer that lowers an object below the next one it covers some of; null when there is none. */
export function layerBelow(object: LayeredObject, others: readonly LayeredObject[]): number | null {
  const next = touching(object, others).filter((each) => bottomToTop(each, object) < 0).sort(bottomToTop).at(-1);
  return next ? next.layer - (bottomToTop({ ...object, layer: next.layer }, next) < 0 ? 0 : 1) : null;
}

function touching(object: LayeredObject, others: readonly LayeredObject[]): LayeredObject[] {
  return others.filter((each) => intersection(each.mask, object.mask) !== null);
}
