/** The keys: one table for what they do, the tooltips, and the list under "?". */

export interface KeyBinding {
  /** As `comboOf` spells it; several keys may do the same. */
  readonly keys: readonly string[];
  readonly group: "Tools" | "Objects" | "Picture" | "View";
  readonly says: string;
  /** Told which of the keys it was. */
  readonly run: (combo: string) => void;
}

const FIELDS = "input:not([type=range]):not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]";
const PRESSED = "button, a, summary, [role=button], [role=option], [role=combobox], [role=slider], input";
/** Keys that belong to a control while it has the focus. */
const OF_CONTROLS = new Set(["Enter", "Space", "Tab", "Shift+Tab", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"]);

const SLID = "input[type=range], [role=slider]";
const OF_SLIDERS = new Set(["PageUp", "PageDown"]);

/** "Ctrl+Shift+z", "Shift+1", "?", "Enter": what a key event asks for. */
function comboOf(event: KeyboardEvent): string {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
  const name = digit ?? (event.key === " " ? "Space" : event.key.length === 1 ? event.key.toLowerCase() : event.key);
  const printed = name.length === 1 && !/[a-z0-9]/.test(name);
  const shift = event.shiftKey && !printed ? "Shift+" : "";
  return `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}${shift}${name}`;
}

/** Whether a key event belongs to somebody else: a text field, or a control that has the focus. */
function isTaken(event: KeyboardEvent, stage: Element): boolean {
  const target = event.composedPath()[0];
  if (!(target instanceof Element) || target === stage) return false;
  if (target.closest(FIELDS) || target.closest("[role=dialog], [role=listbox][data-foreign]")) return true;
  const combo = comboOf(event);
  if (target === document.body) return combo.endsWith("Tab");
  if (target.closest(SLID) && OF_SLIDERS.has(combo)) return true;
  return target.closest(PRESSED) !== null && OF_CONTROLS.has(combo);
}

export class KeyboardShortcuts {
  private readonly byCombo = new Map<string, KeyBinding>();
  private readonly ends = new Map<string, () => void>();
  private readonly listeners: (() => void)[] = [];

  constructor(
    readonly bindings: readonly KeyBinding[],
    private readonly stage: Element,
    private readonly on: () => boolean,
  ) {
    for (const binding of bindings) {
      for (const key of binding.keys) this.byCombo.set(key, binding);
    }
    this.listen("keydown", (event) => this.pressed(event));
    this.listen("keyup", (event) => this.released(event));
    this.letGoWithWindow();
  }

  /** What is held only as long as a key is down. */
  whileDown(combo: string, begin: () => void, end: () => void): void {
    this.byCombo.set(combo, { keys: [combo], group: "View", says: "", run: begin });
    this.ends.set(combo.toLowerCase(), end);
  }

  close(): void {
    for (const stop of this.listeners) stop();
  }

  /** Streamlit listens on the document: on the window, before anybody, we are first. */
  private listen(name: "keydown" | "keyup", react: (event: KeyboardEvent) => void): void {
    window.addEventListener(name, react, { capture: true });
    this.listeners.push(() => window.removeEventListener(name, react, { capture: true }));
  }

  /** A key that goes up while another window has the keyboard is never told. */
  private letGoWithWindow(): void {
    const letGo = (): void => this.ends.forEach((end) => end());
    window.addEventListener("blur", letGo);
    this.listeners.push(() => window.removeEventListener("blur", letGo));
  }

  private pressed(event: KeyboardEvent): void {
    if (!this.on() || isTaken(event, this.stage)) return;
    const binding = this.byCombo.get(comboOf(event));
    if (!binding) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const held = this.ends.has(comboOf(event).toLowerCase());
    if (!(held && event.repeat)) binding.run(comboOf(event));
  }

  private released(event: KeyboardEvent): void {
    const name = event.key === " " ? "space" : event.key.toLowerCase();
    this.ends.get(name)?.();
  }
}

/** How a combo is written for people. */
export function comboLabel(combo: string): string {
  const names: Record<string, string> = { Escape: "Esc", Delete: "Del", ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓" };
  const parts = combo === "+" ? ["+"] : combo.split("+");
  return parts.map((each) => names[each] ?? (each.length === 1 ? each.toUpperCase() : each)).join("+");
}
