/** Short words over the picture; what was refused stays until it is read. */

import { iconButton, make } from "./dom";

const SHORT_MS = 5000;

export class Notices {
  readonly element = make("div", { class: "notices", role: "alert" });

  say(words: string): void {
    for (const each of this.element.querySelectorAll(".notice:not(.lasting)")) each.remove();
    const notice = make("div", { class: "notice" }, words);
    this.element.append(notice);
    setTimeout(() => notice.remove(), SHORT_MS);
  }

  warn(words: string): void {
    const known = [...this.element.querySelectorAll(".lasting span:first-child")];
    if (known.some((each) => each.textContent === words)) return;
    const notice = make("div", { class: "notice lasting" }, make("span", {}, words));
    notice.append(iconButton("close", "Dismiss", () => notice.remove()));
    this.element.append(notice);
  }

  clear(): void {
    this.element.replaceChildren();
  }
}
