/** Beside the picture: the class in hand, what is done with the whole picture, the objects. */

import type { Actions } from "./actions";
import type { Desk } from "./desk";
import { make } from "./dom";
import { ObjectList } from "./objects";
import type { Picture } from "./picture";
import { Versions } from "./versions";

export class Side {
  readonly element = make("aside", { class: "side", "aria-label": "Objects of this picture" });
  private readonly classes = make("select", { "aria-label": "Class of new and selected objects" });
  private readonly acceptAll: HTMLButtonElement;
  private readonly approve: HTMLButtonElement;
  private readonly empty = make("p", { class: "empty" }, "No objects. Draw what is missing, or approve the picture as empty.");
  private readonly list: ObjectList;
  private readonly versions: Versions;
  private shownClasses = "";

  constructor(
    private readonly desk: Desk,
    picture: Picture,
    actions: Actions,
  ) {
    this.list = new ObjectList(desk, actions);
    this.versions = new Versions(desk, picture, actions);
    this.classes.onchange = () => actions.relabel(Number(this.classes.value));
    this.acceptAll = make("button", { type: "button", class: "plain", title: "Shift+A", onclick: () => actions.acceptAll() });
    this.approve = make("button", { type: "button", class: "main", title: "Shift+Enter", onclick: () => actions.approve() });
    this.element.append(make("header", {}, this.classes, this.acceptAll, this.approve), this.versions.element, this.empty, this.list.element);
  }

  update(): void {
    const { board } = this.desk;
    this.showClasses();
    const open = board.things.filter((each) => each.state === "proposed" && !each.apart).length;
    this.acceptAll.textContent = `Accept all (${open})`;
    this.acceptAll.disabled = open === 0;
    const approving = board.pending().some((each) => each.kind === "approve");
    const approved = board.data.image.review === "approved" && board.pending().length === 0;
    this.approve.textContent = approved || approving ? "Approved" : this.corrected ? "Fix and accept" : "Approve";
    this.approve.disabled = approved || approving;
    this.empty.hidden = board.things.length > 0;
    this.versions.update();
    this.list.update();
  }

  /** Somebody corrected an object of this picture. */
  private get corrected(): boolean {
    return this.desk.board.things.some((each) => each.state === "edited" || each.state === "rejected");
  }

  private showClasses(): void {
    const { classes } = this.desk.board;
    const shows = JSON.stringify(classes);
    if (shows !== this.shownClasses) {
      this.shownClasses = shows;
      this.classes.replaceChildren(...classes.map((each) =>
        make("option", { value: each.id }, each.key ? `${each.name} (${each.key})` : each.name),
      ));
    }
    if (!classes.some((each) => each.id === this.desk.classId)) this.desk.classId = classes[0]?.id ?? 0;
    this.classes.value = String(this.desk.classId);
  }
}
