import assert from "node:assert/strict";
import test from "node:test";
import { boxMask, same, union } from "../src/masks";
import { ringsOf } from "../src/outlines";
import { maskFromRings } from "../src/polygons";
import { SelectTool } from "../src/tools/select";
import { at, canvasFixture, type CanvasFixture } from "./canvas_fixture";

const LID = boxMask(10, 10, 30, 30);
const BOX = boxMask(50, 10, 70, 30);

function inHand(): CanvasFixture & { tool: SelectTool; drag(...spots: readonly (readonly [number, number])[]): void } {
  const all = canvasFixture({ lid: LID, box: BOX });
  const tool = new SelectTool(all.state);
  const drag = (...spots: readonly (readonly [number, number])[]): void => {
    tool.down(at(...spots[0]!));
    for (const spot of spots.slice(1)) tool.move(at(...spot), true);
    tool.up(at(...spots.at(-1)!));
  };
  return { ...all, tool, drag };
}

test("a click selects what is there, Shift adds and takes away, beside all nothing is selected", () => {
  const { state, made, tool, drag } = inHand();
  drag([20, 20]);
  assert.deepEqual(state.selected, ["lid"]);
  for (const expected of [["lid", "box"], ["lid"]]) {
    tool.down(at(60, 20, { shift: true }));
    tool.up(at(60, 20, { shift: true }));
    assert.deepEqual(state.selected, expected);
  }
  drag([90, 70]);
  assert.deepEqual([state.selected, made()], [[], []]);
});

test("the selected object is carried by whole pixels, cut off at the picture's edge, as one gesture", () => {
  const { state, made, tool, drag } = inHand();
  drag([20, 20], [40, 40]);
  assert.deepEqual([state.selected, made()], [["lid"], []], "the first press selects");
  tool.down(at(20, 20));
  assert.equal(tool.cursor, "grabbing");
  tool.move(at(30.4, 20), true);
  assert.ok(same(state.drafts.get("lid")!, boxMask(20, 10, 40, 30)));
  tool.up(at(30.4, 24.6));
  assert.deepEqual([made(), tool.cursor], [[["move", "reshape lid"]], "default"]);
  assert.ok(same(state.store.find("lid")!.mask!, boxMask(20, 15, 40, 35)));
  drag([30, 25], [10, 25], [0, 25]);
  assert.ok(same(state.store.find("lid")!.mask!, boxMask(0, 15, 10, 35)));
});

test("a hand that trembles by less than three pixels of the screen moves nothing; a finger may tremble more", () => {
  const { state, made, tool } = inHand();
  state.select(["lid"]);
  for (const [to, reach] of [[22.9, 1], [27, 2.5]] as const) {
    tool.down(at(20, 20, { reach }));
    tool.move(at(to, 20), true);
    tool.up(at(to, 20, { reach }));
    assert.deepEqual([made(), state.drafts.size], [[], 0]);
  }
  tool.down(at(20, 20));
  tool.up(at(23, 20));
  assert.equal(made().length, 1);
});

test("a corner is dragged, an edge gets one more, and a hovering pointer does neither", () => {
  const { state, made, tool, drag } = inHand();
  state.select(["lid"]);
  tool.move(at(30, 30), false);
  drag([30, 30], [36, 36], [40, 40]);
  const grown = maskFromRings([[[10, 10], [30, 10], [40, 40], [10, 30]]])!;
  assert.ok(same(state.store.find("lid")!.mask!, grown));
  drag([20, 10], [20, 4]);
  const more = maskFromRings([[[10, 10], [20, 4], [30, 10]]])!;
  assert.ok(same(state.store.find("lid")!.mask!, union(grown, more)!));
  assert.deepEqual(made(), [["reshape", "reshape lid"], ["reshape", "reshape lid"]]);
  assert.equal(state.drafts.size, 0);
});

test("a corner is taken hold of within seven pixels of the screen, an edge within five, by a finger from farther", () => {
  const holds = (x: number, y: number, reach = 1): boolean => {
    const { state, made, tool } = inHand();
    state.camera.scale = 2;
    state.select(["lid"]);
    tool.down(at(x, y, { reach }));
    tool.move(at(x + 20, y + 20, { reach }), true);
    tool.up(at(x + 20, y + 20, { reach }));
    return made().some(([kind]) => kind === "reshape");
  };
  assert.deepEqual([holds(30, 33.4), holds(30, 33.7)], [true, false]);
  assert.deepEqual([holds(20, 32.4), holds(20, 32.6)], [true, false]);
  assert.deepEqual([holds(30, 38, 2.5), holds(30, 39.5, 2.5)], [true, false]);
});

test("Alt and a click, or Delete after a click, take a corner away, but for the last three", () => {
  const { state, said, made, tool } = inHand();
  state.select(["lid"]);
  tool.down(at(30, 30, { alt: true }));
  tool.up(at(30, 30, { alt: true }));
  assert.ok(same(state.store.find("lid")!.mask!, maskFromRings([[[10, 10], [30, 10], [10, 30]]])!));
  state.select(["box"]);
  assert.equal(tool.back(), false);
  tool.down(at(70, 30));
  tool.up(at(70, 30));
  assert.equal(tool.back(), true);
  assert.deepEqual(made(), [["reshape", "reshape lid"], ["reshape", "reshape box"]]);
  assert.equal(tool.back(), false);
  const triangle = canvasFixture({ t: maskFromRings([[[0, 0], [40, 0], [0, 40]]])! });
  triangle.state.select(["t"]);
  const other = new SelectTool(triangle.state);
  for (let corner = 0; corner < 9; corner++) {
    other.down(at(0, 0, { alt: true }));
    other.up(at(0, 0, { alt: true }));
  }
  assert.ok(triangle.said.includes("An outline needs three corners."), triangle.said.join());
  assert.deepEqual(said, []);
});

test("of several selected objects no corner is in hand, and beside them Alt takes none", () => {
  const { state, made, tool } = inHand();
  state.select(["box", "lid"]);
  tool.down(at(30, 30));
  tool.move(at(40, 40), true);
  tool.up(at(40, 40));
  state.select(["lid"]);
  tool.down(at(20, 10.4, { alt: true }));
  tool.up(at(20, 10.4, { alt: true }));
  assert.deepEqual(made(), []);
});

test("Esc and a second finger give a drag up; what was selected before the press is so again after a finger", () => {
  const { state, made, tool } = inHand();
  state.select(["lid"]);
  assert.equal(tool.cancel(), false);
  for (const [x, y] of [[30, 30], [20, 20]] as const) {
    tool.down(at(x, y));
    tool.move(at(x + 9, y + 9), true);
    assert.equal(state.drafts.size, 1);
    assert.equal(tool.cancel(), true);
    tool.move(at(x + 20, y + 20), true);
    tool.up(at(x + 20, y + 20));
    assert.deepEqual([made(), state.drafts.size], [[], 0]);
  }
  tool.down(at(60, 20));
  assert.deepEqual(state.selected, ["box"]);
  tool.interrupt();
  assert.deepEqual(state.selected, ["lid"]);
  state.select([]);
  tool.interrupt();
  assert.deepEqual(state.selected, []);
});

test("what is carried out of the picture altogether is deleted, and that is said", () => {
  const { state, said, made, drag } = inHand();
  state.select(["lid"]);
  drag([20, 20], [20, -40]);
  assert.deepEqual([made(), said], [[["delete", "delete lid"]], ["Nothing was left of object 1: it is deleted. Ctrl+Z brings it back."]]);
});

test("a corner that was dragged is not the one that Delete takes, and a press elsewhere lets go of the one that was clicked", () => {
  const { state, made, tool, drag } = inHand();
  state.select(["lid"]);
  drag([30, 30], [40, 40]);
  assert.equal(tool.back(), false);
  drag([10, 10]);
  drag([20, 20]);
  assert.equal(tool.back(), false);
  assert.equal(made().length, 1);
});

test("what is dragged is seen at every move, and gone from sight when it is given up", () => {
  const { state, redrawn, tool } = inHand();
  state.select(["lid"]);
  for (const [x, y] of [[30, 30], [20, 20]] as const) {
    tool.down(at(x, y));
    redrawn();
    tool.move(at(x + 9, y + 9), true);
    tool.move(at(x + 12, y + 9), true);
    assert.equal(redrawn(), 2);
    tool.cancel();
    assert.equal(redrawn(), 1);
  }
  tool.cancel();
  assert.equal(redrawn(), 0);
});

test("a press that was taken back by a second finger changes nothing when it ends", () => {
  const { state, made, tool } = inHand();
  state.select(["lid"]);
  tool.down(at(20, 20));
  tool.interrupt();
  tool.move(at(40, 40), true);
  tool.up(at(40, 40));
  assert.deepEqual([made(), state.selected], [[], ["lid"]]);
});

test("from far away fewer corners are in hand, and never fewer than the shape needs", () => {
  const stairs = maskFromRings([[[10, 10], [70, 12], [74, 40], [40, 70], [12, 44]]])!;
  const corners = (scale: number): number => ringsOf(stairs)[0]!.filter(([x, y]) => {
    const { state, made } = canvasFixture({ stairs });
    state.camera.scale = scale;
    state.select(["stairs"]);
    new SelectTool(state).down(at(x, y, { alt: true, reach: 1e-6 }));
    return made().length > 0;
  }).length;
  const [near, far] = [corners(2), corners(0.1)];
  assert.equal(corners(8), near, "steps of single pixels are no corners");
  assert.ok(near >= 5 && far >= 3 && far < near, `${near} and ${far}`);
});
