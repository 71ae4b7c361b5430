/** Which key does what. */

import type { Actions } from "./actions";
import type { Desk } from "./desk";
import type { Binding } from "./keys";
import { TOOLS } from "./toolbar";
import type { ToolName } from "./tools/tool";

/** What the keys need of the bench. */
export interface Hands {
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

export function keymap(desk: Desk, actions: Actions, hands: Hands): Binding[] {
  const settled = [...objects(desk, actions, hands), ...picture(actions, hands)];
  return [...tools(desk, hands), ...settled.map((each) => notMeanwhile(each, desk, hands)), ...view(desk, actions, hands)];
}

/** A drag or a shape ends on the objects it began on: no key decides on them, or selects others, before. */
function notMeanwhile(binding: Binding, desk: Desk, hands: Hands): Binding {
  const run = (combo: string): void => {
    if (hands.busy) return;
    if (hands.shaping && !AMID_SHAPES.has(combo)) return desk.say(SHAPE_FIRST);
    binding.run(combo);
  };
  return { ...binding, run };
}

function tools(desk: Desk, hands: Hands): Binding[] {
  const brush = (factor: number): void => {
    const next = Math.round(desk.looks.brush * factor + Math.sign(factor - 1));
    desk.looks.brush = Math.min(Math.max(next, 1), LARGEST_BRUSH);
    desk.say(`Brush ${desk.looks.brush} px`);
    desk.refresh();
  };
  return [
    ...TOOLS.map(([name, , says, key]): Binding => ({
      keys: [key.toLowerCase()], group: "Tools", says, run: () => hands.take(name),
    })),
    { keys: ["n"], group: "Tools", says: "Finish the shape, or the last drawing tool again", run: () => hands.again() },
    { keys: ["["], group: "Tools", says: "Smaller brush", run: () => brush(1 / 1.25) },
    { keys: ["]"], group: "Tools", says: "Larger brush", run: () => brush(1.25) },
    { keys: ["Escape"], group: "Tools", says: "Give up the shape, the tool, the selection", run: () => hands.escape() },
  ];
}

function objects(desk: Desk, actions: Actions, hands: Hands): Binding[] {
  const relabel = (key: string): void => {
    const found = desk.board.classes.find((each) => each.key === key);
    if (!found) return desk.say(`No class has the key ${key}. Give it one on the Project page.`);
    if (!hands.shaping) return actions.relabel(found.id);
    desk.classId = found.id;
    desk.refresh();
  };
  return [
    { keys: ["Enter"], group: "Objects", says: "Finish the shape, or accept and on to the next open object", run: () => hands.enter() },
    { keys: ["a"], group: "Objects", says: "Accept, and on to the next open object", run: () => actions.acceptAndNext() },
    { keys: ["x"], group: "Objects", says: "Reject, and on to the next open object", run: () => actions.reject() },
    { keys: ["Tab"], group: "Objects", says: "Next object", run: () => actions.step(1) },
    { keys: ["Shift+Tab"], group: "Objects", says: "Object before", run: () => actions.step(-1) },
    { keys: ["Delete", "Backspace"], group: "Objects", says: "Delete the object, or the corner in hand", run: () => hands.back() },
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

function picture(actions: Actions, hands: Hands): Binding[] {
  return [
    { keys: ["Shift+a"], group: "Picture", says: "Accept all proposals", run: () => actions.acceptAll() },
    { keys: ["Shift+Enter"], group: "Picture", says: "Accept all, approve, and on to the next picture", run: () => actions.approve() },
    { keys: ["Ctrl+z"], group: "Picture", says: "Undo; of a shape that is begun, its last corner", run: () => (hands.shaping ? hands.back() : actions.undo()) },
    { keys: ["Ctrl+Shift+z", "Ctrl+y"], group: "Picture", says: "Redo", run: () => actions.redo() },
  ];
}

function view(desk: Desk, actions: Actions, hands: Hands): Binding[] {
  const pan = (arrow: string): void => {
    const [dx, dy] = ARROWS[arrow] ?? [0, 0];
    desk.camera.pan(dx * PAN, dy * PAN);
    desk.refresh();
  };
  const look = (change: () => void) => () => {
    change();
    desk.refresh();
  };
  return [
    { keys: ["Shift+1"], group: "View", says: "Whole picture", run: look(() => desk.camera.fit()) },
    { keys: ["Shift+2"], group: "View", says: "100 %", run: look(() => desk.camera.actualSize()) },
    { keys: ["+", "="], group: "View", says: "Zoom in", run: () => hands.zoom(1.4) },
    { keys: ["-"], group: "View", says: "Zoom out", run: () => hands.zoom(1 / 1.4) },
    { keys: Object.keys(ARROWS), group: "View", says: "Move the picture", run: pan },
    { keys: ["s"], group: "View", says: "Only the selected objects", run: look(() => { desk.solo = !desk.solo; }) },
    { keys: ["Shift+h"], group: "View", says: "Show everything again", run: () => actions.showAll() },
    { keys: ["w"], group: "View", says: "Model left, corrected right of a divider to drag; Esc leaves", run: () => hands.compare() },
    { keys: ["?"], group: "View", says: "This list", run: () => hands.help() },
  ];
}
