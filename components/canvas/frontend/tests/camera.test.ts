import assert from "node:assert/strict";
import test from "node:test";
import { Camera, CLOSEST } from "../src/camera";

function opened(): Camera {
  const camera = new Camera();
  camera.resize([800, 600]);
  camera.open([1600, 900], false);
  return camera;
}

function near(actual: readonly number[], expected: readonly number[]): void {
  actual.forEach((each, index) => assert.ok(Math.abs(each - expected[index]!) < 1e-6, `${actual} is not ${expected}`));
}

test("the whole picture is in sight at first, in the middle", () => {
  const camera = opened();
  near(camera.toCanvas(800, 450), [400, 300]);
  const [left, top] = camera.toCanvas(0, 0);
  const [right, bottom] = camera.toCanvas(1600, 900);
  assert.ok(left >= 0 && top >= 0 && right <= 800 && bottom <= 600);
});

test("zooming leaves the point under the pointer where it is", () => {
  const camera = opened();
  const before = camera.toImage(250, 310);
  for (const factor of [3, 0.7, 5]) camera.zoomAt(250, 310, factor);
  near(camera.toImage(250, 310), before);
});

test("zoom ends at whole blocks of screen pixels, and at half the whole picture", () => {
  const camera = opened();
  const fit = camera.scale;
  camera.zoomAt(400, 300, 1e9);
  assert.equal(camera.scale, CLOSEST);
  camera.zoomAt(400, 300, 1e-9);
  assert.equal(camera.scale, fit / 2);
});

test("100 % is one screen pixel for one of the picture", () => {
  const camera = opened();
  camera.actualSize();
  assert.equal(camera.scale, 1);
});

test("the picture cannot be lost beside the canvas", () => {
  const camera = opened();
  camera.pan(1e6, -1e6);
  const [left] = camera.toCanvas(0, 0);
  const [, bottom] = camera.toCanvas(1600, 900);
  assert.ok(left < 800 && bottom > 0);
});

test("the next picture of the same size keeps the zoom where that is wanted", () => {
  const camera = opened();
  camera.zoomAt(100, 100, 4);
  const before = [camera.scale, camera.x, camera.y];
  camera.open([1600, 900], true);
  assert.deepEqual([camera.scale, camera.x, camera.y], before);
  camera.open([1000, 900], true);
  assert.notEqual(camera.scale, before[0]);
});

test("an object out of sight is brought into it, at the same zoom", () => {
  const camera = opened();
  camera.zoomAt(0, 0, 8);
  const scale = camera.scale;
  camera.show([1500, 800, 1540, 840]);
  const [x, y] = camera.toCanvas(1520, 820);
  assert.ok(x > 0 && x < 800 && y > 0 && y < 600);
  assert.equal(camera.scale, scale);
});
