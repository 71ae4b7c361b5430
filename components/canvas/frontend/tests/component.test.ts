import assert from "node:assert/strict";
import test from "node:test";
import { component, type ComponentView, type RendererArgs } from "../src/component";

class TestView implements ComponentView {
  alive = true;
  closed = 0;
  told: unknown[] = [];
  close(): void {
    this.closed++;
  }
}

const later = (): Promise<void> => new Promise((done) => setTimeout(done));

function call(parentElement: RendererArgs["parentElement"], data: unknown): RendererArgs {
  return { data, parentElement, setStateValue: () => {} };
}

test("a clean-up that comes while the component stays on the page ends nothing", async () => {
  const made: TestView[] = [];
  const render = component(
    () => made[made.push(new TestView()) - 1]!,
    (view, { data }) => view.told.push(data),
  );
  const place = {} as Element;
  render(call(place, 1))();
  await later();
  const end = render(call(place, 2));
  assert.deepEqual(made.map((view) => [view.told, view.closed]), [[[1, 2], 0]]);
  made[0]!.alive = false;
  end();
  await later();
  assert.equal(made[0]!.closed, 1);
  render(call(place, 3));
  assert.deepEqual(made[1]!.told, [3]);
});
