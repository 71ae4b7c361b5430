/** Streamlit covers the page with a dialog once its server has not answered for some seconds. */

import { sentence } from "./sentences";

const DIALOGS = '[data-testid="stDialog"]';
const TITLE = "Connection error";

export const serverGone = (): string => sentence("canvas.server_gone");

/** Closes the dialog before a gesture meets it, and tells whoever works below once it is gone. */
export class ConnectionDialogWatcher {
  private closing = false;
  private readonly watch = new MutationObserver(() => this.look());

  constructor(private readonly closed: () => void) {
    this.watch.observe(document.body, { childList: true });
  }

  close(): void {
    this.watch.disconnect();
  }

  private look(): void {
    const dialogs = [...document.querySelectorAll(DIALOGS)].filter((each) => each.querySelector("h2")?.textContent === TITLE);
    for (const each of dialogs) each.querySelector<HTMLElement>('[aria-label="Close"]')?.click();
    if (this.closing && dialogs.length === 0) setTimeout(this.closed); // the focus has come back by then
    this.closing = dialogs.length > 0;
  }
}
