import assert from "node:assert/strict";
import test from "node:test";
import { Camera } from "../src/camera";
import { boxMask, type Mask } from "../src/masks";
import { Raster, type Layer, type Part } from "../src/raster";
import { drawn } from "./drawn";

const [RED, BLUE] = [[255, 0, 0], [0, 0, 255]] as const;

function layer(mask: Mask, more: Partial<Layer> = {}): Layer {
  return { mask, color: RED, dashed: false, hollow: false, ...more };
}

/** A canvas that keeps what is put on it. */
class Sheet {
  readonly canvas: { width: number; height: number };
  image: ImageData | null = null;
  made = 0;

  constructor(width: number, height: number) {
    this.canvas = { width, height };
  }

  createImageData(width: number, height: number): ImageData {
    this.made++;
    return { width, height, data: new Uint8ClampedArray(width * height * 4), colorSpace: "srgb" } as ImageData;
  }

  putImageData(image: ImageData, x: number, y: number): void {
    assert.deepEqual([x, y], [0, 0]);
    this.image = image;
  }

  /** Rows of letters: "." nothing, "R" and "B" opaque, "r" and "b" paler. */
  get rows(): string[] {
    const { width, height, data } = this.image!;
    const letter = (i: number): string => {
      const [red, green, blue, alpha] = data.subarray(i * 4, i * 4 + 4);
      assert.equal(green, 0);
      if (!alpha) return red || blue ? "o" : ".";
      const name = red ? "r" : blue ? "b" : "?";
      return alpha === 255 ? name.toUpperCase() : name;
    };
    return Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => letter(y * width + x)).join(""));
  }
}

function rows(layers: readonly Layer[], { width = 8, height = 6, scale = 1, x = 0, y = 0, opacity = 0.5, part = {} as Partial<Part> } = {}): string[] {
  const sheet = new Sheet(width, height);
  const camera = Object.assign(new Camera(), { scale, x, y });
  new Raster().draw(sheet as unknown as CanvasRenderingContext2D, camera, [{ layers, from: 0, to: width, ...part }], opacity);
  return sheet.rows;
}

test("a mask is filled paler than its outline, which runs along its edge and that of the screen", () => {
  assert.deepEqual(rows([layer(boxMask(1, 1, 6, 5))]), [
    "........", ".RRRRR..", ".RrrrR..", ".RrrrR..", ".RRRRR..", "........",
  ]);
  assert.deepEqual(rows([layer(boxMask(-3, -3, 20, 20))]), [
    "RRRRRRRR", "RrrrrrrR", "RrrrrrrR", "RrrrrrrR", "RrrrrrrR", "RRRRRRRR",
  ]);
});

test("what comes later lies on top, and its edge is the other's edge too", () => {
  const layers = [layer(boxMask(0, 0, 8, 5)), layer(boxMask(2, 2, 7, 6), { color: BLUE })];
  assert.deepEqual(rows(layers), ["RRRRRRRR", "RrRRRRRR", "RRBBBBBR", "RRBbbbBR", "RRBbbbBR", "..BBBBB."]);
});

test("zoomed in each pixel is a square, where the picture was moved to", () => {
  assert.deepEqual(rows([layer(drawn(1, 1, "#.", ".#"))], { scale: 2, x: -1, y: -2 }), [
    ".RR.....", ".RR.....", "...RR...", "...RR...", "........", "........",
  ]);
  assert.deepEqual(rows([layer(boxMask(0, 0, 1, 1))], { scale: 1.5, x: 0.2, y: 0.2 }), [
    "RR......", "RR......", "........", "........", "........", "........",
  ]);
});

test("zoomed out nothing thin disappears, and nothing is drawn past the edges", () => {
  const thread = drawn(0, 4, "################################");
  assert.deepEqual(rows([layer(thread)], { scale: 0.25 }), [
    "........", "RRRRRRRR", "........", "........", "........", "........",
  ]);
  assert.deepEqual(rows([layer(thread)], { scale: 0.25, x: -4, y: -1 })[0], "RRRR....");
  assert.deepEqual(rows([layer(thread)], { scale: 0.25, y: -2 }).join(""), ".".repeat(48));
  assert.deepEqual(rows([layer(thread)], { scale: 0.25, y: 4.8 })[5], "RRRRRRRR");
  assert.deepEqual(rows([layer(thread)], { scale: 0.25, y: 5 }).join(""), ".".repeat(48));
});

test("a part of the screen holds what is drawn in it, at any zoom", () => {
  for (const scale of [1, 0.5]) {
    const [row] = rows([layer(boxMask(0, 0, 40, 40))], { scale, part: { from: 2, to: 5 } });
    assert.equal(row, "..RRR...");
  }
});

test("two parts stand side by side", () => {
  const sheet = new Sheet(6, 3);
  const parts = [{ layers: [layer(boxMask(0, 0, 6, 3))], from: 3, to: 6 }, { layers: [layer(boxMask(0, 0, 6, 3), { color: BLUE })], from: 0, to: 3 }];
  new Raster().draw(sheet as unknown as CanvasRenderingContext2D, new Camera(), parts, 0.5);
  assert.deepEqual(sheet.rows, ["BBBRRR", "BbBRrR", "BBBRRR"]);
});

test("a proposal's outline is dashed and its fill paler, and a box without a mask has none", () => {
  const dashed = rows([layer(boxMask(0, 0, 8, 6), { dashed: true })]);
  assert.deepEqual(dashed, ["RRRRrrrr", "RrrrrrrR", "RrrrrrrR", "RrrrrrrR", "rrrrrrrR", "rrrRRRRr"]);
  assert.deepEqual(rows([layer(boxMask(0, 0, 4, 4), { hollow: true })]).slice(0, 4), ["RRRR....", "RooR....", "RooR....", "RRRR...."]);
  const sheet = new Sheet(5, 5);
  const alpha = (more: Partial<Layer>): number => {
    const parts = [{ layers: [layer(boxMask(0, 0, 5, 5), more)], from: 0, to: 5 }];
    new Raster().draw(sheet as unknown as CanvasRenderingContext2D, new Camera(), parts, 0.4);
    return sheet.image!.data[4 * 12 + 3]!;
  };
  assert.deepEqual([alpha({}), alpha({ dashed: true }), alpha({ hollow: true, dashed: true })], [102, 71, 0]);
});

test("what was drawn before is gone, and paper is taken anew only for another size", () => {
  const sheet = new Sheet(5, 4);
  const raster = new Raster();
  const draw = (layers: Layer[]): string[] => {
    raster.draw(sheet as unknown as CanvasRenderingContext2D, new Camera(), [{ layers, from: 0, to: sheet.canvas.width }], 0.5);
    return sheet.rows;
  };
  draw([layer(boxMask(0, 0, 5, 4))]);
  assert.deepEqual(draw([]), Array(4).fill("....."));
  assert.equal(sheet.made, 1);
  sheet.canvas.height = 3;
  assert.deepEqual(draw([layer(boxMask(0, 2, 2, 3))]), [".....", ".....", "RR..."]);
  sheet.canvas.width = 4;
  assert.deepEqual(draw([layer(boxMask(0, 2, 2, 3))]), ["....", "....", "RR.."]);
  assert.equal(sheet.made, 3);
});
