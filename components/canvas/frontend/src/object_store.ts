/** The objects as the person sees them: the server's, with unacknowledged gestures on top. */

import { newId, type Journal } from "./journal";
import type { MaskCache } from "./mask_cache";
import { boxMask, encode, shapeKey, type Mask } from "./masks";
import type {
  BoxTuple, CanvasData, Edit, EditKind, Gesture, ObjectClass, Refusal, ServerImage, ServerObject,
} from "./protocol";
import { refusalMessage, type RefusalMessage } from "./refusals";
import { sentence } from "./sentences";

/** An object as the canvas shows it. */
export interface CanvasObject extends Omit<ServerObject, "revision" | "shape"> {
  /** Null until it has come from the server. */
  readonly mask: Mask | null;
}

/** What a tool wants done to one object. */
export interface EditIntent {
  readonly do: EditKind;
  readonly object: string;
  readonly mask?: Mask;
  readonly class?: number;
  readonly box?: BoxTuple;
  readonly layer?: number;
}

const CHANGES_ANY = new Set(["undo", "redo"]);

export class ObjectStore {
  objects: CanvasObject[] = [];
  /** Objects a gesture was refused for, until the next gesture on them. */
  readonly contested = new Set<string>();
  private current: CanvasData | null = null;
  private lastGesture = performance.now();

  constructor(
    private readonly journal: Journal<Gesture>,
    private readonly maskCache: MaskCache,
  ) {}

  get data(): CanvasData {
    if (!this.current) throw new Error("no picture is open yet");
    return this.current;
  }

  get classes(): readonly ObjectClass[] {
    return this.data.classes;
  }

  /** Take what the server says; returns why gestures were refused. */
  update(data: CanvasData): RefusalMessage[] {
    const [before, known] = [this.current?.image, this.objects];
    const refused = this.journal.all().filter((each) => each.id in data.refused);
    this.journal.settle(new Set([...data.applied, ...Object.keys(data.refused)]));
    this.journal.setAside(data.elsewhere);
    if (this.current?.image.id !== data.image.id) this.lastGesture = performance.now();
    this.current = data;
    this.replay();
    void this.maskCache.fetch(data.image, data.objects);
    return refused.map((each) => this.contest(each, data.refused[each.id]!, { before, known }));
  }

  /** Mark what a gesture was refused for: as it is now, or as it was before it went. */
  private contest(gesture: Gesture, why: Refusal, past: { before: ServerImage | undefined; known: CanvasObject[] }): RefusalMessage {
    for (const id of why.objects) this.contested.add(id);
    const find = (id: string): CanvasObject | undefined => this.find(id) ?? past.known.find((each) => each.id === id);
    if (gesture.sha === this.data.image.sha) return refusalMessage(gesture, why, find);
    return refusalMessage(gesture, why, find, gesture.sha === past.before?.sha ? past.before.name : sentence("canvas.another_picture"));
  }

  /** Draw the objects again, after masks have come. */
  replay(): void {
    const objects = new Map(this.data.objects.map((each) => [each.id, this.canvasObject(each)]));
    for (const gesture of this.pending()) {
      for (const edit of gesture.edits) this.play(objects, edit);
    }
    this.objects = [...objects.values()];
  }

  pending(): Gesture[] {
    return this.journal.all().filter((each) => each.sha === this.current?.image.sha);
  }

  find(id: string): CanvasObject | undefined {
    return this.objects.find((each) => each.id === id);
  }

  /** Make one gesture of what a tool wants: kept in the journal, and seen at once. */
  make(kind: string, intents: readonly EditIntent[]): Gesture {
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
      edits: intents.map((intent) => this.edit(intent, pending)),
    };
    this.journal.add(gesture);
    for (const { object } of intents) this.settle(object);
    this.replay();
    return gesture;
  }

  /** A person has looked at an object again, or at the other version of it. */
  settle(id: string): void {
    this.contested.delete(id);
    this.contested.delete(this.find(id)?.theirs ?? "");
  }

  private edit(intent: EditIntent, pending: readonly Gesture[]): Edit {
    const known = this.data.objects.find((each) => each.id === intent.object);
    const after = pending.filter((gesture) => concerns(gesture, intent.object));
    const { mask, ...rest } = intent;
    const edit = { ...rest, base: known?.revision ?? 0, after: after.map((each) => each.id) };
    if (!mask) return edit;
    this.maskCache.keep(shapeKey(mask), mask);
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

  private canvasObject(object: ServerObject): CanvasObject {
    return { ...object, mask: this.maskCache.of(object) };
  }

  private play(objects: Map<string, CanvasObject>, edit: Edit): void {
    const before = objects.get(edit.object);
    if (edit.do === "delete") objects.delete(edit.object);
    else if (edit.do === "add") objects.set(edit.object, this.added(edit, objects.size));
    else if (before) objects.set(edit.object, { ...before, ...this.changed(before, edit) });
  }

  private added(edit: Edit, count: number): CanvasObject {
    const mask = edit.mask ? this.maskCache.drawn(edit.mask) : boxMask(...(edit.box ?? [0, 0, 1, 1]));
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
      box: boxTupleOf(mask),
      ...this.inClass(edit.class),
    };
  }

  private changed(before: CanvasObject, edit: Edit): Partial<CanvasObject> {
    if (edit.do === "reject") return { state: "rejected", apart: false };
    if (edit.do === "reorder") return { layer: edit.layer ?? before.layer };
    if (edit.do === "accept") {
      return { state: before.source === "model" ? "accepted" : "edited", apart: false };
    }
    const source = before.source === "human" ? "human" : "model+edited";
    const byHand = { source, state: "edited", apart: false } as const;
    if (edit.do === "relabel") return { ...byHand, ...this.inClass(edit.class) };
    if (!edit.mask) return byHand;
    const mask = this.maskCache.drawn(edit.mask);
    return { ...byHand, mask, box: boxTupleOf(mask), boxOnly: false };
  }

  private inClass(id: number | undefined): Pick<CanvasObject, "class" | "label" | "color"> {
    const found = this.classes.find((each) => each.id === id);
    return { class: found?.id ?? null, label: found?.name ?? "", color: found?.color ?? "#888888" };
  }
}

export function boxTupleOf(mask: Mask): BoxTuple {
  return [mask.x, mask.y, mask.x + mask.width, mask.y + mask.height];
}

function concerns(gesture: Gesture, object: string): boolean {
  return CHANGES_ANY.has(gesture.kind) || gesture.edits.some((each) => each.object === object);
}
