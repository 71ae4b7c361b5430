/** Does what it is told on standard input, a JSON line each, so that Python can compare answers. */

import { createInterface } from "node:readline";
import { split } from "../src/mask_split";
import * as masks from "../src/masks";
import * as morphology from "../src/morphology";
import { reshaped } from "../src/outline_change";
import { simplified } from "../src/outline_simplification";
import { ringsOf } from "../src/outlines";
import { maskFromRings } from "../src/polygons";
import { strokeMask } from "./mask_drawings";

type Plain = Omit<masks.Mask, "bits"> & { bits: string };

const tight = ({ x, y, width, height, bits }: masks.Mask): unknown => masks.trimmed(x, y, width, height, bits);
const known: Record<string, unknown> = { ...masks, ...morphology, maskFromRings, reshaped, ringsOf, simplified, split, strokeMask, tight };

for await (const line of createInterface({ input: process.stdin })) {
  const [name, ...given] = JSON.parse(line) as [string, ...unknown[]];
  const asked = known[name] as (...given: unknown[]) => unknown;
  console.log(JSON.stringify(asked(...given.map(read)), told));
}

function read(value: unknown): unknown {
  return isMask(value) ? { ...value, bits: Uint8Array.from(value.bits, Number) } : value;
}

function isMask(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && "bits" in value;
}

function told(_: string, value: unknown): unknown {
  return value instanceof Uint8Array ? value.join("") : value;
}
