/** What every tool is to the stage. */

import type { PointerPosition } from "../canvas_state";

export type ToolName =
  | "select" | "polygon" | "box" | "brush" | "eraser" | "knife" | "magic" | "comment";

/** New objects, or pixels added to or taken from the selected one. */
export type DrawMode = "new" | "add" | "subtract";

export interface Tool {
  readonly cursor: string;
  /** A shape is begun that waits for more while the pointer is up. */
  readonly shaping: boolean;
  down(point: PointerPosition): void;
  /** `pressed` while the button is down. */
  move(point: PointerPosition, pressed: boolean): void;
  up(point: PointerPosition): void;
  /** Enter, N or a double click; true when there was something to finish. */
  finish(): boolean;
  /** Esc; true when there was something to give up. */
  cancel(): boolean;
  /** The press was none, a second finger came: what it has done is taken back, and no more. */
  interrupt(): void;
  /** Backspace or Delete; true when there was something to take back. */
  back(): boolean;
  /** Lines and handles over the picture, in canvas pixels. */
  draw(context: CanvasRenderingContext2D): void;
}

/** A tool with nothing half done. */
export abstract class BaseTool implements Tool {
  get cursor(): string {
    return "crosshair";
  }

  get shaping(): boolean {
    return false;
  }

  abstract down(point: PointerPosition): void;
  abstract move(point: PointerPosition, pressed: boolean): void;
  abstract up(point: PointerPosition): void;

  finish(): boolean {
    return false;
  }

  cancel(): boolean {
    return false;
  }

  interrupt(): void {
    this.cancel();
  }

  back(): boolean {
    return false;
  }

  draw(_context: CanvasRenderingContext2D): void {}
}

/** A line that is seen on any picture: dark below, light above. */
export function strokeTwice(context: CanvasRenderingContext2D, path: Path2D, width = 1.5, color = "#ffffff"): void {
  context.lineJoin = "round";
  context.strokeStyle = "rgba(0, 0, 0, 0.75)";
  context.lineWidth = width + 2;
  context.stroke(path);
  context.strokeStyle = color;
  context.lineWidth = width;
  context.stroke(path);
}
