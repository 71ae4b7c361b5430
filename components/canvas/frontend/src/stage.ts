/** Where the picture stands: three canvases one above the other, and the pointer. */

import type { CanvasState, PointerPosition } from "./canvas_state";
import type { ModelComparison } from "./model_comparison";
import { Overlay } from "./overlay";
import type { PictureView } from "./picture_view";
import type { Pin } from "./protocol";
import { Raster, type RasterStrip } from "./raster";
import type { Tool } from "./tools/tool";

const WHEEL = 0.0015;
/** How much less exactly a finger points than a mouse. */
const FINGER = 2.5;

export class Stage {
  readonly element = document.createElement("div");
  private readonly contexts: CanvasRenderingContext2D[];
  private readonly raster = new Raster();
  private readonly overlay: Overlay;
  private readonly watch = new ResizeObserver(() => this.resize());
  private readonly fingers = new Map<number, PointerEvent>();
  private frame = 0;
  private pressed = false;
  private panning: PointerEvent | null = null;
  /** Space is held down: the pointer moves the picture. */
  hand = false;
  pins: readonly Pin[] = [];

  constructor(
    private readonly state: CanvasState,
    private readonly picture: PictureView,
    private readonly comparison: ModelComparison,
    private readonly tool: () => Tool,
  ) {
    this.overlay = new Overlay(state, comparison);
    this.element.className = "stage";
    this.contexts = ["picture", "masks", "hands"].map((name) => this.layer(name));
    this.watch.observe(this.element);
    this.listen();
  }

  /** Draw in the next frame, once however often it is asked. */
  refresh(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  get busy(): boolean {
    return this.pressed;
  }

  close(): void {
    this.watch.disconnect();
    cancelAnimationFrame(this.frame);
  }

  zoom(factor: number): void {
    const [width, height] = this.state.camera.canvas;
    this.state.camera.zoomAt(width / 2, height / 2, factor);
    this.state.refresh();
  }

  private draw(): void {
    const [picture, masks, hands] = this.contexts as [
      CanvasRenderingContext2D, CanvasRenderingContext2D, CanvasRenderingContext2D,
    ];
    const { state } = this;
    const { brightness, contrast, outlineOnly, opacity } = state.settings;
    picture.canvas.style.filter =
      brightness === 1 && contrast === 1 ? "" : `brightness(${brightness}) contrast(${contrast})`;
    this.picture.draw(picture, state.camera);
    this.raster.draw(masks, state.camera, this.strips(masks.canvas.width), outlineOnly ? 0 : opacity);
    hands.clearRect(0, 0, hands.canvas.width, hands.canvas.height);
    this.overlay.draw(hands, this.pins);
    this.tool().draw(hands);
    hands.canvas.style.cursor = this.panning || this.hand ? "grab" : this.tool().cursor;
    this.tell();
  }

  private strips(width: number): RasterStrip[] {
    const now = { styledMasks: this.state.styledMasks(), from: 0, to: width };
    if (!this.comparison.on) return [now];
    const place = this.comparison.place(width);
    return [{ ...now, from: place }, { styledMasks: this.comparison.styledMasks(), from: 0, to: place }];
  }

  /** What is on the screen, for whoever looks at the page from outside. */
  private tell(): void {
    const { camera, store } = this.state;
    const ratio = window.devicePixelRatio || 1;
    const view = [camera.scale, camera.x, camera.y].map((each) => each / ratio);
    const complete = this.picture.ready && store.objects.every((each) => each.mask !== null);
    const told = {
      view: view.join(","), shows: String(store.data.image.id), complete: String(complete),
      sharp: String(this.picture.sharp),
    };
    for (const [name, value] of Object.entries(told)) {
      if (this.element.dataset[name] !== value) this.element.dataset[name] = value;
    }
  }

  private layer(name: string): CanvasRenderingContext2D {
    const canvas = document.createElement("canvas");
    canvas.className = name;
    this.element.append(canvas);
    const context = canvas.getContext("2d");
    if (!context) throw new Error("this browser draws no pictures");
    return context;
  }

  private resize(): void {
    const ratio = window.devicePixelRatio || 1;
    const size = [this.element.clientWidth * ratio, this.element.clientHeight * ratio].map(Math.round);
    const [width, height] = size as [number, number];
    if (width < 1 || height < 1) return;
    for (const { canvas } of this.contexts) Object.assign(canvas, { width, height });
    this.state.camera.resize([width, height]);
    this.draw();
  }

  private listen(): void {
    const top = this.contexts.at(-1)!.canvas;
    top.onpointerdown = (event) => this.down(event, top);
    top.onpointermove = (event) => this.move(event);
    top.onpointerup = (event) => this.up(event);
    top.onpointercancel = (event) => this.give(event);
    top.ondblclick = () => this.tool().finish();
    top.oncontextmenu = (event) => {
      event.preventDefault();
      this.tool().back();
    };
    top.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
  }

  private down(event: PointerEvent, top: HTMLCanvasElement): void {
    this.element.focus({ preventScroll: true });
    top.setPointerCapture(event.pointerId);
    if (event.pointerType === "touch") this.fingers.set(event.pointerId, event);
    if (this.fingers.size > 1) {
      if (this.pressed) this.tool().interrupt();
      this.pressed = false;
    } else if (event.button === 1 || this.hand) {
      event.preventDefault();
      this.panning = event;
    } else if (event.button === 0) {
      this.pressed = true;
      this.tool().down(this.point(event));
    }
    this.refresh();
  }

  private move(event: PointerEvent): void {
    if (this.fingers.size > 1) return this.pinch(event);
    if (this.panning) {
      const ratio = window.devicePixelRatio || 1;
      const [dx, dy] = [event.clientX - this.panning.clientX, event.clientY - this.panning.clientY];
      this.state.camera.pan(dx * ratio, dy * ratio);
      this.panning = event;
      this.refresh();
      return;
    }
    for (const each of this.pressed ? coalesced(event) : [event]) {
      this.tool().move(this.point(each), this.pressed);
    }
  }

  private up(event: PointerEvent): void {
    this.fingers.delete(event.pointerId);
    this.panning = null;
    if (this.pressed) {
      this.pressed = false;
      this.tool().up(this.point(event));
    }
    this.refresh();
  }

  private give(event: PointerEvent): void {
    this.fingers.delete(event.pointerId);
    this.panning = null;
    if (this.pressed) this.tool().interrupt();
    this.pressed = false;
  }

  /** Two fingers: the middle between them pans, their distance zooms. */
  private pinch(event: PointerEvent): void {
    const [a, b] = [...this.fingers.values()] as [PointerEvent, PointerEvent];
    if (this.fingers.has(event.pointerId)) this.fingers.set(event.pointerId, event);
    const [c, d] = [...this.fingers.values()] as [PointerEvent, PointerEvent];
    const before = this.between(a, b);
    const after = this.between(c, d);
    this.state.camera.pan(after.x - before.x, after.y - before.y);
    this.state.camera.zoomAt(after.x, after.y, after.far / Math.max(before.far, 1));
    this.state.refresh();
  }

  private between(a: PointerEvent, b: PointerEvent): { x: number; y: number; far: number } {
    const [p, q] = [this.point(a), this.point(b)];
    return { x: (p.cx + q.cx) / 2, y: (p.cy + q.cy) / 2, far: Math.hypot(p.cx - q.cx, p.cy - q.cy) };
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const { cx, cy } = this.point(event);
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    this.state.camera.zoomAt(cx, cy, Math.exp(-event.deltaY * lines * WHEEL));
    this.state.refresh();
  }

  private point(event: MouseEvent): PointerPosition {
    const ratio = window.devicePixelRatio || 1;
    const place = this.element.getBoundingClientRect();
    const [cx, cy] = [(event.clientX - place.left) * ratio, (event.clientY - place.top) * ratio];
    const [x, y] = this.state.camera.toImage(cx, cy);
    const finger = event instanceof PointerEvent && event.pointerType === "touch";
    const reach = finger ? FINGER : 1;
    return { x, y, cx, cy, reach, shift: event.shiftKey, alt: event.altKey };
  }
}

/** Every place the pointer was at since the last event: a quick stroke has no corners. */
function coalesced(event: PointerEvent): PointerEvent[] {
  const all = event.getCoalescedEvents?.() ?? [];
  return all.length ? all : [event];
}
