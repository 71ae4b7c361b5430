/** A box from corner to corner; with magic the server finds the mask in it. */

import type { Desk, Point } from "../desk";
import { newId } from "../journal";
import { boxMask, clipped } from "../masks";
import type { Box } from "../protocol";
import { modeAt, useShape } from "./shape";
import { PlainTool, strokeTwice, type Mode } from "./tool";

const CLICK = 3;

export class BoxTool extends PlainTool {
  private start: Point | null = null;
  private end: Point | null = null;

  constructor(
    protected readonly desk: Desk,
    private readonly mode: () => Mode,
  ) {
    super();
  }

  down(point: Point): void {
    this.start = this.end = point;
  }

  move(point: Point, pressed: boolean): void {
    if (!pressed || !this.start) return;
    this.end = point;
    this.desk.refresh();
  }

  up(point: Point): void {
    const { start } = this;
    this.start = this.end = null;
    if (!start) return;
    if (Math.hypot(point.cx - start.cx, point.cy - start.cy) < CLICK * point.reach) return this.clicked(point);
    this.drawn(corners(start, point), start);
  }

  override cancel(): boolean {
    const busy = this.start !== null;
    this.start = this.end = null;
    if (busy) this.desk.drop();
    return busy;
  }

  override draw(context: CanvasRenderingContext2D): void {
    if (!this.start || !this.end) return;
    const path = new Path2D();
    const { start, end } = this;
    path.rect(start.cx, start.cy, end.cx - start.cx, end.cy - start.cy);
    strokeTwice(context, path);
  }

  protected clicked(_point: Point): void {
    this.desk.refresh();
  }

  protected drawn(box: Box, start: Point): void {
    useShape(this.desk, clipped(boxMask(...box), this.desk.size), modeAt(start, this.mode()));
  }
}

export class MagicTool extends BoxTool {
  protected override clicked(point: Point): void {
    const [x, y] = [Math.floor(point.x), Math.floor(point.y)];
    this.drawn([x, y, x + 1, y + 1], point);
  }

  protected override drawn(box: Box, _start: Point): void {
    const { desk } = this;
    const [width, height] = desk.size;
    const inside: Box = [
      Math.max(box[0], 0), Math.max(box[1], 0), Math.min(box[2], width), Math.min(box[3], height),
    ];
    if (inside[0] >= inside[2] || inside[1] >= inside[3]) return desk.drop("That is outside the picture.");
    if (!desk.classId) return desk.drop("Add a class on the Project page first.");
    const object = newId();
    desk.selected = [object];
    desk.commit("magic", [{ do: "add", object, box: inside, class: desk.classId }]);
  }
}

/** The box of whole pixels two corners span, at least one pixel large. */
function corners(a: Point, b: Point): Box {
  const [x0, y0] = [Math.round(Math.min(a.x, b.x)), Math.round(Math.min(a.y, b.y))];
  const [x1, y1] = [Math.round(Math.max(a.x, b.x)), Math.round(Math.max(a.y, b.y))];
  return [x0, y0, Math.max(x1, x0 + 1), Math.max(y1, y0 + 1)];
}
