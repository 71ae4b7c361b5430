/** The review canvas, a Streamlit component: what Streamlit calls with data and a place to draw. */

import { Bench } from "./bench";
import type { Pointed, SheetData, Tail } from "./protocol";

interface Call {
  readonly data: SheetData;
  readonly parentElement: ShadowRoot | Element;
  setStateValue(name: "tail" | "pointed", value: Tail | Pointed): void;
}

const benches = new WeakMap<ShadowRoot | Element, Bench>();

/** Streamlit calls this at every change of the data, and what it returns at the end of a call too. */
export default function canvas({ data, parentElement, setStateValue }: Call): () => void {
  let bench = benches.get(parentElement);
  if (!bench?.alive) {
    bench = new Bench(parentElement);
    benches.set(parentElement, bench);
  }
  bench.update(data, {
    tail: (tail) => setStateValue("tail", tail),
    pointed: (at) => setStateValue("pointed", at),
  });
  const mine = bench;
  return () => {
    setTimeout(() => {
      if (!mine.alive) mine.close();
    });
  };
}
