/** A line drawn across the selected object cuts it in two. */

import type { CanvasState, PointerPosition } from "../canvas_state";
import { newId } from "../journal";
import { split } from "../mask_split";
import type { EditIntent } from "../object_store";
import { sentence } from "../sentences";
import { BaseTool, strokeTwice } from "./tool";

const SHORTEST = 2;

export class KnifeTool extends BaseTool {
  private line: (readonly [number, number])[] = [];

  constructor(private readonly state: CanvasState) {
    super();
  }

  down(point: PointerPosition): void {
    if (!this.state.primary?.mask) {
      const under = this.state.objectAt(point.x, point.y);
      if (!under) return this.state.say(sentence("canvas.select_to_cut"));
      this.state.select([under.id]);
    }
    this.line = [[point.x, point.y]];
  }

  move(point: PointerPosition, pressed: boolean): void {
    const last = this.line.at(-1);
    if (!pressed || !last) return;
    const far = Math.hypot(point.x - last[0], point.y - last[1]) * this.state.camera.scale;
    if (far >= SHORTEST) this.line.push([point.x, point.y]);
    this.state.refresh();
  }

  up(point: PointerPosition): void {
    const target = this.state.primary;
    const line = [...this.line, [point.x, point.y] as const];
    this.line = [];
    if (line.length < 2 || !target?.mask) return this.state.drop();
    const parts = split(target.mask, line);
    const [first, ...others] = parts;
    if (!first || others.length === 0) return this.state.drop(sentence("canvas.cut_across"));
    const intents = others.map((mask): EditIntent => (
      { do: "add", object: newId(), mask, class: target.class ?? this.state.classId, layer: target.layer }
    ));
    this.state.commit("split", [{ do: "reshape", object: target.id, mask: first }, ...intents]);
  }

  override cancel(): boolean {
    const busy = this.line.length > 0;
    this.line = [];
    if (busy) this.state.drop();
    return busy;
  }

  override draw(context: CanvasRenderingContext2D): void {
    const path = new Path2D();
    this.line.forEach(([x, y], index) => {
      const at = this.state.camera.toCanvas(x, y);
      if (index) path.lineTo(...at);
      else path.moveTo(...at);
    });
    if (this.line.length > 1) strokeTwice(context, path, 2);
  }
}
