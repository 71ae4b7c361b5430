import assert from "node:assert/strict";
import test from "node:test";
import { component, type Call, type Part } from "../src/component";

class Board implements Part {
  alive = true;
  closed = 0;
  told: unknown[] = [];
  close(): void {
    this.closed++;
  }
}

const later = (): Promise<void> => new Promise((done) => setTimeout(done));

function call(parentElement: Call["parentElement"], data: unknown): Call {
  return { data, parentElement, setStateValue: () => {} };
}

test("a clean-up that comes while the component stays on the page ends nothing", async () => {
  const made: Board[] = [];
  const mount = component(
    () => made[made.push(new Board()) - 1]!,
    (board, { data }) => board.told.push(data),
  );
  const place = {} as Element;
  mount(call(place, 1))();
  await later();
  const end = mount(call(place, 2));
  assert.deepEqual(made.map((board) => [board.told, board.closed]), [[[1, 2], 0]]);
  made[0]!.alive = false;
  end();
  await later();
  assert.equal(made[0]!.closed, 1);
  mount(call(place, 3));
  assert.deepEqual(made[1]!.told, [3]);
});
