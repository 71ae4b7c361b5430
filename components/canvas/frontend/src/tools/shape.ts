/** What becomes of a shape somebody drew: a new object, or pixels of the selected one. */

import type { Desk, Point } from "../desk";
import { difference, union, type Mask } from "../masks";
import type { Mode } from "./tool";

/** Shift adds to the selected object and Alt takes away, whatever the mode in hand. */
export function modeAt(point: Point, mode: Mode): Mode {
  if (point.shift) return "add";
  return point.alt ? "subtract" : mode;
}

export function useShape(desk: Desk, mask: Mask | null, mode: Mode): void {
  const target = desk.primary;
  if (!mask) return desk.drop("That is outside the picture.");
  if (mode === "new") return desk.add(mask);
  if (!target?.mask) return desk.drop("Select an object first.");
  if (mode === "add") return desk.reshape(target, union(target.mask, mask), "add to");
  desk.reshape(target, difference(target.mask, mask), "take from");
}
