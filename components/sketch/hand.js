// The pad sends a stroke after a moment, and changes of outlines only when the next one closes.
// Whoever presses a button of the page means what is on the pad: it is sent before that is heard.
const root = () =>
  [...document.querySelectorAll('[data-testid="stBidiComponentIsolated"]')]
    .map((host) => host.shadowRoot)
    .find((shadow) => shadow?.querySelector(".dc-root"));

const hands = new WeakMap();

// Streamlit calls this anew in the same place, and may clean up after an earlier call then: only a
// place that has left the page is left.
export default function ({ parentElement }) {
  if (!hands.has(parentElement)) hands.set(parentElement, attend());
  return () => {
    setTimeout(() => {
      if (parentElement.isConnected) return;
      hands.get(parentElement)?.();
      hands.delete(parentElement);
    });
  };
}

function attend() {
  let touched = false;
  const onPad = (event) => event.composedPath().includes(root()?.querySelector(".dc-root"));
  const send = () => {
    if (!touched) return;
    touched = false;
    root()?.querySelector('button[aria-label="Update the app with this drawing"]')?.click();
  };
  const onPointerDown = (event) => {
    if (onPad(event)) touched = touched || event.isTrusted;
    else send();
  };
  const onKey = (event) => {
    if (!onPad(event)) send();
  };
  document.addEventListener("pointerdown", onPointerDown, true);
  document.addEventListener("keydown", onKey, true);
  return () => {
    document.removeEventListener("pointerdown", onPointerDown, true);
    document.removeEventListener("keydown", onKey, true);
  };
}
