import assert from "node:assert/strict";
import test from "node:test";
import { contains, difference, same, type Mask, type Size } from "../src/masks";
import { holesFilled, parts } from "../src/morphology";
import { reshaped } from "../src/outline_change";
import { simplified } from "../src/outline_simplification";
import { ringsOf } from "../src/outlines";
import { maskFromRings, type Point, type Ring } from "../src/polygons";
import { vertexDragged, vertexInserted, vertexRemoved } from "../src/vertices";
import { dice, drawn, shown } from "./mask_drawings";

const SIZE: Size = [90, 70];
const square: Ring = [[1, 1], [5, 1], [5, 5], [1, 5]];
const window: Ring = [[2, 4], [4, 4], [4, 2], [2, 2]];

/** A round shape with a frayed edge, and a hole in it. */
function frayed(roll: () => number): Mask {
  const ring = (radius: number): Ring => [...Array(40).keys()].map((i): Point => {
    const far = radius * (0.85 + 0.3 * roll());
    return [45 + far * Math.cos(i * Math.PI / 20), 35 + far * Math.sin(i * Math.PI / 20)];
  });
  return maskFromRings([ring(22), ring(6)], SIZE)!;
}

test("where a corner was dragged, put in or taken away no hole and no speck is left", () => {
  for (let seed = 1; seed <= 36; seed++) {
    const roll = dice(seed * 7919);
    const mask = frayed(roll);
    const rings = ringsOf(mask).map((each) => simplified(each, 1 + seed % 4));
    const ring = 0;
    const index = Math.floor(roll() * rings[ring]!.length);
    const [x, y] = rings[ring]![index]!;
    const share = 0.4 + 1.2 * roll();
    const spot = { ring, index, x: x + 1, y: y + 1 };
    const to: Point = [45 + share * (x - 45), 35 + share * (y - 35)];
    const more = seed % 3 === 1 ? vertexInserted(rings, spot) : rings;
    const changed = seed % 3 === 2 ? vertexRemoved(more, spot) : vertexDragged(more, seed % 3 ? { ...spot, index: index + 1 } : spot, ...to);
    const found = reshaped(mask, more[ring]!, changed[ring]!, SIZE)!;
    assert.equal(parts(found).length, parts(mask).length, `specks, seed ${seed}`);
    const holes = (each: Mask): Mask[] => {
      const all = difference(holesFilled(each), each);
      return all ? parts(all) : [];
    };
    assert.ok(holes(found).length <= holes(mask).length, `holes, seed ${seed}`);
  }
});

test("moving a corner changes only what lies between the two outlines", () => {
  const mask = drawn(0, 0, "#......", ".####..", ".#..#..", ".####..", ".####..");
  const changed: Ring = [[1, 1], [7, 1], [5, 5], [1, 5]];
  assert.deepEqual(shown(reshaped(mask, square, changed, [6, 9]))?.rows, ["#.....", ".#####", ".#..##", ".#####", ".####."]);
  assert.ok(same(reshaped(mask, square, square, [6, 9])!, mask));
  assert.equal(reshaped(drawn(1, 1, "##", "##"), square, [], [9, 9]), null);
});

test("a hole grows into its mask, and past its edge opens it", () => {
  const mask = maskFromRings([square, window])!;
  const wider = (x: number): Ring => [[2, 4], [x, 4], [x, 2], [2, 2]];
  assert.deepEqual(shown(reshaped(mask, window, wider(5), [9, 9]))?.rows, ["####", "#...", "#...", "####"]);
  assert.deepEqual(shown(reshaped(mask, window, wider(8), [9, 9]))?.rows, ["####", "#...", "#...", "####"]);
  assert.deepEqual(shown(reshaped(mask, window, wider(3), [9, 9]))?.rows, ["####", "#.##", "#.##", "####"]);
});

test("an outline given the other way round is the same outline", () => {
  const mask = frayed(dice(5));
  const ring = simplified(ringsOf(mask)[0]!, 3);
  const [changed] = vertexDragged([ring], { ring: 0, index: 4, x: 0, y: 0 }, 80, 60);
  const back = (each: Ring): Ring => [...each].reverse();
  assert.ok(same(reshaped(mask, ring, changed!, SIZE)!, reshaped(mask, back(ring), back(changed!), SIZE)!));
});

test("an outline pulled inside out lies the other way round, and of a spike too thin for pixels no dashes stay", () => {
  const triangle: Ring = [[4, 8], [16, 8], [10, 2]];
  const turned: Ring = [[4, 8], [16, 8], [10, 14]];
  assert.ok(same(reshaped(maskFromRings([triangle])!, triangle, turned, SIZE)!, maskFromRings([turned])!));
  const [back, turnedBack] = [[...triangle].reverse(), [...turned].reverse()];
  assert.ok(same(reshaped(maskFromRings([triangle])!, back, turnedBack, SIZE)!, maskFromRings([turned])!));
  const long: Ring = [[1, 1], [5, 1], [890, 12.2], [1, 5]];
  const dashes = maskFromRings([long])!;
  assert.ok(parts(dashes).some((each) => each.width >= 16 && each.height === 1), "of sixteen pixels and more");
  assert.equal(parts(reshaped(maskFromRings([square])!, square, long, [900, 70])!).length, 1);
  const spike: Ring = [[1, 1], [5, 1], [60, 2.6], [1, 5]];
  assert.equal(parts(reshaped(maskFromRings([square])!, square, spike, SIZE)!).length, 1);
});

test("a piece cut off is a piece when it is large, and a fragment when it is small", () => {
  const bar = maskFromRings([[[0, 0], [60, 0], [60, 6], [0, 6]]])!;
  const notch = (at: number): Ring => [[0, 0], [at, 0], [at + 3, 9], [at + 6, 0], [60, 0], [60, 6], [0, 6]];
  const flat = (at: number): Ring => [[0, 0], [at, 0], [at + 3, 0], [at + 6, 0], [60, 0], [60, 6], [0, 6]];
  assert.equal(parts(reshaped(bar, flat(30), notch(30), SIZE)!).length, 2);
  assert.equal(parts(reshaped(bar, flat(53), notch(53), SIZE)!).length, 1);
});

test("an edge nobody touched keeps its bay where another one is pulled over a part of it", () => {
  const left: Ring = [[0, 0], [10, 0], [10, 60], [40, 60]];
  const bay: Ring = [[40, 50], [41, 50], [41, 10], [40, 10]];
  const right: Ring = [[40, 0], [50, 0], [50, 70], [0, 70]];
  const mask = maskFromRings([[...left, ...bay, ...right]])!;
  const pulled = [...left, ...right].map((corner): Point => (String(corner) === "10,0" ? [45, 30] : corner));
  const found = reshaped(mask, [...left, ...right], pulled, SIZE)!;
  assert.deepEqual([15, 30, 45].map((y) => contains(found, 40.5, y)), [false, true, false]);
});

test("an outline far from any pixel of the mask changes nothing", () => {
  const mask = drawn(70, 50, "##");
  assert.ok(same(reshaped(mask, square, square.map(([x, y]): Point => [x, y === 5 ? 9 : y]), SIZE)!, mask));
});
