import assert from "node:assert/strict";
import test from "node:test";
import { Camera } from "../src/camera";
import { boxMask, type Mask } from "../src/masks";
import { Raster, type RasterStrip, type StyledMask } from "../src/raster";
import { drawn } from "./mask_drawings";

const [RED, BLUE] = [[255, 0, 0], [0, 0, 255]] as const;

function styled(mask: Mask, more: Partial<StyledMask> = {}): StyledMask {
  return { mask, color: RED, dashed: false, hollow: false, ...more };
}

/** A canvas that keeps what is put on it. */
class RecordingContext {
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

function rows(styledMasks: readonly StyledMask[], { width = 8, height = 6, scale = 1, x = 0, y = 0, opacity = 0.5, strip = {} as Partial<RasterStrip> } = {}): string[] {
  const context = new RecordingContext(width, height);
  const camera = Object.assign(new Camera(), { scale, x, y });
  new Raster().draw(context as unknown as CanvasRenderingContext2D, camera, [{ styledMasks, from: 0, to: width, ...strip }], opacity);
  return context.rows;
}

test("a mask is filled paler than its outline, which runs along its edge and that of the screen", () => {
  assert.deepEqual(rows([styled(boxMask(1, 1, 6, 5))]), [
    "........", ".RRRRR..", ".RrrrR..", ".RrrrR..", ".RRRRR..", "........",
  ]);
  assert.deepEqual(rows([styled(boxMask(-3, -3, 20, 20))]), [
    "RRRRRRRR", "RrrrrrrR", "RrrrrrrR", "RrrrrrrR", "RrrrrrrR", "RRRRRRRR",
  ]);
});

test("what comes later lies on top, and its edge is the other's edge too", () => {
  const styledMasks = [styled(boxMask(0, 0, 8, 5)), styled(boxMask(2, 2, 7, 6), { color: BLUE })];
  assert.deepEqual(rows(styledMasks), ["RRRRRRRR", "RrRRRRRR", "RRBBBBBR", "RRBbbbBR", "RRBbbbBR", "..BBBBB."]);
});

test("zoomed in each pixel is a square, where the picture was moved to", () => {
  assert.deepEqual(rows([styled(drawn(1, 1, "#.", ".#"))], { scale: 2, x: -1, y: -2 }), [
    ".RR.....", ".RR.....", "...RR...", "...RR...", "........", "........",
  ]);
  assert.deepEqual(rows([styled(boxMask(0, 0, 1, 1))], { scale: 1.5, x: 0.2, y: 0.2 }), [
    "RR......", "RR......", "........", "........", "........", "........",
  ]);
});

test("zoomed out nothing thin disappears, and nothing is drawn past the edges", () => {
  const thread = drawn(0, 4, "################################");
  assert.deepEqual(rows([styled(thread)], { scale: 0.25 }), [
    "........", "RRRRRRRR", "........", "........", "........", "........",
  ]);
  assert.deepEqual(rows([styled(boxMask(12, 8, 13, 9))], { scale: 0.25 })[2], "...R....");
  assert.deepEqual(rows([styled(drawn(0, 4, "#.......#...#"))], { scale: 0.25 })[1], "R.RR....");
  assert.deepEqual(rows([styled(thread)], { scale: 0.25, x: -4, y: -1 })[0], "RRRR....");
  assert.deepEqual(rows([styled(thread)], { scale: 0.25, y: -2 }).join(""), ".".repeat(48));
  assert.deepEqual(rows([styled(thread)], { scale: 0.25, y: 4.8 })[5], "RRRRRRRR");
  assert.deepEqual(rows([styled(thread)], { scale: 0.25, y: 5 }).join(""), ".".repeat(48));
});

test("a part of the screen holds what is drawn in it, at any zoom", () => {
  for (const scale of [1, 0.5]) {
    const [row] = rows([styled(boxMask(0, 0, 40, 40))], { scale, strip: { from: 2, to: 5 } });
    assert.equal(row, "..RRR...");
  }
});

test("two strips stand side by side", () => {
  const context = new RecordingContext(6, 3);
  const parts = [{ styledMasks: [styled(boxMask(0, 0, 6, 3))], from: 3, to: 6 }, { styledMasks: [styled(boxMask(0, 0, 6, 3), { color: BLUE })], from: 0, to: 3 }];
  new Raster().draw(context as unknown as CanvasRenderingContext2D, new Camera(), parts, 0.5);
  assert.deepEqual(context.rows, ["BBBRRR", "BbBRrR", "BBBRRR"]);
});

test("a proposal's outline is dashed and its fill paler, and a box without a mask has none", () => {
  const dashed = rows([styled(boxMask(0, 0, 8, 6), { dashed: true })]);
  assert.deepEqual(dashed, ["RRRRrrrr", "RrrrrrrR", "RrrrrrrR", "RrrrrrrR", "rrrrrrrR", "rrrRRRRr"]);
  assert.deepEqual(rows([styled(boxMask(0, 0, 4, 4), { hollow: true })]).slice(0, 4), ["RRRR....", "RooR....", "RooR....", "RRRR...."]);
  const context = new RecordingContext(5, 5);
  const alpha = (more: Partial<StyledMask>): number => {
    const parts = [{ styledMasks: [styled(boxMask(0, 0, 5, 5), more)], from: 0, to: 5 }];
    new Raster().draw(context as unknown as CanvasRenderingContext2D, new Camera(), parts, 0.4);
    return context.image!.data[4 * 12 + 3]!;
  };
  assert.deepEqual([alpha({}), alpha({ dashed: true }), alpha({ hollow: true, dashed: true })], [102, 71, 0]);
});

test("what was drawn before is gone, and paper is taken anew only for another size", () => {
  const context = new RecordingContext(5, 4);
  const raster = new Raster();
  const draw = (styledMasks: StyledMask[]): string[] => {
    raster.draw(context as unknown as CanvasRenderingContext2D, new Camera(), [{ styledMasks, from: 0, to: context.canvas.width }], 0.5);
    return context.rows;
  };
  draw([styled(boxMask(0, 0, 5, 4))]);
  assert.deepEqual(draw([]), Array(4).fill("....."));
  assert.equal(context.made, 1);
  context.canvas.height = 3;
  assert.deepEqual(draw([styled(boxMask(0, 2, 2, 3))]), [".....", ".....", "RR..."]);
  context.canvas.width = 4;
  assert.deepEqual(draw([styled(boxMask(0, 2, 2, 3))]), ["....", "....", "RR.."]);
  assert.equal(context.made, 3);
});
