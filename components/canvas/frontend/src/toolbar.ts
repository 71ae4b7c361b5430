/** The tools at the left of the picture. */

import type { CanvasState } from "./canvas_state";
import { iconButton, make } from "./dom";
import type { EditActions } from "./edit_actions";
import type { DrawMode, ToolName } from "./tools/tool";

export const TOOLS: readonly (readonly [ToolName, string, string, string])[] = [
  ["select", "arrow_selector_tool", "Select and move", "V"],
  ["polygon", "pentagon", "Polygon", "P"],
  ["box", "rectangle", "Box", "R"],
  ["brush", "brush", "Brush", "B"],
  ["eraser", "ink_eraser", "Eraser", "E"],
  ["knife", "content_cut", "Cut in two", "K"],
  ["magic", "auto_fix_high", "Magic select: a box or a click", "G"],
  ["comment", "add_comment", "Comment on a spot or an object", "C"],
];

const MODES: readonly (readonly [DrawMode, string, string, string])[] = [
  ["new", "note_stack_add", "Polygons and boxes make new objects", ""],
  ["add", "join", "Polygons and boxes add to the selected object", "Shift"],
  ["subtract", "join_left", "Polygons and boxes take from the selected object", "Alt"],
];

export class Toolbar {
  readonly element = make("div", { class: "tools", role: "toolbar", "aria-label": "Tools", "aria-orientation": "vertical" });
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
    for (const [name, icon, says, key] of TOOLS) {
      this.tools.set(name, iconButton(icon, says, () => choose.tool(name), key));
    }
    for (const [mode, icon, says, key] of MODES) {
      this.modes.set(mode, iconButton(icon, says, () => choose.mode(mode), key));
    }
    this.compare = iconButton("compare", "Model against corrected", () => choose.compare(), "W");
    this.undo = iconButton("undo", "Undo", () => actions.undo(), "Ctrl+Z");
    this.redo = iconButton("redo", "Redo", () => actions.redo(), "Ctrl+Shift+Z");
    this.element.append(
      ...this.tools.values(), make("hr"), ...this.modes.values(), make("hr"),
      iconButton("merge", "Merge the selected objects", () => actions.merge(), "M"),
      iconButton("layers_clear", "Take shared pixels away from the other objects", () => actions.takeOverlap(), "O"),
      iconButton("format_color_fill", "Fill holes", () => actions.fillHoles(), "U"),
      iconButton("cleaning_services", "Remove specks", () => actions.removeSpecks(), "I"),
      iconButton("flip_to_front", "Bring the object forward", () => actions.reorder(true), "PageUp"),
      iconButton("flip_to_back", "Send the object back", () => actions.reorder(false), "PageDown"),
      make("hr"), this.compare, this.undo, this.redo,
      iconButton("help", "Keys", () => choose.help(), "?"),
    );
  }

  update(tool: ToolName, mode: DrawMode, comparing: boolean): void {
    this.compare.setAttribute("aria-pressed", String(comparing));
    for (const [name, button] of this.tools) button.setAttribute("aria-pressed", String(name === tool));
    for (const [name, button] of this.modes) button.setAttribute("aria-pressed", String(name === mode));
    const { undo, redo } = this.state.store.data;
    this.undo.disabled = !undo && this.state.store.pending().length === 0;
    this.redo.disabled = !redo && this.state.store.pending().length === 0;
    this.undo.title = undo ? `Undo: ${undo} (Ctrl+Z)` : "Undo (Ctrl+Z)";
    this.redo.title = redo ? `Redo: ${redo} (Ctrl+Shift+Z)` : "Redo (Ctrl+Shift+Z)";
  }
}
