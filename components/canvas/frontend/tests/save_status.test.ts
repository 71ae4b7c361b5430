import assert from "node:assert/strict";
import test from "node:test";
import { SaveStatus } from "../src/save_status";

/** What is told, at these milliseconds. */
function told(t: test.TestContext, status: SaveStatus, now: number, count: number, safe = true): string {
  t.mock.method(performance, "now", () => now);
  return status.words(count, safe);
}

test("what waits for more than three seconds has no connection, and where it is kept is said", (t) => {
  const status = new SaveStatus("change");
  assert.equal(told(t, status, 10, 0), "Saved");
  assert.equal(told(t, status, 1000, 1), "Saving 1 change");
  assert.equal(told(t, status, 4000, 2), "Saving 2 changes");
  assert.equal(told(t, status, 4001, 2), "No connection: 2 changes kept in this browser until it is back");
  assert.equal(
    told(t, status, 4001, 1, false), "No connection, and this browser is full: do not close it, 1 change is only here",
  );
  assert.deepEqual([status.late(1), status.late(0)], [true, false]);
});

test("an answer begins the time anew", (t) => {
  const status = new SaveStatus("decision");
  told(t, status, 1000, 1);
  told(t, status, 3500, 0);
  assert.equal(told(t, status, 5000, 1), "Saving 1 decision");
  assert.equal(told(t, status, 8000, 1), "Saving 1 decision");
  assert.equal(told(t, status, 8001, 1), "No connection: 1 decision kept in this browser until it is back");
});
