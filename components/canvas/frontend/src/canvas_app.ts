/** The canvas in Review: picture, tools and objects, and the channel to Python. */

import { CanvasState } from "./canvas_state";
import { mount, type MountPoint } from "./component";
import { ConnectionDialogWatcher, serverGone } from "./connection_dialog";
import { make } from "./dom";
import { EditActions } from "./edit_actions";
import { helpDialog } from "./help";
import { windowedUrl } from "./intensity_window";
import { IntensityWindowControls } from "./intensity_window_controls";
import { GESTURE_ENTRIES, Journal } from "./journal";
import { KeyboardShortcuts } from "./keyboard";
import { keymap, type CanvasControls } from "./keymap";
import { MaskCache } from "./mask_cache";
import { ModelComparison } from "./model_comparison";
import { Notices } from "./notices";
import { ObjectStore } from "./object_store";
import { PictureView } from "./picture_view";
import type { CanvasData, CommentTarget, PythonChannel } from "./protocol";
import { sentence } from "./sentences";
import { SidePanel } from "./side_panel";
import { Stage } from "./stage";
import { StatusBar } from "./status_bar";
import { STYLES } from "./styles";
import { Toolbar } from "./toolbar";
import { BoxTool, MagicTool } from "./tools/box";
import { BrushTool } from "./tools/brush";
import { CommentTool } from "./tools/comment";
import { KnifeTool } from "./tools/knife";
import { PolygonTool } from "./tools/polygon";
import { SelectTool } from "./tools/select";
import type { DrawMode, Tool, ToolName } from "./tools/tool";
import { readViewSettings, storeViewSettings } from "./view_settings";

const AGAIN_MS = 2000;

export class CanvasApp implements CanvasControls {
  private readonly journal = new Journal(window.localStorage, GESTURE_ENTRIES);
  private readonly notices = new Notices((objects) => this.seen(objects));
  private readonly maskCache = new MaskCache(() => this.masksCame(), () => this.renew());
  private readonly picture = new PictureView(
    () => this.refresh(), () => this.renew(),
    (words) => this.notices.warn(sentence("canvas.picture_did_not_come", { why: words })),
  );
  private readonly state = new CanvasState(
    new ObjectStore(this.journal, this.maskCache), readViewSettings(window.localStorage),
    () => this.refresh(), () => this.send(), (words) => this.notices.say(words),
  );
  private readonly actions = new EditActions(this.state);
  private readonly tools: Record<ToolName, Tool> = {
    select: new SelectTool(this.state),
    polygon: new PolygonTool(this.state, () => this.mode),
    box: new BoxTool(this.state, () => this.mode),
    brush: new BrushTool(this.state, false),
    eraser: new BrushTool(this.state, true),
    knife: new KnifeTool(this.state),
    magic: new MagicTool(this.state, () => this.mode),
    comment: new CommentTool(this.state, (at) => this.point(at)),
  };
  private readonly comparison = new ModelComparison(this.state, () => this.refresh(), () => this.renew());
  private readonly stage = new Stage(this.state, this.picture, this.comparison, () => this.tools[this.tool]);
  private readonly toolbar = new Toolbar(this.state, this.actions, {
    tool: (name) => this.take(name),
    mode: (mode) => this.use(mode),
    compare: () => this.compare(),
    help: () => this.help(),
  });
  private readonly windowControls = new IntensityWindowControls(() => this.show());
  private readonly sidePanel = new SidePanel(this.state, this.picture, this.actions);
  private readonly statusBar = new StatusBar(this.state, () => this.settingsChanged(), this);
  private readonly keys = new KeyboardShortcuts(keymap(this.state, this.actions, this), this.stage.element, () => this.listening);
  private readonly element = make("div", { class: "bench" });
  private readonly connectionDialog = new ConnectionDialogWatcher(() => this.notices.say(serverGone()));
  private readonly timer = window.setInterval(() => this.later(), AGAIN_MS);
  private tool: ToolName = "select";
  private lastDrawing: ToolName = "polygon";
  private mode: DrawMode = "new";
  private round = 0;
  private opened = 0;
  private renewed = -AGAIN_MS;
  private channel: PythonChannel = { tail: () => {}, pointed: () => {} };

  constructor(mountPoint: MountPoint) {
    this.stage.element.tabIndex = 0;
    this.stage.element.setAttribute("role", "application");
    this.stage.element.append(this.comparison.element, this.notices.element);
    this.statusBar.element.append(this.windowControls.element);
    const parts = [this.toolbar, this.stage, this.sidePanel, this.statusBar].map((each) => each.element);
    this.element.append(make("style", {}, STYLES), ...parts);
    mount(mountPoint, this.element);
    this.keys.whileDown("q", () => this.bare(true), () => this.bare(false));
    this.keys.whileDown("Space", () => this.hand(true), () => this.hand(false));
  }

  get alive(): boolean {
    return this.element.isConnected;
  }

  update(data: CanvasData, channel: PythonChannel): void {
    this.channel = channel;
    const another = data.image.id !== this.opened;
    if (another) this.leave();
    for (const { words, objects } of this.state.store.update(data)) this.notices.warn(words, objects);
    if (another) this.open(data);
    this.stage.pins = data.pins;
    this.show();
    if (data.next) this.picture.prefetch(windowedUrl(data.next.picture, this.windowControls.of(data.next.deep)));
  }

  close(): void {
    clearInterval(this.timer);
    this.connectionDialog.close();
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
    if (this.comparison.on) return this.comparison.leave();
    if (this.tool !== "select") return this.take("select");
    if (this.state.selected.length) return this.state.select([]);
    this.stage.element.blur();
  }

  back(): void {
    if (!this.tools[this.tool].back()) this.actions.delete();
  }

  compare(): void {
    this.comparison.toggle(this.state.store.data.image);
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

  private use(mode: DrawMode): void {
    this.mode = mode;
    this.refresh();
  }

  private get listening(): boolean {
    return this.alive && this.state.settings.keys && !this.element.querySelector("dialog[open]");
  }

  /** Nothing of one picture is left on the next. */
  private leave(): void {
    this.tools[this.tool].cancel();
    this.comparison.leave();
    this.state.selected = [];
    this.state.drafts.clear();
    this.state.hidden.clear();
    this.state.locked.clear();
    this.notices.clear();
  }

  private open(data: CanvasData): void {
    const first = this.opened === 0;
    this.opened = data.image.id;
    this.windowControls.open(data.image);
    this.state.camera.open([data.image.width, data.image.height], this.state.settings.keepZoom && !first);
    this.stage.element.setAttribute("aria-label", sentence("canvas.stage", { name: data.image.name }));
    if (document.activeElement === document.body) this.stage.element.focus({ preventScroll: true });
    if (this.journal.all().length) this.send();
  }

  private point(at: Omit<CommentTarget, "round">): void {
    this.take("select");
    this.channel.pointed({ ...at, round: Date.now() });
  }

  /** Somebody read why something was refused, and leaves it at that. */
  private seen(objects: readonly string[]): void {
    for (const each of objects) this.state.store.settle(each);
    this.refresh();
  }

  private send(): void {
    this.notices.settle(this.state.store.contested);
    this.refresh();
    this.channel.tail({ round: ++this.round, gestures: this.journal.all() });
  }

  /** A message may be lost with the connection: say it again until it is answered. */
  private later(): void {
    if (!this.alive) return this.close();
    if (this.opened && this.journal.all().length) this.send();
  }

  private masksCame(): void {
    this.state.store.replay();
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
    const { image } = this.state.store.data;
    this.picture.open(image, this.windowControls.of(image.deep));
    this.refresh();
  }

  private settingsChanged(): void {
    storeViewSettings(window.localStorage, this.state.settings);
    this.refresh();
  }

  private bare(on: boolean): void {
    this.state.bare = on;
    this.refresh();
  }

  private hand(on: boolean): void {
    this.stage.hand = on;
    this.refresh();
  }

  private refresh(): void {
    if (!this.opened) return;
    this.stage.refresh();
    this.toolbar.update(this.tool, this.mode, this.comparison.on);
    this.sidePanel.update();
    this.statusBar.update(this.state.store.pending().length, this.journal.safe);
  }
}
