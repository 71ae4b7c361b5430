import assert from "node:assert/strict";
import test from "node:test";
import { holesFilled, parts, specksRemoved } from "../src/morphology";
import { drawn, shown } from "./mask_drawings";

const scattered = drawn(2, 3, "##...#", "##....", "......", "#..###", ".#....");

test("parts that touch at a corner are one; the largest comes first", () => {
  assert.deepEqual(parts(scattered).map(shown), [
    { at: [2, 3], rows: ["##", "##"] },
    { at: [5, 6], rows: ["###"] },
    { at: [2, 6], rows: ["#.", ".#"] },
    { at: [7, 3], rows: ["#"] },
  ]);
});

test("specks go, and the mask is made tight again", () => {
  assert.deepEqual(shown(specksRemoved(scattered, 3)), { at: [2, 3], rows: ["##....", "##....", "......", "...###"] });
  assert.equal(specksRemoved(scattered, 5), null);
  assert.equal(specksRemoved(scattered, 1), scattered);
});

test("holes are filled, also those that touch at a corner; bays are not", () => {
  const mask = drawn(0, 0, "#####", "#.#.#", "##.##", "#####", "#.#.#");
  assert.deepEqual(shown(holesFilled(mask))?.rows, ["#####", "#####", "#####", "#####", "#.#.#"]);
});

test("a hole is shut where pixels touch at a corner only", () => {
  assert.deepEqual(shown(holesFilled(drawn(0, 0, ".#.", "#.#", ".#.")))?.rows, [".#.", "###", ".#."]);
});
