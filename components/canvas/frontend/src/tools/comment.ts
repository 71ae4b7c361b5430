/** Point at a spot or an object to say something about it. */

import type { Desk, Point } from "../desk";
import type { Pointed } from "../protocol";
import { PlainTool } from "./tool";

export class CommentTool extends PlainTool {
  constructor(
    private readonly desk: Desk,
    private readonly pointed: (at: Omit<Pointed, "round">) => void,
  ) {
    super();
  }

  down(): void {}

  move(): void {}

  up(point: Point): void {
    const [width, height] = this.desk.size;
    if (point.x < 0 || point.y < 0 || point.x >= width || point.y >= height) {
      return this.desk.say("That is outside the picture.");
    }
    const under = this.desk.at(point.x, point.y);
    this.desk.select(under ? [under.id] : []);
    this.pointed({ image: this.desk.board.data.image.id, x: point.x, y: point.y, object: under?.id ?? "" });
  }
}
