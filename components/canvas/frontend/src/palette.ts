/** Colours of objects, where they have none of a class. */

/** Okabe and Ito's colours, told apart by the colour-blind, and darker ones of the same hues. */
export const PALETTE = [
  "#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7",
  "#a66f00", "#2b86b8", "#006b4e", "#b3a91e", "#984300", "#96517a",
];

export function rgb(color: string): [number, number, number] {
  const value = Number.parseInt(color.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}
