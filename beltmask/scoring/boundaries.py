"""How well outlines agree, within a tolerance, from crops alone.

An object's outline are its pixels beside one that is not its own; beyond the picture nothing is.
A pixel of one outline is right when one of the other's lies no farther than the tolerance, from
centre to centre.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from beltmask import masks
from beltmask.model import Mask, Size
from beltmask.scoring.overlaps import ScoredObject, shapes_of

TOLERANCE = 0.008
"""Of the picture's diagonal."""


def tolerance_in_pixels(size: Size, *, share: float = TOLERANCE) -> float:
    """``share`` of the diagonal of a picture, and never less than one pixel."""
    return max(1.0, share * math.hypot(*size))


def boundary_f(one: ScoredObject, other: ScoredObject, *, pixels: float) -> float:
    """The harmonic mean of how much of each outline lies within ``pixels`` of the other's.

    Where one has no mask the outlines are those of the boxes. 1 for equal shapes, 0 for shapes
    apart.
    """
    first, second = map(outline, shapes_of([one, other]))
    precision = masks.intersection_area(first, surroundings(second, pixels=pixels)) / first.area
    recall = masks.intersection_area(second, surroundings(first, pixels=pixels)) / second.area
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def outline(mask: Mask) -> Mask:
    """The pixels of a mask that have one beside, above or below them outside."""
    bits = np.pad(mask.bits, 1)
    inside = bits[:-2, 1:-1] & bits[2:, 1:-1] & bits[1:-1, :-2] & bits[1:-1, 2:]
    return Mask(mask.x, mask.y, mask.bits & ~inside)


def surroundings(line: Mask, *, pixels: float) -> Mask:
    """Every place no farther than ``pixels`` from one of the line's."""
    reach = math.floor(pixels)
    apart = np.pad(~line.bits, reach, constant_values=True).view(np.uint8)
    distance = cv2.distanceTransform(apart, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return Mask(line.x - reach, line.y - reach, distance <= pixels + 1e-4)
