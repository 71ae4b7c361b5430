import assert from "node:assert/strict";
import test from "node:test";
import { Board } from "../src/board";
import { Crops } from "../src/crops";
import { GESTURES, Journal, newId } from "../src/journal";
import { boxMask, same, shapeKey } from "../src/masks";
import type { ServerObject, SheetData } from "../src/protocol";
import { MemoryDrawer, serverObject, sheet } from "./shelves";

const FIRST = boxMask(10, 10, 20, 20);
const SECOND = boxMask(40, 10, 50, 30);
const MOVED = boxMask(12, 10, 22, 20);

function board(drawer = new MemoryDrawer()): Board {
  const crops = new Crops(() => {}, () => {});
  for (const mask of [FIRST, SECOND]) crops.keep(shapeKey(mask), mask);
  return new Board(new Journal(drawer, GESTURES), crops);
}

function two(more: Partial<SheetData> = {}, first: Partial<ServerObject> = {}): SheetData {
  return sheet([serverObject("a", FIRST, first), serverObject("b", SECOND, { number: 2 })], more);
}

test("a gesture is seen at once, and again after the page was loaded anew", () => {
  const drawer = new MemoryDrawer();
  const one = board(drawer);
  one.update(two());
  one.make("move", [{ do: "reshape", object: "a", mask: MOVED }]);
  const again = board(drawer);
  again.update(two());
  for (const each of [one, again]) {
    assert.ok(same(each.find("a")!.mask!, MOVED));
    assert.equal(each.find("a")!.state, "edited");
    assert.equal(each.pending().length, 1);
  }
});

test("each edit names what the server last told and one's own gestures since", () => {
  const one = board();
  one.update(two());
  const first = one.make("move", [{ do: "reshape", object: "a", mask: MOVED }]);
  const other = one.make("accept", [{ do: "accept", object: "b" }]);
  const second = one.make("relabel", [{ do: "relabel", object: "a", class: 2 }]);
  assert.deepEqual([second.edits[0]!.base, second.edits[0]!.after], [3, [first.id]]);
  assert.deepEqual(other.edits[0]!.after, []);
  assert.deepEqual([second.base, second.after], [5, [first.id, other.id]]);
});

test("an undo on its way may have changed any object", () => {
  const one = board();
  one.update(two());
  const undo = one.make("undo", []);
  assert.deepEqual(one.make("accept", [{ do: "accept", object: "b" }]).edits[0]!.after, [undo.id]);
});

test("what the server knows leaves the journal and is told from its side", () => {
  const one = board();
  one.update(two());
  const gesture = one.make("accept", [{ do: "accept", object: "a" }]);
  one.make("reject", [{ do: "reject", object: "b" }]);
  one.update(two({ applied: [gesture.id] }, { state: "accepted", revision: 4 }));
  assert.deepEqual(one.pending().map((each) => each.kind), ["reject"]);
  assert.deepEqual(one.things.map((each) => each.state), ["accepted", "rejected"]);
});

test("a refused gesture is taken back and its words are told once", () => {
  const one = board();
  one.update(two());
  const gesture = one.make("delete", [{ do: "delete", object: "a" }]);
  assert.equal(one.find("a"), undefined);
  const refused = { [gesture.id]: { why: "somebody else changed it.", objects: ["a"] } };
  assert.deepEqual(one.update(two({ refused })), [
    { words: 'Object 1 (metal): your "delete" was refused because somebody else changed it.', objects: ["a"] },
  ]);
  assert.notEqual(one.find("a"), undefined);
  assert.deepEqual(one.update(two({ refused })), []);
});

test("a new object is worked on before the server has heard of it", () => {
  const one = board();
  one.update(two());
  const object = newId();
  const added = one.make("add", [{ do: "add", object, mask: MOVED, class: 2 }]);
  const deleted = one.make("delete", [{ do: "delete", object }]);
  assert.deepEqual([deleted.edits[0]!.base, deleted.edits[0]!.after], [0, [added.id]]);
  assert.equal(one.things.length, 2);
});

test("gestures on one picture are not played on another", () => {
  const one = board();
  one.update(two());
  one.make("delete", [{ do: "delete", object: "a" }]);
  const { image } = two();
  one.update(two({ image: { ...image, id: 8, sha: "fedcba9876543210" } }));
  assert.equal(one.things.length, 2);
  assert.equal(one.pending().length, 0);
});

test("accepting keeps whose work an object is", () => {
  const one = board();
  one.update(two({}, { source: "model+edited", state: "rejected" }));
  one.make("accept", [{ do: "accept", object: "a" }, { do: "accept", object: "b" }]);
  assert.deepEqual(one.things.map((each) => each.state), ["edited", "accepted"]);
});

test("a second version that is rejected waits for no choice any more", () => {
  const one = board();
  one.update(two({}, { source: "human", apart: true, theirs: "b" }));
  one.make("reject", [{ do: "reject", object: "a" }]);
  assert.equal(one.find("a")!.apart, false);
});
