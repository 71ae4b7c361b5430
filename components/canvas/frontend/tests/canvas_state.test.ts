import assert from "node:assert/strict";
import test from "node:test";
import { boxMask } from "../src/masks";
import { PALETTE, rgb } from "../src/palette";
import { readViewSettings, storeViewSettings } from "../src/view_settings";
import { canvasFixture } from "./canvas_fixture";
import { drawn } from "./mask_drawings";
import { MemoryStore } from "./server_data";

const A = boxMask(10, 10, 20, 20);
const B = boxMask(12, 12, 16, 16);
const C = boxMask(40, 10, 50, 30);

test("rejected and hidden objects are not seen; alone, only what is selected is", () => {
  const { state } = canvasFixture({ a: A, b: B, c: C }, { b: { state: "rejected" } });
  const seen = (): string => state.visible.map((each) => each.id).join("");
  assert.equal(seen(), "ac");
  state.solo = true;
  assert.equal(seen(), "ac", "nothing is selected");
  state.select(["c"]);
  assert.equal(seen(), "c");
  state.solo = false;
  state.hidden.add("a");
  assert.equal(seen(), "c");
});

test("the object selected last is in hand, unless it is locked or gone", () => {
  const { state } = canvasFixture({ a: A, c: C });
  const inHand = (): string | undefined => state.primary?.id;
  assert.equal(inHand(), undefined);
  state.select(["c", "a", "gone"]);
  assert.deepEqual([inHand(), state.chosen.map((each) => each.id)], [undefined, ["c", "a"]]);
  state.select(["c", "a"]);
  assert.equal(inHand(), "a");
  state.locked.add("a");
  assert.equal(inHand(), undefined);
});

test("a click meets what lies on top, a pixel of it and not its box", () => {
  const ring = drawn(60, 10, "###", "#.#", "###");
  const { state } = canvasFixture({ a: A, b: B, ring }, { a: { layer: 0 } });
  const under = (x: number, y: number): string | undefined => state.objectAt(x, y)?.id;
  assert.deepEqual([under(13, 13), under(10, 10), under(9.9, 10), under(61.5, 11.5), under(62.5, 11.5)], ["b", "a", undefined, undefined, "ring"]);
  state.hidden.add("b");
  assert.equal(under(13, 13), "a");
});

test("a click passes through an object whose mask is not here yet", () => {
  const { state } = canvasFixture({ a: A, b: B }, { b: { shape: "on its way" } });
  assert.equal(state.objectAt(13, 13)?.id, "a");
});

test("an object that is shown comes into sight, one that is only selected does not", () => {
  const { state } = canvasFixture({ a: A });
  state.camera.scale = 10;
  state.camera.x = -900;
  state.select(["a"]);
  assert.equal(state.camera.x, -900);
  state.select(["gone"], { show: true });
  assert.equal(state.camera.x, -900);
  state.select(["gone", "a"], { show: true });
  assert.deepEqual([state.camera.x, state.camera.scale], [-10, 4], "in the middle, with as much around it");
});

test("the raster shows drafts in place of masks, and a new one on top in the colour of its class", () => {
  const { state } = canvasFixture({ a: A, b: B, c: C }, { a: { state: "accepted" }, c: { boxOnly: true } });
  const styledMasks = (): unknown[] => state.styledMasks().map((each) => [each.mask.width, each.color, each.dashed, each.hollow]);
  const orange = [230, 159, 0];
  assert.deepEqual(styledMasks(), [[10, orange, true, true], [10, orange, false, false], [4, orange, true, false]]);
  state.drafts.set("b", boxMask(0, 0, 3, 3)).set("c", null).set("", boxMask(0, 0, 2, 2));
  assert.deepEqual(styledMasks(), [[10, orange, false, false], [3, orange, true, false], [2, [86, 180, 233], false, false]]);
  state.classId = 0;
  assert.equal(state.inkColor, "#ffd400");
  state.drafts.set("", null);
  assert.equal(styledMasks().length, 2);
  state.bare = true;
  assert.deepEqual(styledMasks(), []);
});

test("objects have the colours of their classes, or each one of its own, over and over", () => {
  const { state } = canvasFixture({ a: A, b: B }, { b: { number: PALETTE.length + 2 } });
  const colors = (): string[] => state.store.objects.map((each) => state.colorOf(each));
  assert.deepEqual(colors(), ["#e69f00", "#e69f00"]);
  state.settings.colorBy = "object";
  assert.deepEqual(colors(), [PALETTE[0], PALETTE[1]]);
  assert.deepEqual(rgb("#0a10ff"), [10, 16, 255]);
});

test("what is given up leaves no draft, and says why where there is a reason", () => {
  const { state, said } = canvasFixture({ a: A });
  state.drafts.set("a", B);
  state.drop();
  assert.deepEqual([state.drafts.size, said], [0, []]);
  state.drop("No.");
  assert.deepEqual(said, ["No."]);
  state.drafts.set("a", B);
  state.commit("accept", [{ do: "accept", object: "a" }]);
  assert.equal(state.drafts.size, 0);
});

test("how somebody likes to see things is kept, what is no such thing is not, and a full storage forgets", () => {
  const storage = new MemoryStore();
  const usual = readViewSettings(storage);
  storeViewSettings(storage, { ...usual, opacity: 0.8, keys: false });
  assert.deepEqual(readViewSettings(storage), { ...usual, opacity: 0.8, keys: false });
  storage.setItem("beltmask.looks", '{"opacity": "0.8", "brush": 3, "other": 1}');
  assert.deepEqual(readViewSettings(storage), { ...usual, brush: 3 });
  for (const text of ["null", "3", "{"]) {
    storage.setItem("beltmask.looks", text);
    assert.deepEqual(readViewSettings(storage), usual);
  }
  storage.full = true;
  storeViewSettings(storage, usual);
});

test("what is selected is seen at once", () => {
  const { state, redrawn } = canvasFixture({ a: A });
  redrawn();
  state.select(["a"]);
  assert.equal(redrawn(), 1);
});
