/** Select, move, and edit the corners of the selected object's outline. */

import type { Thing } from "../board";
import type { Desk, Point } from "../desk";
import { clipped, moved, type Mask } from "../masks";
import { reshaped } from "../outline_change";
import { ringsOf, simplified, type Ring } from "../polygons";
import { dragged, edgeAt, inserted, removed, vertexAt, type Spot } from "../vertices";
import { PlainTool, strokeTwice } from "./tool";

const NEAR = 7;
const CLICK = 3;
/** How far a simplified outline may stray, in screen pixels; and in image pixels at least. */
const STRAY = 1.2;
const LEAST_STRAY = 1;
const MOST_CORNERS = 400;

/** A corner in hand, and the rings as they were shown. */
interface Held {
  readonly spot: Spot;
  readonly shown: readonly Ring[];
}

export class SelectTool extends PlainTool {
  private start: Point | null = null;
  /** What was selected before the press. */
  private before: readonly string[] = [];
  private held: Held | null = null;
  private changed: readonly Ring[] | null = null;
  private carrying: Thing | null = null;
  private rings: { mask: Mask; stray: number; simple: Ring[] } | null = null;
  /** The corner clicked last: Delete takes it away. */
  private marked: Held | null = null;

  constructor(private readonly desk: Desk) {
    super();
  }

  override get cursor(): string {
    return this.carrying ? "grabbing" : "default";
  }

  down(point: Point): void {
    this.start = point;
    this.before = this.desk.selected;
    this.marked = null;
    this.held = this.cornerAt(point);
    if (this.held && point.alt) return this.removeCorner(this.held);
    if (this.held) return;
    const under = this.desk.at(point.x, point.y);
    if (point.shift && under) return this.desk.toggle(under.id);
    if (under && this.desk.primary?.id === under.id) this.carrying = under;
    else this.desk.select(under ? [under.id] : []);
  }

  move(point: Point, pressed: boolean): void {
    if (!pressed || !this.start) return;
    if (this.held) this.dragCorner(point);
    else if (this.carrying) this.carry(point);
  }

  up(point: Point): void {
    const { start, held, carrying, changed } = this;
    this.start = this.held = this.carrying = this.changed = null;
    if (!start) return;
    const clicked = Math.hypot(point.cx - start.cx, point.cy - start.cy) < CLICK * point.reach;
    if (held && clicked) this.marked = held;
    if (clicked) return this.desk.drop();
    const target = this.desk.primary;
    if (held && changed && target?.mask) {
      this.desk.reshape(target, this.turned(target.mask, held, changed));
    } else if (carrying) {
      this.desk.reshape(carrying, this.shifted(carrying, start, point), "move");
    }
  }

  override cancel(): boolean {
    const busy = this.held !== null || this.carrying !== null;
    this.start = this.held = this.carrying = this.changed = null;
    if (busy) this.desk.drop();
    return busy;
  }

  override interrupt(): void {
    const pressed = this.start !== null;
    this.cancel();
    if (pressed) this.desk.select(this.before);
  }

  override back(): boolean {
    if (!this.marked) return false;
    this.removeCorner(this.marked);
    return true;
  }

  override draw(context: CanvasRenderingContext2D): void {
    const dots = new Path2D();
    for (const [x, y] of (this.changed ?? this.simple()).flat()) {
      const [cx, cy] = this.desk.camera.toCanvas(x, y);
      dots.rect(cx - 2.5, cy - 2.5, 5, 5);
    }
    context.fillStyle = "#ffffff";
    context.fill(dots);
    strokeTwice(context, dots, 1);
  }

  /** The selected object's rings with few enough corners to take hold of; none for the others. */
  private simple(): Ring[] {
    const target = this.desk.primary;
    if (!target?.mask || this.desk.selected.length !== 1) return [];
    const stray = Math.max(Math.round(STRAY / this.desk.camera.scale), LEAST_STRAY);
    if (this.held) return [...this.held.shown];
    if (this.rings?.mask !== target.mask || this.rings.stray !== stray) {
      const rings = ringsOf(target.mask).map((ring) => simplified(ring, stray));
      this.rings = { mask: target.mask, stray, simple: rings.filter((ring) => ring.length <= MOST_CORNERS) };
    }
    return this.rings.simple;
  }

  /** The corner under the pointer, or a new one where an edge is taken hold of. */
  private cornerAt(point: Point): Held | null {
    const rings = this.simple();
    const reach = (NEAR * point.reach) / this.desk.camera.scale;
    const corner = vertexAt(rings, point.x, point.y, reach);
    if (corner) return { spot: corner, shown: rings };
    const edge = point.alt || point.shift ? null : edgeAt(rings, point.x, point.y, reach * 0.7);
    return edge && { spot: { ...edge, index: edge.index + 1 }, shown: inserted(rings, edge) };
  }

  private dragCorner(point: Point): void {
    const { held } = this;
    const target = this.desk.primary;
    if (!held || !target?.mask) return;
    this.changed = dragged(held.shown, held.spot, point.x, point.y);
    this.desk.drafts.set(target.id, this.turned(target.mask, held, this.changed));
    this.desk.refresh();
  }

  private removeCorner(held: Held): void {
    const target = this.desk.primary;
    this.start = this.held = this.marked = null;
    if (!target?.mask) return;
    if (held.shown[held.spot.ring]!.length <= 3) return this.desk.drop("An outline needs three corners.");
    this.desk.reshape(target, this.turned(target.mask, held, removed(held.shown, held.spot)));
  }

  private turned(mask: Mask, { shown, spot }: Held, changed: readonly Ring[]): Mask | null {
    return reshaped(mask, shown[spot.ring]!, changed[spot.ring]!, this.desk.size);
  }

  private carry(point: Point): void {
    if (!this.carrying || !this.start) return;
    this.desk.drafts.set(this.carrying.id, this.shifted(this.carrying, this.start, point));
    this.desk.refresh();
  }

  private shifted(thing: Thing, from: Point, to: Point): Mask | null {
    if (!thing.mask) return null;
    const [dx, dy] = [Math.round(to.x - from.x), Math.round(to.y - from.y)];
    return clipped(moved(thing.mask, dx, dy), this.desk.size);
  }
}
