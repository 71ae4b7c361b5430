/** A polygon, corner by corner: a new object, or pixels added or taken away. */

import type { Desk, Point } from "../desk";
import { maskFromRings, type Ring } from "../polygons";
import { modeAt, useShape } from "./shape";
import { PlainTool, strokeTwice, type Mode } from "./tool";

const CLOSE = 9;

export class PolygonTool extends PlainTool {
  private corners: Point[] = [];
  private here: Point | null = null;
  private use: Mode = "new";
  /** The last corner was set by the press that has not ended. */
  private setting = false;

  constructor(
    private readonly desk: Desk,
    private readonly mode: () => Mode,
  ) {
    super();
  }

  override get shaping(): boolean {
    return this.corners.length > 0;
  }

  down(point: Point): void {
    const [first] = this.onScreen();
    if (this.corners.length >= 3 && first && Math.hypot(point.cx - first[0], point.cy - first[1]) < CLOSE * point.reach) {
      this.finish();
      return;
    }
    if (this.corners.length === 0) this.use = modeAt(point, this.mode());
    this.corners.push(point);
    this.setting = true;
    this.desk.refresh();
  }

  move(point: Point): void {
    this.here = point;
    if (this.corners.length) this.desk.refresh();
  }

  up(): void {
    this.setting = false;
  }

  override finish(): boolean {
    const ring: Ring = this.corners.map((each) => [each.x, each.y] as const);
    if (ring.length === 0) return false;
    if (ring.length < 3) {
      this.desk.say("A polygon needs three corners.");
      return true;
    }
    this.corners = [];
    useShape(this.desk, maskFromRings([ring], this.desk.size), this.use);
    return true;
  }

  override cancel(): boolean {
    const busy = this.corners.length > 0;
    this.corners = [];
    if (busy) this.desk.drop();
    return busy;
  }

  override interrupt(): void {
    if (this.setting) this.back();
    this.setting = false;
  }

  override back(): boolean {
    const taken = this.corners.pop();
    this.desk.refresh();
    return taken !== undefined;
  }

  override draw(context: CanvasRenderingContext2D): void {
    const corners = this.onScreen();
    if (corners.length === 0) return;
    const path = new Path2D();
    corners.forEach(([x, y], index) => (index ? path.lineTo(x, y) : path.moveTo(x, y)));
    if (this.here) path.lineTo(...this.desk.camera.toCanvas(this.here.x, this.here.y));
    strokeTwice(context, path);
    const dots = new Path2D();
    for (const [x, y] of corners) dots.rect(x - 3, y - 3, 6, 6);
    strokeTwice(context, dots, 1);
  }

  /** The picture may have been moved since a corner was set. */
  private onScreen(): [number, number][] {
    return this.corners.map((each) => this.desk.camera.toCanvas(each.x, each.y));
  }
}
