/** One object of the contact sheet: its crop, its label and its state. */

import { make } from "../dom";
import { sentence } from "../sentences";
import { stateName } from "../state_names";
import type { ExpectedState } from "./decisions";
import type { ContactSheetObject } from "./protocol";

export class ObjectTile {
  readonly element: HTMLElement;
  private readonly picture = make("img", { alt: "", draggable: "false", loading: "lazy" });
  private readonly label = make("span", { class: "label" });
  private readonly state = make("span", { class: "state" });
  private readonly link = make("a", { target: "_blank", rel: "noopener", tabindex: -1 }, "↗");

  constructor(object: ContactSheetObject) {
    this.link.title = sentence("canvas.open_in_review", { picture: object.picture });
    const attributes = { role: "option", id: `object-${object.id}`, title: object.picture };
    this.element = make("div", attributes, this.picture, this.label, this.state, this.link);
  }

  draw(object: ContactSheetObject, label: string, expected: ExpectedState, here: boolean, chosen: boolean): void {
    const { element } = this;
    element.dataset["state"] = expected.state;
    element.dataset["waiting"] = String(expected.waiting);
    element.tabIndex = here ? 0 : -1;
    element.setAttribute("aria-selected", String(chosen));
    element.setAttribute("aria-label", sentence("canvas.tile", { label, state: stateName(expected.state), picture: object.picture }));
    if (this.picture.getAttribute("src") !== object.crop) this.picture.src = object.crop;
    this.label.textContent = label;
    this.state.textContent = expected.waiting ? `${stateName(expected.state)} …` : stateName(expected.state);
    this.link.href = object.link;
  }

  /** In Review, in another tab. */
  open(): void {
    this.link.click();
  }
}
