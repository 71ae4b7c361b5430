/** The reviewer's bench: picture, tools and objects, and the line to Python. */

import { Actions } from "./actions";
import { Bar } from "./bar";
import { Board } from "./board";
import { Comparing } from "./comparing";
import { putOn, type Place } from "./component";
import { Cover, GONE } from "./cover";
import { Crops } from "./crops";
import { Desk } from "./desk";
import { make } from "./dom";
import { helpDialog } from "./help";
import { GESTURES, Journal } from "./journal";
import { keymap, type Hands } from "./keymap";
import { Keys } from "./keys";
import { keepLooks, readLooks } from "./looks";
import { Notices } from "./notices";
import { Picture } from "./picture";
import type { Line, Pointed, SheetData } from "./protocol";
import { Side } from "./side";
import { Stage } from "./stage";
import { STYLES } from "./styles";
import { Toolbar } from "./toolbar";
import { BoxTool, MagicTool } from "./tools/box";
import { BrushTool } from "./tools/brush";
import { CommentTool } from "./tools/comment";
import { KnifeTool } from "./tools/knife";
import { PolygonTool } from "./tools/polygon";
import { SelectTool } from "./tools/select";
import type { Mode, Tool, ToolName } from "./tools/tool";
import { through } from "./window";
import { Windowing } from "./windowing";

const AGAIN_MS = 2000;

export class Bench implements Hands {
  private readonly journal = new Journal(window.localStorage, GESTURES);
  private readonly notices = new Notices((objects) => this.seen(objects));
  private readonly crops = new Crops(() => this.cropsCame(), () => this.renew());
  private readonly picture = new Picture(
    () => this.refresh(), () => this.renew(),
    (words) => this.notices.warn(`The picture did not come: ${words}`),
  );
  private readonly desk = new Desk(
    new Board(this.journal, this.crops), readLooks(window.localStorage),
    () => this.refresh(), () => this.send(), (words) => this.notices.say(words),
  );
  private readonly actions = new Actions(this.desk);
  private readonly tools: Record<ToolName, Tool> = {
    select: new SelectTool(this.desk),
    polygon: new PolygonTool(this.desk, () => this.mode),
    box: new BoxTool(this.desk, () => this.mode),
    brush: new BrushTool(this.desk, false),
    eraser: new BrushTool(this.desk, true),
    knife: new KnifeTool(this.desk),
    magic: new MagicTool(this.desk, () => this.mode),
    comment: new CommentTool(this.desk, (at) => this.point(at)),
  };
  private readonly comparing = new Comparing(this.desk, () => this.refresh(), () => this.renew());
  private readonly stage = new Stage(this.desk, this.picture, this.comparing, () => this.tools[this.tool]);
  private readonly toolbar = new Toolbar(this.desk, this.actions, {
    tool: (name) => this.take(name),
    mode: (mode) => this.use(mode),
    compare: () => this.compare(),
    help: () => this.help(),
  });
  private readonly windowing = new Windowing(() => this.show());
  private readonly side = new Side(this.desk, this.picture, this.actions);
  private readonly bar = new Bar(this.desk, () => this.looked(), this);
  private readonly keys = new Keys(keymap(this.desk, this.actions, this), this.stage.element, () => this.listening);
  private readonly element = make("div", { class: "bench" });
  private readonly cover = new Cover(() => this.notices.say(GONE));
  private readonly timer = window.setInterval(() => this.later(), AGAIN_MS);
  private tool: ToolName = "select";
  private lastDrawing: ToolName = "polygon";
  private mode: Mode = "new";
  private round = 0;
  private opened = 0;
  private renewed = -AGAIN_MS;
  private line: Line = { tail: () => {}, pointed: () => {} };

  constructor(place: Place) {
    this.stage.element.tabIndex = 0;
    this.stage.element.setAttribute("role", "application");
    this.stage.element.append(this.comparing.element, this.notices.element);
    this.bar.element.append(this.windowing.element);
    const parts = [this.toolbar, this.stage, this.side, this.bar].map((each) => each.element);
    this.element.append(make("style", {}, STYLES), ...parts);
    putOn(place, this.element);
    this.keys.whileDown("q", () => this.bare(true), () => this.bare(false));
    this.keys.whileDown("Space", () => this.hand(true), () => this.hand(false));
  }

  get alive(): boolean {
    return this.element.isConnected;
  }

  update(data: SheetData, line: Line): void {
    this.line = line;
    const another = data.image.id !== this.opened;
    if (another) this.leave();
    for (const { words, objects } of this.desk.board.update(data)) this.notices.warn(words, objects);
    if (another) this.open(data);
    this.stage.pins = data.pins;
    this.show();
    if (data.next) this.picture.prefetch(through(data.next.picture, this.windowing.of(data.next.deep)));
  }

  close(): void {
    clearInterval(this.timer);
    this.cover.close();
    this.keys.close();
    this.stage.close();
    this.picture.close();
  }

  get busy(): boolean {
    return this.stage.busy;
  }

  get shaping(): boolean {
    return this.tools[this.tool].shaping;
  }

  take(name: ToolName): void {
    this.tools[this.tool].cancel();
    this.tool = name;
    if (name !== "select" && name !== "comment") this.lastDrawing = name;
    this.refresh();
  }

  again(): void {
    if (!this.busy && !this.tools[this.tool].finish()) this.take(this.lastDrawing);
  }

  enter(): void {
    if (!this.tools[this.tool].finish()) this.actions.acceptAndNext();
  }

  escape(): void {
    if (this.tools[this.tool].cancel()) return;
    if (this.comparing.on) return this.comparing.leave();
    if (this.tool !== "select") return this.take("select");
    if (this.desk.selected.length) return this.desk.select([]);
    this.stage.element.blur();
  }

  back(): void {
    if (!this.tools[this.tool].back()) this.actions.delete();
  }

  compare(): void {
    this.comparing.toggle(this.desk.board.data.image);
  }

  help(): void {
    const dialog = helpDialog(this.keys.bindings);
    dialog.onclose = () => dialog.remove();
    this.element.append(dialog);
    dialog.showModal();
  }

  zoom(factor: number): void {
    this.stage.zoom(factor);
  }

  private use(mode: Mode): void {
    this.mode = mode;
    this.refresh();
  }

  private get listening(): boolean {
    return this.alive && this.desk.looks.keys && !this.element.querySelector("dialog[open]");
  }

  /** Nothing of one picture is left on the next. */
  private leave(): void {
    this.tools[this.tool].cancel();
    this.comparing.leave();
    this.desk.selected = [];
    this.desk.drafts.clear();
    this.desk.hidden.clear();
    this.desk.locked.clear();
    this.notices.clear();
  }

  private open(data: SheetData): void {
    const first = this.opened === 0;
    this.opened = data.image.id;
    this.windowing.open(data.image);
    this.desk.camera.open([data.image.width, data.image.height], this.desk.looks.keepZoom && !first);
    this.stage.element.setAttribute("aria-label", `${data.image.name}: objects on the picture. Press ? for the keys.`);
    if (document.activeElement === document.body) this.stage.element.focus({ preventScroll: true });
    if (this.journal.all().length) this.send();
  }

  private point(at: Omit<Pointed, "round">): void {
    this.take("select");
    this.line.pointed({ ...at, round: Date.now() });
  }

  /** Somebody read why something was refused, and leaves it at that. */
  private seen(objects: readonly string[]): void {
    for (const each of objects) this.desk.board.settle(each);
    this.refresh();
  }

  private send(): void {
    this.notices.settle(this.desk.board.contested);
    this.refresh();
    this.line.tail({ round: ++this.round, gestures: this.journal.all() });
  }

  /** A message may be lost with the connection: say it again until it is answered. */
  private later(): void {
    if (!this.alive) return this.close();
    if (this.opened && this.journal.all().length) this.send();
  }

  private cropsCame(): void {
    this.desk.board.replay();
    this.refresh();
  }

  /** The server was started again: its addresses come anew with the page's next run. */
  private renew(): void {
    if (performance.now() - this.renewed < AGAIN_MS) return;
    this.renewed = performance.now();
    this.send();
  }

  /** The picture through the window in hand. */
  private show(): void {
    const { image } = this.desk.board.data;
    this.picture.open(image, this.windowing.of(image.deep));
    this.refresh();
  }

  private looked(): void {
    keepLooks(window.localStorage, this.desk.looks);
    this.refresh();
  }

  private bare(on: boolean): void {
    this.desk.bare = on;
    this.refresh();
  }

  private hand(on: boolean): void {
    this.stage.hand = on;
    this.refresh();
  }

  private refresh(): void {
    if (!this.opened) return;
    this.stage.refresh();
    this.toolbar.update(this.tool, this.mode, this.comparing.on);
    this.side.update();
    this.bar.update(this.desk.board.pending().length, this.journal.safe);
  }
}
