/** Which key does what. */

import type { CanvasState } from "./canvas_state";
import type { EditActions } from "./edit_actions";
import type { KeyBinding } from "./keyboard";
import { TOOLS } from "./toolbar";
import type { ToolName } from "./tools/tool";

/** What the keys need of the canvas. */
export interface CanvasControls {
  /** The pointer is down: something is being drawn or dragged. */
  readonly busy: boolean;
  /** A polygon waits for its next corner. */
  readonly shaping: boolean;
  take(tool: ToolName): void;
  again(): void;
  escape(): void;
  back(): void;
  enter(): void;
  compare(): void;
  help(): void;
  zoom(factor: number): void;
}

const PAN = 60;
const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];
/** Where the picture goes, so that what lies in the arrow's direction comes into sight. */
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1],
};
const LARGEST_BRUSH = 500;
/** What these do is done to the shape that is begun, or decides on nothing. */
const AMID_SHAPES = new Set(["Enter", "Delete", "Backspace", "Ctrl+z", "h", ...DIGITS]);
const SHAPE_FIRST = "Finish the shape first (Enter), or give it up (Esc).";

export function keymap(state: CanvasState, actions: EditActions, controls: CanvasControls): KeyBinding[] {
  const settled = [...objects(state, actions, controls), ...picture(actions, controls)];
  return [...tools(state, controls), ...settled.map((each) => notMeanwhile(each, state, controls)), ...view(state, actions, controls)];
}

/** A drag or a shape ends on the objects it began on: no key decides on them, or selects others, before. */
function notMeanwhile(binding: KeyBinding, state: CanvasState, controls: CanvasControls): KeyBinding {
  const run = (combo: string): void => {
    if (controls.busy) return;
    if (controls.shaping && !AMID_SHAPES.has(combo)) return state.say(SHAPE_FIRST);
    binding.run(combo);
  };
  return { ...binding, run };
}

function tools(state: CanvasState, controls: CanvasControls): KeyBinding[] {
  const brush = (factor: number): void => {
    const next = Math.round(state.settings.brush * factor + Math.sign(factor - 1));
    state.settings.brush = Math.min(Math.max(next, 1), LARGEST_BRUSH);
    state.say(`Brush ${state.settings.brush} px`);
    state.refresh();
  };
  return [
    ...TOOLS.map(([name, , says, key]): KeyBinding => ({
      keys: [key.toLowerCase()], group: "Tools", says, run: () => controls.take(name),
    })),
    { keys: ["n"], group: "Tools", says: "Finish the shape, or the last drawing tool again", run: () => controls.again() },
    { keys: ["["], group: "Tools", says: "Smaller brush", run: () => brush(1 / 1.25) },
    { keys: ["]"], group: "Tools", says: "Larger brush", run: () => brush(1.25) },
    { keys: ["Escape"], group: "Tools", says: "Give up the shape, the tool, the selection", run: () => controls.escape() },
  ];
}

function objects(state: CanvasState, actions: EditActions, controls: CanvasControls): KeyBinding[] {
  const relabel = (key: string): void => {
    const found = state.store.classes.find((each) => each.key === key);
    if (!found) return state.say(`No class has the key ${key}. Give it one on the Project page.`);
    if (!controls.shaping) return actions.relabel(found.id);
    state.classId = found.id;
    state.refresh();
  };
  return [
    { keys: ["Enter"], group: "Objects", says: "Finish the shape, or accept and on to the next open object", run: () => controls.enter() },
    { keys: ["a"], group: "Objects", says: "Accept, and on to the next open object", run: () => actions.acceptAndNext() },
    { keys: ["x"], group: "Objects", says: "Reject, and on to the next open object", run: () => actions.reject() },
    { keys: ["Tab"], group: "Objects", says: "Next object", run: () => actions.step(1) },
    { keys: ["Shift+Tab"], group: "Objects", says: "Object before", run: () => actions.step(-1) },
    { keys: ["Delete", "Backspace"], group: "Objects", says: "Delete the object, or the corner in hand", run: () => controls.back() },
    { keys: ["m"], group: "Objects", says: "Merge the selected objects", run: () => actions.merge() },
    { keys: ["o"], group: "Objects", says: "Take shared pixels away from the others", run: () => actions.takeOverlap() },
    { keys: ["u"], group: "Objects", says: "Fill holes", run: () => actions.fillHoles() },
    { keys: ["i"], group: "Objects", says: "Remove specks", run: () => actions.removeSpecks() },
    { keys: ["PageUp"], group: "Objects", says: "Bring the object forward, above what covers it", run: () => actions.reorder(true) },
    { keys: ["PageDown"], group: "Objects", says: "Send the object back, below what it covers", run: () => actions.reorder(false) },
    { keys: ["h"], group: "Objects", says: "Hide or show the object", run: () => actions.hide() },
    { keys: ["l"], group: "Objects", says: "Lock or unlock the object", run: () => actions.lock() },
    { keys: DIGITS, group: "Objects", says: "The class with this key", run: relabel },
  ];
}

function picture(actions: EditActions, controls: CanvasControls): KeyBinding[] {
  return [
    { keys: ["Shift+a"], group: "Picture", says: "Accept all proposals", run: () => actions.acceptAll() },
    { keys: ["Shift+Enter"], group: "Picture", says: "Accept all, approve, and on to the next picture", run: () => actions.approve() },
    { keys: ["Ctrl+z"], group: "Picture", says: "Undo; of a shape that is begun, its last corner", run: () => (controls.shaping ? controls.back() : actions.undo()) },
    { keys: ["Ctrl+Shift+z", "Ctrl+y"], group: "Picture", says: "Redo", run: () => actions.redo() },
  ];
}

function view(state: CanvasState, actions: EditActions, controls: CanvasControls): KeyBinding[] {
  const pan = (arrow: string): void => {
    const [dx, dy] = ARROWS[arrow] ?? [0, 0];
    state.camera.pan(dx * PAN, dy * PAN);
    state.refresh();
  };
  const look = (change: () => void) => () => {
    change();
    state.refresh();
  };
  return [
    { keys: ["Shift+1"], group: "View", says: "Whole picture", run: look(() => state.camera.fit()) },
    { keys: ["Shift+2"], group: "View", says: "100 %", run: look(() => state.camera.actualSize()) },
    { keys: ["+", "="], group: "View", says: "Zoom in", run: () => controls.zoom(1.4) },
    { keys: ["-"], group: "View", says: "Zoom out", run: () => controls.zoom(1 / 1.4) },
    { keys: Object.keys(ARROWS), group: "View", says: "Move the picture", run: pan },
    { keys: ["s"], group: "View", says: "Only the selected objects", run: look(() => { state.solo = !state.solo; }) },
    { keys: ["Shift+h"], group: "View", says: "Show everything again", run: () => actions.showAll() },
    { keys: ["w"], group: "View", says: "Model left, corrected right of a divider to drag; Esc leaves", run: () => controls.compare() },
    { keys: ["?"], group: "View", says: "This list", run: () => controls.help() },
  ];
}
