/** The list of objects beside the picture. */

import type { Thing } from "./board";
import type { Actions } from "./actions";
import type { Desk } from "./desk";
import { iconButton, make } from "./dom";

export class ObjectList {
  readonly element = make("ol", { class: "rows", role: "listbox", "aria-label": "Objects", "aria-multiselectable": "true" });
  private readonly rows = new Map<string, { row: HTMLLIElement; shows: string }>();

  constructor(
    private readonly desk: Desk,
    private readonly actions: Actions,
  ) {}

  update(): void {
    const things = this.desk.board.things;
    const gone = new Set(this.rows.keys());
    things.forEach((thing, index) => {
      gone.delete(thing.id);
      const row = this.row(thing);
      const there = this.element.children[index];
      if (there !== row) this.element.insertBefore(row, there ?? null);
    });
    for (const id of gone) {
      this.rows.get(id)?.row.remove();
      this.rows.delete(id);
    }
  }

  /** The row of an object, made anew only when it shows something else. */
  private row(thing: Thing): HTMLLIElement {
    const selected = this.desk.selected.includes(thing.id);
    const hidden = this.desk.hidden.has(thing.id);
    const locked = this.desk.locked.has(thing.id);
    const shows = JSON.stringify([
      thing.number, thing.label, thing.class, this.desk.colorOf(thing), thing.state, thing.apart,
      thing.boxOnly, selected, hidden, locked, this.desk.board.contested.has(thing.id),
    ]);
    const known = this.rows.get(thing.id);
    if (known?.shows === shows) return known.row;
    const row = this.made(thing, { selected, hidden, locked });
    if (known) known.row.replaceWith(row);
    this.rows.set(thing.id, { row, shows });
    if (selected) row.scrollIntoView({ block: "nearest" });
    return row;
  }

  private made(thing: Thing, is: { selected: boolean; hidden: boolean; locked: boolean }): HTMLLIElement {
    const chip = make("span", { class: "chip", style: `background:${this.desk.colorOf(thing)}` }, String(thing.number));
    const unknown = thing.class === null ? " unknown" : "";
    const name = make("span", { class: `name${unknown}`, title: thing.class === null ? "No class yet" : thing.label }, thing.label);
    const contested = this.desk.board.contested.has(thing.id);
    const marks = [
      thing.apart ? "second version" : thing.state,
      ...(thing.boxOnly ? ["box only"] : []),
      ...(is.hidden ? ["hidden"] : []),
      ...(is.locked ? ["locked"] : []),
      ...(contested ? ["changed by somebody else"] : []),
    ];
    const state = make("span", { class: `state ${thing.state}` }, marks.join(", "));
    const row = make("li", {
      role: "option", class: contested ? `${thing.state} contested` : thing.state, "data-object": thing.id, "aria-selected": String(is.selected),
      "aria-label": `Object ${thing.number}, ${thing.label}, ${marks.join(", ")}`,
    }, chip, name, state, ...this.buttons(thing));
    row.onclick = (event) => {
      if (event.shiftKey) this.desk.toggle(thing.id);
      else this.desk.select([thing.id], { show: true });
    };
    return row;
  }

  private buttons(thing: Thing): HTMLButtonElement[] {
    const on = (run: () => void) => () => {
      this.desk.select([thing.id]);
      run();
    };
    const accept = iconButton("check", `Accept object ${thing.number}`, on(() => this.actions.accept()));
    const reject = iconButton("close", `Reject object ${thing.number}`, on(() => this.actions.reject()));
    const remove = iconButton("delete", `Delete object ${thing.number}`, on(() => this.actions.delete()));
    accept.disabled = thing.state === "accepted" || thing.state === "edited";
    reject.disabled = thing.state === "rejected";
    for (const button of [accept, reject, remove]) {
      button.addEventListener("click", (event) => event.stopPropagation());
    }
    return [accept, reject, remove];
  }
}
