/** What keys and buttons do to objects and to the picture. */

import type { Thing, Wish } from "./board";
import type { Desk } from "./desk";
import { area, difference, intersection, union } from "./masks";
import { holesFilled, specksRemoved } from "./morphology";
import { layerAbove, layerBelow } from "./stacking";

const SPECK = 0.02;
const LARGEST_SPECK = 64;

export class Actions {
  constructor(private readonly desk: Desk) {}

  accept(): void {
    const open = this.desk.chosen.filter((each) => each.state === "proposed" || each.state === "rejected");
    if (open.length) this.desk.commit("accept", open.map((each) => ({ do: "accept", object: each.id })));
  }

  /** Accept what is selected, then go to the next object nobody has settled. */
  acceptAndNext(): void {
    const last = this.desk.board.find(this.desk.selected.at(-1) ?? "");
    this.accept();
    this.next(last?.number ?? 0);
  }

  reject(): void {
    const chosen = this.desk.chosen.filter((each) => each.state !== "rejected");
    if (!chosen.length) return this.desk.say("Select an object first.");
    this.desk.commit("reject", chosen.map((each) => ({ do: "reject", object: each.id })));
    this.next(chosen.at(-1)!.number);
  }

  delete(): void {
    const { chosen } = this.desk;
    if (!chosen.length) return;
    this.desk.selected = [];
    this.desk.commit("delete", chosen.map((each) => ({ do: "delete", object: each.id })));
  }

  relabel(id: number): void {
    this.desk.classId = id;
    const others = this.desk.chosen.filter((each) => each.class !== id);
    if (others.length) {
      this.desk.commit("relabel", others.map((each) => ({ do: "relabel", object: each.id, class: id })));
    }
    this.desk.refresh();
  }

  acceptAll(): void {
    const open = this.proposals();
    if (open.length) this.desk.commit("accept all", open);
  }

  /** Accept what is proposed and approve the picture. */
  approve(): void {
    this.desk.commit("approve", this.proposals());
  }

  undo(): void {
    this.desk.commit("undo", []);
  }

  redo(): void {
    this.desk.commit("redo", []);
  }

  merge(): void {
    const [first, ...others] = this.desk.chosen;
    if (!first || !others.length) return this.desk.say("Select two objects or more: Shift and click.");
    const mask = others.reduce((all, each) => union(all, each.mask), first.mask);
    if (!mask) return;
    this.desk.selected = [first.id];
    const gone = others.map((each): Wish => ({ do: "delete", object: each.id }));
    this.desk.commit("merge", [{ do: "reshape", object: first.id, mask }, ...gone]);
  }

  /** Take the selected object's pixels away from all others that share them. */
  takeOverlap(): void {
    const mine = this.desk.primary;
    if (!mine?.mask) return this.desk.say("Select an object first.");
    const sharing = this.desk.visible.filter(
      (each) => each.id !== mine.id && each.mask && !this.desk.locked.has(each.id) && intersection(each.mask, mine.mask),
    );
    if (!sharing.length) return this.desk.say("No other object shares pixels with this one.");
    const emptied: number[] = [];
    const wishes = sharing.map((each): Wish => {
      const mask = difference(each.mask, mine.mask);
      if (mask) return { do: "reshape", object: each.id, mask };
      emptied.push(each.number);
      return { do: "delete", object: each.id };
    });
    this.desk.commit("carve", wishes);
    if (emptied.length) this.desk.say(`Nothing was left of object ${emptied.join(", ")}: deleted. Ctrl+Z brings it back.`);
  }

  /** Of two versions of an object, the one that was there first stays. */
  keepTheirs(mine: Thing, theirs: Thing | undefined): void {
    this.desk.selected = theirs ? [theirs.id] : [];
    this.desk.commit("delete", [{ do: "delete", object: mine.id }]);
  }

  /** The other one takes its place, as one step to undo. */
  takeMine(mine: Thing, theirs: Thing | undefined): void {
    if (!theirs || !mine.mask) return this.keepBoth(mine);
    this.desk.selected = [theirs.id];
    this.desk.commit("reshape", [
      { do: "reshape", object: theirs.id, mask: mine.mask }, { do: "delete", object: mine.id },
    ]);
  }

  keepBoth(mine: Thing): void {
    this.desk.selected = [mine.id];
    this.desk.commit("accept", [{ do: "accept", object: mine.id }]);
  }

  /** Put the selected object above the next one that covers some of it, or below one it covers. */
  reorder(up: boolean): void {
    const mine = this.desk.primary;
    if (!mine?.mask) return this.desk.say("Select an object first.");
    const others = this.desk.masked.filter((each) => each.id !== mine.id);
    const layer = (up ? layerAbove : layerBelow)({ ...mine, mask: mine.mask }, others);
    if (layer === null) return this.desk.say(up ? "Nothing covers this object." : "This object covers nothing.");
    this.desk.commit("reorder", [{ do: "reorder", object: mine.id, layer }]);
  }

  fillHoles(): void {
    const thing = this.desk.primary;
    if (!thing?.mask) return this.desk.say("Select an object first.");
    const filled = holesFilled(thing.mask);
    if (area(filled) === area(thing.mask)) return this.desk.say("This object has no holes.");
    this.desk.reshape(thing, filled, "fill holes");
  }

  removeSpecks(): void {
    const thing = this.desk.primary;
    if (!thing?.mask) return this.desk.say("Select an object first.");
    const smallest = Math.min(Math.ceil(area(thing.mask) * SPECK), LARGEST_SPECK);
    const clean = specksRemoved(thing.mask, Math.max(smallest, 2));
    if (!clean || area(clean) === area(thing.mask)) return this.desk.say("This object has no specks.");
    this.desk.reshape(thing, clean, "remove specks");
  }

  hide(): void {
    for (const id of this.desk.selected) {
      if (!this.desk.hidden.delete(id)) this.desk.hidden.add(id);
    }
    this.desk.refresh();
  }

  showAll(): void {
    this.desk.hidden.clear();
    this.desk.solo = false;
    this.desk.refresh();
  }

  lock(): void {
    for (const id of this.desk.selected) {
      if (!this.desk.locked.delete(id)) this.desk.locked.add(id);
    }
    this.desk.refresh();
  }

  /** Select the object after the selected one, or before it, in the order of their numbers. */
  step(by: 1 | -1): void {
    const shown = this.desk.visible;
    if (!shown.length) return;
    const now = shown.findIndex((each) => each.id === this.desk.selected.at(-1));
    const next = now < 0 ? (by > 0 ? 0 : shown.length - 1) : (now + by + shown.length) % shown.length;
    this.desk.select([shown[next]!.id], { show: true });
  }

  private next(after: number): void {
    const open = this.desk.visible.filter((each) => each.state === "proposed");
    const found = open.find((each) => each.number > after) ?? open[0];
    if (found) this.desk.select([found.id], { show: true });
    else this.desk.say("Every object is settled. Shift+Enter approves the picture.");
  }

  private proposals(): Wish[] {
    const open = this.desk.board.things.filter((each) => each.state === "proposed" && !each.apart);
    return open.map((each) => ({ do: "accept", object: each.id }));
  }
}
