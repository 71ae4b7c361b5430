import assert from "node:assert/strict";
import test from "node:test";
import { EditActions } from "../src/edit_actions";
import { area, boxMask, same, union } from "../src/masks";
import type { ServerObject } from "../src/protocol";
import { canvasFixture, type CanvasFixture } from "./canvas_fixture";
import { drawn } from "./mask_drawings";

const A = boxMask(10, 10, 20, 20);
const B = boxMask(40, 10, 50, 30);
const C = boxMask(15, 15, 25, 25);

function reviewed(more: Record<string, Partial<ServerObject>> = {}): CanvasFixture & { actions: EditActions } {
  const all = canvasFixture({ a: A, b: B, c: C }, more);
  return { ...all, actions: new EditActions(all.state) };
}

test("what is proposed or rejected can be accepted; what is settled stays", () => {
  const { state, made, actions } = reviewed({ a: { state: "rejected" }, b: { state: "accepted" } });
  state.select(["a", "b", "c"]);
  actions.accept();
  assert.deepEqual(made(), [["accept", "accept a", "accept c"]]);
  actions.accept();
  assert.equal(made().length, 1);
});

test("after accepting the next open object is in hand, then the first, then that is said", () => {
  const { state, said, made, actions } = reviewed();
  state.select(["b"]);
  actions.acceptAndNext();
  assert.deepEqual(state.selected, ["c"]);
  actions.acceptAndNext();
  assert.deepEqual(state.selected, ["a"]);
  assert.deepEqual(said, []);
  actions.acceptAndNext();
  assert.equal(made().length, 3);
  assert.deepEqual(said, ["Every object is settled. Shift+Enter approves the picture."]);
});

test("with nothing selected the first open object comes into hand", () => {
  const { state, made, actions } = reviewed({ a: { state: "accepted" } });
  actions.acceptAndNext();
  assert.deepEqual([state.selected, made()], [["b"], []]);
});

test("rejecting goes on to the next open object", () => {
  const { state, said, made, actions } = reviewed({ b: { state: "accepted" } });
  actions.reject();
  assert.deepEqual([said, made()], [["Select an object first."], []]);
  state.select(["a"]);
  actions.reject();
  assert.deepEqual([made(), state.selected], [[["reject", "reject a"]], ["c"]]);
  state.select(["a"]);
  actions.reject();
  assert.deepEqual([made().length, said.length], [1, 2]);
});

test("what is deleted is not selected any more", () => {
  const { state, made, actions } = reviewed();
  actions.delete();
  assert.deepEqual(made(), []);
  state.select(["a", "c"]);
  actions.delete();
  assert.deepEqual([made(), state.selected], [[["delete", "delete a", "delete c"]], []]);
  assert.deepEqual(state.store.objects.map((each) => each.id), ["b"]);
});

test("a class is given to those that have another, and is the one in hand", () => {
  const { state, made, actions } = reviewed({ a: { class: 2 } });
  state.select(["a", "b"]);
  actions.relabel(2);
  assert.deepEqual([made(), state.classId], [[["relabel", "relabel b"]], 2]);
  actions.relabel(2);
  assert.equal(made().length, 1);
  assert.equal(state.store.find("b")!.label, "wood");
});

test("undo and redo are gestures of their own", () => {
  const { made, actions } = reviewed();
  actions.undo();
  actions.redo();
  assert.deepEqual(made(), [["undo"], ["redo"]]);
});

test("merged objects are the first one with the pixels of all", () => {
  const { state, said, made, actions } = reviewed();
  state.select(["c"]);
  actions.merge();
  assert.deepEqual([said, made()], [["Select two objects or more: Shift and click."], []]);
  state.select(["c", "a", "b"]);
  actions.merge();
  assert.deepEqual([made(), state.selected], [[["merge", "reshape c", "delete a", "delete b"]], ["c"]]);
  assert.ok(same(state.store.find("c")!.mask!, union(union(A, B), C)!));
});

test("pixels that are shared are taken from the others, but not from what is locked, hidden or rejected", () => {
  const { state, said, made, actions } = reviewed();
  actions.takeOverlap();
  state.select(["b"]);
  actions.takeOverlap();
  assert.deepEqual([said, made()], [["Select an object first.", "No other object shares pixels with this one."], []]);
  state.locked.add("a");
  state.select(["c"]);
  actions.takeOverlap();
  assert.deepEqual(made(), []);
  state.locked.clear();
  actions.takeOverlap();
  assert.deepEqual(made(), [["carve", "reshape a"]]);
  assert.deepEqual([area(state.store.find("a")!.mask!), area(state.store.find("c")!.mask!)], [75, 100]);
  assert.equal(said.length, 3);
});

test("an object that has nothing left is deleted, and that is said", () => {
  const all = canvasFixture({ a: boxMask(12, 12, 15, 15), b: A });
  all.state.select(["b"]);
  new EditActions(all.state).takeOverlap();
  assert.deepEqual(all.made(), [["carve", "delete a"]]);
  assert.deepEqual(all.said, ["Nothing was left of object 1: deleted. Ctrl+Z brings it back."]);
});

test("of two versions the one that was there stays, or the other in its place, or both", () => {
  const apart = { c: { apart: true, theirs: "a", source: "human" } } as const;
  const choose = (how: (all: ReturnType<typeof reviewed>) => void): unknown => {
    const all = reviewed(apart);
    how(all);
    return [all.made(), all.state.selected];
  };
  const find = ({ state }: CanvasFixture, id: string): NonNullable<ReturnType<typeof state.store.find>> => state.store.find(id)!;
  assert.deepEqual(choose((all) => all.actions.keepTheirs(find(all, "c"), find(all, "a"))), [[["delete", "delete c"]], ["a"]]);
  assert.deepEqual(choose((all) => all.actions.keepTheirs(find(all, "c"), undefined)), [[["delete", "delete c"]], []]);
  assert.deepEqual(choose((all) => all.actions.takeMine(find(all, "c"), find(all, "a"))), [[["reshape", "reshape a", "delete c"]], ["a"]]);
  assert.deepEqual(choose((all) => all.actions.takeMine(find(all, "c"), undefined)), [[["accept", "accept c"]], ["c"]]);
  assert.deepEqual(choose((all) => all.actions.keepBoth(find(all, "c"))), [[["accept", "accept c"]], ["c"]]);
});

test("an object is brought forward and sent back, and where that changes nothing it is said", () => {
  const { state, said, made, edits, actions } = reviewed();
  actions.reorder(true);
  state.select(["b"]);
  actions.reorder(true);
  actions.reorder(false);
  assert.deepEqual([said, made()], [["Select an object first.", "Nothing covers this object.", "This object covers nothing."], []]);
  state.select(["a"]);
  actions.reorder(true);
  assert.deepEqual([made(), edits()[0]!.layer], [[["reorder", "reorder a"]], 1]);
  actions.reorder(false);
  assert.deepEqual(state.store.find("a")!.layer, 0);
});

test("holes are filled and specks removed of the object in hand, and where there are none it is said", () => {
  const ring = drawn(30, 30, "#####", "#...#", "#...#", "#####");
  const specks = union(union(boxMask(50, 50, 70, 70), drawn(74, 50, "##", "##")), drawn(80, 50, "#####", "#####"))!;
  const { state, said, made } = canvasFixture({ ring, specks });
  const actions = new EditActions(state);
  actions.fillHoles();
  actions.removeSpecks();
  assert.deepEqual(said.splice(0), ["Select an object first.", "Select an object first."]);
  state.select(["ring"]);
  actions.removeSpecks();
  actions.fillHoles();
  assert.deepEqual(said.splice(0), ["This object has no specks."]);
  assert.deepEqual(made(), [["fill holes", "reshape ring"]]);
  assert.equal(area(state.store.find("ring")!.mask!), 20);
  state.select(["specks"]);
  actions.fillHoles();
  actions.removeSpecks();
  assert.deepEqual(said, ["This object has no holes."]);
  assert.deepEqual(made()[1], ["remove specks", "reshape specks"]);
  assert.equal(area(state.store.find("specks")!.mask!), 410, "a fiftieth of it is no speck");
});

test("of a small object one pixel is a speck, of a large one never more than 63", () => {
  const left = (mask: Parameters<typeof area>[0]): number | undefined => {
    const { state } = canvasFixture({ mask });
    state.select(["mask"]);
    new EditActions(state).removeSpecks();
    return area(state.store.find("mask")!.mask!);
  };
  assert.equal(left(union(boxMask(0, 0, 3, 3), drawn(6, 6, "#"))!), 9);
  assert.equal(left(union(boxMask(0, 0, 3, 3), drawn(6, 6, "##"))!), 11);
  assert.equal(left(union(boxMask(0, 0, 80, 60), boxMask(85, 0, 93, 8))!), 4864);
  assert.equal(left(union(boxMask(0, 0, 80, 60), boxMask(85, 0, 94, 7))!), 4800);
});

test("objects are hidden and locked one by one, and all shown again", () => {
  const { state, actions, redrawn } = reviewed();
  state.select(["a", "b"]);
  actions.hide();
  state.select(["b"]);
  redrawn();
  actions.hide();
  assert.equal(redrawn(), 1);
  actions.lock();
  assert.equal(redrawn(), 1);
  assert.deepEqual([[...state.hidden], [...state.locked]], [["a"], ["b"]]);
  state.solo = true;
  actions.lock();
  redrawn();
  actions.showAll();
  assert.equal(redrawn(), 1);
  assert.deepEqual([state.hidden.size, state.locked.size, state.solo], [0, 0, false]);
});

test("Tab goes through what is seen, round and round, either way", () => {
  const { state, actions } = reviewed({ b: { state: "rejected" } });
  const walk = (...steps: (1 | -1)[]): string[] => steps.map((by) => {
    actions.step(by);
    return state.selected.join();
  });
  assert.deepEqual(walk(1, 1, 1, -1, -1), ["a", "c", "a", "c", "a"]);
  state.select([]);
  assert.deepEqual(walk(-1), ["c"]);
  state.hidden.add("a").add("c");
  assert.deepEqual(walk(1), ["c"]);
});

test("what is found is brought into sight", () => {
  const { state, actions } = reviewed();
  state.camera.scale = 8;
  [state.camera.x, state.camera.y] = [-400, 0];
  actions.step(1);
  const [x, y] = state.camera.toCanvas(15, 15);
  assert.ok(x > 0 && x < 100 && y > 0 && y < 80, `${x}, ${y}`);
});

test("a locked object is not changed, with all that was to be done with it", () => {
  const { state, said, made, actions } = reviewed();
  state.locked.add("b");
  state.select(["a", "b"]);
  actions.delete();
  assert.deepEqual([said, made()], [["This object is locked. Unlock it first."], []]);
  state.select(["b"]);
  actions.fillHoles();
  assert.equal(said[1], "Select an object first.");
});
