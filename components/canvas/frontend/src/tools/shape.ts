/** What becomes of a shape somebody drew: a new object, or pixels of the selected one. */

import type { CanvasState, PointerPosition } from "../canvas_state";
import { difference, union, type Mask } from "../masks";
import { sentence } from "../sentences";
import type { DrawMode } from "./tool";

/** Shift adds to the selected object and Alt takes away, whatever the mode in hand. */
export function drawModeAt(point: PointerPosition, mode: DrawMode): DrawMode {
  if (point.shift) return "add";
  return point.alt ? "subtract" : mode;
}

export function applyShape(state: CanvasState, mask: Mask | null, mode: DrawMode): void {
  const target = state.primary;
  if (!mask) return state.drop(sentence("canvas.outside"));
  if (mode === "new") return state.add(mask);
  if (!target?.mask) return state.drop(sentence("canvas.select_first"));
  if (mode === "add") return state.reshape(target, union(target.mask, mask), "add to");
  state.reshape(target, difference(target.mask, mask), "take from");
}
