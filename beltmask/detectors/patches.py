"""Pieces of a picture that may be objects, and the places where the belt's model doubts itself.

A patch is cut from the difference map by hysteresis (a strong core, a weaker surround) and
then to where the map reaches a share of the patch's own level: the outline runs part way
between belt and object, and a shadow, which is a weak difference beside a strong one, is
left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from beltmask.detectors.belt import Map
from beltmask.masks import mask_from_crop
from beltmask.model import BoolArray, Mask, Pixels

CORE = 6.0
SURROUND = 3.5
LEVEL_SHARE = 0.5
HOLE_DIFFERENCE = 1.8
SMALLEST_HOLE = 0.01
MIN_AREA = 5e-4
SURE_AREA = 3e-3
MARGIN = 6
STEP_REACH = 3


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """Bits in a window of the working picture with at least a little belt around them.

    ``bits[r, c]`` is pixel (x + c, y + r). ``step`` is how sharply the difference map rises
    across the outline, in standard deviations of the belt.
    """

    bits: BoolArray
    x: int
    y: int
    step: float = 0.0

    @property
    def area(self) -> int:
        return int(np.count_nonzero(self.bits))

    @property
    def window(self) -> tuple[slice, slice]:
        """Where it lies, as (rows, columns)."""
        rows, columns = self.bits.shape
        return slice(self.y, self.y + rows), slice(self.x, self.x + columns)


def cut_patches(difference: Map) -> list[Patch]:
    """Everything that differs enough from the belt, the largest first, none inside another."""
    smallest = MIN_AREA * difference.size
    rough = connected_patches(_with_core(difference), smallest)
    cut = [piece for patch in rough for piece in _cut_to_level(patch, difference, smallest)]
    return without_nested([measured(patch, difference) for patch in cut], difference.shape)


def connected_patches(pixels: BoolArray, smallest: float) -> list[Patch]:
    """The 8-connected parts of ``pixels`` with at least ``smallest`` pixels."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(pixels.astype(np.uint8))
    patches = []
    for i in range(1, count):
        x, y, width, height, area = (int(value) for value in stats[i])
        if area >= smallest:
            x0, y0 = max(x - MARGIN, 0), max(y - MARGIN, 0)
            window = labels[y0 : y + height + MARGIN, x0 : x + width + MARGIN]
            patches.append(Patch(window == i, x0, y0))
    return patches


def without_nested(patches: Iterable[Patch], shape: tuple[int, ...]) -> list[Patch]:
    """The patches, largest first, leaving out those that lie mostly on a larger one."""
    taken, kept = np.zeros(shape, dtype=np.bool_), []
    for patch in sorted(patches, key=lambda patch: -patch.area):
        here = taken[patch.window]
        if here[patch.bits].mean() <= 0.5:
            here |= patch.bits
            kept.append(patch)
    return kept


def measured(patch: Patch, difference: Map) -> Patch:
    """The patch with its ``step``: the median, along the outline, of inside minus outside."""
    here = difference[patch.window]
    inside, outside = _local_mean(here, patch.bits), _local_mean(here, ~patch.bits)
    eroded = cv2.erode(patch.bits.astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=1)
    steps = (inside - outside)[patch.bits & (eroded == 0)]
    known = steps[np.isfinite(steps)]
    return replace(patch, step=float(np.median(known)) if known.size else 0.0)


def stands_out(patch: Patch, difference: Map, least_step: float) -> bool:
    """Whether the belt's model alone vouches for a patch; a small one must be clearer."""
    smallness = SURE_AREA * difference.size / max(patch.area, 1)
    return bool(patch.step >= least_step * np.sqrt(max(1.0, smallness)))


def _with_core(difference: Map) -> BoolArray:
    count, labels = cv2.connectedComponents((difference > SURROUND).astype(np.uint8))
    strong = np.bincount(labels[difference > CORE], minlength=count) > 0
    strong[0] = False
    return np.asarray(strong[labels], dtype=np.bool_)


def _cut_to_level(patch: Patch, difference: Map, smallest: float) -> Iterator[Patch]:
    here = difference[patch.window]
    level = max(SURROUND, LEVEL_SHARE * float(np.median(here[patch.bits])))
    count, labels = cv2.connectedComponents((patch.bits & (here > level)).astype(np.uint8))
    for i in range(1, count):
        piece = labels == i
        if np.count_nonzero(piece) >= smallest:
            yield replace(patch, bits=_with_false_holes_filled(piece, here))


def _with_false_holes_filled(bits: BoolArray, difference: Map) -> BoolArray:
    """Close holes that are specks, or through which no belt is seen (print, a dark face)."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        (~np.pad(bits, 1)).astype(np.uint8), connectivity=4
    )
    labels, filled = labels[1:-1, 1:-1], bits.copy()
    for i in range(1, count):
        hole = labels == i
        if stats[i, cv2.CC_STAT_LEFT] == 0 or not hole.any():
            continue
        small = stats[i, cv2.CC_STAT_AREA] < SMALLEST_HOLE * np.count_nonzero(bits)
        filled |= hole & (small or np.median(difference[hole]) > HOLE_DIFFERENCE)
    return filled


def _local_mean(values: Map, where: BoolArray) -> NDArray[np.float32]:
    """Mean over the neighbours in ``where``; NaN where there are none."""
    size, weights = (2 * STEP_REACH + 1,) * 2, where.astype(np.float32)
    total = cv2.boxFilter(values * weights, -1, size, borderType=cv2.BORDER_CONSTANT)
    count = cv2.boxFilter(weights, -1, size, borderType=cv2.BORDER_CONSTANT)
    known = count > 1e-3 / (size[0] * size[1])
    return np.where(known, total / np.where(known, count, 1), np.nan).astype(np.float32)


def full_size_mask(patch: Patch, *, work: Pixels, rgb: Pixels) -> Mask | None:
    """The patch's mask in ``rgb``; None when nothing is left of it."""
    if work.shape == rgb.shape:
        return mask_from_crop(patch.bits, patch.x, patch.y)
    (rows, columns), (height, width) = patch.bits.shape, rgb.shape[:2]
    across, down = width / work.shape[1], height / work.shape[0]
    x0, x1 = (min(width, round(x * across)) for x in (patch.x, patch.x + columns))
    y0, y1 = (min(height, round(y * down)) for y in (patch.y, patch.y + rows))
    soft = cv2.resize(patch.bits.astype(np.float32), (x1 - x0, y1 - y0))
    return mask_from_crop(np.asarray(soft) > 0.5, x0, y0)
