/** Two versions of one object side by side: a colleague's and one's own, and which one stays. */

import type { Actions } from "./actions";
import type { Thing } from "./board";
import { Camera } from "./camera";
import type { Desk } from "./desk";
import { make } from "./dom";
import { boxOf, hull } from "./masks";
import type { Picture } from "./picture";
import { Raster } from "./raster";
import { outlined } from "./overlay";
import { strokeTwice } from "./tools/tool";

const SIDE = 124;
/** What is seen around the two, in parts of their size. */
const AROUND = 0.25;

export class Versions {
  readonly element = make("section", { class: "versions", "aria-label": "Two versions of one object", hidden: true });
  private frame = 0;
  private readonly title = make("p");
  private readonly theirs = new View();
  private readonly mine = new View();
  private readonly keepTheirs = make("button", { type: "button", class: "plain" });
  private readonly takeMine = make("button", { type: "button", class: "plain" });
  private readonly keepBoth = make("button", { type: "button", class: "plain" }, "Keep both");

  constructor(
    private readonly desk: Desk,
    private readonly picture: Picture,
    actions: Actions,
  ) {
    const on = (run: (mine: Thing, theirs: Thing | undefined) => void) => () => {
      const mine = this.open()[0];
      if (mine) run(mine, this.desk.board.find(mine.theirs));
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
    const theirs = this.desk.board.find(mine.theirs);
    const more = others.length ? ` (${others.length} more)` : "";
    this.title.textContent = theirs
      ? `Somebody else changed object ${theirs.number} meanwhile. Which one stays?${more}`
      : `Somebody else deleted the object you changed. Keep yours?${more}`;
    this.keepTheirs.textContent = theirs ? "Keep theirs" : "Delete mine";
    this.takeMine.textContent = theirs ? "Take mine" : "Keep mine";
    this.keepBoth.hidden = !theirs;
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      const [now] = this.open();
      if (now) this.draw(now, this.desk.board.find(now.theirs));
    });
  }

  /** Shapes kept apart that wait for a choice; the selected one first. */
  private open(): Thing[] {
    const { board, selected } = this.desk;
    const open = board.things.filter((each) => each.apart && each.theirs && each.mask);
    const chosen = open.find((each) => selected.includes(each.id) || selected.includes(each.theirs));
    return chosen ? [chosen, ...open.filter((each) => each !== chosen)] : open;
  }

  /** Both through the same frame, so that they can be compared. */
  private draw(mine: Thing, theirs: Thing | undefined): void {
    const own = boxOf(mine.mask!);
    const box = theirs?.mask ? hull(own, boxOf(theirs.mask)) : own;
    const camera = framed([box.x0, box.y0, box.x1, box.y1]);
    const rejected = theirs?.state === "rejected" ? ", rejected" : "";
    const said = theirs ? `object ${theirs.number}, ${theirs.label}${rejected}` : "deleted";
    this.theirs.show(theirs, `Theirs: ${said}`, camera, this);
    this.mine.show(mine, `Mine: object ${mine.number}, ${mine.label}`, camera, this);
  }

  /** A view's picture, and the mask of its object if there is one. */
  paint(picture: CanvasRenderingContext2D, masks: CanvasRenderingContext2D, thing: Thing | undefined, camera: Camera): void {
    this.picture.draw(picture, camera);
    masks.clearRect(0, 0, SIDE, SIDE);
    if (!thing?.mask) return;
    const layers = [{ ...this.desk.layer(thing, thing.mask), dashed: false }];
    new Raster().draw(masks, camera, [{ layers, from: 0, to: SIDE }], this.desk.looks.opacity);
    strokeTwice(masks, outlined(thing.mask, camera), 1);
  }
}

/** A picture with the mask on it, and what it is. */
class View {
  readonly element = make("figure");
  private readonly layers = [0, 1].map(() => make("canvas", { width: SIDE, height: SIDE }));
  private readonly words = make("figcaption");

  constructor() {
    this.element.append(make("div", { class: "view" }, ...this.layers), this.words);
  }

  show(thing: Thing | undefined, words: string, camera: Camera, versions: Versions): void {
    this.words.textContent = words;
    const [picture, masks] = this.layers.map((each) => each.getContext("2d"));
    if (picture && masks) versions.paint(picture, masks, thing, camera);
  }
}

/** The camera that shows a box, in the middle and with room around it. */
export function framed([x0, y0, x1, y1]: readonly [number, number, number, number]): Camera {
  const camera = new Camera();
  camera.canvas = [SIDE, SIDE];
  camera.scale = SIDE / (Math.max(x1 - x0, y1 - y0) * (1 + 2 * AROUND));
  camera.x = SIDE / 2 - ((x0 + x1) / 2) * camera.scale;
  camera.y = SIDE / 2 - ((y0 + y1) / 2) * camera.scale;
  return camera;
}
