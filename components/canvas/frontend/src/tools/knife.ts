/** A line drawn across the selected object cuts it in two. */

import type { Wish } from "../board";
import type { Desk, Point } from "../desk";
import { newId } from "../journal";
import { split } from "../splitting";
import { PlainTool, strokeTwice } from "./tool";

const SHORTEST = 2;

export class KnifeTool extends PlainTool {
  private line: (readonly [number, number])[] = [];

  constructor(private readonly desk: Desk) {
    super();
  }

  down(point: Point): void {
    if (!this.desk.primary?.mask) {
      const under = this.desk.at(point.x, point.y);
      if (!under) return this.desk.say("Select the object to cut first.");
      this.desk.select([under.id]);
    }
    this.line = [[point.x, point.y]];
  }

  move(point: Point, pressed: boolean): void {
    const last = this.line.at(-1);
    if (!pressed || !last) return;
    const far = Math.hypot(point.x - last[0], point.y - last[1]) * this.desk.camera.scale;
    if (far >= SHORTEST) this.line.push([point.x, point.y]);
    this.desk.refresh();
  }

  up(point: Point): void {
    const target = this.desk.primary;
    const line = [...this.line, [point.x, point.y] as const];
    this.line = [];
    if (line.length < 2 || !target?.mask) return this.desk.drop();
    const parts = split(target.mask, line);
    const [first, ...others] = parts;
    if (!first || others.length === 0) return this.desk.drop("The line must cross the object from edge to edge.");
    const wishes = others.map((mask): Wish => (
      { do: "add", object: newId(), mask, class: target.class ?? this.desk.classId, layer: target.layer }
    ));
    this.desk.commit("split", [{ do: "reshape", object: target.id, mask: first }, ...wishes]);
  }

  override cancel(): boolean {
    const busy = this.line.length > 0;
    this.line = [];
    if (busy) this.desk.drop();
    return busy;
  }

  override draw(context: CanvasRenderingContext2D): void {
    const path = new Path2D();
    this.line.forEach(([x, y], index) => {
      const at = this.desk.camera.toCanvas(x, y);
      if (index) path.lineTo(...at);
      else path.moveTo(...at);
    });
    if (this.line.length > 1) strokeTwice(context, path, 2);
  }
}
