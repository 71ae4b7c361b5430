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

test("what is in sight stays where it is, what is large is shown whole, what is small keeps the zoom", () => {
  const camera = opened();
  const before = [camera.scale, camera.x, camera.y];
  camera.show([100, 100, 300, 200]);
  assert.deepEqual([camera.scale, camera.x, camera.y], before);
  camera.zoomAt(400, 300, 10);
  camera.show([0, 0, 1600, 900]);
  const corners = [...camera.toCanvas(0, 0), ...camera.toCanvas(1600, 900)];
  assert.ok(corners[0]! > 0 && corners[1]! > 0 && corners[2]! < 800 && corners[3]! < 600, corners.join());
  near([corners[0]! + corners[2]!, corners[1]! + corners[3]!], [800, 600]);
  const held = opened();
  held.zoomAt(0, 0, 8);
  held.show([1500, 800, 1540, 840]);
  near(held.toCanvas(1520, 820), [400, 300]);
  for (const [dx, dy] of [[-500, 0], [500, 0], [0, -400], [0, 400]] as const) {
    held.pan(dx, dy);
    held.show([1500, 800, 1540, 840]);
    near(held.toCanvas(1520, 820), [400, 300]);
  }
});

test("a canvas of another size keeps a fitted picture fitted, and the middle of any other", () => {
  const camera = opened();
  camera.resize([400, 900]);
  const fitted = new Camera();
  fitted.resize([400, 900]);
  fitted.open([1600, 900], false);
  assert.deepEqual([camera.scale, camera.x, camera.y], [fitted.scale, fitted.x, fitted.y]);
  camera.zoomAt(150, 400, 3);
  const [middle, scale] = [camera.toImage(200, 450), camera.scale];
  camera.resize([600, 500]);
  near(camera.toImage(300, 250), middle);
  assert.equal(camera.scale, scale);
  camera.fit();
  camera.resize([800, 600]);
  near(camera.toCanvas(800, 450), [400, 300]);
});

test("the whole picture has a margin of eight pixels on its tight sides", () => {
  const camera = opened();
  near([camera.scale, camera.x], [784 / 1600, 8]);
  const high = new Camera();
  high.resize([800, 600]);
  high.open([100, 1000], false);
  near([high.scale, high.y], [584 / 1000, 8]);
  high.resize([10, 10]);
  assert.equal(high.scale, 1e-3);
});

test("a fifth of the canvas always shows the picture, and a small one can be made as small as it is", () => {
  const camera = opened();
  camera.pan(1e6, 1e6);
  near([camera.x, camera.y], [640, 480]);
  camera.pan(-1e6, -1e6);
  near(camera.toCanvas(1600, 900), [160, 120]);
  const small = new Camera();
  small.resize([800, 600]);
  small.open([80, 60], false);
  small.zoomAt(400, 300, 1e-9);
  assert.equal(small.scale, 1);
});

test("what reaches just to the edges of the canvas is in sight, what goes beyond one of them is not", () => {
  const camera = new Camera();
  camera.resize([800, 600]);
  camera.open([1600, 1200], false);
  camera.actualSize();
  [camera.x, camera.y] = [-400, -300];
  camera.show([400, 300, 1200, 900]);
  assert.deepEqual([camera.x, camera.y, camera.scale], [-400, -300, 1]);
  for (const box of [[399, 300, 500, 400], [400, 299, 500, 400], [700, 300, 1201, 400], [400, 800, 500, 901]] as const) {
    [camera.scale, camera.x, camera.y] = [1, -400, -300];
    camera.show(box);
    assert.notDeepEqual([camera.x, camera.y], [-400, -300], box.join());
  }
});
