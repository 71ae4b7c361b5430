import assert from "node:assert/strict";
import test from "node:test";
import { segmentsOf } from "../src/outline_segments";
import type { Ring } from "../src/polygons";

const SQUARE: Ring = [[0, 0], [9, 0], [9, 9], [0, 9]];
const DENTED: Ring = [[0, 0], [4, 1], [9, 0], [8, 5], [9, 9], [5, 8], [0, 9], [1, 4]];

test("an outline to which a person added as many corners as it has is known again", () => {
  const segments = segmentsOf([SQUARE], DENTED)!;
  assert.deepEqual(segments.map((each) => each.shown.length), [2, 2, 2, 2]);
  assert.deepEqual(segments.map((each) => each.exact.length), [1, 1, 1, 1]);
});

test("one to which more were added than it has is another outline", () => {
  assert.equal(segmentsOf([SQUARE], [...DENTED, [-3, 2]]), null);
});
