import assert from "node:assert/strict";
import test from "node:test";
import { GESTURE_ENTRIES, Journal, newId } from "../src/journal";
import { MaskCache } from "../src/mask_cache";
import { boxMask, same, shapeKey } from "../src/masks";
import { ObjectStore } from "../src/object_store";
import type { CanvasData, ServerObject } from "../src/protocol";
import { canvasData, MemoryStore, serverObject } from "./server_data";

const FIRST = boxMask(10, 10, 20, 20);
const SECOND = boxMask(40, 10, 50, 30);
const MOVED = boxMask(12, 10, 22, 20);

function store(storage = new MemoryStore()): ObjectStore {
  const maskCache = new MaskCache(() => {}, () => {});
  for (const mask of [FIRST, SECOND]) maskCache.keep(shapeKey(mask), mask);
  return new ObjectStore(new Journal(storage, GESTURE_ENTRIES), maskCache);
}

function two(more: Partial<CanvasData> = {}, first: Partial<ServerObject> = {}): CanvasData {
  return canvasData([serverObject("a", FIRST, first), serverObject("b", SECOND, { number: 2 })], more);
}

test("a gesture is seen at once, and again after the page was loaded anew", () => {
  const storage = new MemoryStore();
  const one = store(storage);
  one.update(two());
  one.make("move", [{ do: "reshape", object: "a", mask: MOVED }]);
  const again = store(storage);
  again.update(two());
  for (const each of [one, again]) {
    assert.ok(same(each.find("a")!.mask!, MOVED));
    assert.equal(each.find("a")!.state, "edited");
    assert.equal(each.pending().length, 1);
  }
});

test("each edit names what the server last told and one's own gestures since", () => {
  const one = store();
  one.update(two());
  const first = one.make("move", [{ do: "reshape", object: "a", mask: MOVED }]);
  const other = one.make("accept", [{ do: "accept", object: "b" }]);
  const second = one.make("relabel", [{ do: "relabel", object: "a", class: 2 }]);
  assert.deepEqual([second.edits[0]!.base, second.edits[0]!.after], [3, [first.id]]);
  assert.deepEqual(other.edits[0]!.after, []);
  assert.deepEqual([second.base, second.after], [5, [first.id, other.id]]);
});

test("an undo on its way may have changed any object", () => {
  const one = store();
  one.update(two());
  const undo = one.make("undo", []);
  assert.deepEqual(one.make("accept", [{ do: "accept", object: "b" }]).edits[0]!.after, [undo.id]);
});

test("what the server knows leaves the journal and is told from its side", () => {
  const one = store();
  one.update(two());
  const gesture = one.make("accept", [{ do: "accept", object: "a" }]);
  one.make("reject", [{ do: "reject", object: "b" }]);
  one.update(two({ applied: [gesture.id] }, { state: "accepted", revision: 4 }));
  assert.deepEqual(one.pending().map((each) => each.kind), ["reject"]);
  assert.deepEqual(one.objects.map((each) => each.state), ["accepted", "rejected"]);
});

test("a refused gesture is taken back and its words are told once", () => {
  const one = store();
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
  const one = store();
  one.update(two());
  const object = newId();
  const added = one.make("add", [{ do: "add", object, mask: MOVED, class: 2 }]);
  const deleted = one.make("delete", [{ do: "delete", object }]);
  assert.deepEqual([deleted.edits[0]!.base, deleted.edits[0]!.after], [0, [added.id]]);
  assert.equal(one.objects.length, 2);
});

test("gestures on one picture are not played on another", () => {
  const one = store();
  one.update(two());
  one.make("delete", [{ do: "delete", object: "a" }]);
  const { image } = two();
  one.update(two({ image: { ...image, id: 8, sha: "fedcba9876543210" } }));
  assert.equal(one.objects.length, 2);
  assert.equal(one.pending().length, 0);
});

test("accepting keeps whose work an object is", () => {
  const one = store();
  one.update(two({}, { source: "model+edited", state: "rejected" }));
  one.make("accept", [{ do: "accept", object: "a" }, { do: "accept", object: "b" }]);
  assert.deepEqual(one.objects.map((each) => each.state), ["edited", "accepted"]);
});

test("a second version that is rejected waits for no choice any more", () => {
  const one = store();
  one.update(two({}, { source: "human", apart: true, theirs: "b" }));
  one.make("reject", [{ do: "reject", object: "a" }]);
  assert.equal(one.find("a")!.apart, false);
});

test("a redo on its way may have changed any object, as an undo may", () => {
  const one = store();
  one.update(two());
  const steps = [one.make("undo", []), one.make("redo", [])].map((each) => each.id);
  const next = one.make("accept", [{ do: "accept", object: "b" }]);
  assert.deepEqual([next.after, next.edits[0]!.after], [steps, steps]);
});

test("gestures of another database are not seen here, and wait in the browser for it", () => {
  const storage = new MemoryStore();
  const one = store(storage);
  one.update(two());
  const gesture = one.make("delete", [{ do: "delete", object: "a" }]);
  assert.deepEqual(one.update(two({ elsewhere: [gesture.id] })), []);
  assert.deepEqual([one.objects.length, one.pending()], [2, []]);
  const again = store(storage);
  again.update(two());
  assert.deepEqual(again.pending().map((each) => each.id), [gesture.id]);
});

test("a gesture tells the time since the one before, of a pause no more than a minute", (t) => {
  let now = 5000;
  t.mock.method(performance, "now", () => now);
  const one = store();
  now += 1500.4;
  one.update(two());
  const spent = (): number => one.make("accept", [{ do: "accept", object: "a" }]).active_ms;
  now += 1500.4;
  assert.equal(spent(), 1500);
  now += 59_999;
  assert.equal(spent(), 59_999);
  now += 60_001;
  assert.equal(spent(), 60_000);
  now += 7000;
  one.update(two());
  now += 10;
  assert.equal(spent(), 7010, "news of the same picture");
  now += 7000;
  const { image } = two();
  one.update(two({ image: { ...image, id: 8 } }));
  now += 20;
  assert.equal(spent(), 20, "another picture");
});

test("a new object has the next number, its class's name and colour, and lies where it was drawn", () => {
  const one = store();
  one.update(two({}, { number: 9 }));
  const [object, boxed] = [newId(), newId()];
  one.make("add", [{ do: "add", object, mask: MOVED, class: 2, layer: 3 }, { do: "add", object: boxed, box: [1, 2, 5, 7] }]);
  const { mask, ...rest } = one.find(object)!;
  assert.ok(same(mask!, MOVED));
  assert.deepEqual(rest, {
    id: object, number: 10, apart: false, theirs: "", layer: 3, state: "edited", source: "human", boxOnly: false,
    box: [12, 10, 22, 20], class: 2, label: "wood", color: "#56b4e9",
  });
  const other = one.find(boxed)!;
  assert.deepEqual(
    [other.number, other.box, other.boxOnly, other.layer, other.class, other.label, other.color],
    [10, [1, 2, 5, 7], true, 0, null, "", "#888888"],
  );
  one.make("add", [{ do: "add", object: newId(), mask: MOVED }]);
  assert.equal(one.objects.at(-1)!.number, 10);
  const empty = store();
  empty.update(canvasData([]));
  const numbers = [1, 2].map(() => {
    empty.make("add", [{ do: "add", object: newId(), mask: MOVED }]);
    return empty.objects.at(-1)!.number;
  });
  assert.deepEqual(numbers, [1, 2]);
});

test("what a hand changed is edited, and says whose work it is", () => {
  const one = store();
  one.update(two({}, { source: "human", apart: true, boxOnly: true, state: "rejected" }));
  one.make("relabel", [{ do: "relabel", object: "a", class: 2 }, { do: "relabel", object: "b", class: 2 }]);
  assert.deepEqual(one.objects.map((each) => [each.state, each.source, each.label, each.apart]), [
    ["edited", "human", "wood", false], ["edited", "model+edited", "wood", false],
  ]);
  assert.equal(one.find("a")!.boxOnly, true);
  one.make("move", [{ do: "reshape", object: "a", mask: MOVED }]);
  assert.deepEqual([one.find("a")!.boxOnly, one.find("a")!.box], [false, [12, 10, 22, 20]]);
  one.make("reorder", [{ do: "reorder", object: "b", layer: 4 }]);
  assert.deepEqual([one.find("b")!.layer, one.find("b")!.state], [4, "edited"]);
  one.make("reject", [{ do: "reject", object: "b" }]);
  one.make("accept", [{ do: "accept", object: "b" }]);
  assert.deepEqual([one.find("b")!.state, one.find("b")!.label], ["edited", "wood"]);
});

test("an edit of an object that is gone, or whose shape has not come yet, harms nothing", () => {
  const one = store();
  one.update(two({}, { shape: "1,1,2,2:00000000" }));
  assert.equal(one.find("a")!.mask, null);
  one.make("accept", [{ do: "accept", object: "gone" }, { do: "accept", object: "a" }]);
  assert.deepEqual(one.objects.map((each) => [each.id, each.state]), [["a", "accepted"], ["b", "proposed"]]);
});

test("before a picture is open there is nothing to show", () => {
  assert.throws(() => store().data, /no picture is open yet/);
});
