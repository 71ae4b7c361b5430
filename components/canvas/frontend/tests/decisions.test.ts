import assert from "node:assert/strict";
import test from "node:test";
import { Decisions } from "../src/contact_sheet/decisions";
import type { ContactSheetObject } from "../src/contact_sheet/protocol";
import { MemoryStore } from "./server_data";

const bolt = { id: 2, name: "bolt", color: "#56b4e9", key: "2" };

function shown(id: string, more: Partial<ContactSheetObject> = {}): ContactSheetObject {
  return {
    id, revision: 3, label: "metal", state: "proposed", image: 7, sha: "0123456789abcdef",
    picture: "a.png", crop: "", link: "", ...more,
  };
}

const [a, b] = [shown("a"), shown("b", { image: 8 })];

function decisions(storage = new MemoryStore(), steps = new MemoryStore()): Decisions {
  return new Decisions(storage, steps);
}

test("a decision outlives the page, and is seen at once and after", () => {
  const storage = new MemoryStore();
  const one = decisions(storage);
  one.make("accept", [a]);
  one.make("relabel", [b], bolt);
  for (const each of [one, decisions(storage)]) {
    assert.deepEqual(each.expectedState(a), { waiting: true, state: "accepted", class: null });
    assert.deepEqual(each.expectedState(b), { waiting: true, state: "edited", class: 2 });
    assert.equal(each.expectedState(shown("c")).waiting, false);
    assert.equal(each.waiting.length, 2);
  }
});

test("each decision names what the server last told and one's own decisions since", () => {
  const one = decisions();
  one.make("accept", [a, b]);
  one.make("reject", [b]);
  const [first, second] = one.waiting;
  assert.deepEqual(second!.objects, [
    { id: "b", image: 8, sha: "0123456789abcdef", base: 3, after: [first!.id] },
  ]);
});

test("what is answered is let go, with its answer, and nothing else is", () => {
  const storage = new MemoryStore();
  const one = decisions(storage);
  one.make("accept", [a]);
  one.make("reject", [b]);
  const [first, second] = one.waiting;
  assert.deepEqual(one.settle({ settled: { [first!.id]: "Saved", other: "Not ours" }, elsewhere: [] }), ["Saved"]);
  assert.deepEqual(one.waiting.map((each) => each.id), [second!.id]);
  assert.deepEqual(decisions(storage).waiting.map((each) => each.id), [second!.id]);
});

test("the newest decisions of a tab are taken back one by one, after a reload too", () => {
  const [storage, steps] = [new MemoryStore(), new MemoryStore()];
  const one = decisions(storage, steps);
  one.make("accept", [a]);
  one.make("reject", [a]);
  const [first, second] = one.waiting;
  assert.ok(one.takeBack());
  const again = decisions(storage, steps);
  assert.ok(again.takeBack());
  assert.equal(again.takeBack(), false);
  assert.deepEqual(again.waiting.slice(2).map((each) => [each.kind, each.of]), [["undo", second!.id], ["undo", first!.id]]);
  assert.deepEqual(again.expectedState(a), { waiting: true, state: "proposed", class: null });
  assert.equal(decisions(storage).canTakeBack, false);
});

test("of 21 decisions the newest twenty can be taken back, the newest first", () => {
  const one = decisions();
  for (let n = 0; n < 21; n++) one.make(n % 2 ? "accept" : "reject", [shown(`o${n}`)]);
  const made = one.waiting.map((each) => each.id);
  let taken = 0;
  while (one.takeBack()) taken++;
  assert.equal(taken, 20);
  assert.deepEqual(one.waiting.slice(21).map((each) => each.of), made.slice(1).reverse());
  assert.equal(one.canTakeBack, false);
  one.make("accept", [a]);
  assert.equal(one.canTakeBack, true);
});

test("a decision after one that was taken back counts from what the server said", () => {
  const one = decisions();
  one.make("relabel", [a], bolt);
  one.takeBack();
  one.make("accept", [a]);
  assert.deepEqual(one.expectedState(a), { waiting: true, state: "accepted", class: null });
  one.make("relabel", [a], bolt);
  one.make("reject", [a]);
  assert.deepEqual(one.expectedState(a), { waiting: true, state: "rejected", class: 2 });
});

test("what a tab remembered and nobody can read is forgotten, and nothing else", () => {
  const steps = new MemoryStore();
  steps.setItem("beltmask.contact_sheet.done", "{");
  const one = decisions(new MemoryStore(), steps);
  assert.equal(one.canTakeBack, false);
  one.make("accept", [a]);
  assert.equal(one.canTakeBack, true);
  assert.equal(one.safe, true);
});

test("a full storage keeps the decision in the tab, and that is said", () => {
  const [storage, steps] = [new MemoryStore(), new MemoryStore()];
  storage.full = steps.full = true;
  const one = decisions(storage, steps);
  one.make("accept", [a]);
  assert.deepEqual([one.safe, one.waiting.length, one.canTakeBack], [false, 1, false]);
});

test("a decision of another database stays in the browser and is not told again", () => {
  const storage = new MemoryStore();
  const one = decisions(storage);
  one.make("accept", [a]);
  one.settle({ settled: {}, elsewhere: [one.waiting[0]!.id] });
  assert.deepEqual([one.waiting, one.expectedState(a).waiting], [[], false]);
  assert.equal(decisions(storage).waiting.length, 1);
});

test("what is no decision is left alone", () => {
  const storage = new MemoryStore();
  storage.setItem("beltmask.decision/1", '{"id": 3}');
  storage.setItem("beltmask.decision/2", "{");
  assert.equal(decisions(storage).waiting.length, 0);
});
