/** Against slower ways to say the same, on shapes that are the same every time. */

import assert from "node:assert/strict";
import test from "node:test";
import { BrushStroke } from "../src/brush_stroke";
import { split } from "../src/mask_split";
import { decode, difference, encode, intersection, trimmed, union, within, type Mask, type Size } from "../src/masks";
import { holesFilled, parts, specksRemoved } from "../src/morphology";
import { simplified } from "../src/outline_simplification";
import { ringsOf } from "../src/outlines";
import { maskFromRings, type Point } from "../src/polygons";
import { nearestOnEdge } from "../src/vertices";
import { dice, strokeMask } from "./mask_drawings";

const SIZE: Size = [13, 11];
const PIXELS: Point[] = [...Array(SIZE[0] * SIZE[1]).keys()].map((i) => [i % SIZE[0], Math.floor(i / SIZE[0])]);

/** A mask of any form, from sparse to dense. */
function anyMask(roll: () => number, density = 0.2 + 0.7 * roll()): Mask {
  const [x, y] = [Math.floor(roll() * 5), Math.floor(roll() * 4)];
  const [width, height] = [1 + Math.floor(roll() * (SIZE[0] - x)), 1 + Math.floor(roll() * (SIZE[1] - y))];
  const bits = Uint8Array.from({ length: width * height }, () => +(roll() < density));
  return trimmed(x, y, width, height, bits) ?? anyMask(roll, 1);
}

/** The names of its pixels; a mask is sound when its crop is tight and of its size. */
function pixels(mask: Mask | null): string[] {
  if (!mask) return [];
  const { x, y, width, height, bits } = mask;
  assert.equal(bits.length, width * height);
  const found = [...bits.keys()].filter((i) => bits[i]).map((i): Point => [x + i % width, y + Math.floor(i / width)]);
  const [columns, rows] = [found.map(([column]) => column), found.map(([, row]) => row)];
  assert.deepEqual(
    [Math.min(...columns), Math.max(...columns), Math.min(...rows), Math.max(...rows)], [x, x + width - 1, y, y + height - 1],
  );
  return found.map(String).sort();
}

/** What can be reached from each of them, with corners or without. */
function pieces(points: ReadonlySet<string>, corners: boolean): string[][] {
  const left = new Set(points);
  const found: string[][] = [];
  for (const first of points) {
    if (!left.delete(first)) continue;
    const piece = [first];
    for (const each of piece) {
      const [x, y] = each.split(",").map(Number) as [number, number];
      for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1], [1, 1], [1, -1], [-1, 1], [-1, -1]] as const) {
        const next = `${x + dx},${y + dy}`;
        if ((corners || !dx || !dy) && left.delete(next)) piece.push(next);
      }
    }
    found.push(piece.sort());
  }
  return found;
}

const sorted = (all: string[][]): string[] => all.map((each) => each.join(" ")).sort();

test("sets of pixels are joined, cut and shared", () => {
  for (let seed = 1; seed < 150; seed++) {
    const roll = dice(seed * 104_729);
    const [one, other] = [anyMask(roll), anyMask(roll)];
    const [first, second] = [new Set(pixels(one)), new Set(pixels(other))];
    assert.deepEqual(pixels(union(one, other)), [...new Set([...first, ...second])].sort());
    assert.deepEqual(pixels(difference(one, other)), [...first].filter((each) => !second.has(each)));
    assert.deepEqual(pixels(intersection(one, other)), [...first].filter((each) => second.has(each)));
    const box = { x0: 3, y0: 2, x1: 8, y1: 7 };
    const inside = ([x, y]: readonly number[]): boolean => x! >= 3 && x! < 8 && y! >= 2 && y! < 7;
    assert.deepEqual(pixels(within(one, box)), [...first].filter((each) => inside(each.split(",").map(Number))));
    assert.deepEqual(pixels(decode(encode(one), one.x, one.y, one.width, one.height)), [...first]);
    assert.deepEqual(pixels(maskFromRings(ringsOf(one))), [...first]);
  }
});

test("outlines cover the pixels whose centre they go round an odd number of times", () => {
  for (let seed = 1; seed < 150; seed++) {
    const roll = dice(seed * 4787);
    const rings = [3, 5].map((corners) => Array.from({ length: corners }, (): Point => [roll() * 19 - 3, roll() * 17 - 3]));
    const isIn = ([x, y]: Point): boolean => rings.flatMap((ring) => ring.filter(([bx, by], i) => {
      const [ax, ay] = ring.at(i - 1)!;
      return ay > y + 0.5 !== by > y + 0.5 && ax + ((y + 0.5 - ay) * (bx - ax)) / (by - ay) < x + 0.5;
    })).length % 2 === 1;
    assert.deepEqual(pixels(maskFromRings(rings, SIZE)), PIXELS.filter(isIn).map(String).sort());
  }
});

test("parts hang together by corners, holes do not, and specks are parts too small", () => {
  for (let seed = 1; seed < 150; seed++) {
    const mask = anyMask(dice(seed * 7351));
    const set = new Set(pixels(mask));
    const found = parts(mask).map(pixels);
    assert.deepEqual(sorted(found), sorted(pieces(set, true)));
    const sizes = found.map((each) => each.length);
    assert.deepEqual(sizes, [...sizes].sort((a, b) => b - a));
    const around = [...Array(15 * 13).keys()].map((i) => `${i % 15 - 1},${Math.floor(i / 15) - 1}`).filter((each) => !set.has(each));
    const holes = pieces(new Set(around), false).filter((each) => !each.includes("-1,-1")).flat();
    assert.deepEqual(pixels(holesFilled(mask)), [...set, ...holes].sort());
    for (const smallest of [1, 2, 4]) {
      assert.deepEqual(pixels(specksRemoved(mask, smallest)), found.filter((each) => each.length >= smallest).flat().sort());
    }
  }
});

test("a brush covers the pixels whose centre it passes within its radius, and those its points lie in", () => {
  for (let seed = 1; seed < 120; seed++) {
    const roll = dice(seed * 3571);
    const place = (): Point => [roll() * 19 - 3, roll() * 17 - 3].map((each) => (seed % 3 ? each : Math.round(each * 2) / 2 + 0.25)) as unknown as Point;
    const line = [place(), place(), place()];
    const radius = 0.55 + 3.1 * roll();
    const near = PIXELS.filter(([x, y]) => line.some((point, i) => {
      const [px, py] = nearestOnEdge(line[Math.max(i - 1, 0)]!, point, x + 0.5, y + 0.5);
      const under = Math.floor(point[0]) === x && Math.floor(point[1]) === y;
      return under || Math.hypot(px - x - 0.5, py - y - 0.5) <= radius;
    }));
    assert.deepEqual(pixels(strokeMask(line, radius, SIZE)), near.map(String).sort(), `seed ${seed}`);
    const stroke = new BrushStroke(radius, SIZE);
    const all = line.map(([x, y]) => stroke.add(x, y)).reduce<Mask | null>(union, null);
    assert.deepEqual(pixels(stroke.mask()), pixels(all));
  }
});

test("a cut loses no pixel and doubles none, and a straight one leaves each on its side", () => {
  for (let seed = 1; seed < 120; seed++) {
    const roll = dice(seed * 9973);
    const mask = seed % 2 ? anyMask(roll, 0.95) : { x: 0, y: 0, width: 13, height: 11, bits: new Uint8Array(143).fill(1) };
    const [from, to]: [Point, Point] = seed % 4 ? [[-2, roll() * 11], [15, roll() * 11]] : [[roll() * 13, -2], [roll() * 13, 13]];
    const found = split(mask, seed % 3 ? [from, to] : [from, [roll() * 13, roll() * 11], to]);
    assert.deepEqual(found.flatMap(pixels).sort(), pixels(mask));
    if (seed % 3 === 0 || seed % 2) continue;
    const side = (each: string): boolean => {
      const [x, y] = each.split(",").map((n) => Number(n) + 0.5) as [number, number];
      return (to[0] - from[0]) * (y - from[1]) > (to[1] - from[1]) * (x - from[0]);
    };
    const sides = [pixels(mask).filter(side), pixels(mask).filter((each) => !side(each))];
    if (sides.every((each) => each.length >= 9)) assert.deepEqual(sorted(found.map(pixels)), sorted(sides), `seed ${seed}`);
  }
});

test("a simplified outline has corners of the exact one, in their order, and strays no farther than it may", () => {
  for (let seed = 1; seed < 120; seed++) {
    const tolerance = seed % 4;
    for (const ring of ringsOf(anyMask(dice(seed * 6007)))) {
      const simple = simplified(ring, tolerance);
      assert.ok(simple.length >= 3);
      const places = simple.map((corner) => ring.indexOf(corner));
      assert.ok(!places.includes(-1));
      assert.ok(places.filter((place, i) => place < places.at(i - 1)!).length <= 1, "once round");
      ring.forEach(([x, y], place) => {
        const next = simple.findIndex((_, i) => between(places.at(i - 1)!, place, places[i]!));
        const [nx, ny] = nearestOnEdge(simple.at(next - 1)!, simple[next]!, x, y);
        assert.ok(Math.hypot(nx - x, ny - y) <= tolerance + 1e-9, `seed ${seed}`);
      });
    }
  }
});

/** Whether a place on a ring comes on the way from one to another. */
function between(from: number, place: number, to: number): boolean {
  return from < to ? from <= place && place <= to : place >= from || place <= to;
}
