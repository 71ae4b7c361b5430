import assert from "node:assert/strict";
import test from "node:test";
import { withoutFragments } from "../src/fragment_removal";
import { area, boxMask, difference, same, union, type Box } from "../src/masks";

const PLATE = boxMask(0, 0, 40, 40);
const AROUND: Box = { x0: 8, y0: 8, x1: 20, y1: 20 };

test("a gap that a change shut in is filled, with a speck that lies in it", () => {
  const ring = difference(boxMask(10, 10, 15, 15), boxMask(12, 12, 13, 13));
  assert.ok(same(withoutFragments(PLATE, difference(PLATE, ring), AROUND)!, PLATE));
});

test("a piece of what was there stays from sixteen pixels on", () => {
  for (const [width, stays] of [[4, true], [3, false]] as const) {
    const piece = boxMask(10, 10, 10 + width, 15 - (width === 4 ? 1 : 0));
    const moat = difference(boxMask(9, 9, 16, 16), piece);
    const notch = boxMask(0, 11, 9, 13); // the moat is open to the outside, and no hole
    const after = difference(difference(PLATE, moat), notch)!;
    const found = withoutFragments(PLATE, after, { x0: 0, y0: 8, x1: 20, y1: 20 })!;
    assert.equal(area(found), area(after) - (stays ? 0 : area(piece)), `${area(piece)} px`);
    assert.ok(same(union(found, after)!, after));
  }
});
