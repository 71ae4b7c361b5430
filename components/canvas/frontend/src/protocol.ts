/** What Python tells the canvas, and what the canvas tells Python. */

import type { SampleRange } from "./intensity_window";
import type { Ring } from "./polygons";
import type { Sentences } from "./sentences";

/** x0, y0, x1, y1; half-open. */
export type BoxTuple = readonly [number, number, number, number];

export interface Crop {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** COCO compressed run lengths of the tight crop, column by column. */
  readonly counts: string;
}

/** An object as a detector proposed it. */
export interface ProposedShape extends Crop {
  readonly label: string;
  readonly color: string;
  readonly box_only: boolean;
}

export type ObjectState = "proposed" | "accepted" | "edited" | "rejected";
export type ObjectSource = "model" | "human" | "model+edited";

/** An object as the server knows it; `shape` is the content address of its crop. */
export interface ServerObject {
  readonly id: string;
  readonly revision: number;
  readonly number: number;
  readonly label: string;
  readonly class: number | null;
  readonly color: string;
  readonly state: ObjectState;
  readonly source: ObjectSource;
  /** Somebody else changed the object meanwhile, and this is the other version. */
  readonly apart: boolean;
  /** That one: it may be gone by now. "" where this is no other version of anything. */
  readonly theirs: string;
  /** What lies in a higher layer is drawn on top. */
  readonly layer: number;
  readonly box: BoxTuple;
  readonly boxOnly: boolean;
  readonly shape: string;
}

export interface ObjectClass {
  readonly id: number;
  readonly name: string;
  readonly color: string;
  readonly key: string | null;
}

export interface TilePyramid {
  /** With {level}, {column} and {row} to fill in. */
  readonly url: string;
  readonly side: number;
  readonly levels: number;
}

export interface ServerImage {
  readonly id: number;
  readonly sha: string;
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly revision: number;
  readonly review: string;
  readonly picture: string;
  readonly tiles: TilePyramid | null;
  readonly shapes: string;
  /** Where a sample has more than 8 bits. */
  readonly deep: SampleRange | null;
}

export interface Pin {
  readonly number: number;
  readonly x: number;
  readonly y: number;
  readonly resolved: boolean;
  readonly text: string;
}

/** Why a gesture was not made, and the objects that is about. */
export interface Refusal {
  readonly why: string;
  readonly objects: readonly string[];
}

export interface CanvasData {
  readonly module: string;
  /** What there is to say, in the person's language, by keys. */
  readonly sentences: Sentences;
  readonly image: ServerImage;
  readonly objects: readonly ServerObject[];
  readonly classes: readonly ObjectClass[];
  /** Ids of the newest operations on this image, read together with the objects. */
  readonly applied: readonly string[];
  /** By the gesture's id. */
  readonly refused: Readonly<Record<string, Refusal>>;
  /** Ids of gestures that were made in another database. */
  readonly elsewhere: readonly string[];
  /** What undo and redo would do, in a word; "" where there is nothing. */
  readonly undo: string;
  readonly redo: string;
  readonly pins: readonly Pin[];
  /** Where objects count on the pictures of this camera, and where they do not. */
  readonly region: { readonly belt: readonly Ring[]; readonly ignored: readonly Ring[] };
  readonly next: { readonly picture: string; readonly deep: SampleRange | null } | null;
}

export type EditKind = "add" | "reshape" | "delete" | "relabel" | "accept" | "reject" | "reorder";

export interface Edit {
  readonly do: EditKind;
  readonly object: string;
  readonly base: number;
  readonly after: readonly string[];
  readonly mask?: Crop;
  readonly class?: number;
  readonly box?: BoxTuple;
  readonly layer?: number;
}

/** One thing a person did: one operation in the history, one step of undo. */
export interface Gesture {
  readonly id: string;
  readonly image: number;
  readonly sha: string;
  readonly kind: string;
  /** Milliseconds of work since the gesture before. */
  readonly active_ms: number;
  readonly base: number;
  readonly after: readonly string[];
  readonly edits: readonly Edit[];
}

/** Where a person wants to say something: a spot in image pixels, and the object there or "". */
export interface CommentTarget {
  readonly image: number;
  readonly x: number;
  readonly y: number;
  readonly object: string;
  /** A place pointed at twice is told twice. */
  readonly round: number;
}

/** What the canvas tells Python. */
export interface PythonChannel {
  tail(tail: PendingGestures): void;
  pointed(at: CommentTarget): void;
}

/** What the canvas keeps in the component's state: every gesture not acknowledged yet. */
export interface PendingGestures {
  readonly round: number;
  readonly gestures: readonly Gesture[];
}
