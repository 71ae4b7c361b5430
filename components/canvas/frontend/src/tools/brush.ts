/** Brush and eraser: a stroke is one gesture on the selected object, or a new object. */

import { BrushStroke } from "../brush_stroke";
import type { CanvasState, PointerPosition } from "../canvas_state";
import { difference, union } from "../masks";
import { sentence } from "../sentences";
import { applyShape } from "./shape";
import { BaseTool, strokeTwice } from "./tool";

export class BrushTool extends BaseTool {
  override get cursor(): string {
    return "none";
  }

  private stroke: BrushStroke | null = null;
  private here: PointerPosition | null = null;

  constructor(
    private readonly state: CanvasState,
    private readonly erases: boolean,
  ) {
    super();
  }

  down(point: PointerPosition): void {
    if (this.erases && !this.state.primary) return this.state.say(sentence("canvas.select_to_erase"));
    this.stroke = new BrushStroke(this.state.settings.brush, this.state.size);
    this.extend(point);
  }

  move(point: PointerPosition, pressed: boolean): void {
    this.here = point;
    if (pressed && this.stroke) this.extend(point);
    else this.state.refresh();
  }

  up(point: PointerPosition): void {
    if (!this.stroke) return;
    this.extend(point);
    const mask = this.stroke.mask();
    this.stroke = null;
    if (!mask) return this.state.drop();
    if (this.erases) applyShape(this.state, mask, "subtract");
    else applyShape(this.state, mask, this.state.primary?.mask ? "add" : "new");
  }

  override cancel(): boolean {
    const busy = this.stroke !== null;
    this.stroke = null;
    if (busy) this.state.drop();
    return busy;
  }

  override draw(context: CanvasRenderingContext2D): void {
    if (!this.here) return;
    const { camera, settings } = this.state;
    const ring = new Path2D();
    const [x, y] = camera.toCanvas(this.here.x, this.here.y);
    ring.arc(x, y, Math.max(settings.brush * camera.scale, 1), 0, 2 * Math.PI);
    strokeTwice(context, ring, 1);
  }

  private extend(point: PointerPosition): void {
    this.stroke?.add(point.x, point.y);
    const mask = this.stroke?.mask() ?? null;
    const target = this.state.primary;
    if (!target?.mask) this.state.drafts.set("", mask);
    else this.state.drafts.set(target.id, (this.erases ? difference : union)(target.mask, mask));
    this.state.refresh();
  }
}
