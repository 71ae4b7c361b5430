import assert from "node:assert/strict";
import test from "node:test";
import { boxMask, decode, encode, same, shapeKey } from "../src/masks";
import { drawn } from "./mask_drawings";

test("run lengths go down the columns and begin with zeros", () => {
  assert.equal(encode(drawn(0, 0, ".#", "##")), "13");
  assert.equal(encode(boxMask(7, 7, 9, 9)), "04");
});

test("the fourth run on, only the change since the last but one is kept, in five bits a letter", () => {
  const stripes = drawn(0, 0, "#.#.#");
  assert.equal(encode(stripes), "011000");
  assert.ok(same(decode("011000", 0, 0, 5, 1), stripes));
  assert.equal(encode(boxMask(0, 0, 100, 100)), "0`h9");
});

test("a run may go on into the next columns", () => {
  const mask = drawn(2, 3, ".##.", "####", "##.#");
  assert.ok(same(decode(encode(mask), 2, 3, 4, 3), mask));
});

test("a shape is named by its place and what it looks like", () => {
  assert.match(shapeKey(drawn(2, 3, "##", "#.")), /^2,3,2,2:[0-9a-f]{8}$/);
  assert.notEqual(shapeKey(drawn(2, 3, "##", "#.")), shapeKey(drawn(2, 3, "##", ".#")));
  assert.equal(shapeKey(boxMask(7, 7, 9, 9)), "7,7,2,2:bf2bd0b9");
});

test("run lengths of another box are refused", () => {
  for (const counts of ["04", "0`h9", "0", ""]) {
    assert.throws(() => decode(counts, 0, 0, 3, 3), RangeError);
  }
});
