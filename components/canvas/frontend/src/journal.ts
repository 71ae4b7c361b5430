/** What a person did and nobody acknowledged yet, kept in the browser: no reload or crash loses it. */

import type { Gesture } from "./protocol";

/** What a journal is kept of: how its entries' names begin, and which values are entries. */
export interface EntryType<Item> {
  readonly prefix: string;
  readonly is: (value: unknown) => value is Item;
}

export const GESTURE_ENTRIES: EntryType<Gesture> = { prefix: "beltmask.gesture/", is: isGesture };

/** The part of localStorage that is needed. */
export interface KeyValueStore {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/**
 * Each item has an entry of its own, so that two tabs never write over each other; the
 * entries' names sort in the order in which the items were made.
 */
export class Journal<Item extends { readonly id: string }> {
  private readonly waiting = new Map<string, Item>();
  /** Of the newest name: a clock that is set back, or stands still, must not bring gestures out of order. */
  private time = 0;
  private count = 0;
  /** False once the browser refused to keep an item: it is then only in this tab. */
  safe = true;

  constructor(
    private readonly storage: KeyValueStore,
    private readonly kind: EntryType<Item>,
    private readonly now: () => number = Date.now,
  ) {
    const names = [...Array(storage.length).keys()].map((index) => storage.key(index) ?? "");
    for (const name of names.filter((each) => each.startsWith(kind.prefix)).sort()) {
      const item = read(storage.getItem(name));
      if (!kind.is(item)) continue;
      this.waiting.set(name, item);
      const [time, count] = name.slice(kind.prefix.length).split("-").map(Number);
      [this.time, this.count] = [time || 0, (count || 0) + 1];
    }
  }

  add(item: Item): void {
    this.time = Math.max(this.now(), this.time);
    const order = [String(this.time).padStart(15, "0"), String(this.count++).padStart(6, "0")];
    const name = `${this.kind.prefix}${order.join("-")}-${item.id}`;
    this.waiting.set(name, item);
    try {
      this.storage.setItem(name, JSON.stringify(item));
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      this.safe = false;
    }
  }

  settle(ids: ReadonlySet<string>): void {
    for (const name of this.letGo(ids)) this.storage.removeItem(name);
  }

  /** Those of another database: they stay in the browser, and this page speaks of them no more. */
  setAside(ids: readonly string[]): void {
    this.letGo(new Set(ids));
  }

  private letGo(ids: ReadonlySet<string>): string[] {
    const names = [...this.waiting].filter(([, item]) => ids.has(item.id)).map(([name]) => name);
    for (const name of names) this.waiting.delete(name);
    if (this.waiting.size === 0) this.safe = true;
    return names;
  }

  /** Oldest first. */
  all(): Item[] {
    return [...this.waiting.values()];
  }
}

/** 32 hex digits, unique without asking anybody. */
export function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

function read(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "null");
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
