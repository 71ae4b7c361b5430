// Reaches into the canvas's shadow root: its buttons are found by their labels.
const HIDDEN = [
  "Undo",
  "Redo",
  "Reset canvas & history",
  "Bring forward",
  "Send backward",
  "Update the app with this drawing",
  "Edit",
];
const DEBOUNCE_MS = 250;

const root = () =>
  [...document.querySelectorAll('[data-testid="stBidiComponentIsolated"]')]
    .map((host) => host.shadowRoot)
    .find((shadow) => shadow?.querySelector(".dc-root"));

const button = (label) => root()?.querySelector(`button[aria-label="${label}"]`);

const typing = (event) => {
  const at = event.composedPath()[0];
  if (!(at instanceof HTMLElement)) return false;
  if (at.tagName === "INPUT") return !["radio", "checkbox", "button"].includes(at.type);
  return at.isContentEditable || ["TEXTAREA", "SELECT"].includes(at.tagName);
};

// Words are taken back by the browser. The page's own shortcut would take back an object's change.
const undoing = (event) => (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
const writing = (event) =>
  event.composedPath()[0].closest('[data-testid="stTextInput"], [data-testid="stTextArea"]');

// Called again on every change of data, with one clean-up at the end: one companion per place.
const companions = new WeakMap();

export default function ({ data, parentElement }) {
  const companion = companions.get(parentElement) ?? attend();
  companions.set(parentElement, companion);
  companion.tell(data.editing);
  return () => {
    companions.delete(parentElement);
    companion.leave();
  };
}

function attend() {
  let editing = null;
  let lastGesture = -Infinity;

  const hold = () => {
    for (const label of HIDDEN) {
      const found = button(label);
      if (found && found.style.display !== "none") found.style.display = "none";
    }
    const line = root()?.querySelector(".dc-toolbar-separator");
    if (line) line.style.display = "none";
    const card = root()?.querySelector(".dc-toolbar-card");
    if (card) card.style.visibility = editing ? "" : "hidden";
    const edit = button("Edit");
    if (edit && editing !== null && edit.getAttribute("aria-pressed") !== String(editing)) edit.click();
  };

  const flush = () => {
    if (performance.now() - lastGesture > DEBOUNCE_MS) return;
    lastGesture = -Infinity;
    button("Update the app with this drawing")?.click();
  };

  const onCanvas = (event) => event.composedPath().includes(root()?.querySelector(".dc-container"));
  const onPointerUp = (event) => {
    if (onCanvas(event)) lastGesture = performance.now();
  };
  const onPointerDown = (event) => {
    if (!onCanvas(event)) flush();
  };
  const onKey = (event) => {
    if (typing(event)) {
      if (undoing(event) && writing(event)) event.stopPropagation();
      return;
    }
    flush();
    // Off and, by hold(), on again: the canvas drops a polygon half drawn and lets go of corners.
    if (event.key === "Escape") button("Edit")?.click();
    const remove = button("Delete selected");
    if (!["Delete", "Backspace"].includes(event.key) || !remove || remove.disabled) return;
    event.preventDefault();
    remove.click();
  };

  const observer = new MutationObserver(hold);
  let watched = null;
  const watch = () => {
    const shadow = root();
    if (!shadow || shadow === watched) return;
    watched = shadow;
    observer.disconnect();
    observer.observe(shadow, {
      subtree: true,
      childList: true,
      attributes: true,
      attributeFilter: ["aria-pressed"],
    });
    hold();
  };
  const watching = setInterval(watch, 100); // a page that rearranges itself mounts the canvas anew
  watch();

  document.addEventListener("pointerup", onPointerUp, true);
  document.addEventListener("pointerdown", onPointerDown, true);
  document.addEventListener("keydown", onKey, true);
  const leave = () => {
    clearInterval(watching);
    observer.disconnect();
    document.removeEventListener("pointerup", onPointerUp, true);
    document.removeEventListener("pointerdown", onPointerDown, true);
    document.removeEventListener("keydown", onKey, true);
  };
  const tell = (wanted) => {
    editing = wanted;
    hold();
  };
  return { tell, leave };
}
