import assert from "node:assert/strict";
import test from "node:test";
import { split } from "../src/mask_split";
import { area, boxMask, union } from "../src/masks";
import { drawn, shown } from "./mask_drawings";

test("a line across cuts in two, between pixels", () => {
  const pieces = split(boxMask(0, 0, 10, 4), [[6, -1], [6, 5]]);
  assert.deepEqual(pieces.map((piece) => [piece.x, piece.width]), [[0, 6], [6, 4]]);
});

test("a line that ends inside cuts nothing", () => {
  assert.equal(split(boxMask(0, 0, 10, 10), [[5, -1], [5, 8]]).length, 1);
  assert.equal(split(boxMask(0, 0, 10, 10), [[50, -1], [50, 8]]).length, 1);
  assert.equal(split(boxMask(0, 0, 10, 10), []).length, 1);
});

test("a bent line cuts out what it goes round", () => {
  const [rest, taken] = split(boxMask(0, 0, 10, 10), [[3, -1], [3, 4], [7, 4], [7, -1]]);
  assert.deepEqual(shown(taken!), { at: [3, 0], rows: ["####", "####", "####", "####"] });
  assert.equal(rest!.height, 10);
});

test("a slanted line leaves no link across corners", () => {
  assert.equal(split(boxMask(0, 0, 20, 20), [[-1, -1], [21, 21]]).length, 2);
});

test("parts the line does not cut stay on their side of it", () => {
  const pieces = split(drawn(0, 0, "######...##", "######.....", "######....."), [[3, -1], [3, 4]]);
  assert.deepEqual(pieces.map(shown), [
    { at: [3, 0], rows: ["###...##", "###.....", "###....."] },
    { at: [0, 0], rows: ["###", "###", "###"] },
  ]);
});

test("a part above two pieces stays with the nearer one, however far to the right all of them lie", () => {
  const whole = union(boxMask(0, 10, 22, 30), boxMask(14, 0, 18, 2))!;
  assert.deepEqual(split(whole, [[10, 9.9], [10, 31]]).map(area), [248, 200]);
});

test("a line between two parts tells them apart", () => {
  const pieces = split(drawn(0, 0, "##...###", "##...###"), [[3.5, -1], [3.5, 3]]);
  assert.deepEqual(pieces.map((piece) => piece.x), [5, 0]);
});

test("fragments where the line wavers stay with their neighbour", () => {
  const pieces = split(boxMask(0, 0, 40, 40), [[20, -1], [20, 20], [22, 22], [19, 22], [20, 20.5], [20, 41]]);
  assert.equal(pieces.length, 2);
});

test("a line there and back through the same gap cuts nothing", () => {
  assert.equal(split(boxMask(0, 0, 10, 10), [[5, -1], [5, 11], [5.2, -1]]).length, 1);
});

test("parts above and below a line stay on their sides of it too", () => {
  const pieces = split(drawn(0, 0, "####", "####", "####", "####", "....", "####"), [[-1, 2], [5, 2]]);
  assert.deepEqual(pieces.map(shown), [
    { at: [0, 2], rows: ["####", "####", "....", "####"] },
    { at: [0, 0], rows: ["####", "####"] },
  ]);
  const between = split(drawn(0, 0, "####", "####", "....", "####"), [[-1, 2.5], [5, 2.5]]);
  assert.deepEqual(between.map((piece) => piece.y), [0, 3]);
});

test("a part beside two pieces stays with the one whose edge is nearer", () => {
  const row = "#".repeat(24);
  const below = `${".".repeat(16)}##${".".repeat(6)}`;
  const pieces = split(drawn(0, 0, ...Array(10).fill(row), ".".repeat(24), below), [[20, -1], [20, 10.4]]);
  assert.deepEqual(pieces.map((piece) => [piece.x, piece.width, piece.height]), [[0, 20, 12], [20, 4, 10]]);
});

test("a line passes between the nearest pixels of two parts, be they the last of their rows", () => {
  const pieces = split(drawn(0, 0, "####..", "####..", "......", "....##"), [[-1, 2.6], [7, 2.2]]);
  assert.deepEqual(pieces.map((piece) => piece.y), [0, 3]);
});
