/** What lies on top: higher layers, within a layer small objects, and of two of one size the later one. */

import { area, intersection, type Mask } from "./masks";

export interface Stacked {
  readonly layer: number;
  readonly number: number;
  readonly mask: Mask;
}

/** For sorting from bottom to top. */
export function fromBottom(a: Stacked, b: Stacked): number {
  return a.layer - b.layer || area(b.mask) - area(a.mask) || a.number - b.number;
}

/** The layer that lifts an object above the next one that covers some of it; null when none does. */
export function layerAbove(object: Stacked, others: readonly Stacked[]): number | null {
  const [next] = touching(object, others).filter((each) => fromBottom(each, object) > 0).sort(fromBottom);
  return next ? next.layer + (fromBottom({ ...object, layer: next.layer }, next) > 0 ? 0 : 1) : null;
}

/** The layer that lowers an object below the next one it covers some of; null when there is none. */
export function layerBelow(object: Stacked, others: readonly Stacked[]): number | null {
  const next = touching(object, others).filter((each) => fromBottom(each, object) < 0).sort(fromBottom).at(-1);
  return next ? next.layer - (fromBottom({ ...object, layer: next.layer }, next) < 0 ? 0 : 1) : null;
}

function touching(object: Stacked, others: readonly Stacked[]): Stacked[] {
  return others.filter((each) => intersection(each.mask, object.mask) !== null);
}
