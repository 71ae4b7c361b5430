"""Objects at which a person pointed with a stroke, looked for however faint they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from beltmask.detectors.lines import ring_of
from beltmask.detectors.refine import grabbed, padded, scaled
from beltmask.geometry import BoolArray, Box, Line, Mask, Pixels, Size
from beltmask.masks import Ring, bits_in, intersection_area, mask_from_crop, mask_from_rings

_OPEN = 0.15
"""Of its length: how far apart the ends of a closed stroke may be."""
_ROUND = 0.015
"""What a closed stroke encloses at least, as a share of its length squared; a circle has 0.08."""
_HALF = 0.5
_UNDER = 0.3
_REACH = 0.05
_PEN = 1 / 160
_LONGEST = 320
_LEAST_FILL = 0.01
_MOST_FILL = 0.95
_PART = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class SketchPrompt:
    """What a stroke points at: all objects in ``area``; those under the ``core``, if it is open."""

    area: Mask
    core: Mask | None

    def answered(self, found: Mask) -> bool:
        """Whether an object that was found without it is what it points at."""
        if self.core is None:
            return intersection_area(found, self.area) >= _HALF * found.area
        return intersection_area(found, self.core) >= _UNDER * self.core.area


def find_pointed(
    rgb: Pixels, sketch: Sequence[Line], found: Sequence[Mask]
) -> tuple[list[Mask], list[int]]:
    """Objects at which strokes point and that are not ``found`` yet.

    Returns:
        Their masks, and the numbers, from 1, of the strokes at which nothing stands out.
    """
    masks, missed = list(found), []
    for number, line in enumerate(sketch, start=1):
        pointed = pointed_at(line, (rgb.shape[1], rgb.shape[0]))
        if pointed is None or any(pointed.answered(mask) for mask in masks):
            continue
        mask = mask_within(rgb, pointed.area, sure=pointed.core)
        if mask is None:
            missed.append(number)
        else:
            masks.append(mask)
    return masks[len(found) :], missed


def pointed_at(line: Line, size: Size) -> SketchPrompt | None:
    """What a stroke over a picture of ``size`` points at; None when it is outside."""
    ring = ring_of(line, size)
    enclosed = mask_from_rings([ring], size)
    length = float(np.linalg.norm(np.diff(ring, axis=0), axis=1).sum())
    ends = float(np.linalg.norm(ring[0] - ring[-1]))
    if enclosed and ends <= _OPEN * length and enclosed.area >= _ROUND * length**2:
        return SketchPrompt(enclosed, None)
    core = _stroked(ring, size, round(max(size) * _PEN) + 1)
    area = _stroked(ring, size, 2 * round(max(max(size) * _REACH, length / 2)) + 1)
    return None if core is None or area is None else SketchPrompt(area, core)


def mask_within(picture_pixels: Pixels, area: Mask, *, sure: Mask | None = None) -> Mask | None:
    """What stands out inside ``area`` by GrabCut, its surroundings taken as background.

    Args:
        picture_pixels: The upright picture, RGB, shape (rows, columns, 3).
        area: Inside it; so is the mask.
        sure: Pixels that are the object's; without them all of the area may be.

    Returns:
        None when nothing stands out: next to nothing is left, or nearly everything.
    """
    around = padded(area.box, (picture_pixels.shape[1], picture_pixels.shape[0]))
    crop = picture_pixels[around.y0 : around.y1, around.x0 : around.x1]
    small = scaled(crop, min(1.0, _LONGEST / max(crop.shape[:2])))
    labels = np.full(small.shape[:2], cv2.GC_BGD, dtype=np.uint8)
    allowed = bits_in(area, around)
    labels[_shrunk(allowed, small)] = cv2.GC_PR_FGD if sure is None else cv2.GC_PR_BGD
    if sure is not None:
        labels[_shrunk(bits_in(sure, around), small)] = cv2.GC_FGD
    found = grabbed(small, labels)
    sized = cv2.resize(found, (around.width, around.height), interpolation=cv2.INTER_LINEAR)
    bits = _without_crumbs((sized > 127) & allowed)
    if not _LEAST_FILL * area.area <= np.count_nonzero(bits) <= _MOST_FILL * area.area:
        return None
    return mask_from_crop(bits, around.x0, around.y0)


def _stroked(ring: Ring, size: Size, width: int) -> Mask | None:
    """The pixels a pen of ``width`` px would cover, inside the picture."""
    low, high = np.floor(ring.min(axis=0)) - width, np.ceil(ring.max(axis=0)) + width
    x0, y0, x1, y1 = (int(value) for value in (*low, *high))
    window = Box(x0, y0, x1, y1).clipped(size)
    if window is None:
        return None
    drawn = np.zeros((window.height, window.width), dtype=np.uint8)
    corners = np.floor(ring - (window.x0, window.y0)).astype(np.int32)
    corners = corners if len(corners) > 1 else np.repeat(corners, 2, axis=0)
    cv2.polylines(drawn, [corners], False, 1, width)
    return mask_from_crop(drawn > 0, window.x0, window.y0)


def _shrunk(bits: BoolArray, small: Pixels) -> BoolArray:
    """Bits as large as the small copy; what they touch, they keep."""
    size = (small.shape[1], small.shape[0])
    cover = cv2.resize(bits.astype(np.uint8) * 255, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cover > 0)


def _without_crumbs(bits: BoolArray) -> BoolArray:
    """The largest part and those that are not much smaller."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(bits.astype(np.uint8))
    areas = stats[:, cv2.CC_STAT_AREA]
    areas[0] = 0
    return np.asarray((areas >= max(1, _PART * areas.max()))[labels])
