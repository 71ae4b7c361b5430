/** COCO's compressed run lengths of a mask's crop: column-major, the first run counts zeros. */

import { crc32 } from "./crc32";
import type { Mask } from "./masks";
import type { Crop } from "./protocol";

/**
 * What `encode` or `beltmask.masks.encode` wrote, bit for bit.
 *
 * @throws RangeError The runs do not fill the box.
 */
export function decode(counts: string, x: number, y: number, width: number, height: number): Mask {
  const bits = toggles(runsOf(counts), width, height);
  for (let i = width; i < bits.length; i++) bits[i]! ^= bits[i - width]!;
  return { x, y, width, height, bits };
}

/** The crop's bits as text; with the box they restore the mask. */
export function encode(mask: Mask): string {
  const runs = runLengths(mask);
  const text: string[] = [];
  for (let i = 0; i < runs.length; i++) text.push(numeral(i > 2 ? runs[i]! - runs[i - 2]! : runs[i]!));
  return text.join("");
}

/** The content address of a mask. */
export function shapeKey(mask: Mask): string {
  return cropKey({ ...mask, counts: encode(mask) });
}

/** The content address of the mask that a crop is of. */
export function cropKey({ x, y, width, height, counts }: Crop): string {
  return `${x},${y},${width},${height}:${crc32(counts).toString(16).padStart(8, "0")}`;
}

/** A 1 at each pixel that differs from the one above it; the row above the first is all 0. */
function toggles(runs: readonly number[], width: number, height: number): Uint8Array {
  const marks = new Uint8Array(width * height);
  let at = 0;
  for (let i = 0; i < runs.length; i++) {
    const end = at + runs[i]!;
    if (end < at || end > marks.length) throw new RangeError(MISFIT);
    if (i % 2) markRun(marks, width, height, at, end);
    at = end;
  }
  if (at !== marks.length) throw new RangeError(MISFIT);
  return marks;
}

const MISFIT = "The run lengths do not fill their box.";

/** A run may go on through several columns; in each it starts and ends a stretch of its own. */
function markRun(marks: Uint8Array, width: number, height: number, from: number, to: number): void {
  for (let at = from; at < to; ) {
    const column = Math.floor(at / height);
    const bottom = Math.min(to - column * height, height);
    marks[(at - column * height) * width + column]! ^= 1;
    if (bottom < height) marks[bottom * width + column]! ^= 1;
    at = column * height + bottom;
  }
}

function runLengths({ width, height, bits }: Mask): number[] {
  const runs: number[] = [];
  let value = 0;
  let start = 0;
  for (let column = 0; column < width; column++) {
    for (let row = 0, i = column; row < height; row++, i += width) {
      if (bits[i] === value) continue;
      const at = column * height + row;
      runs.push(at - start);
      start = at;
      value ^= 1;
    }
  }
  runs.push(width * height - start);
  return runs;
}

/** Five bits to a letter, the lowest first; 32 says that more follow, 16 in the last is the sign. */
function numeral(value: number): string {
  let text = "";
  for (let rest = value; ; ) {
    const low = rest & 31;
    rest >>= 5;
    const more = low & 16 ? rest !== -1 : rest !== 0;
    text += String.fromCharCode(48 + low + (more ? 32 : 0));
    if (!more) return text;
  }
}

function runsOf(counts: string): number[] {
  const runs: number[] = [];
  for (let i = 0; i < counts.length; ) {
    let value = 0;
    let shift = 0;
    let letter: number;
    do {
      letter = counts.charCodeAt(i++) - 48;
      value |= (letter & 31) << shift;
      shift += 5;
    } while (letter & 32);
    if (letter & 16) value |= -1 << shift;
    runs.push(runs.length > 2 ? value + runs[runs.length - 2]! : value);
  }
  return runs;
}
