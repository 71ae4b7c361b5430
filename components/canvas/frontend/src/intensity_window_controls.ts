/** The line on which a person chooses the window of a picture of more than 8 bits. */

import { make } from "./dom";
import { roundToStep, sliderRange, sliderStep, withWindowEnd, type IntensityWindow, type SampleRange } from "./intensity_window";
import type { ServerImage } from "./protocol";
import { sentence } from "./sentences";

/** A slider on its way asks for a picture only so often. */
const PAUSE_MS = 120;

export class IntensityWindowControls {
  readonly element = make("div", { class: "window", role: "group", "aria-label": sentence("canvas.window_of_picture"), hidden: true });
  private readonly fields: [HTMLInputElement, HTMLInputElement][];
  private readonly auto = make("button", { type: "button", class: "plain", title: sentence("canvas.as_read"), onclick: () => this.set(null) }, sentence("canvas.auto"));
  private deep: SampleRange | null = null;
  private chosen: IntensityWindow | null = null;
  private waiting = 0;

  constructor(private readonly changed: (window: IntensityWindow | null) => void) {
    this.fields = [this.end(0), this.end(1)];
    this.element.append(sentence("canvas.window"), ...this.fields.flat(), this.auto);
  }

  /** Another picture: what was chosen stays for those of the same depth, as one camera's are. */
  open({ deep }: ServerImage): void {
    if (deep?.bits !== this.deep?.bits) this.chosen = null;
    this.deep = deep;
    this.element.hidden = deep === null;
    if (deep) this.show(deep);
  }

  /** The window for a picture of this depth. */
  of(deep: SampleRange | null): IntensityWindow | null {
    return deep && deep.bits === this.deep?.bits ? this.chosen : null;
  }

  private end(end: 0 | 1): [HTMLInputElement, HTMLInputElement] {
    const roughly = sentence(end ? "canvas.white_roughly" : "canvas.black_roughly");
    const exactly = sentence(end ? "canvas.white_sample" : "canvas.black_sample");
    const slider = make("input", { type: "range", "aria-label": roughly });
    const field = make("input", { type: "number", step: "any", "aria-label": exactly });
    slider.oninput = () => this.slide(end, slider.valueAsNumber);
    field.onchange = () => this.move(end, field.valueAsNumber);
    field.onkeydown = (event) => {
      if (event.key === "Enter") field.blur(); // and the keys are the canvas's again
    };
    slider.title = field.title = sentence(end ? "canvas.white_title" : "canvas.black_title");
    return end ? [slider, field] : [field, slider];
  }

  private slide(end: 0 | 1, value: number): void {
    if (this.deep) this.move(end, roundToStep(value, sliderStep(this.deep)));
  }

  private move(end: 0 | 1, value: number): void {
    const { deep } = this;
    if (!deep) return;
    if (!Number.isFinite(value)) return this.show(deep);
    this.set(withWindowEnd(this.chosen ?? [deep.low, deep.high], end, value, sliderStep(deep)));
  }

  private set(window: IntensityWindow | null): void {
    this.chosen = window;
    if (this.deep) this.show(this.deep);
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.changed(this.chosen), PAUSE_MS);
  }

  private show(deep: SampleRange): void {
    const window = this.chosen ?? [deep.low, deep.high];
    const [min, max] = sliderRange(deep).map(String) as [string, string];
    this.fields.forEach((inputs, end) => {
      for (const input of inputs) {
        if (input.type === "range") Object.assign(input, { min, max, step: String(sliderStep(deep)) });
        input.value = String(Number(window[end]!.toPrecision(6)));
      }
    });
    this.auto.setAttribute("aria-pressed", String(this.chosen === null));
  }
}
