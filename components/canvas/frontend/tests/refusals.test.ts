import assert from "node:assert/strict";
import test from "node:test";
import { GESTURE_ENTRIES, Journal } from "../src/journal";
import { MaskCache } from "../src/mask_cache";
import { boxMask, shapeKey } from "../src/masks";
import { ObjectStore } from "../src/object_store";
import { canvasData, MemoryStore, serverObject } from "./server_data";

const MASK = boxMask(10, 10, 20, 20);
const WHY = "somebody else changed this object. Look again.";
const OBJECTS = ["metal", "wood"].map((label, n) => serverObject("ab"[n]!, MASK, { number: n + 1, label }));

function store(): ObjectStore {
  const maskCache = new MaskCache(() => {}, () => {});
  maskCache.keep(shapeKey(MASK), MASK);
  const made = new ObjectStore(new Journal(new MemoryStore(), GESTURE_ENTRIES), maskCache);
  made.update(canvasData(OBJECTS));
  return made;
}

test("what was refused names its object as it is now, which stays marked until the next gesture on it", () => {
  const one = store();
  const { id } = one.make("accept", [{ do: "accept", object: "b" }]);
  const theirs = { ...OBJECTS[1]!, number: 1, label: "film" };
  const [told] = one.update(canvasData([theirs], { refused: { [id]: { why: WHY, objects: ["b"] } } }));
  assert.equal(told!.words, `Object 1 (film): your "accept" was refused because ${WHY}`);
  one.make("reject", [{ do: "reject", object: "a" }]);
  assert.deepEqual([...one.contested], ["b"]);
  one.make("delete", ["a", "b"].map((object) => ({ do: "delete", object })));
  assert.deepEqual([...one.contested], []);
});

test("five objects are named, of more the number is told", () => {
  for (const [count, more] of [[5, false], [6, true]] as const) {
    const objects = [...Array(count).keys()].map((n) => serverObject(`o${n}`, MASK, { number: n + 1, label: "can" }));
    const one = store();
    one.update(canvasData(objects));
    const { id } = one.make("accept all", objects.map((each) => ({ do: "accept", object: each.id })));
    const [told] = one.update(canvasData(objects, { refused: { [id]: { why: WHY, objects: objects.map((each) => each.id) } } }));
    assert.equal(told!.words.includes("5 (can) and 1 more: "), more, told!.words);
    assert.equal(told!.words.includes("5 (can): "), !more, told!.words);
  }
});

test("a gesture says which of those before it were on its object, alone or among others", () => {
  const one = store();
  const both = one.make("accept", ["a", "b"].map((object) => ({ do: "accept", object })));
  one.make("accept", [{ do: "accept", object: "a" }]);
  const { edits } = one.make("relabel", [{ do: "relabel", object: "b", class: 1 }]);
  assert.deepEqual(edits[0]!.after, [both.id]);
});

test("an object that is gone is named as it was", () => {
  const one = store();
  const { id } = one.make("relabel", [{ do: "relabel", object: "b", class: 1 }]);
  const [told] = one.update(canvasData(OBJECTS.slice(0, 1), { refused: { [id]: { why: WHY, objects: ["b"] } } }));
  assert.ok(told!.words.startsWith('Object 2 (metal): your "relabel"'), told!.words);
});

test("of two versions of an object, a gesture on either counts", () => {
  const one = store();
  const { id } = one.make("move", [{ do: "reshape", object: "a", mask: MASK }]);
  const mine = serverObject("c", MASK, { number: 3, apart: true, theirs: "a" });
  one.update(canvasData([...OBJECTS, mine], { refused: { [id]: { why: WHY, objects: ["a"] } } }));
  assert.deepEqual([...one.contested], ["a"]);
  one.make("delete", [{ do: "delete", object: "c" }]);
  assert.deepEqual([...one.contested], []);
});

test("what was refused on the picture before is told with its name", () => {
  const one = store();
  const { id } = one.make("accept all", OBJECTS.map((each) => ({ do: "accept", object: each.id })));
  const { image } = canvasData([]);
  const refused = { [id]: { why: "somebody else changed these objects.", objects: ["a", "b"] } };
  const [told] = one.update(canvasData([], { image: { ...image, id: 8, sha: "fedcba9876543210", name: "b.png" }, refused }));
  assert.equal(
    told!.words,
    'On a.png, objects 1 (metal), 2 (wood): your "accept all" was refused because somebody else changed these objects.',
  );
});

test("many objects are counted, and what is about none is told without", () => {
  const one = store();
  const many = [...Array(8).keys()].map((n) => serverObject(`m${n}`, MASK, { number: n + 1 }));
  const [all, approve] = ["accept all", "approve"].map((kind) => one.make(kind, []).id);
  const told = one.update(canvasData(many, { refused: {
    [all!]: { why: WHY, objects: many.map((each) => each.id) }, [approve!]: { why: "a.png was changed.", objects: [] },
  } }));
  assert.ok(told[0]!.words.startsWith("Objects 1 (metal), 2 (metal), 3 (metal), 4 (metal), 5 (metal) and 3 more: your"));
  assert.equal(told[1]!.words, 'Your "approve" was refused because a.png was changed.');
});
