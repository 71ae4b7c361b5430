/** The canvas's state as the tools, keys and actions find it, without a browser around it. */

import { CanvasState, type PointerPosition } from "../src/canvas_state";
import { GESTURE_ENTRIES, Journal } from "../src/journal";
import { MaskCache } from "../src/mask_cache";
import { shapeKey, type Mask } from "../src/masks";
import { ObjectStore } from "../src/object_store";
import type { CanvasData, Edit, ServerObject } from "../src/protocol";
import { readViewSettings } from "../src/view_settings";
import { canvasData, MemoryStore, serverObject } from "./server_data";

export interface CanvasFixture {
  readonly state: CanvasState;
  /** What was said, in turn. */
  readonly said: string[];
  /** What was made since: of each gesture its kind, and of its edits what they do to which object. */
  made(): [string, ...string[]][];
  edits(): Edit[];
  /** How often it was asked to draw again since this was asked last. */
  redrawn(): number;
}

/** The state with a picture of 100 × 80 and these objects on it, numbered from 1. */
export function canvasFixture(
  masks: Readonly<Record<string, Mask>>, more: Readonly<Record<string, Partial<ServerObject>>> = {}, about: Partial<CanvasData> = {},
): CanvasFixture {
  const maskCache = new MaskCache(() => {}, () => {});
  for (const mask of Object.values(masks)) maskCache.keep(shapeKey(mask), mask);
  const store = new ObjectStore(new Journal(new MemoryStore(), GESTURE_ENTRIES), maskCache);
  const objects = Object.entries(masks).map(([id, mask], i) => serverObject(id, mask, { number: i + 1, ...more[id] }));
  store.update(canvasData(objects, about));
  const said: string[] = [];
  let draws = 0;
  const state = new CanvasState(store, readViewSettings(new MemoryStore()), () => draws++, () => {}, (words) => said.push(words));
  state.classId = 2;
  state.camera.image = [100, 80];
  state.camera.canvas = [100, 80];
  const made = (): [string, ...string[]][] =>
    store.pending().map(({ kind, edits }) => [kind, ...edits.map((each) => `${each.do} ${each.object}`)]);
  const redrawn = (): number => {
    const since = draws;
    draws = 0;
    return since;
  };
  return { state, said, made, redrawn, edits: () => store.pending().flatMap((each) => each.edits) };
}

/** The pointer at a pixel of the picture, which the canvas shows at 100 %. */
export function at(x: number, y: number, held: Partial<PointerPosition> = {}): PointerPosition {
  return { x, y, cx: x, cy: y, shift: false, alt: false, reach: 1, ...held };
}
