/** How a person is told of what is not acknowledged yet. */

import { sentence } from "./sentences";

const LATE_MS = 3000;

export class SaveStatus {
  private since = 0;

  constructor(private readonly noun: "change" | "decision") {}

  /** Whether `count` things have waited for too long. To be told of none as well: the time begins anew then. */
  late(count: number): boolean {
    this.since = count ? this.since || performance.now() : 0;
    return count > 0 && performance.now() - this.since > LATE_MS;
  }

  /** `safe`: the browser keeps them. */
  words(count: number, safe: boolean): string {
    const late = this.late(count);
    if (!count) return sentence("canvas.saved");
    const many = sentence(this.noun === "change" ? "canvas.changes" : "canvas.decisions", { count });
    if (!late) return sentence("canvas.saving", { many });
    return safe ? sentence("canvas.kept_here", { many }) : sentence("canvas.only_here", { many, count });
  }
}
