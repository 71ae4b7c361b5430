/** The picture below the masks: a preview at once, sharper tiles where one zooms. */

import type { Camera } from "./camera";
import { windowedUrl, type IntensityWindow } from "./intensity_window";
import { EXPIRED } from "./mask_cache";
import type { ServerImage } from "./protocol";

const MOST_TILES = 160;
const MOST_PICTURES = 6;
const CRISP = 2;
const AGAIN_MS = 2000;

export class PictureView {
  private readonly pictures = new Map<string, ImageBitmap | Promise<void>>();
  private readonly tiles = new Map<string, ImageBitmap | Promise<void>>();
  private image: ServerImage | null = null;
  private window: IntensityWindow | null = null;
  /** What was drawn last of an image: it stays until the picture through another window is here. */
  private last: { readonly id: number; readonly whole: ImageBitmap } | null = null;
  private closed = false;
  /** The address of which it was told that nothing came. */
  private told = "";

  /** Nothing in sight waits for a sharper tile. */
  sharp = false;

  constructor(
    private readonly arrived: () => void,
    private readonly expired: () => void,
    /** Told once why the picture in sight cannot be shown. */
    private readonly failed: (words: string) => void,
  ) {}

  open(image: ServerImage, window: IntensityWindow | null): void {
    if (image.id !== this.image?.id) this.told = "";
    this.image = image;
    this.window = window;
    this.prefetch(this.address!);
  }

  /** Nothing is asked for any more. */
  close(): void {
    this.closed = true;
  }

  /** Have a picture at hand before it is asked for. */
  prefetch(url: string): void {
    this.load(this.pictures, url, MOST_PICTURES);
  }

  get ready(): boolean {
    return isBitmap(this.wanted());
  }

  draw(context: CanvasRenderingContext2D, camera: Camera): void {
    const { width, height } = context.canvas;
    context.clearRect(0, 0, width, height);
    if (this.address) this.prefetch(this.address);
    const whole = this.whole();
    this.sharp = whole !== null;
    if (!this.image || !whole) return;
    const [w, h] = [this.image.width * camera.scale, this.image.height * camera.scale];
    context.imageSmoothingEnabled = w / whole.width < CRISP;
    context.drawImage(whole, camera.x, camera.y, w, h);
    if (this.image.tiles && w > whole.width) this.drawTiles(context, camera, this.image);
  }

  /** Of the picture through the window in hand. */
  private get address(): string | null {
    return this.image && windowedUrl(this.image.picture, this.window);
  }

  private wanted(): ImageBitmap | Promise<void> | undefined {
    return this.pictures.get(this.address ?? "");
  }

  private whole(): ImageBitmap | null {
    const wanted = this.wanted();
    if (this.image && isBitmap(wanted)) this.last = { id: this.image.id, whole: wanted };
    return this.last?.id === this.image?.id ? this.last?.whole ?? null : null;
  }

  private drawTiles(context: CanvasRenderingContext2D, camera: Camera, image: ServerImage): void {
    const tiles = image.tiles!;
    const level = Math.min(Math.max(Math.floor(-Math.log2(camera.scale)), 0), tiles.levels - 1);
    const side = tiles.side * 2 ** level;
    const [left, top] = camera.toImage(0, 0);
    const [right, bottom] = camera.toImage(context.canvas.width, context.canvas.height);
    const last = [Math.ceil(image.width / side) - 1, Math.ceil(image.height / side) - 1] as const;
    context.imageSmoothingEnabled = camera.scale * 2 ** level < CRISP;
    for (let row = Math.max(Math.floor(top / side), 0); row <= Math.min(Math.floor(bottom / side), last[1]); row++) {
      for (let column = Math.max(Math.floor(left / side), 0); column <= Math.min(Math.floor(right / side), last[0]); column++) {
        const tile = this.tile(tiles.url, level, column, row);
        if (!tile) this.sharp = false;
        if (!tile) continue;
        const [x, y] = camera.toCanvas(column * side, row * side);
        const [x1, y1] = camera.toCanvas(
          Math.min((column + 1) * side, image.width), Math.min((row + 1) * side, image.height),
        );
        context.drawImage(tile, x, y, x1 - x, y1 - y);
      }
    }
  }

  private tile(url: string, level: number, column: number, row: number): ImageBitmap | null {
    const place = url
      .replace("{level}", String(level))
      .replace("{column}", String(column))
      .replace("{row}", String(row));
    const wanted = windowedUrl(place, this.window);
    this.load(this.tiles, wanted, MOST_TILES);
    const tile = this.tiles.get(wanted);
    return isBitmap(tile) ? tile : null;
  }

  private load(cache: Map<string, ImageBitmap | Promise<void>>, url: string, most: number): void {
    const held = cache.get(url);
    if (held !== undefined) {
      cache.delete(url); // the newest stand last
      cache.set(url, held);
      return;
    }
    cache.set(url, this.fetch(cache, url));
    for (const oldest of cache.keys()) {
      if (cache.size <= most) return;
      cache.delete(oldest);
    }
  }

  /** What could not be fetched is forgotten after a while, so that the next look asks again. */
  private async fetch(cache: Map<string, ImageBitmap | Promise<void>>, url: string): Promise<void> {
    try {
      const answer = await fetch(url);
      if (answer.status === EXPIRED) this.expired();
      else if (!answer.ok) this.tell(url, await answer.text());
      if (!answer.ok) throw new TypeError(`${answer.status}`);
      cache.set(url, await createImageBitmap(await answer.blob()));
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
      setTimeout(() => this.again(cache, url), AGAIN_MS);
      return;
    }
    this.arrived();
  }

  private tell(url: string, words: string): void {
    if (url !== this.address || url === this.told) return;
    this.told = url;
    this.failed(words);
  }

  private again(cache: Map<string, ImageBitmap | Promise<void>>, url: string): void {
    cache.delete(url);
    if (!this.closed) this.arrived();
  }
}

function isBitmap(value: unknown): value is ImageBitmap {
  return value instanceof ImageBitmap;
}
