import assert from "node:assert/strict";
import test from "node:test";
import { BrushStroke } from "../src/brush_stroke";
import { area, same, union } from "../src/masks";
import { shown, strokeMask } from "./mask_drawings";

test("a dab is round", () => {
  assert.deepEqual(shown(strokeMask([[5, 5]], 2, [20, 20])), { at: [3, 3], rows: [".##.", "####", "####", ".##."] });
});

test("the smallest brush leaves the pixel it is over", () => {
  assert.deepEqual(shown(strokeMask([[7.01, 3.99]], 0.5, [20, 20])), { at: [7, 3], rows: ["#"] });
});

test("a line has round ends and no gaps", () => {
  assert.deepEqual(shown(strokeMask([[2, 2], [6, 2]], 1, [20, 20])), { at: [1, 1], rows: ["######", "######"] });
  assert.deepEqual(shown(strokeMask([[0.5, 0.5], [3.5, 3.5]], 0.6, [20, 20]))?.rows, ["#...", ".#..", "..#.", "...#"]);
});

test("a stroke is the same there and back, whichever way it goes", () => {
  for (const far of [[40, 5], [5, 40], [28, 7], [9, 33]] as const) {
    const [there, back] = [strokeMask([[20, 20], far], 3, [50, 50]), strokeMask([far, [20, 20]], 3, [50, 50])];
    assert.deepEqual(shown(there), shown(back));
    assert.ok(shown(there)!.rows.every((row) => /^\.*#+\.*$/.test(row)), "without gaps");
  }
});

test("a stroke ends where the image does", () => {
  assert.deepEqual(shown(strokeMask([[-4, 1], [2, 1]], 1, [2, 2])), { at: [0, 0], rows: ["##", "##"] });
  assert.equal(strokeMask([[-4, 1]], 2, [9, 9]), null);
  assert.equal(strokeMask([], 2, [9, 9]), null);
});

test("a stroke grows in every direction, and what was taken from it stays as it was", () => {
  const stroke = new BrushStroke(3, [400, 300]);
  stroke.add(200, 150);
  const early = stroke.mask()!;
  const dab = area(early);
  const piece = stroke.add(390, 20);
  for (const [x, y] of [[10, 290], [395, 295], [-20, -20]] as const) stroke.add(x, y);
  assert.equal(early.bits.reduce((sum, bit) => sum + bit, 0), dab);
  assert.ok(same(union(stroke.mask(), piece)!, stroke.mask()!));
  assert.ok(same(stroke.mask()!, strokeMask([[200, 150], [390, 20], [10, 290], [395, 295], [-20, -20]], 3, [400, 300])!));
});

test("a stroke that comes back into the image goes on there", () => {
  const stroke = new BrushStroke(1, [10, 10]);
  assert.equal(stroke.add(-5, 5), null);
  assert.equal(stroke.mask(), null);
  assert.deepEqual(shown(stroke.add(3, 5)), { at: [0, 4], rows: ["####", "####"] });
});

test("what was taken stays as it was also when the stroke fills all its room", () => {
  const stroke = new BrushStroke(0.5, [4, 4]);
  stroke.add(0.5, 0.5);
  stroke.add(3.5, 3.5);
  const early = stroke.mask()!;
  const before = early.bits.join();
  stroke.add(0.5, 3.5);
  assert.equal(early.bits.join(), before);
});
