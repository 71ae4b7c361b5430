/** Model against corrected: a divider on the picture, what was proposed left of it. */

import type { CanvasState } from "./canvas_state";
import { make } from "./dom";
import { EXPIRED } from "./mask_cache";
import { area, decode } from "./masks";
import { PALETTE, rgb } from "./palette";
import type { ProposedShape, ServerImage } from "./protocol";
import type { StyledMask } from "./raster";
import { sentence } from "./sentences";

const STEP = 0.02;

export class ModelComparison {
  readonly element = make("div", { class: "divider", hidden: true });
  on = false;
  private at = 0.5;
  /** What was asked for last and is not here yet. */
  private awaited: symbol | null = null;
  private proposed: readonly { readonly shape: ProposedShape; readonly layer: StyledMask }[] = [];
  private readonly grip = make("div", {
    class: "grip", role: "slider", tabindex: 0, "aria-label": sentence("canvas.divider"),
    "aria-valuemin": 0, "aria-valuemax": 100,
  });

  constructor(
    private readonly state: CanvasState,
    private readonly changed: () => void,
    private readonly expired: () => void,
  ) {
    this.element.append(make("span", { class: "before" }, sentence("canvas.model")), this.grip, make("span", { class: "after" }, sentence("canvas.corrected")));
    this.grip.onpointerdown = (event) => this.grip.setPointerCapture(event.pointerId);
    this.grip.onpointermove = (event) => {
      if (this.grip.hasPointerCapture(event.pointerId)) this.drag(event.clientX);
    };
    this.grip.onkeydown = (event) => this.pressed(event);
    this.move(this.at);
  }

  toggle(image: ServerImage): void {
    if (this.on || this.awaited) return this.leave();
    void this.begin(image);
  }

  leave(): void {
    this.on = false;
    this.awaited = null;
    this.element.hidden = true;
    this.changed();
  }

  /** Canvas pixels from the left edge to the divider. */
  place(width: number): number {
    return Math.round(this.at * width);
  }

  /** What was proposed, large objects first. */
  styledMasks(): StyledMask[] {
    if (this.state.bare) return [];
    const byObject = this.state.settings.colorBy === "object";
    return this.proposed.map(({ shape, layer }, index) => ({
      ...layer, color: rgb(byObject ? PALETTE[index % PALETTE.length]! : shape.color),
    }));
  }

  private async begin(image: ServerImage): Promise<void> {
    const mine = (this.awaited = Symbol());
    const shapes = await this.fetched(image);
    if (this.awaited !== mine) return; // somebody went on meanwhile, or does not want it any more
    this.awaited = null;
    if (!shapes) return this.state.say(sentence("canvas.proposals_did_not_come"));
    if (!shapes.length) return this.state.say(sentence("canvas.no_proposals"));
    this.proposed = shapes.map((shape) => ({ shape, layer: layerOf(shape) }))
      .sort((a, b) => area(b.layer.mask) - area(a.layer.mask));
    this.on = true;
    this.element.hidden = false;
    this.changed();
  }

  private async fetched(image: ServerImage): Promise<ProposedShape[] | null> {
    try {
      const answer = await fetch(`${image.shapes}?of=model`, { cache: "no-store" });
      if (answer.status === EXPIRED) this.expired();
      if (answer.ok) return (await answer.json()) as ProposedShape[];
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
    return null;
  }

  private drag(clientX: number): void {
    const room = this.element.parentElement!.getBoundingClientRect();
    this.move((clientX - room.left) / room.width);
  }

  private pressed(event: KeyboardEvent): void {
    const places: Record<string, number> = { ArrowLeft: this.at - STEP, ArrowRight: this.at + STEP, Home: 0, End: 1 };
    const place = places[event.key];
    if (place === undefined) return;
    event.preventDefault();
    this.move(place);
  }

  private move(at: number): void {
    this.at = Math.min(Math.max(at, 0), 1);
    this.element.style.left = `${this.at * 100}%`;
    this.grip.setAttribute("aria-valuenow", String(Math.round(this.at * 100)));
    this.changed();
  }
}

function layerOf(shape: ProposedShape): StyledMask {
  const mask = decode(shape.counts, shape.x, shape.y, shape.width, shape.height);
  return { mask, color: rgb(shape.color), dashed: false, hollow: shape.box_only };
}
