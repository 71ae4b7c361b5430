/** The list of keys under "?". */

import { make } from "./dom";
import { comboLabel, type KeyBinding } from "./keyboard";

const HELD: readonly (readonly [string, string])[] = [
  ["Wheel", "Zoom at the pointer"],
  ["Space and drag, or middle button", "Move the picture"],
  ["Q, held down", "Look below the masks"],
  ["Shift / Alt while drawing", "Add to the selected object / take away from it"],
  ["Shift and click", "Select one more object"],
  ["Alt and click on a corner", "Take the corner away"],
  ["Right click while drawing", "Take the last corner back"],
];

export function helpDialog(bindings: readonly KeyBinding[]): HTMLDialogElement {
  const dialog = make("dialog", { "aria-label": "Keys" });
  const rows = bindings.map((each) => row(each.keys.map(comboLabel).join(each.keys.length > 2 ? " " : " or "), each.says));
  const close = make("button", { type: "button", onclick: () => dialog.close() }, "Close");
  dialog.append(
    make("h2", {}, "Keys"),
    make("dl", {}, ...rows.flat(), ...HELD.flatMap(([keys, says]) => row(keys, says))),
    make("p", {}, "Keys can be turned off below the picture. Esc, then Tab, leaves the canvas."),
    close,
  );
  return dialog;
}

function row(keys: string, says: string): HTMLElement[] {
  return [make("dt", {}, keys), make("dd", {}, says)];
}
