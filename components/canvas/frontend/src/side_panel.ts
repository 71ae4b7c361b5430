/** Beside the picture: the class in hand, what is done with the whole picture, the objects. */

import type { CanvasState } from "./canvas_state";
import { ConflictPanel } from "./conflict_panel";
import { make } from "./dom";
import type { EditActions } from "./edit_actions";
import { ObjectList } from "./object_list";
import type { PictureView } from "./picture_view";
import { sentence } from "./sentences";

export class SidePanel {
  readonly element = make("aside", { class: "side", "aria-label": sentence("canvas.objects_of_picture") });
  private readonly classes = make("select", { "aria-label": sentence("canvas.class_in_hand") });
  private readonly acceptAll: HTMLButtonElement;
  private readonly approve: HTMLButtonElement;
  private readonly empty = make("p", { class: "empty" }, sentence("canvas.no_objects"));
  private readonly list: ObjectList;
  private readonly conflictPanel: ConflictPanel;
  private shownClasses = "";

  constructor(
    private readonly state: CanvasState,
    picture: PictureView,
    actions: EditActions,
  ) {
    this.list = new ObjectList(state, actions);
    this.conflictPanel = new ConflictPanel(state, picture, actions);
    this.classes.onchange = () => actions.relabel(Number(this.classes.value));
    this.acceptAll = make("button", { type: "button", class: "plain", title: "Shift+A", onclick: () => actions.acceptAll() });
    this.approve = make("button", { type: "button", class: "main", title: "Shift+Enter", onclick: () => actions.approve() });
    this.element.append(make("header", {}, this.classes, this.acceptAll, this.approve), this.conflictPanel.element, this.empty, this.list.element);
  }

  update(): void {
    const { store } = this.state;
    this.showClasses();
    const open = store.objects.filter((each) => each.state === "proposed" && !each.apart).length;
    this.acceptAll.textContent = sentence("canvas.accept_all", { open });
    this.acceptAll.disabled = open === 0;
    const approving = store.pending().some((each) => each.kind === "approve");
    const approved = store.data.image.review === "approved" && store.pending().length === 0;
    this.approve.textContent = approved || approving ? sentence("canvas.approved") : this.corrected ? sentence("canvas.fix_and_accept") : sentence("canvas.approve");
    this.approve.disabled = approved || approving;
    this.empty.hidden = store.objects.length > 0;
    this.conflictPanel.update();
    this.list.update();
  }

  /** Somebody corrected an object of this picture. */
  private get corrected(): boolean {
    return this.state.store.objects.some((each) => each.state === "edited" || each.state === "rejected");
  }

  private showClasses(): void {
    const { classes } = this.state.store;
    const shows = JSON.stringify(classes);
    if (shows !== this.shownClasses) {
      this.shownClasses = shows;
      this.classes.replaceChildren(...classes.map((each) =>
        make("option", { value: each.id }, each.key ? `${each.name} (${each.key})` : each.name),
      ));
    }
    if (!classes.some((each) => each.id === this.state.classId)) this.state.classId = classes[0]?.id ?? 0;
    this.classes.value = String(this.state.classId);
  }
}
