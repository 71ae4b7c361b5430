/** A polygon, corner by corner: a new object, or pixels added or taken away. */

import type { CanvasState, PointerPosition } from "../canvas_state";
import { maskFromRings, type Ring } from "../polygons";
import { sentence } from "../sentences";
import { applyShape, drawModeAt } from "./shape";
import { BaseTool, strokeTwice, type DrawMode } from "./tool";

const CLOSE = 9;

export class PolygonTool extends BaseTool {
  private corners: PointerPosition[] = [];
  private here: PointerPosition | null = null;
  private use: DrawMode = "new";
  /** The last corner was set by the press that has not ended. */
  private setting = false;

  constructor(
    private readonly state: CanvasState,
    private readonly mode: () => DrawMode,
  ) {
    super();
  }

  override get shaping(): boolean {
    return this.corners.length > 0;
  }

  down(point: PointerPosition): void {
    const [first] = this.onScreen();
    if (this.corners.length >= 3 && first && Math.hypot(point.cx - first[0], point.cy - first[1]) < CLOSE * point.reach) {
      this.finish();
      return;
    }
    if (this.corners.length === 0) this.use = drawModeAt(point, this.mode());
    this.corners.push(point);
    this.setting = true;
    this.state.refresh();
  }

  move(point: PointerPosition): void {
    this.here = point;
    if (this.corners.length) this.state.refresh();
  }

  up(): void {
    this.setting = false;
  }

  override finish(): boolean {
    const ring: Ring = this.corners.map((each) => [each.x, each.y] as const);
    if (ring.length === 0) return false;
    if (ring.length < 3) {
      this.state.say(sentence("canvas.polygon_corners"));
      return true;
    }
    this.corners = [];
    applyShape(this.state, maskFromRings([ring], this.state.size), this.use);
    return true;
  }

  override cancel(): boolean {
    const busy = this.corners.length > 0;
    this.corners = [];
    if (busy) this.state.drop();
    return busy;
  }

  override interrupt(): void {
    if (this.setting) this.back();
    this.setting = false;
  }

  override back(): boolean {
    const taken = this.corners.pop();
    this.state.refresh();
    return taken !== undefined;
  }

  override draw(context: CanvasRenderingContext2D): void {
    const corners = this.onScreen();
    if (corners.length === 0) return;
    const path = new Path2D();
    corners.forEach(([x, y], index) => (index ? path.lineTo(x, y) : path.moveTo(x, y)));
    if (this.here) path.lineTo(...this.state.camera.toCanvas(this.here.x, this.here.y));
    strokeTwice(context, path);
    const dots = new Path2D();
    for (const [x, y] of corners) dots.rect(x - 3, y - 3, 6, 6);
    strokeTwice(context, dots, 1);
  }

  /** The picture may have been moved since a corner was set. */
  private onScreen(): [number, number][] {
    return this.corners.map((each) => this.state.camera.toCanvas(each.x, each.y));
  }
}
