import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import test from "node:test";
import { MaskCache } from "../src/mask_cache";
import { boxMask, encode, same, shapeKey, type Mask } from "../src/masks";
import { canvasData, serverObject } from "./server_data";

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
  const cache = new MaskCache(() => {}, () => asked++);
  const old = serverObject("a", BEFORE);
  await cache.fetch({ ...canvasData([]).image, shapes: address }, [old]);
  assert.equal(cache.of(old), null);
  assert.equal(asked, 1);
  assert.ok(same(cache.of({ ...old, shape: shapeKey(AFTER) })!, AFTER));
});

test("a shape that was asked for is there when it has come", async (t) => {
  const address = await serving(t, BEFORE);
  const cache = new MaskCache(() => {}, () => assert.fail("it was there"));
  const object = serverObject("a", BEFORE);
  await cache.fetch({ ...canvasData([]).image, shapes: address }, [object]);
  assert.ok(same(cache.of(object)!, BEFORE));
});

test("the browser's memory holds so many bytes of shapes, and whatever the picture needs", async () => {
  const cache = new MaskCache(() => {}, () => {}, 1000);
  const shapes = [...Array(20).keys()].map((n) => boxMask(0, n, 10, n + 10));
  const [first, ...others] = shapes.map((mask, n) => serverObject(String(n), mask));
  const there = (): (typeof first)[] => [first, ...others].filter((each) => cache.of(each!) !== null);
  cache.keep(first!.shape, shapes[0]!);
  await cache.fetch(canvasData([]).image, [first!]);
  shapes.forEach((mask) => cache.keep(shapeKey(mask), mask));
  assert.deepEqual(there(), [first, ...others.slice(-9)]);
});

test("a box without a mask is its own shape, and is not asked for", async () => {
  const cache = new MaskCache(() => assert.fail("nothing was asked"), () => assert.fail("nothing came"));
  const object = serverObject("a", BEFORE, { boxOnly: true });
  await cache.fetch({ ...canvasData([]).image, shapes: "http://127.0.0.1:1/" }, [object]);
  assert.ok(same(cache.of(object)!, BEFORE));
});

test("the same shapes are asked for once at a time, and again when they did not come", async (t) => {
  let [asked, arrived] = [0, 0];
  const server = createServer((_, response) => {
    asked++;
    response.writeHead(500).end();
  });
  t.after(() => server.close());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const image = { ...canvasData([]).image, shapes: `http://127.0.0.1:${(server.address() as AddressInfo).port}/shapes` };
  const cache = new MaskCache(() => arrived++, () => {});
  await Promise.all([1, 2].map(() => cache.fetch(image, [serverObject("a", BEFORE)])));
  assert.deepEqual([asked, arrived], [1, 1]);
  await cache.fetch(image, [serverObject("a", BEFORE)]);
  assert.deepEqual([asked, arrived], [2, 2]);
});

test("an address that is no longer good is told, no connection is not", async (t) => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url!);
    response.writeHead(403).end();
  });
  t.after(() => server.close());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const image = { ...canvasData([]).image, shapes: `http://127.0.0.1:${(server.address() as AddressInfo).port}/shapes` };
  let [outdated, arrived] = [0, 0];
  const cache = new MaskCache(() => arrived++, () => outdated++);
  const many = [...Array(41).keys()].map((n) => serverObject(`o${n}`, boxMask(n, 0, n + 1, 1)));
  await cache.fetch(image, many.slice(0, 40));
  await cache.fetch(image, many);
  assert.deepEqual([outdated, arrived], [2, 0]);
  assert.deepEqual(asked, [`/shapes?objects=${many.slice(0, 40).map((each) => each.id).join()}`, "/shapes"]);
  await cache.fetch({ ...image, shapes: "http://127.0.0.1:1/shapes" }, many);
  assert.deepEqual([outdated, arrived], [2, 1]);
});

test("a shape that did not come keeps no other from being there", async (t) => {
  const address = await serving(t, BEFORE);
  const cache = new MaskCache(() => {}, () => {});
  const [gone, there] = [serverObject("gone", AFTER), serverObject("a", BEFORE)];
  await cache.fetch({ ...canvasData([]).image, shapes: address }, [gone, there]);
  assert.equal(cache.of(gone), null);
  assert.ok(same(cache.of(there)!, BEFORE));
});
