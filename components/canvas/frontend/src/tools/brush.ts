/** Brush and eraser: a stroke is one gesture on the selected object, or a new object. */

import { Stroke } from "../brush";
import type { Desk, Point } from "../desk";
import { difference, union } from "../masks";
import { useShape } from "./shape";
import { PlainTool, strokeTwice } from "./tool";

export class BrushTool extends PlainTool {
  override get cursor(): string {
    return "none";
  }

  private stroke: Stroke | null = null;
  private here: Point | null = null;

  constructor(
    private readonly desk: Desk,
    private readonly erases: boolean,
  ) {
    super();
  }

  down(point: Point): void {
    if (this.erases && !this.desk.primary) return this.desk.say("Select the object to erase from first.");
    this.stroke = new Stroke(this.desk.looks.brush, this.desk.size);
    this.extend(point);
  }

  move(point: Point, pressed: boolean): void {
    this.here = point;
    if (pressed && this.stroke) this.extend(point);
    else this.desk.refresh();
  }

  up(point: Point): void {
    if (!this.stroke) return;
    this.extend(point);
    const mask = this.stroke.mask();
    this.stroke = null;
    if (!mask) return this.desk.drop();
    if (this.erases) useShape(this.desk, mask, "subtract");
    else useShape(this.desk, mask, this.desk.primary?.mask ? "add" : "new");
  }

  override cancel(): boolean {
    const busy = this.stroke !== null;
    this.stroke = null;
    if (busy) this.desk.drop();
    return busy;
  }

  override draw(context: CanvasRenderingContext2D): void {
    if (!this.here) return;
    const { camera, looks } = this.desk;
    const ring = new Path2D();
    const [x, y] = camera.toCanvas(this.here.x, this.here.y);
    ring.arc(x, y, Math.max(looks.brush * camera.scale, 1), 0, 2 * Math.PI);
    strokeTwice(context, ring, 1);
  }

  private extend(point: Point): void {
    this.stroke?.add(point.x, point.y);
    const mask = this.stroke?.mask() ?? null;
    const target = this.desk.primary;
    if (!target?.mask) this.desk.drafts.set("", mask);
    else this.desk.drafts.set(target.id, (this.erases ? difference : union)(target.mask, mask));
    this.desk.refresh();
  }
}
