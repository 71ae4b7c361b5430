"""Objects at which a person pointed with a stroke, looked for however faint they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from beltmask.detectors.lines import ring_of
from beltmask.detectors.within import mask_within
from beltmask.geometry import Box, Line, Mask, Pixels, Size
from beltmask.masks import Ring, intersection_area, mask_from_crop, mask_from_rings

_OPEN = 0.15
"""Of its length: how far apart the ends of a closed stroke may be."""
_ROUND = 0.015
"""What a closed stroke encloses at least, as a share of its length squared; a circle has 0.08."""
_HALF = 0.5
_UNDER = 0.3
_REACH = 0.05
_PEN = 1 / 160


@dataclass(frozen=True, slots=True, eq=False)
class Pointed:
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


def pointed_at(line: Line, size: Size) -> Pointed | None:
    """What a stroke over a picture of ``size`` points at; None when it is outside."""
    ring = ring_of(line, size)
    enclosed = mask_from_rings([ring], size)
    length = float(np.linalg.norm(np.diff(ring, axis=0), axis=1).sum())
    ends = float(np.linalg.norm(ring[0] - ring[-1]))
    if enclosed and ends <= _OPEN * length and enclosed.area >= _ROUND * length**2:
        return Pointed(enclosed, None)
    core = _stroked(ring, size, round(max(size) * _PEN) + 1)
    area = _stroked(ring, size, 2 * round(max(max(size) * _REACH, length / 2)) + 1)
    return None if core is None or area is None else Pointed(area, core)


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
