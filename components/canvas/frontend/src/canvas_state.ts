/** What the tools work on: the picture's objects, what is selected, and what is half done. */

import { Camera } from "./camera";
import { newId } from "./journal";
import { bottomToTop } from "./layer_order";
import { contains, type Mask, type Size } from "./masks";
import type { CanvasObject, EditIntent, ObjectStore } from "./object_store";
import { PALETTE, rgb } from "./palette";
import type { StyledMask } from "./raster";
import { sentence } from "./sentences";
import type { ViewSettings } from "./view_settings";

/** Where the pointer is: in image pixels, and in canvas pixels. */
export interface PointerPosition {
  readonly x: number;
  readonly y: number;
  readonly cx: number;
  readonly cy: number;
  readonly shift: boolean;
  readonly alt: boolean;
  /** How far from it something may lie to be meant: 1 for a mouse or a pen, more for a finger. */
  readonly reach: number;
}

export class CanvasState {
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
    readonly store: ObjectStore,
    readonly settings: ViewSettings,
    private readonly changed: () => void,
    private readonly made: () => void,
    readonly say: (words: string) => void,
  ) {}

  get size(): Size {
    const { width, height } = this.store.data.image;
    return [width, height];
  }

  /** Objects that are shown: rejected ones are not. */
  get visible(): CanvasObject[] {
    const shown = this.store.objects.filter(
      (each) => each.state !== "rejected" && !this.hidden.has(each.id),
    );
    return this.solo && this.selected.length
      ? shown.filter((each) => this.selected.includes(each.id))
      : shown;
  }

  /** The object that was selected last, unless it is gone, hidden or locked. */
  get primary(): CanvasObject | undefined {
    const id = this.selected.at(-1);
    return id === undefined || this.locked.has(id) ? undefined : this.store.find(id);
  }

  get chosen(): CanvasObject[] {
    return this.selected.flatMap((id) => this.store.find(id) ?? []);
  }

  refresh(): void {
    this.changed();
  }

  select(ids: readonly string[], { show = false } = {}): void {
    this.selected = [...ids];
    const last = this.store.find(ids.at(-1) ?? "");
    if (show && last) this.camera.show(last.box);
    this.changed();
  }

  toggle(id: string): void {
    const others = this.selected.filter((each) => each !== id);
    this.select(others.length < this.selected.length ? others : [...others, id]);
  }

  /** Visible objects whose masks are here. */
  get masked(): (CanvasObject & { readonly mask: Mask })[] {
    return this.visible.flatMap((each) => (each.mask ? [{ ...each, mask: each.mask }] : []));
  }

  /** What lies on top at an image point. */
  objectAt(x: number, y: number): CanvasObject | undefined {
    const px = Math.floor(x);
    const py = Math.floor(y);
    const under = this.masked.filter((each) => contains(each.mask, px, py));
    return under.sort(bottomToTop).at(-1);
  }

  commit(kind: string, intents: readonly EditIntent[]): void {
    this.drafts.clear();
    const locked = intents.find((each) => this.locked.has(each.object));
    if (locked) return this.say(sentence("canvas.locked_first"));
    this.store.make(kind, intents);
    this.made();
  }

  /** A new object of the class in hand; it is selected afterwards. */
  add(mask: Mask | null, kind = "add"): void {
    if (!mask) return this.drop(sentence("canvas.outside"));
    if (!this.classId) return this.drop(sentence("canvas.class_first"));
    const object = newId();
    this.selected = [object];
    this.commit(kind, [{ do: "add", object, mask, class: this.classId }]);
  }

  /** Another mask for an object; without any pixel left it is deleted, and that is said. */
  reshape(object: CanvasObject, mask: Mask | null, kind = "reshape"): void {
    if (mask) return this.commit(kind, [{ do: "reshape", object: object.id, mask }]);
    this.commit("delete", [{ do: "delete", object: object.id }]);
    this.say(sentence("canvas.emptied", { number: object.number }));
  }

  /** Give up what is half done. */
  drop(words = ""): void {
    this.drafts.clear();
    if (words) this.say(words);
    this.changed();
  }

  /** What the raster shows, from bottom to top. */
  styledMasks(): StyledMask[] {
    if (this.bare) return [];
    const shown = this.visible.flatMap((object) => {
      const mask = this.maskOf(object);
      return mask ? [{ ...object, mask }] : [];
    });
    const masks = shown.sort(bottomToTop).map((object) => this.styled(object, object.mask));
    const draft = this.drafts.get("");
    if (draft) masks.push({ mask: draft, color: rgb(this.inkColor), dashed: false, hollow: false });
    return masks;
  }

  get inkColor(): string {
    return this.store.classes.find((each) => each.id === this.classId)?.color ?? "#ffd400";
  }

  colorOf(object: CanvasObject): string {
    if (this.settings.colorBy === "class") return object.color;
    return PALETTE[(object.number - 1) % PALETTE.length]!;
  }

  maskOf(object: CanvasObject): Mask | null {
    const draft = this.drafts.get(object.id);
    return draft === undefined ? object.mask : draft;
  }

  styled(object: CanvasObject, mask: Mask): StyledMask {
    const dashed = object.state === "proposed";
    return { mask, color: rgb(this.colorOf(object)), dashed, hollow: object.boxOnly };
  }
}
