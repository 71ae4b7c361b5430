/** What the canvas's tests share: a storage like localStorage, and a picture's data as the server tells them. */

import { crc32 } from "../src/crc32";
import { shapeKey, type Mask } from "../src/masks";
import type { CanvasData, ServerObject } from "../src/protocol";

/** As browsers may, it tells its keys in an order that has nothing to do with when they came. */
export class MemoryStore {
  readonly kept = new Map<string, string>();
  full = false;

  get length(): number {
    return this.kept.size;
  }

  key(index: number): string | null {
    return [...this.kept.keys()].sort((a, b) => crc32(a) - crc32(b))[index] ?? null;
  }

  getItem(key: string): string | null {
    return this.kept.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    if (this.full) throw new DOMException("no room", "QuotaExceededError");
    this.kept.set(key, value);
  }

  removeItem(key: string): void {
    this.kept.delete(key);
  }
}

export function serverObject(id: string, mask: Mask, more: Partial<ServerObject> = {}): ServerObject {
  return {
    id, revision: 3, number: 1, label: "metal", class: 1, color: "#e69f00", state: "proposed",
    source: "model", apart: false, theirs: "", layer: 0, box: [mask.x, mask.y, mask.x + mask.width, mask.y + mask.height],
    boxOnly: false, shape: shapeKey(mask), ...more,
  };
}

export function canvasData(objects: readonly ServerObject[], more: Partial<CanvasData> = {}): CanvasData {
  return {
    module: "", sentences: {}, objects, applied: [], refused: {}, elsewhere: [], undo: "", redo: "", pins: [], next: null,
    region: { belt: [], ignored: [] },
    classes: [
      { id: 1, name: "metal", color: "#e69f00", key: "1" },
      { id: 2, name: "wood", color: "#56b4e9", key: "2" },
    ],
    image: {
      id: 7, sha: "0123456789abcdef", name: "a.png", width: 100, height: 80, revision: 5,
      review: "predicted", picture: "", tiles: null, shapes: "", deep: null,
    },
    ...more,
  };
}
