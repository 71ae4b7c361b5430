/** All masks as one raster at the resolution of the screen. */

import type { Camera } from "./camera";
import type { Mask } from "./masks";

/** A mask and how it is drawn. */
export interface StyledMask {
  readonly mask: Mask;
  readonly color: readonly [number, number, number];
  /** Nobody has settled it yet: its outline is dashed and its fill paler. */
  readonly dashed: boolean;
  /** Only the outline counts; there is no mask yet. */
  readonly hollow: boolean;
}

/** Masks that are drawn between two columns of the screen, the last on top. */
export interface RasterStrip {
  readonly styledMasks: readonly StyledMask[];
  readonly from: number;
  readonly to: number;
}

export class Raster {
  private labels = new Uint16Array(0);
  private image: ImageData | null = null;

  /** Draw the strips side by side; `opacity` is that of the fill, 0..1. */
  draw(context: CanvasRenderingContext2D, camera: Camera, strips: readonly RasterStrip[], opacity: number): void {
    const { width, height } = context.canvas;
    const image = this.sized(context, width, height);
    this.labels.fill(0);
    const write = camera.scale < 1 ? splat : sample;
    const styledMasks = strips.flatMap((strip) => strip.styledMasks);
    let label = 0;
    for (const strip of strips) {
      for (const { mask } of strip.styledMasks) write(this.labels, width, height, mask, ++label, camera, strip);
    }
    paint(this.labels, width, height, styledMasks, opacity, new Uint32Array(image.data.buffer));
    context.putImageData(image, 0, 0);
  }

  private sized(context: CanvasRenderingContext2D, width: number, height: number): ImageData {
    if (this.image?.width !== width || this.image.height !== height) {
      this.image = context.createImageData(width, height);
      this.labels = new Uint16Array(width * height);
    }
    return this.image;
  }
}

/** Each set pixel of the mask marks the screen pixel it falls on: nothing thin disappears. */
function splat(
  labels: Uint16Array, width: number, height: number, mask: Mask, label: number, camera: Camera,
  { from: left, to: right }: RasterStrip,
): void {
  const columns = new Int32Array(mask.width);
  for (let column = 0; column < mask.width; column++) {
    columns[column] = Math.floor((mask.x + column + 0.5) * camera.scale + camera.x);
  }
  for (let row = 0; row < mask.height; row++) {
    const y = Math.floor((mask.y + row + 0.5) * camera.scale + camera.y);
    if (y < 0 || y >= height) continue;
    const from = row * mask.width;
    for (let column = 0; column < mask.width; column++) {
      if (!mask.bits[from + column]) continue;
      const x = columns[column]!;
      if (x >= left && x < right) labels[y * width + x] = label;
    }
  }
}

/** Each screen pixel takes the mask's pixel it shows: crisp squares when zoomed in. */
function sample(
  labels: Uint16Array, width: number, height: number, mask: Mask, label: number, camera: Camera,
  { from: left, to: right }: RasterStrip,
): void {
  const x0 = Math.max(Math.ceil(mask.x * camera.scale + camera.x - 0.5), left);
  const y0 = Math.max(Math.ceil(mask.y * camera.scale + camera.y - 0.5), 0);
  const x1 = Math.min(Math.ceil((mask.x + mask.width) * camera.scale + camera.x - 0.5), right);
  const y1 = Math.min(Math.ceil((mask.y + mask.height) * camera.scale + camera.y - 0.5), height);
  if (x1 <= x0 || y1 <= y0) return;
  const columns = new Int32Array(x1 - x0);
  for (let x = x0; x < x1; x++) {
    columns[x - x0] = Math.floor((x + 0.5 - camera.x) / camera.scale) - mask.x;
  }
  for (let y = y0; y < y1; y++) {
    const row = Math.floor((y + 0.5 - camera.y) / camera.scale) - mask.y;
    const from = row * mask.width;
    for (let x = x0; x < x1; x++) {
      if (mask.bits[from + columns[x - x0]!]) labels[y * width + x] = label;
    }
  }
}

function paint(
  labels: Uint16Array, width: number, height: number, styledMasks: readonly StyledMask[], opacity: number,
  out: Uint32Array,
): void {
  const fills = new Uint32Array(styledMasks.length + 1);
  const edges = new Uint32Array(styledMasks.length + 1);
  const dashed = new Uint8Array(styledMasks.length + 1);
  styledMasks.forEach((styled, index) => {
    const alpha = styled.hollow ? 0 : styled.dashed ? opacity * 0.7 : opacity;
    fills[index + 1] = packed(styled.color, alpha);
    edges[index + 1] = packed(styled.color, 1);
    dashed[index + 1] = styled.dashed ? 1 : 0;
  });
  for (let y = 0; y < height; y++) {
    for (let x = 0, at = y * width; x < width; x++, at++) {
      const label = labels[at]!;
      if (label === 0) {
        out[at] = 0;
        continue;
      }
      const inside =
        x > 0 && x < width - 1 && y > 0 && y < height - 1 &&
        labels[at - 1] === label && labels[at + 1] === label &&
        labels[at - width] === label && labels[at + width] === label;
      const gap = dashed[label] === 1 && ((x + y) >> 2) % 2 === 1;
      out[at] = inside || gap ? fills[label]! : edges[label]!;
    }
  }
}

/** ImageData's bytes are red, green, blue, alpha; read as one number they stand in reverse. */
function packed(color: readonly [number, number, number], alpha: number): number {
  return ((Math.round(alpha * 255) << 24) | (color[2] << 16) | (color[1] << 8) | color[0]) >>> 0;
}
