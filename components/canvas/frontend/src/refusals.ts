/** Why something was not done, in words that name the objects it is about. */

import type { Gesture, Refusal } from "./protocol";
import { sentence } from "./sentences";

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
  const named = known.slice(0, MOST_NAMED).map(({ number, label }) => `${number} (${label})`).join(", ");
  const more = known.length - MOST_NAMED;
  const names = more > 0 ? sentence("canvas.names_and_more", { names: named, more }) : named;
  const which = named ? sentence("canvas.about_objects", { names, count: known.length }) : "";
  const where = elsewhere && sentence("canvas.on_picture", { picture: elsewhere });
  const words = `${where}${which}${sentence("canvas.refused", { kind: gesture.kind, why })}`;
  return { words: words.charAt(0).toUpperCase() + words.slice(1), objects };
}
