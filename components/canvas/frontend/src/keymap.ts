/** Which key does what. */

import type { CanvasState } from "./canvas_state";
import type { EditActions } from "./edit_actions";
import type { KeyBinding } from "./keyboard";
import { sentence } from "./sentences";
import { tools as toolRows } from "./toolbar";
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

export function keymap(state: CanvasState, actions: EditActions, controls: CanvasControls): KeyBinding[] {
  const settled = [...objects(state, actions, controls), ...picture(actions, controls)];
  return [...tools(state, controls), ...settled.map((each) => notMeanwhile(each, state, controls)), ...view(state, actions, controls)];
}

/** A drag or a shape ends on the objects it began on: no key decides on them, or selects others, before. */
function notMeanwhile(binding: KeyBinding, state: CanvasState, controls: CanvasControls): KeyBinding {
  const run = (combo: string): void => {
    if (controls.busy) return;
    if (controls.shaping && !AMID_SHAPES.has(combo)) return state.say(sentence("canvas.shape_first"));
    binding.run(combo);
  };
  return { ...binding, run };
}

function tools(state: CanvasState, controls: CanvasControls): KeyBinding[] {
  const brush = (factor: number): void => {
    const next = Math.round(state.settings.brush * factor + Math.sign(factor - 1));
    state.settings.brush = Math.min(Math.max(next, 1), LARGEST_BRUSH);
    state.say(sentence("canvas.brush_size", { size: state.settings.brush }));
    state.refresh();
  };
  return [
    ...toolRows().map(([name, , says, key]): KeyBinding => ({
      keys: [key.toLowerCase()], group: "Tools", says, run: () => controls.take(name),
    })),
    { keys: ["n"], group: "Tools", says: sentence("canvas.again"), run: () => controls.again() },
    { keys: ["["], group: "Tools", says: sentence("canvas.smaller_brush"), run: () => brush(1 / 1.25) },
    { keys: ["]"], group: "Tools", says: sentence("canvas.larger_brush"), run: () => brush(1.25) },
    { keys: ["Escape"], group: "Tools", says: sentence("canvas.give_up"), run: () => controls.escape() },
  ];
}

function objects(state: CanvasState, actions: EditActions, controls: CanvasControls): KeyBinding[] {
  const relabel = (key: string): void => {
    const found = state.store.classes.find((each) => each.key === key);
    if (!found) return state.say(sentence("canvas.no_class_with_key", { key }));
    if (!controls.shaping) return actions.relabel(found.id);
    state.classId = found.id;
    state.refresh();
  };
  return [
    { keys: ["Enter"], group: "Objects", says: sentence("canvas.enter"), run: () => controls.enter() },
    { keys: ["a"], group: "Objects", says: sentence("canvas.accept_next"), run: () => actions.acceptAndNext() },
    { keys: ["x"], group: "Objects", says: sentence("canvas.reject_next"), run: () => actions.reject() },
    { keys: ["Tab"], group: "Objects", says: sentence("canvas.next_object"), run: () => actions.step(1) },
    { keys: ["Shift+Tab"], group: "Objects", says: sentence("canvas.object_before"), run: () => actions.step(-1) },
    { keys: ["Delete", "Backspace"], group: "Objects", says: sentence("canvas.delete_or_corner"), run: () => controls.back() },
    { keys: ["m"], group: "Objects", says: sentence("canvas.merge"), run: () => actions.merge() },
    { keys: ["o"], group: "Objects", says: sentence("canvas.take_shared_others"), run: () => actions.takeOverlap() },
    { keys: ["u"], group: "Objects", says: sentence("canvas.fill_holes"), run: () => actions.fillHoles() },
    { keys: ["i"], group: "Objects", says: sentence("canvas.remove_specks"), run: () => actions.removeSpecks() },
    { keys: ["PageUp"], group: "Objects", says: sentence("canvas.forward_above"), run: () => actions.reorder(true) },
    { keys: ["PageDown"], group: "Objects", says: sentence("canvas.back_below"), run: () => actions.reorder(false) },
    { keys: ["h"], group: "Objects", says: sentence("canvas.hide"), run: () => actions.hide() },
    { keys: ["l"], group: "Objects", says: sentence("canvas.lock"), run: () => actions.lock() },
    { keys: DIGITS, group: "Objects", says: sentence("canvas.class_of_key"), run: relabel },
  ];
}

function picture(actions: EditActions, controls: CanvasControls): KeyBinding[] {
  return [
    { keys: ["Shift+a"], group: "Picture", says: sentence("canvas.accept_all_proposals"), run: () => actions.acceptAll() },
    { keys: ["Shift+Enter"], group: "Picture", says: sentence("canvas.approve_next"), run: () => actions.approve() },
    { keys: ["Ctrl+z"], group: "Picture", says: sentence("canvas.undo_or_corner"), run: () => (controls.shaping ? controls.back() : actions.undo()) },
    { keys: ["Ctrl+Shift+z", "Ctrl+y"], group: "Picture", says: sentence("canvas.redo"), run: () => actions.redo() },
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
    { keys: ["Shift+1"], group: "View", says: sentence("canvas.whole_picture"), run: look(() => state.camera.fit()) },
    { keys: ["Shift+2"], group: "View", says: "100 %", run: look(() => state.camera.actualSize()) },
    { keys: ["+", "="], group: "View", says: sentence("canvas.zoom_in"), run: () => controls.zoom(1.4) },
    { keys: ["-"], group: "View", says: sentence("canvas.zoom_out"), run: () => controls.zoom(1 / 1.4) },
    { keys: Object.keys(ARROWS), group: "View", says: sentence("canvas.move_picture"), run: pan },
    { keys: ["s"], group: "View", says: sentence("canvas.only_selected"), run: look(() => { state.solo = !state.solo; }) },
    { keys: ["Shift+h"], group: "View", says: sentence("canvas.show_everything"), run: () => actions.showAll() },
    { keys: ["w"], group: "View", says: sentence("canvas.compare_keys"), run: () => controls.compare() },
    { keys: ["?"], group: "View", says: sentence("canvas.this_list"), run: () => controls.help() },
  ];
}
