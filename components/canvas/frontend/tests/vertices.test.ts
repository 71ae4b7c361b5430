import assert from "node:assert/strict";
import test from "node:test";
import type { Ring } from "../src/polygons";
import { edgeAt, vertexAt, vertexDragged, vertexInserted, vertexRemoved } from "../src/vertices";

const rings: Ring[] = [
  [[0, 0], [10, 0], [10, 10], [0, 10]],
  [[20, 0], [30, 0], [25, 10]],
];

test("the nearest corner within reach is taken", () => {
  assert.deepEqual(vertexAt(rings, 24, 9, 5), { ring: 1, index: 2, x: 25, y: 10 });
  assert.equal(vertexAt(rings, 5, 5, 5), null);
});

test("the nearest point of an edge is taken, of the closing edge too", () => {
  assert.deepEqual(edgeAt(rings, 4, 1, 2), { ring: 0, index: 0, x: 4, y: 0 });
  assert.deepEqual(edgeAt(rings, -1, 7, 2), { ring: 0, index: 3, x: 0, y: 7 });
  assert.equal(edgeAt(rings, 15, 5, 2), null);
});

test("a corner is put in, moved and taken out", () => {
  const more = vertexInserted(rings, edgeAt(rings, -1, 7, 2)!);
  assert.deepEqual(more[0], [[0, 0], [10, 0], [10, 10], [0, 10], [0, 7]]);
  assert.equal(more[1], rings[1]);
  const position = vertexAt(more, 0, 7, 1)!;
  assert.deepEqual(vertexDragged(more, position, -3, 6)[0]!.at(-1), [-3, 6]);
  assert.deepEqual(vertexRemoved(more, position), rings);
});
