import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import test from "node:test";
import { Crops } from "../src/crops";
import { boxMask, encode, same, shapeKey, type Mask } from "../src/masks";
import { serverObject, sheet } from "./shelves";

const BEFORE = boxMask(10, 10, 20, 20);
const AFTER = boxMask(40, 10, 50, 30);

/** The address of a server that has this shape for object "a". */
async function serving(t: test.TestContext, mask: Mask): Promise<string> {
  const { x, y, width, height } = mask;
  const answer = JSON.stringify({ a: { x, y, width, height, counts: encode(mask) } });
  const server = createServer((_, response) => response.end(answer));
  t.after(() => server.close());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/shapes`;
}

test("a shape that somebody changed on its way is not taken for the one that was asked for", async (t) => {
  const address = await serving(t, AFTER);
  let asked = 0;
  const crops = new Crops(() => {}, () => asked++);
  const old = serverObject("a", BEFORE);
  await crops.fetch({ ...sheet([]).image, shapes: address }, [old]);
  assert.equal(crops.of(old), null);
  assert.equal(asked, 1);
  assert.ok(same(crops.of({ ...old, shape: shapeKey(AFTER) })!, AFTER));
});

test("a shape that was asked for is there when it has come", async (t) => {
  const address = await serving(t, BEFORE);
  const crops = new Crops(() => {}, () => assert.fail("it was there"));
  const object = serverObject("a", BEFORE);
  await crops.fetch({ ...sheet([]).image, shapes: address }, [object]);
  assert.ok(same(crops.of(object)!, BEFORE));
});

test("the browser's memory holds so many bytes of shapes, and whatever the picture needs", async () => {
  const crops = new Crops(() => {}, () => {}, 1000);
  const shapes = [...Array(20).keys()].map((n) => boxMask(0, n, 10, n + 10));
  const [first, ...others] = shapes.map((mask, n) => serverObject(String(n), mask));
  const there = (): (typeof first)[] => [first, ...others].filter((each) => crops.of(each!) !== null);
  crops.keep(first!.shape, shapes[0]!);
  await crops.fetch(sheet([]).image, [first!]);
  shapes.forEach((mask) => crops.keep(shapeKey(mask), mask));
  assert.deepEqual(there(), [first, ...others.slice(-9)]);
});
