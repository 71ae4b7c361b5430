import assert from "node:assert/strict";
import test from "node:test";
import { Actions } from "../src/actions";
import { keymap, type Hands } from "../src/keymap";
import { boxMask } from "../src/masks";
import { laid, type Laid } from "./desks";

interface Keyboard extends Laid {
  readonly calls: string[];
  press(...keys: string[]): void;
  hold(busy: boolean): void;
  shape(begun: boolean): void;
}

function keyboard(): Keyboard {
  const all = laid({ a: boxMask(10, 10, 20, 20), b: boxMask(40, 10, 50, 30) });
  const calls: string[] = [];
  const note = (name: string) => (...given: unknown[]): void => void calls.push([name, ...given].join(" "));
  const names = ["take", "again", "escape", "back", "enter", "compare", "help", "zoom"] as const;
  const hands = { busy: false, shaping: false, ...Object.fromEntries(names.map((name) => [name, note(name)])) } as Hands;
  const bindings = keymap(all.desk, new Actions(all.desk), hands);
  const press = (key: string): void => bindings.find((each) => each.keys.includes(key))!.run(key);
  return {
    ...all, calls, press: (...keys) => keys.forEach(press),
    hold: (busy) => Object.assign(hands, { busy }),
    shape: (shaping) => Object.assign(hands, { shaping }),
  };
}

test("while the pointer is down no key decides on objects: Enter does nothing in the middle of a cut", () => {
  const { desk, calls, made, press, hold } = keyboard();
  desk.select(["a"]);
  hold(true);
  press("Enter", "a", "x", "Tab", "Delete", "1", "m", "u", "Shift+a", "Shift+Enter", "Ctrl+z", "Ctrl+y");
  assert.deepEqual([calls, made(), desk.selected], [[], [], ["a"]]);
  press("Escape");
  assert.deepEqual(calls, ["escape"]);
  hold(false);
  press("Enter", "x");
  assert.deepEqual([calls, made()], [["escape", "enter"], [["reject", "reject a"]]]);
});

test("between two corners of a polygon no key decides on the object that is selected, or approves the picture", () => {
  const { desk, calls, made, said, press, shape } = keyboard();
  desk.select(["a"]);
  shape(true);
  const keys = ["a", "x", "Tab", "Shift+Tab", "m", "o", "u", "i", "PageUp", "l", "Shift+a", "Shift+Enter", "Ctrl+y"];
  press(...keys);
  assert.deepEqual([calls, made(), desk.selected], [[], [], ["a"]]);
  assert.deepEqual(said, keys.map(() => "Finish the shape first (Enter), or give it up (Esc)."));
});

test("between two corners a digit names the class of the new object, and Ctrl+Z takes the last corner back", () => {
  const { desk, calls, made, press, redrawn, shape } = keyboard();
  desk.select(["a"]);
  desk.classId = 1;
  shape(true);
  redrawn();
  press("2");
  assert.equal(redrawn(), 1);
  press("Ctrl+z", "Delete", "Enter", "h");
  assert.deepEqual([desk.classId, desk.board.find("a")!.class, made()], [2, 1, []]);
  assert.deepEqual(calls, ["back", "back", "enter"]);
  assert.deepEqual([...desk.hidden], ["a"]);
});

test("a key gives the class that has it, and says where no class does", () => {
  const { desk, said, made, press } = keyboard();
  desk.select(["a"]);
  press("2", "9");
  assert.deepEqual(made(), [["relabel", "relabel a"]]);
  assert.equal(desk.board.find("a")!.class, 2);
  assert.deepEqual(said, ["No class has the key 9. Give it one on the Project page."]);
});

test("the brush grows and shrinks by at least a pixel, from 1 to 500", () => {
  const { desk, said, press } = keyboard();
  desk.looks.brush = 10;
  press("]");
  assert.equal(desk.looks.brush, 14);
  press("[");
  assert.deepEqual([desk.looks.brush, said], [10, ["Brush 14 px", "Brush 10 px"]]);
  desk.looks.brush = 1;
  press("[");
  assert.equal(desk.looks.brush, 1);
  press("]");
  assert.equal(desk.looks.brush, 2);
  desk.looks.brush = 499;
  press("]");
  assert.equal(desk.looks.brush, 500);
});

test("the picture goes the other way: what lies in the arrow's direction comes into sight", () => {
  const { desk, press } = keyboard();
  desk.camera.scale = 8;
  [desk.camera.x, desk.camera.y] = [-300, -300];
  press("ArrowRight", "ArrowDown");
  assert.deepEqual([desk.camera.x, desk.camera.y], [-360, -360]);
  press("ArrowLeft", "ArrowUp", "ArrowUp");
  assert.deepEqual([desk.camera.x, desk.camera.y], [-300, -240]);
});

test("every tool, view and help has its key", () => {
  const { desk, calls, press } = keyboard();
  press("v", "p", "r", "b", "e", "k", "g", "c", "n", "w", "?", "+", "-");
  assert.deepEqual(calls, [
    "take select", "take polygon", "take box", "take brush", "take eraser", "take knife", "take magic", "take comment",
    "again", "compare", "help", "zoom 1.4", `zoom ${1 / 1.4}`,
  ]);
  press("s");
  assert.equal(desk.solo, true);
  press("s");
  assert.equal(desk.solo, false);
  press("Shift+2");
  assert.equal(desk.camera.scale, 1);
});
