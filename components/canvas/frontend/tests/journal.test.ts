import assert from "node:assert/strict";
import test from "node:test";
import { GESTURE_ENTRIES, Journal, newId } from "../src/journal";
import type { Gesture } from "../src/protocol";
import { MemoryStore } from "./server_data";

function gesture(id: string, sha = "a"): Gesture {
  return { id, image: 1, sha, kind: "accept", active_ms: 1, base: 1, after: [], edits: [] };
}

const ids = (gestures: readonly Gesture[]): string[] => gestures.map((each) => each.id);

test("a gesture outlives the page, in the order in which it was made", () => {
  const storage = new MemoryStore();
  let now = 1000;
  const journal = new Journal(storage, GESTURE_ENTRIES, () => now);
  for (const id of ["z", "y", "x"]) journal.add(gesture(id));
  now = 999_999_999;
  journal.add(gesture("a"));
  assert.deepEqual(ids(new Journal(storage, GESTURE_ENTRIES).all()), ["z", "y", "x", "a"]);
});

test("gestures keep their order after a reload, whatever order the storage's keys come in", () => {
  for (let turn = 0; turn < 20; turn++) {
    const storage = new MemoryStore();
    const made = [...Array(12).keys()].map((n) => gesture(`${(n * 7 + turn) % 12}`));
    let now = 999 + turn; // the clock's digits grow by one meanwhile, and stand still in between
    const journal = new Journal(storage, GESTURE_ENTRIES, () => (now += turn % 2));
    made.forEach((each) => journal.add(each));
    assert.deepEqual(ids(new Journal(storage, GESTURE_ENTRIES).all()), ids(made));
  }
});

test("what is made after a reload comes after what was made before, in the same millisecond too", () => {
  const storage = new MemoryStore();
  const first = new Journal(storage, GESTURE_ENTRIES, () => 5);
  for (const id of ["c", "b"]) first.add(gesture(id));
  const second = new Journal(storage, GESTURE_ENTRIES, () => 5);
  second.add(gesture("a"));
  assert.deepEqual(ids(second.all()), ["c", "b", "a"]);
  assert.deepEqual(ids(new Journal(storage, GESTURE_ENTRIES).all()), ["c", "b", "a"]);
});

test("a clock that is set back brings nothing out of order", () => {
  const storage = new MemoryStore();
  let now = 9000;
  new Journal(storage, GESTURE_ENTRIES, () => now).add(gesture("z"));
  now = 8000;
  const journal = new Journal(storage, GESTURE_ENTRIES, () => now--);
  for (const id of ["y", "x", "w"]) journal.add(gesture(id));
  assert.deepEqual(ids(new Journal(storage, GESTURE_ENTRIES).all()), ["z", "y", "x", "w"]);
});

test("an id has 32 hex digits and comes once", () => {
  const made = [...Array(200).keys()].map(newId);
  assert.ok(made.every((each) => /^[0-9a-f]{32}$/.test(each)), made[0]);
  assert.equal(new Set(made).size, 200);
});

test("what is answered leaves the storage, and nothing else does", () => {
  const storage = new MemoryStore();
  storage.setItem("somebody else's", "1");
  const journal = new Journal(storage, GESTURE_ENTRIES);
  for (const id of ["a", "b", "c"]) journal.add(gesture(id));
  journal.settle(new Set(["b", "unknown"]));
  assert.deepEqual(ids(journal.all()), ["a", "c"]);
  assert.deepEqual(ids(new Journal(storage, GESTURE_ENTRIES).all()), ["a", "c"]);
  assert.equal(storage.getItem("somebody else's"), "1");
});

test("what cannot be read hides none of the gestures after it", () => {
  const storage = new MemoryStore();
  storage.setItem(`${GESTURE_ENTRIES.prefix}0-broken`, '{"id": 7}');
  new Journal(storage, GESTURE_ENTRIES).add(gesture("a"));
  assert.deepEqual(ids(new Journal(storage, GESTURE_ENTRIES).all()), ["a"]);
});

test("two tabs never write over each other", () => {
  const storage = new MemoryStore();
  const [first, second] = [new Journal(storage, GESTURE_ENTRIES, () => 5), new Journal(storage, GESTURE_ENTRIES, () => 5)];
  first.add(gesture("a"));
  second.add(gesture("b"));
  assert.deepEqual(ids(new Journal(storage, GESTURE_ENTRIES).all()).sort(), ["a", "b"]);
});

test("what two tabs did is told in the order in which it was done", () => {
  const storage = new MemoryStore();
  let now = 1000;
  const tabs = [0, 1].map(() => new Journal(storage, GESTURE_ENTRIES, () => now++));
  ["d", "a", "c", "b"].forEach((id, i) => tabs[i % 2]!.add(gesture(id)));
  assert.deepEqual(ids(new Journal(storage, GESTURE_ENTRIES).all()), ["d", "a", "c", "b"]);
  const names = [...storage.kept.keys()];
  assert.ok(names.every((each) => /^beltmask\.gesture\/\d{15}-\d{6}-[a-d]$/.test(each)), "as earlier versions named them");
});

test("what is set aside stays in the storage for another page", () => {
  const storage = new MemoryStore();
  const journal = new Journal(storage, GESTURE_ENTRIES);
  for (const id of ["a", "b"]) journal.add(gesture(id));
  journal.setAside(["a"]);
  assert.deepEqual(ids(journal.all()), ["b"]);
  assert.deepEqual(ids(new Journal(storage, GESTURE_ENTRIES).all()), ["a", "b"]);
});

test("a full storage keeps the gesture in the tab, and that is said until it is answered", () => {
  const storage = new MemoryStore();
  const journal = new Journal(storage, GESTURE_ENTRIES);
  storage.full = true;
  journal.add(gesture("a"));
  assert.equal(journal.safe, false);
  journal.add(gesture("b"));
  journal.settle(new Set(["b"]));
  assert.equal(journal.safe, false, "one is still in this tab alone");
  assert.deepEqual(ids(journal.all()), ["a"]);
  journal.settle(new Set(["a"]));
  assert.equal(journal.safe, true);
});

test("what is no gesture is left alone", () => {
  const storage = new MemoryStore();
  for (const [name, text] of [["1", "{"], ["2", "null"], ["3", '{"id": 4}'], ["4", "[]"]] as const) {
    storage.setItem(`beltmask.gesture/${name}`, text);
  }
  assert.deepEqual(new Journal(storage, GESTURE_ENTRIES).all(), []);
});
