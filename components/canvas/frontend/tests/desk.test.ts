import assert from "node:assert/strict";
import test from "node:test";
import { keepLooks, PALETTE, readLooks, rgb } from "../src/looks";
import { boxMask } from "../src/masks";
import { laid } from "./desks";
import { drawn } from "./drawn";
import { MemoryDrawer } from "./shelves";

const A = boxMask(10, 10, 20, 20);
const B = boxMask(12, 12, 16, 16);
const C = boxMask(40, 10, 50, 30);

test("rejected and hidden objects are not seen; alone, only what is selected is", () => {
  const { desk } = laid({ a: A, b: B, c: C }, { b: { state: "rejected" } });
  const seen = (): string => desk.visible.map((each) => each.id).join("");
  assert.equal(seen(), "ac");
  desk.solo = true;
  assert.equal(seen(), "ac", "nothing is selected");
  desk.select(["c"]);
  assert.equal(seen(), "c");
  desk.solo = false;
  desk.hidden.add("a");
  assert.equal(seen(), "c");
});

test("the object selected last is in hand, unless it is locked or gone", () => {
  const { desk } = laid({ a: A, c: C });
  const inHand = (): string | undefined => desk.primary?.id;
  assert.equal(inHand(), undefined);
  desk.select(["c", "a", "gone"]);
  assert.deepEqual([inHand(), desk.chosen.map((each) => each.id)], [undefined, ["c", "a"]]);
  desk.select(["c", "a"]);
  assert.equal(inHand(), "a");
  desk.locked.add("a");
  assert.equal(inHand(), undefined);
});

test("a click meets what lies on top, a pixel of it and not its box", () => {
  const ring = drawn(60, 10, "###", "#.#", "###");
  const { desk } = laid({ a: A, b: B, ring }, { a: { layer: 0 } });
  const under = (x: number, y: number): string | undefined => desk.at(x, y)?.id;
  assert.deepEqual([under(13, 13), under(10, 10), under(9.9, 10), under(61.5, 11.5), under(62.5, 11.5)], ["b", "a", undefined, undefined, "ring"]);
  desk.hidden.add("b");
  assert.equal(under(13, 13), "a");
});

test("an object that is shown comes into sight, one that is only selected does not", () => {
  const { desk } = laid({ a: A });
  desk.camera.scale = 10;
  desk.camera.x = -900;
  desk.select(["a"]);
  assert.equal(desk.camera.x, -900);
  desk.select(["gone"], { show: true });
  assert.equal(desk.camera.x, -900);
  desk.select(["a"], { show: true });
  assert.deepEqual([desk.camera.x, desk.camera.scale], [-10, 4], "in the middle, with as much around it");
});

test("the raster shows drafts in place of masks, and a new one on top in the colour of its class", () => {
  const { desk } = laid({ a: A, b: B, c: C }, { a: { state: "accepted" }, c: { boxOnly: true } });
  const layers = (): unknown[] => desk.layers().map((each) => [each.mask.width, each.color, each.dashed, each.hollow]);
  const orange = [230, 159, 0];
  assert.deepEqual(layers(), [[10, orange, true, true], [10, orange, false, false], [4, orange, true, false]]);
  desk.drafts.set("b", boxMask(0, 0, 3, 3)).set("c", null).set("", boxMask(0, 0, 2, 2));
  assert.deepEqual(layers(), [[10, orange, false, false], [3, orange, true, false], [2, [86, 180, 233], false, false]]);
  desk.classId = 0;
  assert.equal(desk.inkColor, "#ffd400");
  desk.drafts.set("", null);
  assert.equal(layers().length, 2);
  desk.bare = true;
  assert.deepEqual(layers(), []);
});

test("objects have the colours of their classes, or each one of its own, over and over", () => {
  const { desk } = laid({ a: A, b: B }, { b: { number: PALETTE.length + 2 } });
  const colors = (): string[] => desk.board.things.map((each) => desk.colorOf(each));
  assert.deepEqual(colors(), ["#e69f00", "#e69f00"]);
  desk.looks.colorBy = "object";
  assert.deepEqual(colors(), [PALETTE[0], PALETTE[1]]);
  assert.deepEqual(rgb("#0a10ff"), [10, 16, 255]);
});

test("what is given up leaves no draft, and says why where there is a reason", () => {
  const { desk, said } = laid({ a: A });
  desk.drafts.set("a", B);
  desk.drop();
  assert.deepEqual([desk.drafts.size, said], [0, []]);
  desk.drop("No.");
  assert.deepEqual(said, ["No."]);
  desk.drafts.set("a", B);
  desk.commit("accept", [{ do: "accept", object: "a" }]);
  assert.equal(desk.drafts.size, 0);
});

test("how somebody likes to see things is kept, what is no such thing is not, and a full drawer forgets", () => {
  const drawer = new MemoryDrawer();
  const usual = readLooks(drawer);
  keepLooks(drawer, { ...usual, opacity: 0.8, keys: false });
  assert.deepEqual(readLooks(drawer), { ...usual, opacity: 0.8, keys: false });
  drawer.setItem("beltmask.looks", '{"opacity": "0.8", "brush": 3, "other": 1}');
  assert.deepEqual(readLooks(drawer), { ...usual, brush: 3 });
  for (const text of ["null", "3", "{"]) {
    drawer.setItem("beltmask.looks", text);
    assert.deepEqual(readLooks(drawer), usual);
  }
  drawer.full = true;
  keepLooks(drawer, usual);
});

test("what is selected is seen at once", () => {
  const { desk, redrawn } = laid({ a: A });
  redrawn();
  desk.select(["a"]);
  assert.equal(redrawn(), 1);
});
