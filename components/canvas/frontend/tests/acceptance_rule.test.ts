/** The table of `tests/beltmask/review`, which the tests of whoever keeps the objects run as well. */

import assert from "node:assert/strict";
import test from "node:test";
import rule from "../../../../tests/beltmask/review/acceptance_rule.json";
import { EditActions } from "../src/edit_actions";
import { boxMask } from "../src/masks";
import type { EditIntent } from "../src/object_store";
import type { ServerObject } from "../src/protocol";
import { canvasFixture, type CanvasFixture } from "./canvas_fixture";

interface ToldObject {
  state: string;
  source: string;
  class?: boolean;
}

const isCopy = ({ state, source }: ToldObject): boolean => state === "proposed" && source === "human";

function pictureWith(objects: readonly ToldObject[]): CanvasFixture & { actions: EditActions } {
  const masks = Object.fromEntries(objects.map((_, i) => [`o${i}`, boxMask(20 * i, 10, 20 * i + 10, 20)]));
  const more = Object.fromEntries(
    objects.map((told, i) => {
      const kept = { state: told.state, source: told.source, apart: isCopy(told) } as Partial<ServerObject>;
      return [`o${i}`, told.class === false ? { ...kept, class: null } : kept];
    }),
  );
  const fixture = canvasFixture(masks, more);
  return { ...fixture, actions: new EditActions(fixture.state) };
}

function intentOf(kind: string): EditIntent {
  if (kind === "relabel") return { do: "relabel", object: "o0", class: 2 };
  if (kind === "reshape") return { do: "reshape", object: "o0", mask: boxMask(0, 10, 12, 22) };
  if (kind === "reorder") return { do: "reorder", object: "o0", layer: 1 };
  return { do: kind as "accept" | "reject", object: "o0" };
}

for (const { becomes, ...row } of rule.edits) {
  test(`${row.do} settles what is ${row.state} of ${row.source} as the server does`, () => {
    const { state } = pictureWith([row]);
    state.commit(row.do, [intentOf(row.do)]);
    const after = state.store.find("o0")!;
    assert.deepEqual({ state: after.state, source: after.source, apart: after.apart }, { ...becomes, apart: isCopy(becomes) });
  });
}

for (const { what, objects, accepts } of rule.pictures) {
  test(`all that is accepted at once: ${what}`, () => {
    const edits = accepts.map((i) => `accept o${i}`);
    const accepting = pictureWith(objects);
    accepting.actions.acceptAll();
    assert.deepEqual(accepting.made(), edits.length ? [["accept all", ...edits]] : []);
    const approving = pictureWith(objects);
    approving.actions.approve();
    assert.deepEqual(approving.made(), [["approve", ...edits]]);
  });
}
