/** What people call the states of an object. */

import type { ObjectState } from "./protocol";
import { sentence } from "./sentences";

const KEYS: Readonly<Record<ObjectState, string>> = {
  proposed: "canvas.proposed", accepted: "canvas.accepted", edited: "canvas.edited", rejected: "canvas.rejected",
};

export function stateName(state: ObjectState): string {
  return sentence(KEYS[state]);
}
