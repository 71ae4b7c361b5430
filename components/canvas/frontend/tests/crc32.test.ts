import assert from "node:assert/strict";
import test from "node:test";
import { crc32 } from "../src/crc32";

test("the check value every CRC-32 must give", () => {
  assert.equal(crc32("123456789"), 0xcbf43926);
  assert.equal(crc32(""), 0);
});
