/** Short words over the picture; what was refused stays until it is read. */

import { iconButton, make } from "./dom";
import { sentence } from "./sentences";

const SHORT_MS = 5000;

export class Notices {
  readonly element = make("div", { class: "notices", role: "alert" });
  private readonly about = new WeakMap<Element, readonly string[]>();

  constructor(private readonly dismissed: (objects: readonly string[]) => void) {}

  say(words: string): void {
    for (const each of this.element.querySelectorAll(".notice:not(.lasting)")) each.remove();
    const notice = make("div", { class: "notice" }, words);
    this.element.append(notice);
    setTimeout(() => notice.remove(), SHORT_MS);
  }

  /** What is about objects goes once each of them has been dealt with. */
  warn(words: string, objects: readonly string[] = []): void {
    const known = [...this.element.querySelectorAll(".lasting span:first-child")];
    if (known.some((each) => each.textContent === words)) return;
    const notice = make("div", { class: "notice lasting" }, make("span", {}, words));
    notice.append(iconButton("close", sentence("canvas.dismiss"), () => {
      notice.remove();
      this.dismissed(objects);
    }));
    this.about.set(notice, objects);
    this.element.append(notice);
  }

  /** Take away what is about objects none of which is `open` any more. */
  settle(open: ReadonlySet<string>): void {
    for (const notice of this.element.querySelectorAll(".lasting")) {
      const objects = this.about.get(notice) ?? [];
      if (objects.length && !objects.some((each) => open.has(each))) notice.remove();
    }
  }

  clear(): void {
    this.element.replaceChildren();
  }
}
