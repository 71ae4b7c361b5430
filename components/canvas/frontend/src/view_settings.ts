/** How this person likes to see things: kept in the browser. */

export interface ViewSettings {
  opacity: number;
  colorBy: "class" | "object";
  outlineOnly: boolean;
  keepZoom: boolean;
  brightness: number;
  contrast: number;
  brush: number;
  keys: boolean;
}

const NAME = "beltmask.looks";
const USUAL: ViewSettings = {
  opacity: 0.35, colorBy: "class", outlineOnly: false, keepZoom: false,
  brightness: 1, contrast: 1, brush: 10, keys: true,
};

export function readViewSettings(storage: Pick<Storage, "getItem">): ViewSettings {
  try {
    const kept: unknown = JSON.parse(storage.getItem(NAME) ?? "{}");
    return { ...USUAL, ...sound(kept) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { ...USUAL };
  }
}

export function storeViewSettings(storage: Pick<Storage, "setItem">, settings: ViewSettings): void {
  try {
    storage.setItem(NAME, JSON.stringify(settings));
  } catch (error) {
    if (!(error instanceof DOMException)) throw error; // a full storage forgets, and no more
  }
}

/** Only what has the type it should have. */
function sound(kept: unknown): Partial<ViewSettings> {
  if (typeof kept !== "object" || kept === null) return {};
  const pairs = Object.entries(kept).filter(
    ([name, value]) => typeof value === typeof (USUAL as unknown as Record<string, unknown>)[name],
  );
  return Object.fromEntries(pairs) as Partial<ViewSettings>;
}
