/** Where the picture stands: three canvases one above the other, and the pointer. */

import type { Desk, Point } from "./desk";
import type { Picture } from "./picture";
import type { Pin } from "./protocol";
import { ringsOf, type Ring } from "./polygons";
import { Raster } from "./raster";
import { strokeTwice, type Tool } from "./tools/tool";

const WHEEL = 0.0015;
/** Objects with more outline than this are framed by their box. */
const LONGEST_OUTLINE = 20_000;
const MOST_NUMBERS = 200;

export class Stage {
  readonly element = document.createElement("div");
  private readonly contexts: CanvasRenderingContext2D[];
  private readonly raster = new Raster();
  private readonly watch = new ResizeObserver(() => this.resize());
  private readonly fingers = new Map<number, PointerEvent>();
  private frame = 0;
  private pressed = false;
  private panning: PointerEvent | null = null;
  /** Space is held down: the pointer moves the picture. */
  hand = false;
  pins: readonly Pin[] = [];

  constructor(
    private readonly desk: Desk,
    private readonly picture: Picture,
    private readonly tool: () => Tool,
  ) {
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

  close(): void {
    this.watch.disconnect();
    cancelAnimationFrame(this.frame);
  }

  zoom(factor: number): void {
    const [width, height] = this.desk.camera.canvas;
    this.desk.camera.zoomAt(width / 2, height / 2, factor);
    this.desk.refresh();
  }

  private draw(): void {
    const [picture, masks, hands] = this.contexts as [
      CanvasRenderingContext2D, CanvasRenderingContext2D, CanvasRenderingContext2D,
    ];
    const { desk } = this;
    const { brightness, contrast, outlineOnly, opacity } = desk.looks;
    picture.canvas.style.filter =
      brightness === 1 && contrast === 1 ? "" : `brightness(${brightness}) contrast(${contrast})`;
    this.picture.draw(picture, desk.camera);
    this.raster.draw(masks, desk.camera, desk.layers(), outlineOnly ? 0 : opacity);
    hands.clearRect(0, 0, hands.canvas.width, hands.canvas.height);
    this.drawRegion(hands);
    if (!desk.bare) {
      this.drawSelected(hands);
      this.drawNumbers(hands);
    }
    this.drawPins(hands);
    this.tool().draw(hands);
    hands.canvas.style.cursor = this.panning || this.hand ? "grab" : this.tool().cursor;
    this.tell();
  }

  /** What is on the screen, for whoever looks at the page from outside. */
  private tell(): void {
    const { camera, board } = this.desk;
    const ratio = window.devicePixelRatio || 1;
    const view = [camera.scale, camera.x, camera.y].map((each) => each / ratio);
    const complete = this.picture.ready && board.things.every((each) => each.mask !== null);
    const told = {
      view: view.join(","), shows: String(board.data.image.id), complete: String(complete),
      sharp: String(this.picture.sharp),
    };
    for (const [name, value] of Object.entries(told)) {
      if (this.element.dataset[name] !== value) this.element.dataset[name] = value;
    }
  }

  private drawSelected(context: CanvasRenderingContext2D): void {
    const { camera } = this.desk;
    const path = new Path2D();
    for (const thing of this.desk.chosen) {
      const mask = this.desk.maskOf(thing);
      if (!mask) continue;
      if (mask.width + mask.height > LONGEST_OUTLINE) {
        path.rect(...camera.toCanvas(mask.x, mask.y), mask.width * camera.scale, mask.height * camera.scale);
      } else for (const ring of ringsOf(mask)) this.trace(path, ring);
    }
    strokeTwice(context, path);
  }

  /** Each object's number in the list, on its topmost pixel; too many would hide the picture. */
  private drawNumbers(context: CanvasRenderingContext2D): void {
    const { visible, camera } = this.desk;
    if (visible.length > MOST_NUMBERS) return;
    context.font = "bold 12px sans-serif";
    context.textAlign = "center";
    context.textBaseline = "bottom";
    context.lineWidth = 3;
    context.strokeStyle = "rgba(0, 0, 0, 0.8)";
    context.fillStyle = "#ffffff";
    for (const thing of visible) {
      const mask = this.desk.maskOf(thing);
      if (!mask) continue;
      const [x, y] = camera.toCanvas(mask.x + mask.bits.indexOf(1) + 0.5, mask.y);
      context.strokeText(String(thing.number), x, Math.max(y, 14));
      context.fillText(String(thing.number), x, Math.max(y, 14));
    }
  }

  /** The belt region and what is ignored on it: thin dashes, in a colour no class has by itself. */
  private drawRegion(context: CanvasRenderingContext2D): void {
    const { belt, ignored } = this.desk.board.data.region;
    for (const [rings, color] of [[belt, "#22d3ee"], [ignored, "#f472b6"]] as const) {
      const path = new Path2D();
      for (const ring of rings) this.trace(path, ring);
      context.setLineDash([6, 4]);
      context.strokeStyle = color;
      context.lineWidth = 1.5;
      context.stroke(path);
      context.setLineDash([]);
    }
  }

  private trace(path: Path2D, ring: Ring): void {
    ring.forEach(([x, y], index) => {
      const at = this.desk.camera.toCanvas(x, y);
      if (index) path.lineTo(...at);
      else path.moveTo(...at);
    });
    path.closePath();
  }

  private drawPins(context: CanvasRenderingContext2D): void {
    for (const pin of this.pins) {
      const [x, y] = this.desk.camera.toCanvas(pin.x, pin.y);
      const disc = new Path2D();
      disc.arc(x, y, 10, 0, 2 * Math.PI);
      context.fillStyle = pin.resolved ? "#6b7280" : "#b91c1c";
      context.fill(disc);
      strokeTwice(context, disc, 1);
      context.fillStyle = "#ffffff";
      context.font = "bold 12px sans-serif";
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillText(String(pin.number), x, y);
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
    this.desk.camera.resize([width, height]);
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
    if (this.fingers.size === 2) {
      this.tool().cancel();
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
    if (this.fingers.size === 2) return this.pinch(event);
    if (this.panning) {
      const ratio = window.devicePixelRatio || 1;
      const [dx, dy] = [event.clientX - this.panning.clientX, event.clientY - this.panning.clientY];
      this.desk.camera.pan(dx * ratio, dy * ratio);
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
    this.pressed = false;
    this.tool().cancel();
  }

  /** Two fingers: the middle between them pans, their distance zooms. */
  private pinch(event: PointerEvent): void {
    const [a, b] = [...this.fingers.values()] as [PointerEvent, PointerEvent];
    this.fingers.set(event.pointerId, event);
    const [c, d] = [...this.fingers.values()] as [PointerEvent, PointerEvent];
    const before = this.between(a, b);
    const after = this.between(c, d);
    this.desk.camera.pan(after.x - before.x, after.y - before.y);
    this.desk.camera.zoomAt(after.x, after.y, after.far / Math.max(before.far, 1));
    this.desk.refresh();
  }

  private between(a: PointerEvent, b: PointerEvent): { x: number; y: number; far: number } {
    const [p, q] = [this.point(a), this.point(b)];
    return { x: (p.cx + q.cx) / 2, y: (p.cy + q.cy) / 2, far: Math.hypot(p.cx - q.cx, p.cy - q.cy) };
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const { cx, cy } = this.point(event);
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    this.desk.camera.zoomAt(cx, cy, Math.exp(-event.deltaY * lines * WHEEL));
    this.desk.refresh();
  }

  private point(event: MouseEvent): Point {
    const ratio = window.devicePixelRatio || 1;
    const place = this.element.getBoundingClientRect();
    const [cx, cy] = [(event.clientX - place.left) * ratio, (event.clientY - place.top) * ratio];
    const [x, y] = this.desk.camera.toImage(cx, cy);
    return { x, y, cx, cy, shift: event.shiftKey, alt: event.altKey, ctrl: event.ctrlKey || event.metaKey };
  }
}

/** Every place the pointer was at since the last event: a quick stroke has no corners. */
function coalesced(event: PointerEvent): PointerEvent[] {
  const all = event.getCoalescedEvents?.() ?? [];
  return all.length ? all : [event];
}
