import assert from "node:assert/strict";
import test from "node:test";
import { GESTURES, Journal, newId } from "../src/journal";
import type { Gesture } from "../src/protocol";
import { MemoryDrawer } from "./shelves";

function gesture(id: string, sha = "a"): Gesture {
  return { id, image: 1, sha, kind: "accept", active_ms: 1, base: 1, after: [], edits: [] };
}

const ids = (gestures: readonly Gesture[]): string[] => gestures.map((each) => each.id);

test("a gesture outlives the page, in the order in which it was made", () => {
  const drawer = new MemoryDrawer();
  let now = 1000;
  const journal = new Journal(drawer, GESTURES, () => now);
  for (const id of ["z", "y", "x"]) journal.add(gesture(id));
  now = 999_999_999;
  journal.add(gesture("a"));
  assert.deepEqual(ids(new Journal(drawer, GESTURES).all()), ["z", "y", "x", "a"]);
});

test("gestures keep their order after a reload, whatever order the drawer's keys come in", () => {
  for (let turn = 0; turn < 20; turn++) {
    const drawer = new MemoryDrawer();
    const made = [...Array(12).keys()].map((n) => gesture(`${(n * 7 + turn) % 12}`));
    let now = 999 + turn; // the clock's digits grow by one meanwhile, and stand still in between
    const journal = new Journal(drawer, GESTURES, () => (now += turn % 2));
    made.forEach((each) => journal.add(each));
    assert.deepEqual(ids(new Journal(drawer, GESTURES).all()), ids(made));
  }
});

test("what is made after a reload comes after what was made before, in the same millisecond too", () => {
  const drawer = new MemoryDrawer();
  const first = new Journal(drawer, GESTURES, () => 5);
  for (const id of ["c", "b"]) first.add(gesture(id));
  const second = new Journal(drawer, GESTURES, () => 5);
  second.add(gesture("a"));
  assert.deepEqual(ids(second.all()), ["c", "b", "a"]);
  assert.deepEqual(ids(new Journal(drawer, GESTURES).all()), ["c", "b", "a"]);
});

test("a clock that is set back brings nothing out of order", () => {
  const drawer = new MemoryDrawer();
  let now = 9000;
  new Journal(drawer, GESTURES, () => now).add(gesture("z"));
  const journal = new Journal(drawer, GESTURES, () => now--);
  for (const id of ["y", "x", "w"]) journal.add(gesture(id));
  assert.deepEqual(ids(new Journal(drawer, GESTURES).all()), ["z", "y", "x", "w"]);
});

test("an id has 32 hex digits and comes once", () => {
  const made = [...Array(200).keys()].map(newId);
  assert.ok(made.every((each) => /^[0-9a-f]{32}$/.test(each)), made[0]);
  assert.equal(new Set(made).size, 200);
});

test("what is answered leaves the drawer, and nothing else does", () => {
  const drawer = new MemoryDrawer();
  drawer.setItem("somebody else's", "1");
  const journal = new Journal(drawer, GESTURES);
  for (const id of ["a", "b", "c"]) journal.add(gesture(id));
  journal.settle(new Set(["b", "unknown"]));
  assert.deepEqual(ids(journal.all()), ["a", "c"]);
  assert.deepEqual(ids(new Journal(drawer, GESTURES).all()), ["a", "c"]);
  assert.equal(drawer.getItem("somebody else's"), "1");
});

test("two tabs never write over each other", () => {
  const drawer = new MemoryDrawer();
  const [first, second] = [new Journal(drawer, GESTURES, () => 5), new Journal(drawer, GESTURES, () => 5)];
  first.add(gesture("a"));
  second.add(gesture("b"));
  assert.deepEqual(ids(new Journal(drawer, GESTURES).all()).sort(), ["a", "b"]);
});

test("what two tabs did is told in the order in which it was done", () => {
  const drawer = new MemoryDrawer();
  let now = 1000;
  const tabs = [0, 1].map(() => new Journal(drawer, GESTURES, () => now++));
  ["d", "a", "c", "b"].forEach((id, i) => tabs[i % 2]!.add(gesture(id)));
  assert.deepEqual(ids(new Journal(drawer, GESTURES).all()), ["d", "a", "c", "b"]);
  const names = [...drawer.kept.keys()];
  assert.ok(names.every((each) => /^beltmask\.gesture\/\d{15}-\d{6}-[a-d]$/.test(each)), "as earlier versions named them");
});

test("what is set aside stays in the drawer for another page", () => {
  const drawer = new MemoryDrawer();
  const journal = new Journal(drawer, GESTURES);
  for (const id of ["a", "b"]) journal.add(gesture(id));
  journal.setAside(["a"]);
  assert.deepEqual(ids(journal.all()), ["b"]);
  assert.deepEqual(ids(new Journal(drawer, GESTURES).all()), ["a", "b"]);
});

test("a full drawer keeps the gesture in the tab, and that is said until it is answered", () => {
  const drawer = new MemoryDrawer();
  const journal = new Journal(drawer, GESTURES);
  drawer.full = true;
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
  const drawer = new MemoryDrawer();
  for (const [name, text] of [["1", "{"], ["2", "null"], ["3", '{"id": 4}'], ["4", "[]"]] as const) {
    drawer.setItem(`beltmask.gesture/${name}`, text);
  }
  assert.deepEqual(new Journal(drawer, GESTURES).all(), []);
});
