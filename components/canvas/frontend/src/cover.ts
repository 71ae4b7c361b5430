/** Streamlit covers the page with a dialog once its server has not answered for some seconds. */

const DIALOGS = '[data-testid="stDialog"]';
const TITLE = "Connection error";

/** Takes the cover away before a gesture meets it, and tells whoever works below it. */
export class Cover {
  private readonly watch = new MutationObserver(() => this.look());

  constructor(private readonly lifted: () => void) {
    this.watch.observe(document.body, { childList: true });
  }

  close(): void {
    this.watch.disconnect();
  }

  private look(): void {
    for (const each of document.querySelectorAll(DIALOGS)) {
      if (each.querySelector("h2")?.textContent !== TITLE) continue;
      each.querySelector<HTMLElement>('[aria-label="Close"]')?.click();
      this.lifted();
    }
  }
}
