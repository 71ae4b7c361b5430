/** What the contact sheet and Python say to each other. */

import type { ObjectClass, ObjectState } from "../protocol";
import type { Sentences } from "../sentences";

/** An object as the server told it last. */
export interface ContactSheetObject {
  readonly id: string;
  readonly revision: number;
  readonly label: string;
  readonly state: ObjectState;
  /** Id, name and first 16 hex digits of the SHA-256 of its picture. */
  readonly image: number;
  readonly picture: string;
  readonly sha: string;
  /** Addresses of its crop, and of its picture in Review. */
  readonly crop: string;
  readonly link: string;
}

export interface ContactSheetData {
  /** What there is to say, in the person's language, by keys. */
  readonly sentences: Sentences;
  readonly objects: readonly ContactSheetObject[];
  readonly classes: readonly ObjectClass[];
  /** What became of decisions, in words, by their ids. */
  readonly settled: Readonly<Record<string, string>>;
  /** Ids of decisions that were made in another database. */
  readonly elsewhere: readonly string[];
}

/** An object as the person saw it: `after` names their own decisions about it since. */
export interface DecisionTarget {
  readonly id: string;
  readonly image: number;
  readonly sha: string;
  readonly base: number;
  readonly after: readonly string[];
}

/** One thing a person did with many objects. An undo takes back the decision `of`. */
export interface Decision {
  readonly id: string;
  readonly kind: "accept" | "reject" | "relabel" | "undo";
  readonly class: number | null;
  readonly of: string | null;
  readonly objects: readonly DecisionTarget[];
}

/** What the sheet keeps in the component's state: every decision not acknowledged yet. */
export interface PendingDecisions {
  readonly round: number;
  readonly decisions: readonly Decision[];
}
