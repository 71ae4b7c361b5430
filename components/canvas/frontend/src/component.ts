/** How Streamlit calls a component, and what it makes of that. */

export type MountPoint = ShadowRoot | Element;

export interface RendererArgs {
  readonly data: unknown;
  readonly parentElement: MountPoint;
  setStateValue(name: string, value: unknown): void;
}

/** What a component puts on the page. */
export interface ComponentView {
  /** Whether it is on the page still. */
  readonly alive: boolean;
  close(): void;
}

/** Put a view on the page, in place of the one that an earlier build of this code left there. */
export function mount(mountPoint: MountPoint, element: Element): void {
  for (const old of mountPoint.querySelectorAll(`.${element.className}`)) old.remove();
  mountPoint.append(element);
}

/**
 * Streamlit calls at every change of the data, and for the end of a call too, now and then though
 * the component stays: a view ends when it has left the page, and not before.
 */
export function component<P extends ComponentView>(
  begin: (mountPoint: MountPoint, data: unknown) => P, update: (view: P, call: RendererArgs) => void,
): (call: RendererArgs) => () => void {
  const views = new WeakMap<MountPoint, P>();
  return (call) => {
    let view = views.get(call.parentElement);
    if (!view?.alive) {
      view = begin(call.parentElement, call.data);
      views.set(call.parentElement, view);
    }
    update(view, call);
    const mine = view;
    return () => {
      setTimeout(() => {
        if (!mine.alive) mine.close();
      });
    };
  };
}
