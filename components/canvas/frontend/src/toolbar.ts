/** The tools at the left of the picture. */

import type { CanvasState } from "./canvas_state";
import { iconButton, make } from "./dom";
import type { EditActions } from "./edit_actions";
import { sentence } from "./sentences";
import type { DrawMode, ToolName } from "./tools/tool";

export const tools = (): readonly (readonly [ToolName, string, string, string])[] => [
  ["select", "arrow_selector_tool", sentence("canvas.select"), "V"],
  ["polygon", "pentagon", sentence("canvas.polygon"), "P"],
  ["box", "rectangle", sentence("canvas.box"), "R"],
  ["brush", "brush", sentence("canvas.brush"), "B"],
  ["eraser", "ink_eraser", sentence("canvas.eraser"), "E"],
  ["knife", "content_cut", sentence("canvas.knife"), "K"],
  ["magic", "auto_fix_high", sentence("canvas.magic"), "G"],
  ["comment", "add_comment", sentence("canvas.comment"), "C"],
];

const modes = (): readonly (readonly [DrawMode, string, string, string])[] => [
  ["new", "note_stack_add", sentence("canvas.mode_new"), ""],
  ["add", "join", sentence("canvas.mode_add"), "Shift"],
  ["subtract", "join_left", sentence("canvas.mode_subtract"), "Alt"],
];

export class Toolbar {
  readonly element = make("div", { class: "tools", role: "toolbar", "aria-label": sentence("canvas.tools"), "aria-orientation": "vertical" });
  private readonly tools = new Map<ToolName, HTMLButtonElement>();
  private readonly modes = new Map<DrawMode, HTMLButtonElement>();
  private readonly compare: HTMLButtonElement;
  private readonly undo: HTMLButtonElement;
  private readonly redo: HTMLButtonElement;

  constructor(
    private readonly state: CanvasState,
    actions: EditActions,
    choose: { tool(name: ToolName): void; mode(mode: DrawMode): void; compare(): void; help(): void },
  ) {
    for (const [name, icon, says, key] of tools()) {
      this.tools.set(name, iconButton(icon, says, () => choose.tool(name), key));
    }
    for (const [mode, icon, says, key] of modes()) {
      this.modes.set(mode, iconButton(icon, says, () => choose.mode(mode), key));
    }
    this.compare = iconButton("compare", sentence("canvas.compare"), () => choose.compare(), "W");
    this.undo = iconButton("undo", sentence("canvas.undo"), () => actions.undo(), "Ctrl+Z");
    this.redo = iconButton("redo", sentence("canvas.redo"), () => actions.redo(), "Ctrl+Shift+Z");
    this.element.append(
      ...this.tools.values(), make("hr"), ...this.modes.values(), make("hr"),
      iconButton("merge", sentence("canvas.merge"), () => actions.merge(), "M"),
      iconButton("layers_clear", sentence("canvas.take_shared"), () => actions.takeOverlap(), "O"),
      iconButton("format_color_fill", sentence("canvas.fill_holes"), () => actions.fillHoles(), "U"),
      iconButton("cleaning_services", sentence("canvas.remove_specks"), () => actions.removeSpecks(), "I"),
      iconButton("flip_to_front", sentence("canvas.forward"), () => actions.reorder(true), "PageUp"),
      iconButton("flip_to_back", sentence("canvas.back"), () => actions.reorder(false), "PageDown"),
      make("hr"), this.compare, this.undo, this.redo,
      iconButton("help", sentence("canvas.keys"), () => choose.help(), "?"),
    );
  }

  update(tool: ToolName, mode: DrawMode, comparing: boolean): void {
    this.compare.setAttribute("aria-pressed", String(comparing));
    for (const [name, button] of this.tools) button.setAttribute("aria-pressed", String(name === tool));
    for (const [name, button] of this.modes) button.setAttribute("aria-pressed", String(name === mode));
    const { undo, redo } = this.state.store.data;
    this.undo.disabled = !undo && this.state.store.pending().length === 0;
    this.redo.disabled = !redo && this.state.store.pending().length === 0;
    this.undo.title = undo ? sentence("canvas.undo_what", { what: undo }) : `${sentence("canvas.undo")} (Ctrl+Z)`;
    this.redo.title = redo ? sentence("canvas.redo_what", { what: redo }) : `${sentence("canvas.redo")} (Ctrl+Shift+Z)`;
  }
}
