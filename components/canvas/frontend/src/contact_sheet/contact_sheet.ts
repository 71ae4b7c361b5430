/** A grid of objects worked through by keys: many are decided on at once. */

import { mount, type MountPoint } from "../component";
import { ConnectionDialogWatcher, serverGone } from "../connection_dialog";
import { make } from "../dom";
import type { ObjectClass } from "../protocol";
import { SaveStatus } from "../save_status";
import { sentence } from "../sentences";
import { Decisions } from "./decisions";
import { ObjectTile } from "./object_tile";
import type { ContactSheetData, ContactSheetObject, Decision, PendingDecisions } from "./protocol";
import { STYLES } from "./styles";

const AGAIN_MS = 2000;

export class ContactSheet {
  private readonly element = make("div", { class: "sheet" });
  private readonly bar = make("div", { class: "bar", role: "toolbar", "aria-label": sentence("canvas.decide_on_selected") });
  private readonly status = make("div", { class: "status", role: "status", "aria-live": "polite" });
  private readonly grid = make("div", {
    class: "grid", role: "listbox", "aria-multiselectable": "true", "aria-label": sentence("canvas.objects"), "aria-describedby": "help",
  });
  private readonly decisions = new Decisions(window.localStorage, window.sessionStorage);
  private readonly saveStatus = new SaveStatus("decision");
  private readonly connectionDialog = new ConnectionDialogWatcher(() => this.uncovered());
  private readonly timer = window.setInterval(() => this.later(), AGAIN_MS);
  private objects: readonly ContactSheetObject[] = [];
  private classes: readonly ObjectClass[] = [];
  private tiles: readonly ObjectTile[] = [];
  private chosen = new Set<string>();
  private at = 0;
  private anchor = 0;
  private round = 0;
  private opened = false;
  private tell: (tail: PendingDecisions) => void = () => {};

  constructor(mountPoint: MountPoint) {
    const help = make("div", { class: "help", id: "help" }, sentence("canvas.sheet_help"));
    this.element.append(make("style", {}, STYLES), this.bar, this.status, this.grid, help);
    this.grid.addEventListener("keydown", (event) => this.onKey(event));
    this.grid.addEventListener("click", (event) => this.onClick(event));
    this.grid.addEventListener("dblclick", (event) => this.tiles[this.indexOf(event)]?.open());
    this.grid.addEventListener("mousedown", (event) => event.shiftKey && event.preventDefault());
    mount(mountPoint, this.element);
  }

  get alive(): boolean {
    return this.element.isConnected;
  }

  update(data: ContactSheetData, tell: (tail: PendingDecisions) => void): void {
    this.tell = tell;
    const same = data.objects.map((o) => o.id).join() === this.objects.map((o) => o.id).join();
    this.objects = data.objects;
    this.classes = data.classes;
    const words = this.decisions.settle(data);
    this.saveStatus.late(this.decisions.waiting.length);
    if (!same) this.lay();
    this.drawBar();
    this.drawTiles();
    if (words.length) this.say(words.join(" "));
    if (!this.opened && this.decisions.waiting.length) this.send();
    this.opened = true;
  }

  close(): void {
    clearInterval(this.timer);
    this.connectionDialog.close();
  }

  private lay(): void {
    const root = this.grid.getRootNode() as ShadowRoot;
    const focused = this.grid.contains(root.activeElement);
    this.chosen.clear();
    this.at = this.anchor = 0;
    this.tiles = this.objects.map((object) => new ObjectTile(object));
    this.grid.replaceChildren(...this.tiles.map((tile) => tile.element));
    if (focused) this.go(0);
  }

  private drawTiles(): void {
    this.objects.forEach((object, index) => {
      const expected = this.decisions.expectedState(object);
      const meant = this.classes.find((each) => each.id === expected.class);
      const here = index === this.at;
      this.tiles[index]?.draw(object, meant?.name ?? object.label, expected, here, this.chosen.has(object.id));
    });
  }

  private drawBar(): void {
    const classes = this.classes.map((each) => {
      const button = this.button(each.name, each.key, () => this.decide("relabel", each));
      button.prepend(make("span", { class: "dot", style: `background:${each.color}` }));
      return button;
    });
    const back = this.button(sentence("canvas.take_back"), "Ctrl+Z", () => this.takeBack());
    back.disabled = !this.decisions.canTakeBack;
    this.bar.replaceChildren(
      this.button(sentence("canvas.accept"), "A", () => this.decide("accept")),
      this.button(sentence("canvas.reject"), "X", () => this.decide("reject")),
      ...classes,
      back,
    );
  }

  private button(name: string, key: string | null, action: () => void): HTMLButtonElement {
    const button = make("button", { type: "button" }, name);
    if (key) button.append(make("kbd", {}, key));
    button.onclick = () => {
      action();
      this.tiles[this.at]?.element.focus();
    };
    return button;
  }

  private onKey(event: KeyboardEvent): void {
    const action = this.actionFor(event);
    if (!action) return;
    event.preventDefault();
    event.stopPropagation(); // Streamlit has keys of its own
    action();
  }

  private actionFor(event: KeyboardEvent): (() => void) | undefined {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (event.ctrlKey || event.metaKey) {
      if (key === "a") return () => this.chooseRange(0, this.objects.length - 1);
      return key === "z" ? () => this.takeBack() : undefined;
    }
    if (event.altKey) return undefined;
    const given = this.classes.find((each) => each.key === key);
    if (given) return () => this.decide("relabel", given);
    const to = this.placeOf(key);
    return to === undefined ? this.plainAction(key) : () => this.move(to, event.shiftKey);
  }

  private plainAction(key: string): (() => void) | undefined {
    const actions: Readonly<Record<string, () => void>> = {
      Enter: () => this.decide("accept"),
      a: () => this.decide("accept"),
      x: () => this.decide("reject"),
      o: () => this.tiles[this.at]?.open(),
      " ": () => this.toggle(this.at),
      Escape: () => this.choose([]),
    };
    return actions[key];
  }

  /** Where a key leads from here. */
  private placeOf(key: string): number | undefined {
    const columns = this.columns();
    const places: Readonly<Record<string, number>> = {
      ArrowLeft: this.at - 1,
      ArrowRight: this.at + 1,
      ArrowUp: this.at - columns,
      ArrowDown: this.at + columns,
      Home: 0,
      End: this.objects.length - 1,
    };
    return places[key];
  }

  private columns(): number {
    const top = this.tiles[0]?.element.offsetTop;
    const next = this.tiles.findIndex((tile) => tile.element.offsetTop !== top);
    return next < 0 ? this.tiles.length : next;
  }

  private onClick(event: MouseEvent): void {
    const index = this.indexOf(event);
    const object = this.objects[index];
    if (!object || (event.target as Element).closest("a")) return;
    if (event.shiftKey) this.chooseRange(this.anchor, index);
    else if (event.ctrlKey || event.metaKey) this.toggle(index);
    else {
      this.anchor = index;
      this.choose([object]);
    }
    this.go(index);
  }

  private indexOf(event: Event): number {
    const element = (event.target as Element).closest('[role="option"]');
    return this.tiles.findIndex((tile) => tile.element === element);
  }

  private move(index: number, extending: boolean): void {
    if (index < 0 || index >= this.objects.length) return;
    if (extending) this.chooseRange(this.anchor, index);
    else this.anchor = index;
    this.go(index);
  }

  private go(index: number): void {
    this.at = Math.min(Math.max(index, 0), this.objects.length - 1);
    this.drawTiles();
    this.tiles[this.at]?.element.focus();
  }

  private toggle(index: number): void {
    const object = this.objects[index];
    if (!object) return;
    this.anchor = index;
    const others = this.objects.filter((each) => each !== object && this.chosen.has(each.id));
    this.choose(this.chosen.has(object.id) ? others : [...others, object]);
  }

  private chooseRange(from: number, to: number): void {
    this.choose(this.objects.slice(Math.min(from, to), Math.max(from, to) + 1));
  }

  private choose(objects: readonly ContactSheetObject[]): void {
    this.chosen = new Set(objects.map((object) => object.id));
    this.drawTiles();
    this.say(objects.length ? sentence("canvas.selected", { many: objects.length }) : sentence("canvas.nothing_selected"));
  }

  /** About the selected objects, or else about the one that has the focus. */
  private decide(kind: Exclude<Decision["kind"], "undo">, meant?: ObjectClass): void {
    const [here] = this.objects.slice(this.at);
    const objects = this.objects.filter((each) => (this.chosen.size ? this.chosen.has(each.id) : each === here));
    const last = objects.at(-1);
    if (!last) return;
    this.decisions.make(kind, objects, meant);
    this.send();
    this.chosen.clear();
    this.anchor = Math.min(this.objects.indexOf(last) + 1, this.objects.length - 1);
    this.go(this.anchor);
  }

  private takeBack(): void {
    if (!this.decisions.takeBack()) return;
    this.send();
    this.go(this.at);
  }

  private send(): void {
    const { waiting, safe } = this.decisions;
    this.drawBar();
    this.say(this.saveStatus.words(waiting.length, safe));
    this.tell({ round: ++this.round, decisions: waiting });
  }

  /** A message may be lost with the connection: say it again until it is answered. */
  private later(): void {
    if (!this.alive) this.close();
    else if (this.decisions.waiting.length) this.send();
  }

  /** The keys of whoever was not in a field of the page are meant for the sheet again. */
  private uncovered(): void {
    this.say(serverGone());
    if (document.activeElement === document.body) this.tiles[this.at]?.element.focus();
  }

  private say(words: string): void {
    this.status.textContent = words;
  }
}
