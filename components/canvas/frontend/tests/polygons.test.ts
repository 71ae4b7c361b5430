import assert from "node:assert/strict";
import test from "node:test";
import { simplified } from "../src/outline_simplification";
import { ringsOf } from "../src/outlines";
import { maskFromRings, type Ring } from "../src/polygons";
import { drawn, shown } from "./mask_drawings";

const square: Ring = [[1, 1], [5, 1], [5, 5], [1, 5]];
const window: Ring = [[2, 2], [2, 4], [4, 4], [4, 2]];

test("a ring covers the pixels whose centre it surrounds", () => {
  assert.deepEqual(shown(maskFromRings([[[0, 0], [4, 0], [0, 4]]])), { at: [0, 0], rows: ["###", "##.", "#.."] });
  assert.deepEqual(shown(maskFromRings([[[0.6, 0], [1.4, 0], [1.4, 9], [0.6, 9]]], [9, 2])), null);
});

test("a ring in a ring is a hole", () => {
  assert.deepEqual(shown(maskFromRings([square, window])), {
    at: [1, 1],
    rows: ["####", "#..#", "#..#", "####"],
  });
});

test("an image cuts rings off; fewer than three corners cover nothing", () => {
  assert.deepEqual(shown(maskFromRings([[[-9, -9], [2, -9], [2, 1], [-9, 1]]], [5, 5])), { at: [0, 0], rows: ["##"] });
  assert.equal(maskFromRings([square], [1, 1]), null);
  assert.equal(maskFromRings([square.slice(0, 2), []]), null);
});

test("outlines have the mask on their right hand and a corner at each turn only", () => {
  const mask = drawn(1, 1, "####", "#..#", "#..#", "####");
  assert.deepEqual(ringsOf(mask), [square, [[2, 4], [4, 4], [4, 2], [2, 2]]]);
  assert.deepEqual(ringsOf(drawn(3, 5, "#")), [[[3, 5], [4, 5], [4, 6], [3, 6]]]);
});

test("pixels that touch at a corner share an outline; holes that do have one each", () => {
  assert.equal(ringsOf(drawn(0, 0, "#.", ".#")).length, 1);
  assert.equal(ringsOf(drawn(0, 0, "####", "#.##", "##.#", "####")).length, 3);
});

test("a simplified outline stays within the tolerance and keeps corners only", () => {
  const stairs = ringsOf(maskFromRings([[[0, 0], [40, 0], [0, 40]]])!)[0]!;
  const simple = simplified(stairs, 1);
  assert.ok(simple.length <= 5, `${simple.length} corners`);
  assert.ok(simple.every((corner) => stairs.includes(corner)));
  assert.equal(simplified(stairs, 0).length, stairs.length);
});

test("a shape thinner than the tolerance does not fall flat", () => {
  const simple = simplified([[0, 0], [30, 0], [30, 1], [15, 2], [0, 1]], 5);
  assert.ok(simple.length >= 3);
  assert.ok(maskFromRings([simple]));
});

test("four corners may be one too many, three never are", () => {
  assert.equal(simplified([[0, 0], [9, 0], [9, 9], [4, 4.5]], 1).length, 3);
  assert.equal(simplified([[0, 0], [9, 0], [9, 0.1]], 1).length, 3);
});
