/** The objects as the person sees them: the server's, with unacknowledged gestures on top. */

import type { Crops } from "./crops";
import { newId, type Journal } from "./journal";
import type { Mask } from "./masks";
import { boxMask, encode, shapeKey } from "./masks";
import type {
  Box, Edit, EditKind, Gesture, ObjectClass, ObjectSource, ObjectState, Refusal, ServerImage, ServerObject, SheetData,
} from "./protocol";
import { inWords, type Refused } from "./refusals";

export interface Thing {
  readonly id: string;
  readonly number: number;
  readonly label: string;
  readonly class: number | null;
  readonly color: string;
  readonly state: ObjectState;
  readonly source: ObjectSource;
  readonly apart: boolean;
  readonly theirs: string;
  readonly boxOnly: boolean;
  readonly layer: number;
  readonly box: Box;
  /** Null until it has come from the server. */
  readonly mask: Mask | null;
}

/** What a tool wants done to one object. */
export interface Wish {
  readonly do: EditKind;
  readonly object: string;
  readonly mask?: Mask;
  readonly class?: number;
  readonly box?: Box;
  readonly layer?: number;
}

const CHANGES_ANY = new Set(["undo", "redo"]);

export class Board {
  things: Thing[] = [];
  /** Objects a gesture was refused for, until the next gesture on them. */
  readonly contested = new Set<string>();
  private sheet: SheetData | null = null;
  private lastGesture = performance.now();

  constructor(
    private readonly journal: Journal<Gesture>,
    private readonly crops: Crops,
  ) {}

  get data(): SheetData {
    if (!this.sheet) throw new Error("no picture is open yet");
    return this.sheet;
  }

  get classes(): readonly ObjectClass[] {
    return this.data.classes;
  }

  /** Take what the server says; returns why gestures were refused. */
  update(data: SheetData): Refused[] {
    const [before, known] = [this.sheet?.image, this.things];
    const refused = this.journal.all().filter((each) => each.id in data.refused);
    this.journal.settle(new Set([...data.applied, ...Object.keys(data.refused)]));
    this.journal.setAside(data.elsewhere);
    if (this.sheet?.image.id !== data.image.id) this.lastGesture = performance.now();
    this.sheet = data;
    this.replay();
    void this.crops.fetch(data.image, data.objects);
    return refused.map((each) => this.contest(each, data.refused[each.id]!, { before, known }));
  }

  /** Mark what a gesture was refused for: as it is now, or as it was before it went. */
  private contest(gesture: Gesture, why: Refusal, past: { before: ServerImage | undefined; known: Thing[] }): Refused {
    for (const id of why.objects) this.contested.add(id);
    const find = (id: string): Thing | undefined => this.find(id) ?? past.known.find((each) => each.id === id);
    if (gesture.sha === this.data.image.sha) return inWords(gesture, why, find);
    return inWords(gesture, why, find, gesture.sha === past.before?.sha ? past.before.name : "another picture");
  }

  /** Draw the objects again, after masks have come. */
  replay(): void {
    const things = new Map(this.data.objects.map((each) => [each.id, this.thing(each)]));
    for (const gesture of this.pending()) {
      for (const edit of gesture.edits) this.play(things, edit);
    }
    this.things = [...things.values()];
  }

  pending(): Gesture[] {
    return this.journal.all().filter((each) => each.sha === this.sheet?.image.sha);
  }

  find(id: string): Thing | undefined {
    return this.things.find((each) => each.id === id);
  }

  /** Make one gesture of what a tool wants: kept in the journal, and seen at once. */
  make(kind: string, wishes: readonly Wish[]): Gesture {
    const { image } = this.data;
    const pending = this.pending();
    const gesture: Gesture = {
      id: newId(),
      image: image.id,
      sha: image.sha,
      kind,
      active_ms: this.activeTime(),
      base: image.revision,
      after: pending.map((each) => each.id),
      edits: wishes.map((wish) => this.edit(wish, pending)),
    };
    this.journal.add(gesture);
    for (const { object } of wishes) this.settle(object);
    this.replay();
    return gesture;
  }

  /** A person has looked at an object again, or at the other version of it. */
  settle(id: string): void {
    this.contested.delete(id);
    this.contested.delete(this.find(id)?.theirs ?? "");
  }

  private edit(wish: Wish, pending: readonly Gesture[]): Edit {
    const known = this.data.objects.find((each) => each.id === wish.object);
    const after = pending.filter((gesture) => concerns(gesture, wish.object));
    const { mask, ...rest } = wish;
    const edit = { ...rest, base: known?.revision ?? 0, after: after.map((each) => each.id) };
    if (!mask) return edit;
    this.crops.keep(shapeKey(mask), mask);
    const { x, y, width, height } = mask;
    return { ...edit, mask: { x, y, width, height, counts: encode(mask) } };
  }

  /** Time spent since the last gesture; a pause of over a minute is no work. */
  private activeTime(): number {
    const now = performance.now();
    const spent = now - this.lastGesture;
    this.lastGesture = now;
    return Math.round(Math.min(spent, 60_000));
  }

  private thing(object: ServerObject): Thing {
    return { ...object, mask: this.crops.of(object) };
  }

  private play(things: Map<string, Thing>, edit: Edit): void {
    const before = things.get(edit.object);
    if (edit.do === "delete") things.delete(edit.object);
    else if (edit.do === "add") things.set(edit.object, this.added(edit, things.size));
    else if (before) things.set(edit.object, { ...before, ...this.changed(before, edit) });
  }

  private added(edit: Edit, count: number): Thing {
    const mask = edit.mask ? this.crops.drawn(edit.mask) : boxMask(...(edit.box ?? [0, 0, 1, 1]));
    const last = Math.max(0, ...this.data.objects.map((each) => each.number));
    return {
      id: edit.object,
      number: Math.max(last + 1, count + 1),
      apart: false,
      theirs: "",
      layer: edit.layer ?? 0,
      state: "edited",
      source: "human",
      boxOnly: !edit.mask,
      mask,
      box: boxOf(mask),
      ...this.inClass(edit.class),
    };
  }

  private changed(before: Thing, edit: Edit): Partial<Thing> {
    if (edit.do === "reject") return { state: "rejected", apart: false };
    if (edit.do === "reorder") return { layer: edit.layer ?? before.layer };
    if (edit.do === "accept") {
      return { state: before.source === "model" ? "accepted" : "edited", apart: false };
    }
    const source = before.source === "human" ? "human" : "model+edited";
    const byHand = { source, state: "edited", apart: false } as const;
    if (edit.do === "relabel") return { ...byHand, ...this.inClass(edit.class) };
    if (!edit.mask) return byHand;
    const mask = this.crops.drawn(edit.mask);
    return { ...byHand, mask, box: boxOf(mask), boxOnly: false };
  }

  private inClass(id: number | undefined): Pick<Thing, "class" | "label" | "color"> {
    const found = this.classes.find((each) => each.id === id);
    return { class: found?.id ?? null, label: found?.name ?? "", color: found?.color ?? "#888888" };
  }
}

export function boxOf(mask: Mask): Box {
  return [mask.x, mask.y, mask.x + mask.width, mask.y + mask.height];
}

function concerns(gesture: Gesture, object: string): boolean {
  return CHANGES_ANY.has(gesture.kind) || gesture.edits.some((each) => each.object === object);
}
