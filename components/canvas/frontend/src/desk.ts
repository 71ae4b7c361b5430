/** What the tools work on: the picture's objects, what is selected, and what is half done. */

import type { Board, Thing, Wish } from "./board";
import { Camera } from "./camera";
import { newId } from "./journal";
import type { Looks } from "./looks";
import { PALETTE, rgb } from "./looks";
import { contains, type Mask, type Size } from "./masks";
import type { Layer } from "./raster";
import { fromBottom } from "./stacking";

/** Where the pointer is: in image pixels, and in canvas pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly cx: number;
  readonly cy: number;
  readonly shift: boolean;
  readonly alt: boolean;
  readonly ctrl: boolean;
  /** How far from it something may lie to be meant: 1 for a mouse or a pen, more for a finger. */
  readonly reach: number;
}

export class Desk {
  readonly camera = new Camera();
  readonly hidden = new Set<string>();
  readonly locked = new Set<string>();
  selected: string[] = [];
  solo = false;
  /** Held down: the overlay is away. */
  bare = false;
  /** Class of new objects. */
  classId = 0;
  /** Masks as a gesture under way makes them, by object; "" is a new one. */
  readonly drafts = new Map<string, Mask | null>();

  constructor(
    readonly board: Board,
    readonly looks: Looks,
    private readonly changed: () => void,
    private readonly made: () => void,
    readonly say: (words: string) => void,
  ) {}

  get size(): Size {
    const { width, height } = this.board.data.image;
    return [width, height];
  }

  /** Objects that are shown: rejected ones are not. */
  get visible(): Thing[] {
    const shown = this.board.things.filter(
      (each) => each.state !== "rejected" && !this.hidden.has(each.id),
    );
    return this.solo && this.selected.length
      ? shown.filter((each) => this.selected.includes(each.id))
      : shown;
  }

  /** The object that was selected last, unless it is gone, hidden or locked. */
  get primary(): Thing | undefined {
    const id = this.selected.at(-1);
    return id === undefined || this.locked.has(id) ? undefined : this.board.find(id);
  }

  get chosen(): Thing[] {
    return this.selected.flatMap((id) => this.board.find(id) ?? []);
  }

  refresh(): void {
    this.changed();
  }

  select(ids: readonly string[], { show = false } = {}): void {
    this.selected = [...ids];
    const last = this.board.find(ids.at(-1) ?? "");
    if (show && last) this.camera.show(last.box);
    this.changed();
  }

  toggle(id: string): void {
    const others = this.selected.filter((each) => each !== id);
    this.select(others.length < this.selected.length ? others : [...others, id]);
  }

  /** Visible objects whose masks are here. */
  get masked(): (Thing & { readonly mask: Mask })[] {
    return this.visible.flatMap((each) => (each.mask ? [{ ...each, mask: each.mask }] : []));
  }

  /** What lies on top at an image point. */
  at(x: number, y: number): Thing | undefined {
    const px = Math.floor(x);
    const py = Math.floor(y);
    const under = this.masked.filter((each) => contains(each.mask, px, py));
    return under.sort(fromBottom).at(-1);
  }

  commit(kind: string, wishes: readonly Wish[]): void {
    this.drafts.clear();
    const locked = wishes.find((each) => this.locked.has(each.object));
    if (locked) return this.say("This object is locked. Unlock it first.");
    this.board.make(kind, wishes);
    this.made();
  }

  /** A new object of the class in hand; it is selected afterwards. */
  add(mask: Mask | null, kind = "add"): void {
    if (!mask) return this.drop("That is outside the picture.");
    if (!this.classId) return this.drop("Add a class on the Project page first.");
    const object = newId();
    this.selected = [object];
    this.commit(kind, [{ do: "add", object, mask, class: this.classId }]);
  }

  /** Another mask for an object; without any pixel left it is deleted, and that is said. */
  reshape(thing: Thing, mask: Mask | null, kind = "reshape"): void {
    if (mask) return this.commit(kind, [{ do: "reshape", object: thing.id, mask }]);
    this.commit("delete", [{ do: "delete", object: thing.id }]);
    this.say(`Nothing was left of object ${thing.number}: it is deleted. Ctrl+Z brings it back.`);
  }

  /** Give up what is half done. */
  drop(words = ""): void {
    this.drafts.clear();
    if (words) this.say(words);
    this.changed();
  }

  /** What the raster shows, from bottom to top. */
  layers(): Layer[] {
    if (this.bare) return [];
    const shown = this.visible.flatMap((thing) => {
      const mask = this.maskOf(thing);
      return mask ? [{ ...thing, mask }] : [];
    });
    const layers = shown.sort(fromBottom).map((thing) => this.layer(thing, thing.mask));
    const draft = this.drafts.get("");
    if (draft) layers.push({ mask: draft, color: rgb(this.inkColor), dashed: false, hollow: false });
    return layers;
  }

  get inkColor(): string {
    return this.board.classes.find((each) => each.id === this.classId)?.color ?? "#ffd400";
  }

  colorOf(thing: Thing): string {
    if (this.looks.colorBy === "class") return thing.color;
    return PALETTE[(thing.number - 1) % PALETTE.length]!;
  }

  maskOf(thing: Thing): Mask | null {
    const draft = this.drafts.get(thing.id);
    return draft === undefined ? thing.mask : draft;
  }

  layer(thing: Thing, mask: Mask): Layer {
    const dashed = thing.state === "proposed";
    return { mask, color: rgb(this.colorOf(thing)), dashed, hollow: thing.boxOnly };
  }
}
