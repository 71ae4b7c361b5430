import assert from "node:assert/strict";
import test from "node:test";
import { Waiting } from "../src/waiting";

/** What is told, at these milliseconds. */
function told(t: test.TestContext, waiting: Waiting, now: number, count: number, safe = true): string {
  t.mock.method(performance, "now", () => now);
  return waiting.words(count, safe);
}

test("what waits for more than three seconds has no connection, and where it is kept is said", (t) => {
  const waiting = new Waiting("change");
  assert.equal(told(t, waiting, 10, 0), "Saved");
  assert.equal(told(t, waiting, 1000, 1), "Saving 1 change");
  assert.equal(told(t, waiting, 4000, 2), "Saving 2 changes");
  assert.equal(told(t, waiting, 4001, 2), "No connection: 2 changes kept in this browser until it is back");
  assert.equal(
    told(t, waiting, 4001, 1, false), "No connection, and this browser is full: do not close it, 1 change is only here",
  );
  assert.deepEqual([waiting.late(1), waiting.late(0)], [true, false]);
});

test("an answer begins the time anew", (t) => {
  const waiting = new Waiting("decision");
  told(t, waiting, 1000, 1);
  told(t, waiting, 3500, 0);
  assert.equal(told(t, waiting, 5000, 1), "Saving 1 decision");
  assert.equal(told(t, waiting, 8000, 1), "Saving 1 decision");
  assert.equal(told(t, waiting, 8001, 1), "No connection: 1 decision kept in this browser until it is back");
});
