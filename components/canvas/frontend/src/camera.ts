/** Image pixels and canvas pixels: zoom, pan, fit. */

import type { Size } from "./masks";

export const CLOSEST = 64;
const MARGIN = 8;

export class Camera {
  /** Canvas pixels for one image pixel, and where image pixel (0, 0) begins. */
  scale = 1;
  x = 0;
  y = 0;
  private fitted = true;

  image: Size = [1, 1];
  canvas: Size = [1, 1];

  toImage(x: number, y: number): [number, number] {
    return [(x - this.x) / this.scale, (y - this.y) / this.scale];
  }

  toCanvas(x: number, y: number): [number, number] {
    return [x * this.scale + this.x, y * this.scale + this.y];
  }

  /** The whole picture, as large as the canvas shows it. */
  fit(): void {
    const [width, height] = this.canvas;
    this.scale = this.fitScale();
    this.x = (width - this.image[0] * this.scale) / 2;
    this.y = (height - this.image[1] * this.scale) / 2;
    this.fitted = true;
  }

  /** Another canvas size: a fitted picture stays fitted, any other keeps its middle. */
  resize(canvas: Size): void {
    const [dx, dy] = [(canvas[0] - this.canvas[0]) / 2, (canvas[1] - this.canvas[1]) / 2];
    this.canvas = canvas;
    if (this.fitted) return this.fit();
    this.pan(dx, dy);
  }

  /** Another picture; `keep` holds the zoom where the two are of one size. */
  open(image: Size, keep: boolean): void {
    const same = image[0] === this.image[0] && image[1] === this.image[1];
    this.image = image;
    if (!(keep && same)) this.fit();
  }

  pan(dx: number, dy: number): void {
    this.fitted = false;
    this.x += dx;
    this.y += dy;
    this.hold();
  }

  /** Zoom by a factor so that the image point under (x, y) stays under it. */
  zoomAt(x: number, y: number, factor: number): void {
    this.zoomTo(x, y, this.scale * factor);
  }

  private zoomTo(x: number, y: number, scale: number): void {
    const [px, py] = this.toImage(x, y);
    const farthest = Math.min(this.fitScale() / 2, 1);
    this.scale = Math.min(Math.max(scale, farthest), CLOSEST);
    this.fitted = false;
    this.x = x - px * this.scale;
    this.y = y - py * this.scale;
    this.hold();
  }

  /** Exactly one canvas pixel for one image pixel. */
  actualSize(): void {
    this.zoomTo(this.canvas[0] / 2, this.canvas[1] / 2, 1);
  }

  /** Bring a box of the image into sight, leaving the zoom where it is seen already. */
  show(box: readonly [number, number, number, number]): void {
    const [x0, y0] = this.toCanvas(box[0], box[1]);
    const [x1, y1] = this.toCanvas(box[2], box[3]);
    const [width, height] = this.canvas;
    if (x0 >= 0 && y0 >= 0 && x1 <= width && y1 <= height) return;
    const room = Math.min(width / (2 * (x1 - x0)), height / (2 * (y1 - y0)));
    if (room < 0.5) this.zoomAt(x0, y0, Math.max(room, 1e-3));
    const [cx, cy] = this.toCanvas((box[0] + box[2]) / 2, (box[1] + box[3]) / 2);
    this.pan(width / 2 - cx, height / 2 - cy);
  }

  private fitScale(): number {
    const [width, height] = this.canvas;
    const room = [(width - 2 * MARGIN) / this.image[0], (height - 2 * MARGIN) / this.image[1]];
    return Math.max(Math.min(...room), 1e-3);
  }

  /** The picture never leaves the canvas altogether. */
  private hold(): void {
    const held = (at: number, room: number, size: number): number =>
      Math.min(Math.max(at, room * 0.2 - size), room * 0.8);
    this.x = held(this.x, this.canvas[0], this.image[0] * this.scale);
    this.y = held(this.y, this.canvas[1], this.image[1] * this.scale);
  }
}
