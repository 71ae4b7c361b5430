/** How a person is told of what is not acknowledged yet. */

const LATE_MS = 3000;

export class SaveStatus {
  private since = 0;

  constructor(private readonly noun: string) {}

  /** Whether `count` things have waited for too long. To be told of none as well: the time begins anew then. */
  late(count: number): boolean {
    this.since = count ? this.since || performance.now() : 0;
    return count > 0 && performance.now() - this.since > LATE_MS;
  }

  /** `safe`: the browser keeps them. */
  words(count: number, safe: boolean): string {
    const late = this.late(count);
    if (!count) return "Saved";
    const many = `${count} ${this.noun}${count === 1 ? "" : "s"}`;
    if (!late) return `Saving ${many}`;
    return safe
      ? `No connection: ${many} kept in this browser until it is back`
      : `No connection, and this browser is full: do not close it, ${many} ${count === 1 ? "is" : "are"} only here`;
  }
}
