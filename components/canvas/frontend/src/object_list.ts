/** The list of objects beside the picture. */

import type { CanvasState } from "./canvas_state";
import { iconButton, make } from "./dom";
import type { EditActions } from "./edit_actions";
import type { CanvasObject } from "./object_store";
import { sentence } from "./sentences";
import { stateName } from "./state_names";

export class ObjectList {
  readonly element = make("ol", { class: "rows", role: "listbox", "aria-label": sentence("canvas.objects"), "aria-multiselectable": "true" });
  private readonly rows = new Map<string, { row: HTMLLIElement; shows: string }>();

  constructor(
    private readonly state: CanvasState,
    private readonly actions: EditActions,
  ) {}

  update(): void {
    const objects = this.state.store.objects;
    const gone = new Set(this.rows.keys());
    objects.forEach((object, index) => {
      gone.delete(object.id);
      const row = this.row(object);
      const there = this.element.children[index];
      if (there !== row) this.element.insertBefore(row, there ?? null);
    });
    for (const id of gone) {
      this.rows.get(id)?.row.remove();
      this.rows.delete(id);
    }
  }

  /** The row of an object, made anew only when it shows something else. */
  private row(object: CanvasObject): HTMLLIElement {
    const selected = this.state.selected.includes(object.id);
    const hidden = this.state.hidden.has(object.id);
    const locked = this.state.locked.has(object.id);
    const shows = JSON.stringify([
      object.number, object.label, object.class, this.state.colorOf(object), object.state, object.apart,
      object.boxOnly, selected, hidden, locked, this.state.store.contested.has(object.id),
    ]);
    const known = this.rows.get(object.id);
    if (known?.shows === shows) return known.row;
    const row = this.made(object, { selected, hidden, locked });
    if (known) known.row.replaceWith(row);
    this.rows.set(object.id, { row, shows });
    if (selected) row.scrollIntoView({ block: "nearest" });
    return row;
  }

  private made(object: CanvasObject, is: { selected: boolean; hidden: boolean; locked: boolean }): HTMLLIElement {
    const chip = make("span", { class: "chip", style: `background:${this.state.colorOf(object)}` }, String(object.number));
    const unknown = object.class === null ? " unknown" : "";
    const name = make("span", { class: `name${unknown}`, title: object.class === null ? sentence("canvas.no_class_yet") : object.label }, object.label);
    const contested = this.state.store.contested.has(object.id);
    const marks = [
      object.apart ? sentence("canvas.second_version") : stateName(object.state),
      ...(object.boxOnly ? [sentence("canvas.box_only")] : []),
      ...(is.hidden ? [sentence("canvas.hidden")] : []),
      ...(is.locked ? [sentence("canvas.locked")] : []),
      ...(contested ? [sentence("canvas.changed_by_other")] : []),
    ];
    const state = make("span", { class: `state ${object.state}` }, marks.join(", "));
    const row = make("li", {
      role: "option", class: contested ? `${object.state} contested` : object.state, "data-object": object.id, "aria-selected": String(is.selected),
      "aria-label": sentence("canvas.object_row", { number: object.number, label: object.label, marks: marks.join(", ") }),
    }, chip, name, state, ...this.buttons(object));
    row.onclick = (event) => {
      if (event.shiftKey) this.state.toggle(object.id);
      else this.state.select([object.id], { show: true });
    };
    return row;
  }

  private buttons(object: CanvasObject): HTMLButtonElement[] {
    const on = (run: () => void) => () => {
      this.state.select([object.id]);
      run();
    };
    const accept = iconButton("check", sentence("canvas.accept_object", { number: object.number }), on(() => this.actions.accept()));
    const reject = iconButton("close", sentence("canvas.reject_object", { number: object.number }), on(() => this.actions.reject()));
    const remove = iconButton("delete", sentence("canvas.delete_object", { number: object.number }), on(() => this.actions.delete()));
    accept.disabled = object.state === "accepted" || object.state === "edited";
    reject.disabled = object.state === "rejected";
    for (const button of [accept, reject, remove]) {
      button.addEventListener("click", (event) => event.stopPropagation());
    }
    return [accept, reject, remove];
  }
}
