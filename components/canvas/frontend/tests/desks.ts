/** A desk as the tools, keys and actions find it, without a browser around it. */

import { Board } from "../src/board";
import { Crops } from "../src/crops";
import { Desk, type Point } from "../src/desk";
import { GESTURES, Journal } from "../src/journal";
import { readLooks } from "../src/looks";
import { shapeKey, type Mask } from "../src/masks";
import type { Edit, ServerObject, SheetData } from "../src/protocol";
import { MemoryDrawer, serverObject, sheet } from "./shelves";

export interface Laid {
  readonly desk: Desk;
  /** What was said, in turn. */
  readonly said: string[];
  /** What was made since: of each gesture its kind, and of its edits what they do to which object. */
  made(): [string, ...string[]][];
  edits(): Edit[];
  /** How often it was asked to draw again since this was asked last. */
  redrawn(): number;
}

/** A desk with a picture of 100 × 80 and these objects on it, numbered from 1. */
export function laid(
  masks: Readonly<Record<string, Mask>>, more: Readonly<Record<string, Partial<ServerObject>>> = {}, about: Partial<SheetData> = {},
): Laid {
  const crops = new Crops(() => {}, () => {});
  for (const mask of Object.values(masks)) crops.keep(shapeKey(mask), mask);
  const board = new Board(new Journal(new MemoryDrawer(), GESTURES), crops);
  const objects = Object.entries(masks).map(([id, mask], i) => serverObject(id, mask, { number: i + 1, ...more[id] }));
  board.update(sheet(objects, about));
  const said: string[] = [];
  let draws = 0;
  const desk = new Desk(board, readLooks(new MemoryDrawer()), () => draws++, () => {}, (words) => said.push(words));
  desk.classId = 2;
  desk.camera.image = [100, 80];
  desk.camera.canvas = [100, 80];
  const made = (): [string, ...string[]][] =>
    board.pending().map(({ kind, edits }) => [kind, ...edits.map((each) => `${each.do} ${each.object}`)]);
  const redrawn = (): number => {
    const since = draws;
    draws = 0;
    return since;
  };
  return { desk, said, made, redrawn, edits: () => board.pending().flatMap((each) => each.edits) };
}

/** The pointer at a pixel of the picture, which the canvas shows at 100 %. */
export function at(x: number, y: number, held: Partial<Point> = {}): Point {
  return { x, y, cx: x, cy: y, shift: false, alt: false, ctrl: false, reach: 1, ...held };
}
