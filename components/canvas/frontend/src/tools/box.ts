/** A box from corner to corner; with magic the server finds the mask in it. */

import type { CanvasState, PointerPosition } from "../canvas_state";
import { newId } from "../journal";
import { boxMask, clipped } from "../masks";
import type { BoxTuple } from "../protocol";
import { sentence } from "../sentences";
import { applyShape, drawModeAt } from "./shape";
import { BaseTool, strokeTwice, type DrawMode } from "./tool";

const CLICK = 3;

export class BoxTool extends BaseTool {
  private start: PointerPosition | null = null;
  private end: PointerPosition | null = null;

  constructor(
    protected readonly state: CanvasState,
    private readonly mode: () => DrawMode,
  ) {
    super();
  }

  down(point: PointerPosition): void {
    this.start = this.end = point;
  }

  move(point: PointerPosition, pressed: boolean): void {
    if (!pressed || !this.start) return;
    this.end = point;
    this.state.refresh();
  }

  up(point: PointerPosition): void {
    const { start } = this;
    this.start = this.end = null;
    if (!start) return;
    if (Math.hypot(point.cx - start.cx, point.cy - start.cy) < CLICK * point.reach) return this.clicked(point);
    this.drawn(corners(start, point), start);
  }

  override cancel(): boolean {
    const busy = this.start !== null;
    this.start = this.end = null;
    if (busy) this.state.drop();
    return busy;
  }

  override draw(context: CanvasRenderingContext2D): void {
    if (!this.start || !this.end) return;
    const path = new Path2D();
    const { start, end } = this;
    path.rect(start.cx, start.cy, end.cx - start.cx, end.cy - start.cy);
    strokeTwice(context, path);
  }

  protected clicked(_point: PointerPosition): void {
    this.state.refresh();
  }

  protected drawn(box: BoxTuple, start: PointerPosition): void {
    applyShape(this.state, clipped(boxMask(...box), this.state.size), drawModeAt(start, this.mode()));
  }
}

export class MagicTool extends BoxTool {
  protected override clicked(point: PointerPosition): void {
    const [x, y] = [Math.floor(point.x), Math.floor(point.y)];
    this.drawn([x, y, x + 1, y + 1], point);
  }

  protected override drawn(box: BoxTuple, _start: PointerPosition): void {
    const { state } = this;
    const [width, height] = state.size;
    const inside: BoxTuple = [
      Math.max(box[0], 0), Math.max(box[1], 0), Math.min(box[2], width), Math.min(box[3], height),
    ];
    if (inside[0] >= inside[2] || inside[1] >= inside[3]) return state.drop(sentence("canvas.outside"));
    if (!state.classId) return state.drop(sentence("canvas.class_first"));
    const object = newId();
    state.selected = [object];
    state.commit("magic", [{ do: "add", object, box: inside, class: state.classId }]);
  }
}

/** The box of whole pixels two corners span, at least one pixel large. */
function corners(a: PointerPosition, b: PointerPosition): BoxTuple {
  const [x0, y0] = [Math.round(Math.min(a.x, b.x)), Math.round(Math.min(a.y, b.y))];
  const [x1, y1] = [Math.round(Math.max(a.x, b.x)), Math.round(Math.max(a.y, b.y))];
  return [x0, y0, Math.max(x1, x0 + 1), Math.max(y1, y0 + 1)];
}
