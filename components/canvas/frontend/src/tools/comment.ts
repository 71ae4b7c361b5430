/** Point at a spot or an object to say something about it. */

import type { CanvasState, PointerPosition } from "../canvas_state";
import type { CommentTarget } from "../protocol";
import { sentence } from "../sentences";
import { BaseTool } from "./tool";

export class CommentTool extends BaseTool {
  constructor(
    private readonly state: CanvasState,
    private readonly pointed: (at: Omit<CommentTarget, "round">) => void,
  ) {
    super();
  }

  down(): void {}

  move(): void {}

  up(point: PointerPosition): void {
    const [width, height] = this.state.size;
    if (point.x < 0 || point.y < 0 || point.x >= width || point.y >= height) {
      return this.state.say(sentence("canvas.outside"));
    }
    const under = this.state.objectAt(point.x, point.y);
    this.state.select(under ? [under.id] : []);
    this.pointed({ image: this.state.store.data.image.id, x: point.x, y: point.y, object: under?.id ?? "" });
  }
}
