import assert from "node:assert/strict";
import test from "node:test";
import { area, boxMask } from "../src/masks";
import { KnifeTool } from "../src/tools/knife";
import { at, canvasFixture, type CanvasFixture } from "./canvas_fixture";

const LID = boxMask(10, 10, 30, 30);
const BOX = boxMask(50, 10, 70, 30);

function inHand(): CanvasFixture & { knife: KnifeTool } {
  const all = canvasFixture({ lid: LID, box: BOX }, { lid: { layer: 2 } });
  return { ...all, knife: new KnifeTool(all.state) };
}

function cut(knife: KnifeTool, ...spots: readonly (readonly [number, number])[]): void {
  const [first, ...others] = spots;
  knife.down(at(...first!));
  for (const spot of others) knife.move(at(...spot), true);
  knife.up(at(...spots.at(-1)!));
}

test("both halves of an object that was brought forward stay in front", () => {
  const { state, made, knife } = inHand();
  state.select(["lid"]);
  cut(knife, [20, 5], [20, 20], [20, 35]);
  assert.deepEqual(made().map(([kind, ...edits]) => [kind, edits.map((each) => each.split(" ")[0])]), [["split", ["reshape", "add"]]]);
  assert.deepEqual(state.store.objects.map((each) => each.layer), [2, 0, 2]);
  assert.deepEqual(state.store.objects.map((each) => [each.class, area(each.mask!)]), [[1, 200], [1, 400], [1, 200]]);
});

test("with nothing selected the knife cuts the object it is put on, and beside all of them says so", () => {
  const { state, said, made, knife } = inHand();
  cut(knife, [5, 5], [60, 40]);
  assert.deepEqual([said, made()], [["Select the object to cut first."], []]);
  cut(knife, [60, 10.5], [60, 40]);
  assert.deepEqual(state.selected, ["box"]);
});

test("a line that does not cross the object, or is none, cuts nothing", () => {
  const { state, said, made, knife } = inHand();
  state.select(["lid"]);
  cut(knife, [20, 5], [20, 20]);
  assert.deepEqual([said, made()], [["The line must cross the object from edge to edge."], []]);
  knife.move(at(20, 20), true);
  knife.up(at(20, 35));
  assert.deepEqual(made(), []);
});

test("an object that somebody took away under the knife is not cut", () => {
  const { state, said, made, knife } = inHand();
  state.select(["lid"]);
  knife.down(at(20, 5));
  knife.move(at(20, 20), true);
  state.select([]);
  knife.up(at(20, 36));
  assert.deepEqual([said, made()], [[], []]);
});

test("Esc gives the line up: letting go of the button afterwards cuts nothing", () => {
  const { state, made, knife } = inHand();
  state.select(["lid"]);
  assert.equal(knife.cancel(), false);
  knife.down(at(20, 5));
  knife.move(at(20, 20), true);
  assert.equal(knife.finish(), false, "a line has no end but the one it is drawn to");
  assert.equal(knife.cancel(), true);
  knife.move(at(20, 35), true);
  knife.up(at(20, 36));
  assert.deepEqual(made(), []);
});

test("the line bends where the pointer went, and only while the button is down", () => {
  const { state, knife } = inHand();
  state.select(["lid"]);
  knife.down(at(13, 5));
  knife.move(at(13, 20), true);
  knife.move(at(25, 25), false);
  knife.move(at(27, 20), true);
  knife.up(at(27, 5));
  assert.deepEqual(state.store.objects.map((each) => area(each.mask!)).sort(), [140, 260, 400]);
});

test("a line of two ends cuts as well, and the line is drawn while it grows", () => {
  const { state, made, redrawn, knife } = inHand();
  state.select(["lid"]);
  redrawn();
  knife.down(at(20, 5));
  knife.move(at(20, 20), true);
  assert.equal(redrawn(), 1);
  knife.cancel();
  assert.equal(redrawn(), 1, "and is gone when it is given up");
  knife.cancel();
  assert.equal(redrawn(), 0);
  knife.down(at(20, 5));
  knife.up(at(20, 35));
  knife.down(at(60, 5));
  assert.equal(made().length, 1);
});

test("an object without a class is cut into one of the class in hand", () => {
  const { state, edits, knife } = laidWithout();
  state.select(["lid"]);
  cut(knife, [20, 5], [20, 35]);
  assert.equal(edits()[1]!.class, 2);
});

function laidWithout(): CanvasFixture & { knife: KnifeTool } {
  const all = canvasFixture({ lid: LID }, { lid: { class: null } });
  return { ...all, knife: new KnifeTool(all.state) };
}
