/** How Streamlit calls a component, and what it makes of that. */

export type Place = ShadowRoot | Element;

export interface Call {
  readonly data: unknown;
  readonly parentElement: Place;
  setStateValue(name: string, value: unknown): void;
}

/** What a component puts on the page. */
export interface Part {
  /** Whether it is on the page still. */
  readonly alive: boolean;
  close(): void;
}

/** Put a part on the page, in place of the one that an earlier build of this code left there. */
export function putOn(place: Place, element: Element): void {
  for (const old of place.querySelectorAll(`.${element.className}`)) old.remove();
  place.append(element);
}

/**
 * Streamlit calls at every change of the data, and for the end of a call too, now and then though
 * the component stays: a part ends when it has left the page, and not before.
 */
export function component<P extends Part>(
  begin: (place: Place) => P, update: (part: P, call: Call) => void,
): (call: Call) => () => void {
  const parts = new WeakMap<Place, P>();
  return (call) => {
    let part = parts.get(call.parentElement);
    if (!part?.alive) {
      part = begin(call.parentElement);
      parts.set(call.parentElement, part);
    }
    update(part, call);
    const mine = part;
    return () => {
      setTimeout(() => {
        if (!mine.alive) mine.close();
      });
    };
  };
}
