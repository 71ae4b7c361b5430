"""Objects put together across the seams of tiles, against joining whatever lies in one another.

Run ``python -m tests.benchmarks.seams``. Scenes of 12,000 x 4,000 px in tiles of 1,024, seen with
outlines some pixels out, some pieces missed, some only as boxes. The peer joins two pieces of
different tiles when half of the smaller one, within what both tiles saw, lies in the other.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, product

import cv2
import numpy as np

from beltmask.detectors.seams import TilePiece, joined
from beltmask.detectors.tiling import tiles_of
from beltmask.geometry import Box, Mask
from beltmask.masks import intersection_area, iou, mask_from_rings, moved, part_in, union
from beltmask.model import Finding, MaskSource

SIZE, SIDE, SCENES = (12_000, 4_000), 1024, 6
TILES = tiles_of(SIZE, SIDE)
Joining = Callable[[Sequence[TilePiece]], list[Finding]]


def main() -> None:
    for out, draw in product((0, 3, 8), (things_alone, things_on_each_other)):
        scenes = [draw(np.random.default_rng(seed)) for seed in range(SCENES)]
        looks = [
            list(pieces(things, out, np.random.default_rng(seed)))
            for seed, things in enumerate(scenes)
        ]
        for name, joining in (("contained", contained), ("beltmask", joined)):
            started = time.perf_counter()
            found = [joining(look) for look in looks]
            seconds = time.perf_counter() - started
            report(f"{draw.__name__}, {out} px out: {name}", scenes, found, seconds)


def things_alone(random: np.random.Generator) -> list[Mask]:
    """One in each field of a grid."""
    fields = product(range(500, 12_000, 1000), range(500, 4_000, 1000))
    return [
        blob(random, x, y, int(random.integers(20, 420)), int(random.integers(15, 200)))
        for x, y in fields
    ]


def things_on_each_other(random: np.random.Generator) -> list[Mask]:
    """Sheets with small things on them, bars through many tiles, and things that lie alone."""
    things: list[Mask] = []
    for _ in range(12):
        x, y = int(random.integers(600, 11_400)), int(random.integers(500, 3_500))
        things.append(blob(random, x, y, 500, 350))
        for _ in range(3):
            dx, dy = random.integers(-300, 300), random.integers(-200, 200)
            things.append(blob(random, x + int(dx), y + int(dy), 60, 25))
    for _ in range(60):
        x, y = int(random.integers(200, 11_800)), int(random.integers(200, 3_800))
        long, wide = random.integers(20, 700), random.integers(15, 90)
        things.append(blob(random, x, y, int(long), int(wide)))
    return things


def blob(random: np.random.Generator, x: int, y: int, long: int, wide: int) -> Mask:
    turns = np.linspace(0, 2 * math.pi, 40, endpoint=False)
    radius = 1 + 0.15 * np.sin(turns * 3 + random.uniform(0, 6))
    points = np.stack([long * radius * np.cos(turns), wide * radius * np.sin(turns)], axis=1)
    angle = random.uniform(0, math.pi)
    turned = points @ np.array(
        [[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]]
    )
    mask = mask_from_rings([turned + np.array([x, y])], SIZE)
    assert mask is not None
    return mask


def pieces(things: Sequence[Mask], out: int, random: np.random.Generator) -> Iterator[TilePiece]:
    for tile in TILES:
        for mask in things:
            part = part_in(mask, tile)
            if part is None or min(part.box.width, part.box.height) < 4 or random.random() < 0.05:
                continue
            seen = worn(part, out, random)
            seen = None if seen is None else part_in(seen, tile)
            if seen is not None:
                shape = None if random.random() < 0.05 else seen
                yield TilePiece(Finding("object", seen.box, shape, MaskSource.MODEL), tile)


def worn(mask: Mask, out: int, random: np.random.Generator) -> Mask | None:
    """Grown or shrunk, and moved, by up to ``out`` pixels."""
    if not out:
        return mask
    rim, kernel = out + 1, np.ones((3, 3), np.uint8)
    bits = np.pad(mask.bits.astype(np.uint8), rim)
    steps = int(random.integers(-out, out + 1))
    change = cv2.dilate if steps > 0 else cv2.erode
    changed = np.asarray(change(bits, kernel, iterations=abs(steps))) > 0
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    if not rows.size:
        return None
    crop = changed[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].copy()
    x, y = mask.x - rim + int(columns[0]), mask.y - rim + int(rows[0])
    dx, dy = random.integers(-out, out + 1, 2)
    return moved(Mask(x, y, crop), int(dx), int(dy))


def contained(found: Sequence[TilePiece]) -> list[Finding]:
    """The peer."""
    groups = [[piece] for piece in found]
    group_of = list(range(len(found)))
    for one, two in combinations(range(len(found)), 2):
        if group_of[one] != group_of[two] and _overlap(found[one], found[two]):
            kept, gone = group_of[one], group_of[two]
            groups[kept] += groups[gone]
            group_of = [kept if group == gone else group for group in group_of]
    return [_all_of(groups[group]) for group in sorted(set(group_of))]


def _overlap(one: TilePiece, two: TilePiece) -> bool:
    both = None if one.tile == two.tile else one.tile.overlap(two.tile)
    if both is None or one.finding.box.overlap(two.finding.box) is None:
        return False
    first, second = part_in(one.pixels, both), part_in(two.pixels, both)
    if first is None or second is None:
        return False
    return intersection_area(first, second) >= 0.5 * min(first.area, second.area)


def _all_of(group: Sequence[TilePiece]) -> Finding:
    mask: Mask | None = None
    for piece in group:
        mask = union(mask, piece.pixels)
    assert mask is not None
    return Finding("object", mask.box, mask, MaskSource.MODEL)


def report(
    name: str, scenes: Sequence[Sequence[Mask]], found: Sequence[Sequence[Finding]], seconds: float
) -> None:
    whole = {True: 0, False: 0}
    count = {True: 0, False: 0}
    extra = 0
    for things, findings in zip(scenes, found, strict=True):
        masks = [each.mask or _box_mask(each.box) for each in findings]
        extra += len(findings)
        for thing in things:
            cut = not any(tile.overlap(thing.box) == thing.box for tile in TILES)
            count[cut] += 1
            near = [mask for mask in masks if mask.box.overlap(thing.box)]
            whole[cut] += any(iou(mask, thing) >= 0.75 for mask in near)
    things_in_all = sum(count.values())
    print(
        f"{name:44} cut objects whole {whole[True] / count[True]:6.1%}"
        f"  others {whole[False] / count[False]:6.1%}"
        f"  findings per object {extra / things_in_all:.2f}  {seconds:5.1f} s"
    )


def _box_mask(box: Box) -> Mask:
    return Mask(box.x0, box.y0, np.ones((box.height, box.width), dtype=np.bool_))


if __name__ == "__main__":
    main()
