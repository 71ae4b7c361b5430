import assert from "node:assert/strict";
import test from "node:test";
import { EditActions } from "../src/edit_actions";
import { keymap, type CanvasControls } from "../src/keymap";
import { boxMask } from "../src/masks";
import { canvasFixture, type CanvasFixture } from "./canvas_fixture";

interface KeyboardFixture extends CanvasFixture {
  readonly calls: string[];
  press(...keys: string[]): void;
  hold(busy: boolean): void;
  shape(begun: boolean): void;
}

function keyboard(): KeyboardFixture {
  const all = canvasFixture({ a: boxMask(10, 10, 20, 20), b: boxMask(40, 10, 50, 30) });
  const calls: string[] = [];
  const note = (name: string) => (...given: unknown[]): void => void calls.push([name, ...given].join(" "));
  const names = ["take", "again", "escape", "back", "enter", "compare", "help", "zoom"] as const;
  const controls = { busy: false, shaping: false, ...Object.fromEntries(names.map((name) => [name, note(name)])) } as CanvasControls;
  const bindings = keymap(all.state, new EditActions(all.state), controls);
  const press = (key: string): void => bindings.find((each) => each.keys.includes(key))!.run(key);
  return {
    ...all, calls, press: (...keys) => keys.forEach(press),
    hold: (busy) => Object.assign(controls, { busy }),
    shape: (shaping) => Object.assign(controls, { shaping }),
  };
}

test("while the pointer is down no key decides on objects: Enter does nothing in the middle of a cut", () => {
  const { state, calls, made, press, hold } = keyboard();
  state.select(["a"]);
  hold(true);
  press("Enter", "a", "x", "Tab", "Delete", "1", "m", "u", "Shift+a", "Shift+Enter", "Ctrl+z", "Ctrl+y");
  assert.deepEqual([calls, made(), state.selected], [[], [], ["a"]]);
  press("Escape");
  assert.deepEqual(calls, ["escape"]);
  hold(false);
  press("Enter", "x");
  assert.deepEqual([calls, made()], [["escape", "enter"], [["reject", "reject a"]]]);
});

test("between two corners of a polygon no key decides on the object that is selected, or approves the picture", () => {
  const { state, calls, made, said, press, shape } = keyboard();
  state.select(["a"]);
  shape(true);
  const keys = ["a", "x", "Tab", "Shift+Tab", "m", "o", "u", "i", "PageUp", "l", "Shift+a", "Shift+Enter", "Ctrl+y"];
  press(...keys);
  assert.deepEqual([calls, made(), state.selected], [[], [], ["a"]]);
  assert.deepEqual(said, keys.map(() => "Finish the shape first (Enter), or give it up (Esc)."));
});

test("between two corners a digit names the class of the new object, and Ctrl+Z takes the last corner back", () => {
  const { state, calls, made, press, redrawn, shape } = keyboard();
  state.select(["a"]);
  state.classId = 1;
  shape(true);
  redrawn();
  press("2");
  assert.equal(redrawn(), 1);
  press("Ctrl+z", "Delete", "Enter", "h");
  assert.deepEqual([state.classId, state.store.find("a")!.class, made()], [2, 1, []]);
  assert.deepEqual(calls, ["back", "back", "enter"]);
  assert.deepEqual([...state.hidden], ["a"]);
});

test("a key gives the class that has it, and says where no class does", () => {
  const { state, said, made, press } = keyboard();
  state.select(["a"]);
  press("2", "9");
  assert.deepEqual(made(), [["relabel", "relabel a"]]);
  assert.equal(state.store.find("a")!.class, 2);
  assert.deepEqual(said, ["No class has the key 9. Give it one on the Project page."]);
});

test("PageUp brings an object forward, PageDown sends it back", () => {
  const { state, said, press } = keyboard();
  state.select(["a"]);
  press("PageUp", "PageDown");
  assert.deepEqual(said, ["Nothing covers this object.", "This object covers nothing."]);
});

test("the brush grows and shrinks by at least a pixel, from 1 to 500", () => {
  const { state, said, press, redrawn } = keyboard();
  state.settings.brush = 10;
  redrawn();
  press("]");
  assert.deepEqual([state.settings.brush, redrawn()], [14, 1]);
  press("[");
  assert.deepEqual([state.settings.brush, said], [10, ["Brush 14 px", "Brush 10 px"]]);
  state.settings.brush = 1;
  press("[");
  assert.equal(state.settings.brush, 1);
  press("]");
  assert.equal(state.settings.brush, 2);
  state.settings.brush = 499;
  press("]");
  assert.equal(state.settings.brush, 500);
});

test("the picture goes the other way: what lies in the arrow's direction comes into sight", () => {
  const { state, press } = keyboard();
  state.camera.scale = 8;
  [state.camera.x, state.camera.y] = [-300, -300];
  press("ArrowRight", "ArrowDown");
  assert.deepEqual([state.camera.x, state.camera.y], [-360, -360]);
  press("ArrowLeft", "ArrowUp", "ArrowUp");
  assert.deepEqual([state.camera.x, state.camera.y], [-300, -240]);
});

test("every tool, view and help has its key", () => {
  const { state, calls, press } = keyboard();
  press("v", "p", "r", "b", "e", "k", "g", "c", "n", "w", "?", "+", "-");
  assert.deepEqual(calls, [
    "take select", "take polygon", "take box", "take brush", "take eraser", "take knife", "take magic", "take comment",
    "again", "compare", "help", "zoom 1.4", `zoom ${1 / 1.4}`,
  ]);
  press("s");
  assert.equal(state.solo, true);
  press("s");
  assert.equal(state.solo, false);
  press("Shift+2");
  assert.equal(state.camera.scale, 1);
});
