/** Select, move, and edit the corners of the selected object's outline. */

import type { CanvasState, PointerPosition } from "../canvas_state";
import { clipped, moved, type Mask } from "../masks";
import type { CanvasObject } from "../object_store";
import { reshaped } from "../outline_change";
import { simplified } from "../outline_simplification";
import { ringsOf } from "../outlines";
import type { Ring } from "../polygons";
import { sentence } from "../sentences";
import { edgeAt, vertexAt, vertexDragged, vertexInserted, vertexRemoved, type OutlinePosition } from "../vertices";
import { BaseTool, strokeTwice } from "./tool";

const NEAR = 7;
const CLICK = 3;
/** How far a simplified outline may stray, in screen pixels; and in image pixels at least. */
const STRAY = 1.2;
const LEAST_STRAY = 1;
const MOST_CORNERS = 400;

/** A corner in hand, and the rings as they were shown. */
interface HeldVertex {
  readonly position: OutlinePosition;
  readonly shown: readonly Ring[];
}

export class SelectTool extends BaseTool {
  private start: PointerPosition | null = null;
  /** What was selected before the press. */
  private before: readonly string[] = [];
  private held: HeldVertex | null = null;
  private changed: readonly Ring[] | null = null;
  private carrying: CanvasObject | null = null;
  private rings: { mask: Mask; stray: number; simple: Ring[] } | null = null;
  /** The corner clicked last: Delete takes it away. */
  private marked: HeldVertex | null = null;

  constructor(private readonly state: CanvasState) {
    super();
  }

  override get cursor(): string {
    return this.carrying ? "grabbing" : "default";
  }

  down(point: PointerPosition): void {
    this.start = point;
    this.before = this.state.selected;
    this.marked = null;
    this.held = this.cornerAt(point);
    if (this.held && point.alt) return this.removeCorner(this.held);
    if (this.held) return;
    const under = this.state.objectAt(point.x, point.y);
    if (point.shift && under) return this.state.toggle(under.id);
    if (under && this.state.primary?.id === under.id) this.carrying = under;
    else this.state.select(under ? [under.id] : []);
  }

  move(point: PointerPosition, pressed: boolean): void {
    if (!pressed || !this.start) return;
    if (this.held) this.dragCorner(point);
    else this.carry(point);
  }

  up(point: PointerPosition): void {
    const { start, held, carrying, changed } = this;
    this.start = this.held = this.carrying = this.changed = null;
    if (!start) return;
    const clicked = Math.hypot(point.cx - start.cx, point.cy - start.cy) < CLICK * point.reach;
    if (held && clicked) this.marked = held;
    if (clicked) return this.state.drop();
    const target = this.state.primary;
    if (held && changed && target?.mask) {
      this.state.reshape(target, this.turned(target.mask, held, changed));
    } else if (carrying) {
      this.state.reshape(carrying, this.shifted(carrying, start, point), "move");
    }
  }

  override cancel(): boolean {
    const busy = this.held !== null || this.carrying !== null;
    this.start = this.held = this.carrying = this.changed = null;
    if (busy) this.state.drop();
    return busy;
  }

  override interrupt(): void {
    const pressed = this.start !== null;
    this.cancel();
    if (pressed) this.state.select(this.before);
  }

  override back(): boolean {
    if (!this.marked) return false;
    this.removeCorner(this.marked);
    return true;
  }

  override draw(context: CanvasRenderingContext2D): void {
    const dots = new Path2D();
    for (const [x, y] of (this.changed ?? this.simple()).flat()) {
      const [cx, cy] = this.state.camera.toCanvas(x, y);
      dots.rect(cx - 2.5, cy - 2.5, 5, 5);
    }
    context.fillStyle = "#ffffff";
    context.fill(dots);
    strokeTwice(context, dots, 1);
  }

  /** The selected object's rings with few enough corners to take hold of; none for the others. */
  private simple(): Ring[] {
    const target = this.state.primary;
    if (!target?.mask || this.state.selected.length !== 1) return [];
    const stray = Math.max(Math.round(STRAY / this.state.camera.scale), LEAST_STRAY);
    if (this.held) return [...this.held.shown];
    if (this.rings?.mask !== target.mask || this.rings.stray !== stray) {
      const rings = ringsOf(target.mask).map((ring) => simplified(ring, stray));
      this.rings = { mask: target.mask, stray, simple: rings.filter((ring) => ring.length <= MOST_CORNERS) };
    }
    return this.rings.simple;
  }

  /** The corner under the pointer, or a new one where an edge is taken hold of. */
  private cornerAt(point: PointerPosition): HeldVertex | null {
    const rings = this.simple();
    const reach = (NEAR * point.reach) / this.state.camera.scale;
    const corner = vertexAt(rings, point.x, point.y, reach);
    if (corner) return { position: corner, shown: rings };
    const edge = point.alt || point.shift ? null : edgeAt(rings, point.x, point.y, reach * 0.7);
    return edge && { position: { ...edge, index: edge.index + 1 }, shown: vertexInserted(rings, edge) };
  }

  private dragCorner(point: PointerPosition): void {
    const { held } = this;
    const target = this.state.primary;
    if (!held || !target?.mask) return;
    this.changed = vertexDragged(held.shown, held.position, point.x, point.y);
    this.state.drafts.set(target.id, this.turned(target.mask, held, this.changed));
    this.state.refresh();
  }

  private removeCorner(held: HeldVertex): void {
    const target = this.state.primary;
    this.start = this.held = this.marked = null;
    if (!target?.mask) return;
    if (held.shown[held.position.ring]!.length <= 3) return this.state.drop(sentence("canvas.outline_corners"));
    this.state.reshape(target, this.turned(target.mask, held, vertexRemoved(held.shown, held.position)));
  }

  private turned(mask: Mask, { shown, position }: HeldVertex, changed: readonly Ring[]): Mask | null {
    return reshaped(mask, shown[position.ring]!, changed[position.ring]!, this.state.size);
  }

  private carry(point: PointerPosition): void {
    if (!this.carrying || !this.start) return;
    this.state.drafts.set(this.carrying.id, this.shifted(this.carrying, this.start, point));
    this.state.refresh();
  }

  private shifted(object: CanvasObject, from: PointerPosition, to: PointerPosition): Mask | null {
    if (!object.mask) return null;
    const [dx, dy] = [Math.round(to.x - from.x), Math.round(to.y - from.y)];
    return clipped(moved(object.mask, dx, dy), this.state.size);
  }
}
