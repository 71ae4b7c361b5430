/** Two versions of one object side by side: a colleague's and one's own, and which one stays. */

import { Camera } from "./camera";
import type { CanvasState } from "./canvas_state";
import { make } from "./dom";
import type { EditActions } from "./edit_actions";
import { boxOf, hull } from "./masks";
import type { CanvasObject } from "./object_store";
import { outlinePath } from "./overlay";
import type { PictureView } from "./picture_view";
import { Raster } from "./raster";
import { sentence } from "./sentences";
import { strokeTwice } from "./tools/tool";

const SIDE = 124;
/** What is seen around the two, in parts of their size. */
const AROUND = 0.25;

export class ConflictPanel {
  readonly element = make("section", { class: "versions", "aria-label": sentence("canvas.two_versions"), hidden: true });
  private frame = 0;
  private readonly title = make("p");
  private readonly theirs = new VersionView();
  private readonly mine = new VersionView();
  private readonly keepTheirs = make("button", { type: "button", class: "plain" });
  private readonly takeMine = make("button", { type: "button", class: "plain" });
  private readonly keepBoth = make("button", { type: "button", class: "plain" }, sentence("canvas.keep_both"));

  constructor(
    private readonly state: CanvasState,
    private readonly picture: PictureView,
    actions: EditActions,
  ) {
    const on = (run: (mine: CanvasObject, theirs: CanvasObject | undefined) => void) => () => {
      const mine = this.open()[0];
      if (mine) run(mine, this.state.store.find(mine.theirs));
    };
    this.keepTheirs.onclick = on((mine, theirs) => actions.keepTheirs(mine, theirs));
    this.takeMine.onclick = on((mine, theirs) => actions.takeMine(mine, theirs));
    this.keepBoth.onclick = on((mine) => actions.keepBoth(mine));
    const buttons = make("div", { class: "choice" }, this.keepTheirs, this.takeMine, this.keepBoth);
    this.element.append(this.title, make("div", { class: "pair" }, this.theirs.element, this.mine.element), buttons);
  }

  update(): void {
    const [mine, ...others] = this.open();
    this.element.hidden = !mine;
    if (!mine) return;
    const theirs = this.state.store.find(mine.theirs);
    const more = others.length ? ` ${sentence("canvas.more_versions", { more: others.length })}` : "";
    const asked = theirs ? sentence("canvas.which_stays", { number: theirs.number }) : sentence("canvas.keep_yours");
    this.title.textContent = `${asked}${more}`;
    this.keepTheirs.textContent = theirs ? sentence("canvas.keep_theirs") : sentence("canvas.delete_mine");
    this.takeMine.textContent = theirs ? sentence("canvas.take_mine") : sentence("canvas.keep_mine");
    this.keepBoth.hidden = !theirs;
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      const [now] = this.open();
      if (now) this.draw(now, this.state.store.find(now.theirs));
    });
  }

  /** Objects kept apart that wait for a choice; the selected one first. */
  private open(): CanvasObject[] {
    const { store, selected } = this.state;
    const open = store.objects.filter((each) => each.apart && each.theirs && each.mask);
    const chosen = open.find((each) => selected.includes(each.id) || selected.includes(each.theirs));
    return chosen ? [chosen, ...open.filter((each) => each !== chosen)] : open;
  }

  /** Both through the same frame, so that they can be compared. */
  private draw(mine: CanvasObject, theirs: CanvasObject | undefined): void {
    const own = boxOf(mine.mask!);
    const box = theirs?.mask ? hull(own, boxOf(theirs.mask)) : own;
    const camera = cameraAround([box.x0, box.y0, box.x1, box.y1]);
    this.theirs.show(theirs, theirsInWords(theirs), camera, this);
    this.mine.show(mine, sentence("canvas.mine", { number: mine.number, label: mine.label }), camera, this);
  }

  /** A view's picture, and the mask of its object if there is one. */
  paint(picture: CanvasRenderingContext2D, masks: CanvasRenderingContext2D, object: CanvasObject | undefined, camera: Camera): void {
    this.picture.draw(picture, camera);
    masks.clearRect(0, 0, SIDE, SIDE);
    if (!object?.mask) return;
    const styledMasks = [{ ...this.state.styled(object, object.mask), dashed: false }];
    new Raster().draw(masks, camera, [{ styledMasks, from: 0, to: SIDE }], this.state.settings.opacity);
    strokeTwice(masks, outlinePath(object.mask, camera), 1);
  }
}

/** A picture with the mask on it, and what it is. */
class VersionView {
  readonly element = make("figure");
  private readonly canvases = [0, 1].map(() => make("canvas", { width: SIDE, height: SIDE }));
  private readonly words = make("figcaption");

  constructor() {
    this.element.append(make("div", { class: "view" }, ...this.canvases), this.words);
  }

  show(object: CanvasObject | undefined, words: string, camera: Camera, panel: ConflictPanel): void {
    this.words.textContent = words;
    const [picture, masks] = this.canvases.map((each) => each.getContext("2d"));
    if (picture && masks) panel.paint(picture, masks, object, camera);
  }
}

function theirsInWords(theirs: CanvasObject | undefined): string {
  if (!theirs) return sentence("canvas.theirs_deleted");
  const { number, label } = theirs;
  if (theirs.state === "rejected") return sentence("canvas.theirs_rejected", { number, label });
  return sentence("canvas.theirs", { number, label });
}

/** The camera that shows a box, in the middle and with room around it. */
export function cameraAround([x0, y0, x1, y1]: readonly [number, number, number, number]): Camera {
  const camera = new Camera();
  camera.canvas = [SIDE, SIDE];
  camera.scale = SIDE / (Math.max(x1 - x0, y1 - y0) * (1 + 2 * AROUND));
  camera.x = SIDE / 2 - ((x0 + x1) / 2) * camera.scale;
  camera.y = SIDE / 2 - ((y0 + y1) / 2) * camera.scale;
  return camera;
}
