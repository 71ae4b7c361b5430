/** Gestures not acknowledged yet, kept in the browser so that no reload or crash loses one. */

import type { Gesture } from "./protocol";

const PREFIX = "beltmask.gesture/";

/** The part of localStorage that is needed. */
export interface Drawer {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/**
 * Each gesture has an entry of its own, so that two tabs never write over each other; the
 * entries' names sort in the order in which the gestures were made.
 */
export class Journal {
  private readonly waiting = new Map<string, Gesture>();
  private count = 0;
  /** False once the browser refused to keep a gesture: it is then only in this tab. */
  safe = true;

  constructor(
    private readonly drawer: Drawer,
    private readonly now: () => number = Date.now,
  ) {
    const names = [...Array(drawer.length).keys()].map((index) => drawer.key(index) ?? "");
    for (const name of names.filter((each) => each.startsWith(PREFIX)).sort()) {
      const gesture = readGesture(drawer.getItem(name));
      if (gesture) this.waiting.set(name, gesture);
    }
  }

  add(gesture: Gesture): void {
    const time = String(this.now()).padStart(15, "0");
    const order = String(this.count++).padStart(6, "0");
    const name = `${PREFIX}${time}-${order}-${gesture.id}`;
    this.waiting.set(name, gesture);
    try {
      this.drawer.setItem(name, JSON.stringify(gesture));
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      this.safe = false;
    }
  }

  settle(ids: ReadonlySet<string>): void {
    for (const [name, gesture] of this.waiting) {
      if (!ids.has(gesture.id)) continue;
      this.waiting.delete(name);
      this.drawer.removeItem(name);
    }
    if (this.waiting.size === 0) this.safe = true;
  }

  /** Oldest first; of one image, or of all. */
  all(sha?: string): Gesture[] {
    const gestures = [...this.waiting.values()];
    return sha === undefined ? gestures : gestures.filter((each) => each.sha === sha);
  }
}

function readGesture(text: string | null): Gesture | null {
  try {
    const value: unknown = JSON.parse(text ?? "null");
    return isGesture(value) ? value : null;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
}

function isGesture(value: unknown): value is Gesture {
  if (typeof value !== "object" || value === null) return false;
  const { id, sha, edits } = value as Partial<Gesture>;
  return typeof id === "string" && typeof sha === "string" && Array.isArray(edits);
}
