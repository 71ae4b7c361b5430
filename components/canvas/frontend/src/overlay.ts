/** Lines, numbers and pins over the masks, in canvas pixels. */

import type { Camera } from "./camera";
import type { CanvasState } from "./canvas_state";
import type { Mask } from "./masks";
import type { ModelComparison } from "./model_comparison";
import type { CanvasObject } from "./object_store";
import { ringsOf } from "./outlines";
import type { Ring } from "./polygons";
import type { Pin } from "./protocol";
import { strokeTwice } from "./tools/tool";

/** Objects with more outline than this are framed by their box. */
const LONGEST_OUTLINE = 20_000;
const MOST_NUMBERS = 200;
/** Of objects that somebody else changed while they were worked on. */
const CONTESTED = "#fbbf24";

export class Overlay {
  constructor(
    private readonly state: CanvasState,
    private readonly comparison: ModelComparison,
  ) {}

  draw(context: CanvasRenderingContext2D, pins: readonly Pin[]): void {
    this.drawRegion(context);
    if (!this.state.bare) this.drawObjects(context);
    this.drawPins(context, pins);
  }

  /** Outlines and numbers are those of the objects as they are now. */
  private drawObjects(context: CanvasRenderingContext2D): void {
    context.save();
    if (this.comparison.on) this.keepRight(context);
    strokeTwice(context, this.outlines(this.state.chosen));
    const { contested } = this.state.store;
    strokeTwice(context, this.outlines(this.state.visible.filter((each) => contested.has(each.id))), 2, CONTESTED);
    this.drawNumbers(context);
    context.restore();
  }

  /** Left of the divider nothing of today is drawn. */
  private keepRight(context: CanvasRenderingContext2D): void {
    const { width, height } = context.canvas;
    const place = this.comparison.place(width);
    context.beginPath();
    context.rect(place, 0, width - place, height);
    context.clip();
  }

  private outlines(objects: readonly CanvasObject[]): Path2D {
    const path = new Path2D();
    for (const object of objects) {
      const mask = this.state.maskOf(object);
      if (mask) path.addPath(outlinePath(mask, this.state.camera));
    }
    return path;
  }

  /** Each object's number in the list, on its topmost pixel; too many would hide the picture. */
  private drawNumbers(context: CanvasRenderingContext2D): void {
    const { visible, camera } = this.state;
    if (visible.length > MOST_NUMBERS) return;
    context.font = "bold 12px sans-serif";
    context.textAlign = "center";
    context.textBaseline = "bottom";
    context.lineWidth = 3;
    context.strokeStyle = "rgba(0, 0, 0, 0.8)";
    context.fillStyle = "#ffffff";
    for (const object of visible) {
      const mask = this.state.maskOf(object);
      if (!mask) continue;
      const [x, y] = camera.toCanvas(mask.x + mask.bits.indexOf(1) + 0.5, mask.y);
      context.strokeText(String(object.number), x, Math.max(y, 14));
      context.fillText(String(object.number), x, Math.max(y, 14));
    }
  }

  /** The belt region and what is ignored on it: thin dashes, in a colour no class has by itself. */
  private drawRegion(context: CanvasRenderingContext2D): void {
    const { belt, ignored } = this.state.store.data.region;
    for (const [rings, color] of [[belt, "#22d3ee"], [ignored, "#f472b6"]] as const) {
      const path = new Path2D();
      for (const ring of rings) trace(path, ring, this.state.camera);
      context.setLineDash([6, 4]);
      context.strokeStyle = color;
      context.lineWidth = 1.5;
      context.stroke(path);
      context.setLineDash([]);
    }
  }

  private drawPins(context: CanvasRenderingContext2D, pins: readonly Pin[]): void {
    for (const pin of pins) {
      const [x, y] = this.state.camera.toCanvas(pin.x, pin.y);
      const disc = new Path2D();
      disc.arc(x, y, 10, 0, 2 * Math.PI);
      context.fillStyle = pin.resolved ? "#6b7280" : "#b91c1c";
      context.fill(disc);
      strokeTwice(context, disc, 1);
      context.fillStyle = "#ffffff";
      context.font = "bold 12px sans-serif";
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillText(String(pin.number), x, y);
    }
  }
}

/** The outline of a mask; of one that has too much of it, the box. */
export function outlinePath(mask: Mask, camera: Camera): Path2D {
  const path = new Path2D();
  if (mask.width + mask.height > LONGEST_OUTLINE) {
    path.rect(...camera.toCanvas(mask.x, mask.y), mask.width * camera.scale, mask.height * camera.scale);
  } else for (const ring of ringsOf(mask)) trace(path, ring, camera);
  return path;
}

function trace(path: Path2D, ring: Ring, camera: Camera): void {
  ring.forEach(([x, y], index) => {
    const at = camera.toCanvas(x, y);
    if (index) path.lineTo(...at);
    else path.moveTo(...at);
  });
  path.closePath();
}
