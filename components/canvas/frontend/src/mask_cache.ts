/** The masks the browser holds, by content address: only those it lacks are fetched. */

import { boxMask, cropKey, decode, type Mask } from "./masks";
import type { Crop, ServerImage, ServerObject } from "./protocol";

/** A byte for each pixel of a crop. */
const MOST_BYTES = 200_000_000;
const FEW = 40;
/** What the server answers to an address it did not hand out itself. */
export const EXPIRED = 403;

export class MaskCache {
  private readonly held = new Map<string, Mask>();
  private readonly decoded = new WeakMap<Crop, Mask>();
  /** What the picture in sight is made of: it is never given up. */
  private needed: ReadonlySet<string> = new Set();
  private bytes = 0;
  private asking = "";

  constructor(
    private readonly arrived: () => void,
    /** What the page said is not so any more. */
    private readonly outdated: () => void,
    private readonly most = MOST_BYTES,
  ) {}

  /** The mask of an object; null until it has come. */
  of(object: ServerObject): Mask | null {
    if (object.boxOnly) return boxMask(...object.box);
    return this.held.get(object.shape) ?? null;
  }

  /** The mask a gesture of this browser holds. */
  drawn(crop: Crop): Mask {
    let mask = this.decoded.get(crop);
    if (!mask) {
      mask = decode(crop.counts, crop.x, crop.y, crop.width, crop.height);
      this.decoded.set(crop, mask);
    }
    return mask;
  }

  keep(key: string, mask: Mask): void {
    if (this.held.has(key)) return;
    this.held.set(key, mask);
    this.bytes += mask.bits.length;
    for (const [oldest, { bits }] of this.held) {
      if (this.bytes <= this.most) return;
      if (oldest === key || this.needed.has(oldest)) continue;
      this.held.delete(oldest);
      this.bytes -= bits.length;
    }
  }

  /** Fetch what is missing of an image, once at a time. */
  async fetch(image: ServerImage, objects: readonly ServerObject[]): Promise<void> {
    this.needed = new Set(objects.map((each) => each.shape));
    const missing = objects.filter((each) => !each.boxOnly && !this.held.has(each.shape));
    if (missing.length === 0) return;
    const few = missing.length <= FEW ? `?objects=${missing.map((each) => each.id).join(",")}` : "";
    const question = image.shapes + few;
    if (question === this.asking) return;
    this.asking = question;
    try {
      const answer = await fetch(question, { cache: "no-store" });
      if (answer.status === EXPIRED) return this.outdated();
      if (answer.ok) this.take((await answer.json()) as Record<string, Crop>, objects);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // no connection: the next data asks again
    } finally {
      this.asking = "";
    }
    this.arrived();
  }

  /** Under their own addresses: an object may have another shape by now. */
  private take(crops: Record<string, Crop>, objects: readonly ServerObject[]): void {
    let changed = false;
    for (const object of objects) {
      const crop = crops[object.id];
      if (!crop) continue;
      const key = cropKey(crop);
      if (!this.held.has(key)) this.keep(key, decode(crop.counts, crop.x, crop.y, crop.width, crop.height));
      changed ||= key !== object.shape;
    }
    if (changed) this.outdated();
  }
}
