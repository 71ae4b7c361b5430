/** How this person likes to see things: kept in the browser. */

export interface Looks {
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
const USUAL: Looks = {
  opacity: 0.35, colorBy: "class", outlineOnly: false, keepZoom: false,
  brightness: 1, contrast: 1, brush: 10, keys: true,
};

/** Okabe and Ito's colours, told apart by the colour-blind, and darker ones of the same hues. */
export const PALETTE = [
  "#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7",
  "#a66f00", "#2b86b8", "#006b4e", "#b3a91e", "#984300", "#96517a",
];

export function readLooks(drawer: Pick<Storage, "getItem">): Looks {
  try {
    const kept: unknown = JSON.parse(drawer.getItem(NAME) ?? "{}");
    return { ...USUAL, ...sound(kept) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { ...USUAL };
  }
}

export function keepLooks(drawer: Pick<Storage, "setItem">, looks: Looks): void {
  try {
    drawer.setItem(NAME, JSON.stringify(looks));
  } catch (error) {
    if (!(error instanceof DOMException)) throw error; // a full drawer forgets, and no more
  }
}

/** Only what has the type it should have. */
function sound(kept: unknown): Partial<Looks> {
  if (typeof kept !== "object" || kept === null) return {};
  const pairs = Object.entries(kept).filter(
    ([name, value]) => typeof value === typeof (USUAL as unknown as Record<string, unknown>)[name],
  );
  return Object.fromEntries(pairs) as Partial<Looks>;
}

export function rgb(color: string): [number, number, number] {
  const value = Number.parseInt(color.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}
