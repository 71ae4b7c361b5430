import assert from "node:assert/strict";
import test from "node:test";
import { area, boxMask, clipped, contains, difference, intersection, moved, overlaps, same, trimmed, union } from "../src/masks";
import { drawn, shown } from "./mask_drawings";

const corner = drawn(3, 5, "##", "#.");

test("a crop is made tight, wherever its pixels lie", () => {
  assert.deepEqual(shown(drawn(10, 20, "....", "..#.", ".##.", "....")), { at: [11, 21], rows: [".#", "##"] });
  assert.equal(trimmed(0, 0, 2, 2, new Uint8Array(4)), null);
});

test("a union covers both, however far apart", () => {
  assert.deepEqual(shown(union(corner, drawn(6, 4, "#"))), { at: [3, 4], rows: ["...#", "##..", "#..."] });
  assert.equal(union(corner, null), corner);
  assert.equal(union(null, corner), corner);
  assert.equal(union(null, null), null);
});

test("a difference is made tight again", () => {
  assert.deepEqual(shown(difference(corner, drawn(3, 5, "##"))), { at: [3, 6], rows: ["#"] });
  assert.equal(difference(corner, corner), null);
  assert.equal(difference(corner, drawn(50, 50, "#")), corner);
});

test("an intersection is what both have", () => {
  assert.deepEqual(shown(intersection(corner, drawn(4, 5, "##", "##"))), { at: [4, 5], rows: ["#"] });
  assert.equal(intersection(corner, drawn(4, 6, "#")), null);
  assert.ok(overlaps(corner, corner));
  assert.ok(!overlaps(corner, drawn(4, 6, "#")), "boxes overlap, pixels do not");
});

test("masks that go in are not written to", () => {
  const before = shown(corner);
  for (const change of [union, difference, intersection]) change(corner, drawn(4, 5, "#"));
  assert.deepEqual(shown(corner), before);
});

test("a mask is cut off at the edges of the image", () => {
  assert.deepEqual(shown(clipped(boxMask(-2, -1, 3, 2), [2, 9])), { at: [0, 0], rows: ["##", "##"] });
  assert.equal(clipped(boxMask(5, 5, 6, 6), [5, 9]), null);
  assert.equal(clipped(corner, [9, 9]), corner);
});

test("a point lies in the pixel it is over", () => {
  assert.ok(contains(corner, 3.99, 6.99));
  assert.ok(!contains(corner, 4, 6), "a pixel of the box that is not set");
  assert.ok(!contains(corner, 2.99, 5) && !contains(corner, 5, 5) && !contains(corner, 3, 7));
});

test("a moved mask is the same shape elsewhere", () => {
  assert.equal(area(corner), 3);
  assert.ok(same(moved(corner, -3, 4), drawn(0, 9, "##", "#.")));
  assert.ok(!same(moved(corner, 1, 0), corner));
  assert.ok(!same(corner, drawn(3, 5, "##", ".#")));
});
