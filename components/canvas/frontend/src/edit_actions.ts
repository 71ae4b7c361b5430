/** What keys and buttons do to objects and to the picture. */

import type { CanvasState } from "./canvas_state";
import { layerAbove, layerBelow } from "./layer_order";
import { area, difference, intersection, union } from "./masks";
import { holesFilled, specksRemoved } from "./morphology";
import type { CanvasObject, EditIntent } from "./object_store";
import { sentence } from "./sentences";

const SPECK = 0.02;
const LARGEST_SPECK = 64;

export class EditActions {
  constructor(private readonly state: CanvasState) {}

  accept(): void {
    const open = this.state.chosen.filter((each) => each.state === "proposed" || each.state === "rejected");
    if (open.length) this.state.commit("accept", open.map((each) => ({ do: "accept", object: each.id })));
  }

  /** Accept what is selected, then go to the next object nobody has settled. */
  acceptAndNext(): void {
    const last = this.state.store.find(this.state.selected.at(-1) ?? "");
    this.accept();
    this.next(last?.number ?? 0);
  }

  reject(): void {
    const chosen = this.state.chosen.filter((each) => each.state !== "rejected");
    if (!chosen.length) return this.state.say(sentence("canvas.select_first"));
    this.state.commit("reject", chosen.map((each) => ({ do: "reject", object: each.id })));
    this.next(chosen.at(-1)!.number);
  }

  delete(): void {
    const { chosen } = this.state;
    if (!chosen.length) return;
    this.state.selected = [];
    this.state.commit("delete", chosen.map((each) => ({ do: "delete", object: each.id })));
  }

  relabel(id: number): void {
    this.state.classId = id;
    const others = this.state.chosen.filter((each) => each.class !== id);
    if (others.length) {
      this.state.commit("relabel", others.map((each) => ({ do: "relabel", object: each.id, class: id })));
    }
    this.state.refresh();
  }

  acceptAll(): void {
    const open = this.proposals();
    if (open.length) this.state.commit("accept all", open);
  }

  /** Accept what is proposed and approve the picture. */
  approve(): void {
    this.state.commit("approve", this.proposals());
  }

  undo(): void {
    this.state.commit("undo", []);
  }

  redo(): void {
    this.state.commit("redo", []);
  }

  merge(): void {
    const [first, ...others] = this.state.chosen;
    if (!first || !others.length) return this.state.say(sentence("canvas.select_two"));
    const mask = others.reduce((all, each) => union(all, each.mask), first.mask);
    if (!mask) return;
    this.state.selected = [first.id];
    const gone = others.map((each): EditIntent => ({ do: "delete", object: each.id }));
    this.state.commit("merge", [{ do: "reshape", object: first.id, mask }, ...gone]);
  }

  /** Take the selected object's pixels away from all others that share them. */
  takeOverlap(): void {
    const mine = this.state.primary;
    if (!mine?.mask) return this.state.say(sentence("canvas.select_first"));
    const sharing = this.state.visible.filter(
      (each) => each.id !== mine.id && each.mask && !this.state.locked.has(each.id) && intersection(each.mask, mine.mask),
    );
    if (!sharing.length) return this.state.say(sentence("canvas.no_shared_pixels"));
    const emptied: number[] = [];
    const intents = sharing.map((each): EditIntent => {
      const mask = difference(each.mask, mine.mask);
      if (mask) return { do: "reshape", object: each.id, mask };
      emptied.push(each.number);
      return { do: "delete", object: each.id };
    });
    this.state.commit("carve", intents);
    if (emptied.length) this.state.say(sentence("canvas.emptied_others", { numbers: emptied.join(", ") }));
  }

  /** Of two versions of an object, the one that was there first stays. */
  keepTheirs(mine: CanvasObject, theirs: CanvasObject | undefined): void {
    this.state.selected = theirs ? [theirs.id] : [];
    this.state.commit("delete", [{ do: "delete", object: mine.id }]);
  }

  /** The other one takes its place, as one step to undo. */
  takeMine(mine: CanvasObject, theirs: CanvasObject | undefined): void {
    if (!theirs || !mine.mask) return this.keepBoth(mine);
    this.state.selected = [theirs.id];
    this.state.commit("reshape", [
      { do: "reshape", object: theirs.id, mask: mine.mask }, { do: "delete", object: mine.id },
    ]);
  }

  keepBoth(mine: CanvasObject): void {
    this.state.selected = [mine.id];
    this.state.commit("accept", [{ do: "accept", object: mine.id }]);
  }

  /** Put the selected object above the next one that covers some of it, or below one it covers. */
  reorder(up: boolean): void {
    const mine = this.state.primary;
    if (!mine?.mask) return this.state.say(sentence("canvas.select_first"));
    const others = this.state.masked.filter((each) => each.id !== mine.id);
    const layer = (up ? layerAbove : layerBelow)({ ...mine, mask: mine.mask }, others);
    if (layer === null) return this.state.say(up ? sentence("canvas.nothing_covers") : sentence("canvas.covers_nothing"));
    this.state.commit("reorder", [{ do: "reorder", object: mine.id, layer }]);
  }

  fillHoles(): void {
    const object = this.state.primary;
    if (!object?.mask) return this.state.say(sentence("canvas.select_first"));
    const filled = holesFilled(object.mask);
    if (area(filled) === area(object.mask)) return this.state.say(sentence("canvas.no_holes"));
    this.state.reshape(object, filled, "fill holes");
  }

  removeSpecks(): void {
    const object = this.state.primary;
    if (!object?.mask) return this.state.say(sentence("canvas.select_first"));
    const smallest = Math.min(Math.ceil(area(object.mask) * SPECK), LARGEST_SPECK);
    const clean = specksRemoved(object.mask, Math.max(smallest, 2));
    if (!clean || area(clean) === area(object.mask)) return this.state.say(sentence("canvas.no_specks"));
    this.state.reshape(object, clean, "remove specks");
  }

  hide(): void {
    for (const id of this.state.selected) {
      if (!this.state.hidden.delete(id)) this.state.hidden.add(id);
    }
    this.state.refresh();
  }

  showAll(): void {
    this.state.hidden.clear();
    this.state.solo = false;
    this.state.refresh();
  }

  lock(): void {
    for (const id of this.state.selected) {
      if (!this.state.locked.delete(id)) this.state.locked.add(id);
    }
    this.state.refresh();
  }

  /** Select the object after the selected one, or before it, in the order of their numbers. */
  step(by: 1 | -1): void {
    const shown = this.state.visible;
    if (!shown.length) return;
    const now = shown.findIndex((each) => each.id === this.state.selected.at(-1));
    const next = now < 0 ? (by > 0 ? 0 : shown.length - 1) : (now + by + shown.length) % shown.length;
    this.state.select([shown[next]!.id], { show: true });
  }

  private next(after: number): void {
    const open = this.state.visible.filter((each) => each.state === "proposed");
    const found = open.find((each) => each.number > after) ?? open[0];
    if (found) this.state.select([found.id], { show: true });
    else this.state.say(sentence("canvas.all_settled"));
  }

  private proposals(): EditIntent[] {
    const open = this.state.store.objects.filter((each) => each.state === "proposed" && !each.apart);
    return open.map((each) => ({ do: "accept", object: each.id }));
  }
}
