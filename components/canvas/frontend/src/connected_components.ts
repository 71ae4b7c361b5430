/** Which pixels hang together, found run by run. */

/** Stretches of equal pixels within a row: first index, index after the last, and their group. */
export interface ConnectedRuns {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly group: readonly number[];
  readonly groups: number;
}

/** Bits of `cuts`, per pixel: its links to these neighbours do not count. */
export const EAST = 1;
export const SOUTH_WEST = 2;
export const SOUTH = 4;
export const SOUTH_EAST = 8;
const BELOW = [SOUTH_WEST, SOUTH, SOUTH_EAST];

/**
 * The runs of `value`, grouped, groups in the order in which their first pixel is met.
 *
 * @param reach 1 when pixels that touch at a corner hang together (8-connected), 0 when not.
 * @param cuts Links that are cut, one byte per pixel.
 */
export function connectedComponents(bits: Uint8Array, width: number, value: 0 | 1, reach: 0 | 1, cuts?: Uint8Array): ConnectedRuns {
  const from: number[] = [];
  const to: number[] = [];
  const parent: number[] = [];
  for (let start = 0, above = 0; start < bits.length; start += width) {
    const below = from.length;
    collect(bits, start, start + width, value, cuts, from, to);
    for (let run = below; run < from.length; run++) parent.push(run);
    for (let run = below; run < from.length; run++) {
      while (above < below && to[above]! + width + reach <= from[run]!) above++;
      for (let over = above; over < below && from[over]! + width < to[run]! + reach; over++) {
        if (!cuts || linked(cuts, from[over]!, to[over]!, from[run]!, to[run]!, width, reach)) join(parent, over, run);
      }
    }
    above = below;
  }
  return { from: from, to: to, ...numbered(parent) };
}

function collect(
  bits: Uint8Array,
  start: number,
  end: number,
  value: number,
  cuts: Uint8Array | undefined,
  from: number[],
  to: number[],
): void {
  for (let i = start; i < end; i++) {
    if (bits[i] !== value) continue;
    from.push(i);
    while (i + 1 < end && bits[i + 1] === value && !(cuts && cuts[i]! & EAST)) i++;
    to.push(i + 1);
  }
}

/** Whether any pair of neighbours, one in a run and one in the run below, is not cut apart. */
function linked(
  cuts: Uint8Array,
  from: number,
  to: number,
  belowFrom: number,
  belowTo: number,
  width: number,
  reach: number,
): boolean {
  for (let i = Math.max(from, belowFrom - width - reach); i < Math.min(to, belowTo - width + reach); i++) {
    for (let step = -reach; step <= reach; step++) {
      const inside = i + width + step >= belowFrom && i + width + step < belowTo;
      if (inside && !(cuts[i]! & BELOW[step + 1]!)) return true;
    }
  }
  return false;
}

function join(parent: number[], one: number, other: number): void {
  const [a, b] = [root(parent, one), root(parent, other)];
  if (a !== b) parent[Math.max(a, b)] = Math.min(a, b);
}

function root(parent: number[], run: number): number {
  let at = run;
  while (parent[at] !== at) at = parent[at] = parent[parent[at]!]!;
  return at;
}

function numbered(parent: number[]): { group: number[]; groups: number } {
  let groups = 0;
  const group: number[] = [];
  for (let run = 0; run < parent.length; run++) {
    const first = root(parent, run);
    group.push(first === run ? groups++ : group[first]!);
  }
  return { group, groups };
}
