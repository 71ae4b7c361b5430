import assert from "node:assert/strict";
import test from "node:test";
import { bottomToTop, layerAbove, layerBelow } from "../src/layer_order";
import { boxMask } from "../src/masks";

const LARGE = { layer: 0, number: 1, mask: boxMask(0, 0, 50, 50) };
const SMALL = { layer: 0, number: 2, mask: boxMask(10, 10, 20, 20) };
const FAR = { layer: 7, number: 3, mask: boxMask(80, 80, 90, 90) };

test("small objects lie on large ones unless a layer says otherwise", () => {
  assert.deepEqual([SMALL, LARGE].sort(bottomToTop), [LARGE, SMALL]);
  const lifted = { ...LARGE, layer: 1 };
  assert.deepEqual([lifted, SMALL].sort(bottomToTop), [SMALL, lifted]);
});

test("an object is lifted above the next one that covers it, and no further", () => {
  assert.equal(layerAbove(LARGE, [SMALL, FAR]), 1);
  assert.equal(layerAbove(SMALL, [{ ...LARGE, layer: 3 }, { ...LARGE, layer: 9 }]), 3);
  assert.equal(layerAbove(SMALL, [LARGE, FAR]), null);
});

test("an object is lowered below the next one it covers, and no further", () => {
  assert.equal(layerBelow(SMALL, [LARGE, FAR]), -1);
  assert.equal(layerBelow({ ...LARGE, layer: 3 }, [SMALL, { ...SMALL, layer: 2 }]), 2);
  assert.equal(layerBelow(LARGE, [SMALL, FAR]), null);
});

test("two of the same size change places", () => {
  const later = { layer: 0, number: 4, mask: boxMask(15, 15, 25, 25) };
  assert.deepEqual([later, SMALL].sort(bottomToTop), [SMALL, later]);
  assert.equal(layerAbove(SMALL, [later]), 1);
  assert.equal(layerAbove(SMALL, [{ ...later, layer: 1 }]), 2);
  assert.equal(layerBelow({ ...SMALL, layer: 1 }, [later]), 0);
  assert.equal(layerBelow(later, [SMALL]), -1);
});
