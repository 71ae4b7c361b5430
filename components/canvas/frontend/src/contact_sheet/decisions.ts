/** What a person decided: kept until it is answered, shown at once, and able to be taken back. */

import { Journal, newId, type EntryType, type KeyValueStore } from "../journal";
import type { ObjectClass, ObjectState } from "../protocol";
import type { ContactSheetData, ContactSheetObject, Decision } from "./protocol";

const DECISION_ENTRIES: EntryType<Decision> = { prefix: "beltmask.decision/", is: isDecision };
const STEPS = "beltmask.contact_sheet.done";
const UNDO_STEPS = 20;
const STATES = { accept: "accepted", reject: "rejected", relabel: "edited" } as const;

type UndoStep = Pick<Decision, "id" | "objects">;

/** What the decisions under way will make of an object, unless they are refused. */
export interface ExpectedState {
  readonly waiting: boolean;
  readonly state: ObjectState;
  /** Null: the label it has. */
  readonly class: number | null;
}

export class Decisions {
  private readonly journal: Journal<Decision>;

  /** `steps` remembers what this tab can take back. */
  constructor(storage: KeyValueStore, private readonly steps: KeyValueStore) {
    this.journal = new Journal(storage, DECISION_ENTRIES);
  }

  /** Oldest first. */
  get waiting(): Decision[] {
    return this.journal.all();
  }

  /** False once the browser refused to keep one: it is then only in this tab. */
  get safe(): boolean {
    return this.journal.safe;
  }

  get canTakeBack(): boolean {
    return this.done().length > 0;
  }

  make(kind: Exclude<Decision["kind"], "undo">, objects: readonly ContactSheetObject[], meant?: ObjectClass): void {
    const targets = objects.map((object) => ({
      id: object.id,
      image: object.image,
      sha: object.sha,
      base: object.revision,
      after: this.about(object).map((each) => each.id),
    }));
    const decision = { id: newId(), kind, class: meant?.id ?? null, of: null, objects: targets };
    this.journal.add(decision);
    this.remember([...this.done(), { id: decision.id, objects: targets }].slice(-UNDO_STEPS));
  }

  /** Takes back the newest decision of this tab; false when there is none. */
  takeBack(): boolean {
    const done = this.done();
    const last = done.pop();
    if (!last) return false;
    this.journal.add({ id: newId(), kind: "undo", class: null, of: last.id, objects: last.objects });
    this.remember(done);
    return true;
  }

  /** Lets go of what is answered; returns the answers. */
  settle({ settled, elsewhere }: Pick<ContactSheetData, "settled" | "elsewhere">): string[] {
    const words = this.waiting.flatMap((each) => settled[each.id] ?? []);
    this.journal.settle(new Set(Object.keys(settled)));
    this.journal.setAside(elsewhere);
    return words;
  }

  expectedState(object: ContactSheetObject): ExpectedState {
    let expected: ExpectedState = { waiting: false, state: object.state, class: null };
    for (const { kind, class: meant } of this.about(object)) {
      if (kind === "undo") expected = { waiting: true, state: object.state, class: null };
      else expected = { waiting: true, state: STATES[kind], class: meant ?? expected.class };
    }
    return expected;
  }

  private about(object: ContactSheetObject): Decision[] {
    return this.waiting.filter((each) => each.objects.some((one) => one.id === object.id));
  }

  private done(): UndoStep[] {
    try {
      return JSON.parse(this.steps.getItem(STEPS) ?? "[]") as UndoStep[];
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return [];
    }
  }

  private remember(done: readonly UndoStep[]): void {
    try {
      this.steps.setItem(STEPS, JSON.stringify(done));
    } catch (error) {
      if (!(error instanceof DOMException)) throw error; // full: what can be taken back is forgotten
    }
  }
}

function isDecision(value: unknown): value is Decision {
  if (typeof value !== "object" || value === null) return false;
  const { id, kind, objects } = value as Partial<Decision>;
  return typeof id === "string" && typeof kind === "string" && Array.isArray(objects);
}
