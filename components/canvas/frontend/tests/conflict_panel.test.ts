import assert from "node:assert/strict";
import test from "node:test";
import { cameraAround } from "../src/conflict_panel";

test("two versions are seen through one frame, in its middle and with room around them", () => {
  const camera = cameraAround([100, 50, 300, 90]);
  const [side] = camera.canvas;
  const [left, top] = camera.toCanvas(100, 50);
  const [right, bottom] = camera.toCanvas(300, 90);
  assert.ok(left > 0 && right < side && top > left);
  assert.ok(Math.abs(left - (side - right)) < 1e-9 && Math.abs(top - (side - bottom)) < 1e-9);
  assert.ok(Math.abs((right - left) / side - 2 / 3) < 1e-9);
});
