/** The list of keys under "?". */

import { make } from "./dom";
import { comboLabel, type KeyBinding } from "./keyboard";
import { sentence } from "./sentences";

const held = (): readonly (readonly [string, string])[] => [
  [sentence("canvas.wheel"), sentence("canvas.zoom_at_pointer")],
  [sentence("canvas.space_and_drag"), sentence("canvas.move_picture")],
  [sentence("canvas.q_held"), sentence("canvas.look_below")],
  [sentence("canvas.shift_or_alt"), sentence("canvas.add_or_take")],
  [sentence("canvas.shift_click"), sentence("canvas.select_one_more")],
  [sentence("canvas.alt_click"), sentence("canvas.take_corner")],
  [sentence("canvas.right_click"), sentence("canvas.take_last_corner")],
];

export function helpDialog(bindings: readonly KeyBinding[]): HTMLDialogElement {
  const dialog = make("dialog", { "aria-label": sentence("canvas.keys") });
  const rows = bindings.map((each) => row(each.keys.map(comboLabel).join(each.keys.length > 2 ? " " : ` ${sentence("canvas.or")} `), each.says));
  const close = make("button", { type: "button", onclick: () => dialog.close() }, sentence("canvas.close"));
  dialog.append(
    make("h2", {}, sentence("canvas.keys")),
    make("dl", {}, ...rows.flat(), ...held().flatMap(([keys, says]) => row(keys, says))),
    make("p", {}, sentence("canvas.keys_off")),
    close,
  );
  return dialog;
}

function row(keys: string, says: string): HTMLElement[] {
  return [make("dt", {}, keys), make("dd", {}, says)];
}
