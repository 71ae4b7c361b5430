/** Why something was not done, in words that name the objects it is about. */

import type { Gesture, Refusal } from "./protocol";

const MOST_NAMED = 5;

/** What a person is told, and the objects they have to look at again. */
export interface RefusalMessage {
  readonly words: string;
  readonly objects: readonly string[];
}

export interface NumberedLabel {
  readonly number: number;
  readonly label: string;
}

/** `find` knows the objects of the gesture's picture, `elsewhere` is its name if another is shown. */
export function refusalMessage(
  gesture: Gesture, { why, objects }: Refusal, find: (id: string) => NumberedLabel | undefined, elsewhere = "",
): RefusalMessage {
  const known = objects.flatMap((id) => find(id) ?? []);
  const names = known.slice(0, MOST_NAMED).map(({ number, label }) => `${number} (${label})`);
  const more = known.length > names.length ? ` and ${known.length - names.length} more` : "";
  const which = names.length ? `object${known.length > 1 ? "s" : ""} ${names.join(", ")}${more}: ` : "";
  const words = `${elsewhere && `on ${elsewhere}, `}${which}your "${gesture.kind}" was refused because ${why}`;
  return { words: words.charAt(0).toUpperCase() + words.slice(1), objects };
}
