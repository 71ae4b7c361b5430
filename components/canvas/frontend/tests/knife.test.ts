import assert from "node:assert/strict";
import test from "node:test";
import { Board } from "../src/board";
import { Crops } from "../src/crops";
import { Desk, type Point } from "../src/desk";
import { GESTURES, Journal } from "../src/journal";
import { readLooks } from "../src/looks";
import { boxMask, shapeKey } from "../src/masks";
import { KnifeTool } from "../src/tools/knife";
import { MemoryDrawer, serverObject, sheet } from "./shelves";

const LID = boxMask(10, 10, 30, 30);

function at(x: number, y: number): Point {
  return { x, y, cx: x, cy: y, shift: false, alt: false, ctrl: false, reach: 1 };
}

test("both halves of an object that was brought forward stay in front", () => {
  const crops = new Crops(() => {}, () => {});
  crops.keep(shapeKey(LID), LID);
  const board = new Board(new Journal(new MemoryDrawer(), GESTURES), crops);
  board.update(sheet([serverObject("lid", LID, { layer: 2 })]));
  const desk = new Desk(board, readLooks(new MemoryDrawer()), () => {}, () => {}, () => {});
  desk.select(["lid"]);
  const knife = new KnifeTool(desk);
  knife.down(at(20, 5));
  knife.move(at(20, 20), true);
  knife.up(at(20, 35));
  assert.deepEqual(board.pending().flatMap((each) => each.edits).map((each) => each.do), ["reshape", "add"]);
  assert.deepEqual(board.things.map((each) => each.layer), [2, 2]);
});
