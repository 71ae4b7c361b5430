/** The line below the picture: what is saved, the zoom, and the settings of the view. */

import type { CanvasState } from "./canvas_state";
import { iconButton, make } from "./dom";
import { SaveStatus } from "./save_status";
import { sentence } from "./sentences";
import type { ViewSettings } from "./view_settings";

export class StatusBar {
  readonly element = make("footer", { class: "bar" });
  private readonly status = make("span", { class: "status", role: "status" });
  private readonly zoom = make("span", { class: "zoom" });
  private readonly saveStatus = new SaveStatus("change");

  constructor(
    private readonly state: CanvasState,
    private readonly changed: () => void,
    stage: { zoom(factor: number): void },
  ) {
    this.element.append(
      this.status,
      iconButton("zoom_out", sentence("canvas.zoom_out"), () => stage.zoom(1 / 1.4), "-"),
      this.zoom,
      iconButton("zoom_in", sentence("canvas.zoom_in"), () => stage.zoom(1.4), "+"),
      iconButton("fit_screen", sentence("canvas.whole_picture"), () => this.look(() => state.camera.fit()), "Shift+1"),
      this.slider("opacity", sentence("canvas.opacity"), "opacity", 0, 1),
      this.slider("brightness_6", sentence("canvas.brightness"), "brightness", 0.3, 3),
      this.slider("contrast", sentence("canvas.contrast"), "contrast", 0.3, 3),
      this.tick(sentence("canvas.outlines"), "outlineOnly"),
      this.tick(sentence("canvas.keep_zoom"), "keepZoom"),
      this.tick(sentence("canvas.keys"), "keys"),
      this.colors(),
    );
  }

  /** `waiting` gestures are not acknowledged; `safe`: this browser keeps them. */
  update(waiting: number, safe: boolean): void {
    const words = this.saveStatus.words(waiting, safe);
    if (this.status.textContent !== words) this.status.textContent = words;
    this.status.dataset["waiting"] = String(waiting);
    this.status.classList.toggle("late", this.saveStatus.late(waiting));
    this.zoom.textContent = `${Math.round(this.state.camera.scale * 100)} %`;
  }

  private look(change: () => void): void {
    change();
    this.changed();
  }

  private slider(icon: string, name: string, key: "opacity" | "brightness" | "contrast", min: number, max: number): HTMLElement {
    const { settings } = this.state;
    const slider = make("input", { type: "range", min, max, step: 0.05, value: settings[key], "aria-label": name });
    slider.oninput = () => this.look(() => { settings[key] = Number(slider.value); });
    slider.ondblclick = () => this.look(() => {
      settings[key] = key === "opacity" ? 0.35 : 1;
      slider.value = String(settings[key]);
    });
    return make("label", { title: sentence("canvas.double_click", { name }) }, make("span", { class: "icon", "aria-hidden": "true" }, icon), slider);
  }

  private tick(name: string, key: "outlineOnly" | "keepZoom" | "keys"): HTMLElement {
    const { settings } = this.state;
    const box = make("input", { type: "checkbox" });
    box.checked = settings[key];
    box.onchange = () => this.look(() => { settings[key] = box.checked; });
    return make("label", {}, box, name);
  }

  private colors(): HTMLElement {
    const choice = make("select", { "aria-label": sentence("canvas.colours") });
    for (const [value, name] of [["class", sentence("canvas.by_class")], ["object", sentence("canvas.by_object")]] as const) {
      choice.append(make("option", { value }, name));
    }
    choice.value = this.state.settings.colorBy;
    choice.onchange = () => this.look(() => { this.state.settings.colorBy = choice.value as ViewSettings["colorBy"]; });
    return choice;
  }
}
