import assert from "node:assert/strict";
import test from "node:test";
import { boxMask, difference, same, union, type Mask } from "../src/masks";
import { maskFromRings, type Ring } from "../src/polygons";
import type { CommentTarget } from "../src/protocol";
import { BoxTool, MagicTool } from "../src/tools/box";
import { BrushTool } from "../src/tools/brush";
import { CommentTool } from "../src/tools/comment";
import { PolygonTool } from "../src/tools/polygon";
import type { DrawMode, Tool } from "../src/tools/tool";
import { at, canvasFixture, type CanvasFixture } from "./canvas_fixture";
import { strokeMask } from "./mask_drawings";

const LID = boxMask(10, 10, 30, 30);
const SIZE = [100, 80] as const;

interface DrawingFixture extends CanvasFixture {
  readonly tool: Tool;
  /** Press, move and let go. */
  drag(from: Parameters<typeof at>, ...to: Parameters<typeof at>[]): void;
  click(...spots: Parameters<typeof at>[]): void;
  newest(): Mask | null;
}

function drawing(made: (all: CanvasFixture) => Tool): DrawingFixture {
  const all = canvasFixture({ lid: LID });
  const tool = made(all);
  const drag: DrawingFixture["drag"] = (from, ...to) => {
    tool.down(at(...from));
    for (const spot of to) tool.move(at(...spot), true);
    tool.up(at(...(to.at(-1) ?? from)));
  };
  const click: DrawingFixture["click"] = (...spots) => spots.forEach((spot) => drag(spot));
  return { ...all, tool, drag, click, newest: () => all.state.store.objects.at(-1)!.mask };
}

const box = (mode: DrawMode = "new"): DrawingFixture => drawing(({ state }) => new BoxTool(state, () => mode));
const polygon = (mode: DrawMode = "new"): DrawingFixture => drawing(({ state }) => new PolygonTool(state, () => mode));
const brush = (erases = false): DrawingFixture => drawing(({ state }) => new BrushTool(state, erases));
const TRIANGLE: Ring = [[40, 10], [60, 10], [50, 30]];

test("a box is of whole pixels, from any corner to the opposite one, and ends where the picture does", () => {
  for (const [from, to] of [[[40.4, 20.6], [50.6, 30.4]], [[50.6, 20.6], [40.4, 30.4]]] as const) {
    const { drag, newest, made } = box();
    drag([...from], [45, 25], [...to]);
    assert.ok(same(newest()!, boxMask(40, 21, 51, 30)));
    assert.equal(made()[0]![0], "add");
  }
  const { drag, newest, said } = box();
  drag([90, 70], [120, 95]);
  assert.ok(same(newest()!, boxMask(90, 70, 100, 80)));
  drag([120, 90], [140, 99]);
  assert.deepEqual(said, ["That is outside the picture."]);
});

test("a flat box has a pixel at least, and a click is none", () => {
  const { drag, click, newest, made } = box();
  drag([40, 20], [50, 20.2]);
  assert.ok(same(newest()!, boxMask(40, 20, 50, 21)));
  drag([40, 40], [40.2, 50]);
  assert.ok(same(newest()!, boxMask(40, 40, 41, 50)));
  click([60, 60]);
  drag([60, 60], [62.9, 60]);
  drag([60, 60, { reach: 2.5 }], [66, 60, { reach: 2.5 }]);
  assert.equal(made().length, 2);
});

test("a new object is of the class in hand, and it is selected", () => {
  const { state, drag, edits, said } = box();
  drag([40, 20], [50, 30]);
  assert.deepEqual([edits()[0]!.class, state.selected], [2, [edits()[0]!.object]]);
  state.classId = 0;
  drag([60, 20], [70, 30]);
  assert.deepEqual([said, edits().length], [["Add a class on the Project page first."], 1]);
});

test("a shape adds to the selected object or takes from it, by the mode or by Shift and Alt", () => {
  const shared = boxMask(20, 20, 40, 40);
  for (const [mode, held, kind, expected] of [
    ["add", {}, "add to", union(LID, shared)], ["subtract", {}, "take from", difference(LID, shared)],
    ["new", { shift: true }, "add to", union(LID, shared)], ["new", { alt: true }, "take from", difference(LID, shared)],
    ["subtract", { shift: true }, "add to", union(LID, shared)],
  ] as const) {
    const { state, drag, made, said } = box(mode);
    drag([20, 20, held], [40, 40]);
    assert.deepEqual([said, made()], [["Select an object first."], []]);
    state.select(["lid"]);
    drag([20, 20, held], [40, 40]);
    assert.deepEqual(made(), [[kind, "reshape lid"]]);
    assert.ok(same(state.store.find("lid")!.mask!, expected!));
  }
});

test("Esc gives up a box that is being drawn, and a pointer that only hovers draws none", () => {
  const { tool, made } = box();
  assert.equal(tool.cancel(), false);
  tool.move(at(40, 20), true);
  tool.up(at(50, 40));
  tool.down(at(40, 20));
  tool.move(at(50, 40), true);
  assert.equal(tool.finish(), false);
  assert.equal(tool.cancel(), true);
  tool.up(at(50, 40));
  assert.deepEqual(made(), []);
});

test("a polygon is finished by its first corner or by Enter, and may be begun in one mode only", () => {
  const drawn = maskFromRings([TRIANGLE])!;
  const one = polygon();
  one.click(...TRIANGLE.map(([x, y]): [number, number] => [x, y]), [40, 18.9]);
  assert.ok(same(one.newest()!, drawn));
  const other = polygon();
  other.click([40, 10], [60, 10], [50, 30]);
  assert.equal(other.tool.finish(), true);
  assert.ok(same(other.newest()!, drawn));
  assert.equal(other.tool.finish(), false);
  const added = polygon();
  added.state.select(["lid"]);
  added.click([40, 10, { shift: true }], [60, 10, { alt: true }], [50, 30]);
  added.tool.finish();
  assert.deepEqual(added.made(), [["add to", "reshape lid"]]);
});

test("a polygon is a shape under way from its first corner until it is finished, given up or taken back", () => {
  const { tool, click } = polygon();
  const steps = [() => click([40, 10]), () => tool.back(), () => click([40, 10]), () => tool.cancel(), () => click([40, 10], [60, 10], [50, 30]), () => tool.finish()];
  const shaping = steps.map((step) => (step(), tool.shaping));
  assert.deepEqual(shaping, [true, false, true, false, true, false]);
});

test("Enter on a polygon of fewer than three corners does nothing: they stay", () => {
  const { tool, click, said, made, newest } = polygon();
  click([40, 10], [60, 10]);
  assert.equal(tool.finish(), true);
  assert.deepEqual([said, made()], [["A polygon needs three corners."], []]);
  click([40.5, 10], [50, 30]);
  assert.equal(tool.back(), true);
  assert.equal(tool.back(), true);
  click([50, 30]);
  tool.finish();
  assert.ok(same(newest()!, maskFromRings([TRIANGLE])!));
});

test("a polygon is closed from nine pixels of the screen away, wherever the picture was moved, and by a finger from farther", () => {
  const closes = (x: number, reach: number): boolean => {
    const { state, tool, click, made } = polygon();
    click([40, 10], [60, 10], [50, 30]);
    state.camera.x = 10;
    tool.down({ ...at(0, 0, { reach }), cx: x, cy: 10 });
    return made().length > 0;
  };
  assert.deepEqual([closes(58.9, 1), closes(59, 1), closes(59, 2), closes(68, 2)], [true, false, true, false]);
});

test("a second finger takes back the corner of its press and no other, Esc all of them", () => {
  const { tool, click, made, newest } = polygon();
  assert.equal(tool.cancel(), false);
  assert.equal(tool.back(), false);
  click([40, 10], [60, 10], [50, 30]);
  tool.interrupt();
  tool.down(at(20, 60));
  tool.interrupt();
  tool.finish();
  assert.ok(same(newest()!, maskFromRings([TRIANGLE])!));
  assert.equal(made().length, 1);
  click([40, 40], [60, 40]);
  assert.equal(tool.cancel(), true);
  assert.equal(tool.finish(), false);
});

test("a stroke makes an object, the next adds to it, and the eraser takes away", () => {
  const { state, drag, newest, made } = brush();
  state.settings.brush = 4;
  const stroke = strokeMask([[50, 50], [55, 40], [60, 50]], 4, SIZE);
  drag([50, 50], [55, 40], [60, 50]);
  assert.ok(same(newest()!, stroke!));
  drag([60, 50], [60, 60]);
  const both = union(stroke, strokeMask([[60, 50], [60, 60]], 4, SIZE))!;
  assert.ok(same(newest()!, both));
  assert.deepEqual(made().map(([kind]) => kind), ["add", "add to"]);
  const eraser = new BrushTool(state, true);
  assert.equal(eraser.cursor, "none");
  eraser.down(at(50, 50));
  eraser.move(at(55, 50), true);
  eraser.up(at(55, 50));
  assert.ok(same(newest()!, difference(both, strokeMask([[50, 50], [55, 50]], 4, SIZE))!));
});

test("a stroke is seen while it is drawn, alone or with the object it adds to or takes from", () => {
  const { state, tool } = brush();
  state.settings.brush = 4;
  tool.down(at(50, 50));
  assert.ok(same(state.drafts.get("")!, strokeMask([[50, 50]], 4, SIZE)!));
  tool.cancel();
  state.select(["lid"]);
  tool.down(at(30, 20));
  assert.ok(same(state.drafts.get("lid")!, union(LID, strokeMask([[30, 20]], 4, SIZE))!));
  tool.cancel();
  const eraser = new BrushTool(state, true);
  eraser.down(at(30, 20));
  assert.ok(same(state.drafts.get("lid")!, difference(LID, strokeMask([[30, 20]], 4, SIZE))!));
});

test("nothing is erased without an object, outside the picture nothing is drawn, and Esc gives a stroke up", () => {
  const { tool, drag, said, made } = brush(true);
  drag([20, 20], [25, 20]);
  assert.deepEqual([said, made()], [["Select the object to erase from first."], []]);
  const other = brush();
  other.drag([-40, -40], [-50, -40]);
  assert.deepEqual([other.made(), other.said, other.state.drafts.size], [[], [], 0]);
  assert.equal(other.tool.cancel(), false);
  other.tool.down(at(50, 50));
  other.tool.move(at(55, 50), true);
  assert.equal(other.tool.finish(), false);
  assert.equal(other.tool.cancel(), true);
  other.tool.move(at(58, 50), true);
  other.tool.up(at(60, 50));
  assert.deepEqual([other.made(), other.state.drafts.size], [[], 0]);
  tool.move(at(1, 1), false);
});

test("magic asks for the mask of a box inside the picture, or of the pixel that was clicked", () => {
  const { state, drag, click, edits, said } = drawing((all) => new MagicTool(all.state, () => "new"));
  drag([90, 70], [120, 95]);
  click([20.9, 30.2]);
  assert.deepEqual(edits().map((each) => [each.do, each.box, each.class]), [["add", [90, 70, 100, 80], 2], ["add", [20, 30, 21, 31], 2]]);
  assert.deepEqual(state.selected, [edits()[1]!.object]);
  drag([-20, -20], [0, 40]);
  drag([20, -20], [40, 0]);
  click([120, 20]);
  click([20, 90]);
  assert.deepEqual(said, Array(4).fill("That is outside the picture."));
  state.classId = 0;
  click([20, 20]);
  assert.deepEqual([said[4], edits().length], ["Add a class on the Project page first.", 2]);
});

test("a comment is about the object that was pointed at, or about the spot, and never beside the picture", () => {
  const told: Omit<CommentTarget, "round">[] = [];
  const { state, click, said } = drawing((all) => new CommentTool(all.state, (pointed) => told.push(pointed)));
  click([20, 20]);
  assert.deepEqual(state.selected, ["lid"]);
  click([0, 0], [99.9, 79.9]);
  assert.deepEqual(told.map(({ x, y, object, image }) => [x, y, object, image]), [[20, 20, "lid", 7], [0, 0, "", 7], [99.9, 79.9, "", 7]]);
  assert.deepEqual(state.selected, []);
  click([-0.1, 20], [20, -0.1], [100, 20], [20, 80]);
  assert.deepEqual([said, told.length], [Array(4).fill("That is outside the picture."), 3]);
});

test("what is drawn is seen at once: each corner, each move, and that it is given up", () => {
  const { tool, redrawn } = polygon();
  redrawn();
  tool.move(at(5, 5), false);
  assert.equal(redrawn(), 0, "nothing is begun");
  tool.down(at(40, 10));
  assert.equal(redrawn(), 1);
  tool.move(at(50, 10), false);
  assert.equal(redrawn(), 1);
  tool.back();
  assert.equal(redrawn(), 1);
  tool.down(at(40, 10));
  redrawn();
  tool.cancel();
  assert.equal(redrawn(), 1);
  for (const other of [box(), brush()]) {
    other.tool.down(at(40, 10));
    other.redrawn();
    other.tool.move(at(50, 20), true);
    assert.equal(other.redrawn(), 1);
    other.tool.interrupt();
    assert.equal(other.redrawn(), 1);
    other.tool.up(at(60, 30));
    assert.deepEqual(other.made(), []);
    other.tool.cancel();
  }
  const hovering = brush();
  hovering.redrawn();
  hovering.tool.move(at(50, 20), false);
  assert.equal(hovering.redrawn(), 1, "the ring of the brush goes along");
  const still = box();
  still.redrawn();
  still.tool.move(at(50, 20), false);
  assert.equal(still.redrawn(), 0);
  still.click([50, 20]);
  assert.equal(still.redrawn(), 1, "a box too small for one is gone from sight");
});

test("a shape beside the picture adds nothing to the selected object and takes nothing away", () => {
  for (const mode of ["add", "subtract"] as const) {
    const { state, drag, said, made } = box(mode);
    state.select(["lid"]);
    drag([120, 90], [140, 99]);
    assert.deepEqual([said, made()], [["That is outside the picture."], []]);
  }
});
