"""How well outlines agree, within a tolerance, from crops alone.

An object's outline are its pixels beside one that is not its own; beyond the picture nothing is.
A pixel of one outline is right when one of the other's lies no farther than the tolerance, from
centre to centre.
"""

from __future__ import annotations

import math
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from beltmask.model import BoolArray, Mask, Size
from beltmask.scoring.overlaps import ScoredObject, shapes_of

TOLERANCE = 0.008
"""Of the picture's diagonal."""
Line8 = NDArray[np.uint8]

_CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], dtype=np.uint8)
_AT_ONCE = 1_000_000
"""Distances held in memory."""


def tolerance_in_pixels(size: Size, *, share: float = TOLERANCE) -> float:
    """``share`` of the diagonal of a picture, and never less than one pixel."""
    return max(1.0, share * math.hypot(*size))


def boundary_f(one: ScoredObject, other: ScoredObject, *, pixels: float) -> float:
    """The harmonic mean of how much of each outline lies within ``pixels`` of the other's.

    Where one has no mask the outlines are those of the boxes. 1 for equal shapes, 0 for shapes
    apart.
    """
    shapes = shapes_of([one, other])
    if shapes[0] == shapes[1]:
        return 1.0
    first, second = map(outline, _in_one_window(shapes[0], shapes[1]))
    precision, recall = share_near(first, second, pixels), share_near(second, first, pixels)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _in_one_window(one: Mask, other: Mask) -> list[BoolArray]:
    """Both as bits of the smallest box about them."""
    sides = [(each.x, each.y, *each.bits.shape[::-1]) for each in (one, other)]
    left, top = min(one.x, other.x), min(one.y, other.y)
    width = max(x + w for x, _, w, _ in sides) - left
    height = max(y + h for _, y, _, h in sides) - top
    frames = []
    for each, (x, y, w, h) in zip((one, other), sides, strict=True):
        frame = np.zeros((height, width), dtype=np.bool_)
        frame[y - top : y - top + h, x - left : x - left + w] = each.bits
        frames.append(frame)
    return frames


def outline(bits: BoolArray) -> Line8:
    """The pixels that have one beside, above or below them outside: 1 there, else 0."""
    whole = bits.view(np.uint8)
    inside = cv2.erode(whole, _CROSS, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    line: Line8 = np.bitwise_xor(whole, inside)
    return line


def share_near(line: Line8, other: Line8, pixels: float) -> float:
    """How much of one outline lies within ``pixels`` of another in the same window.

    Most pixels have one of the other in a square about them that lies within the distance, which
    is quickly seen; the distances of the rest are measured.
    """
    side = 2 * math.floor(pixels / math.sqrt(2) + 1e-9) + 1
    away = cv2.subtract(line, cv2.dilate(other, _square(side)))
    if not cv2.countNonZero(away):
        return 1.0
    left = np.argwhere(away)
    points = np.argwhere(other)
    step = max(1, _AT_ONCE // len(points))
    parts = (left[start : start + step] for start in range(0, len(left), step))
    far = sum(int((_nearest(part, points) > pixels**2 + 1e-6).sum()) for part in parts)
    return 1 - far / cv2.countNonZero(line)


@lru_cache(maxsize=64)
def _square(side: int) -> Line8:
    return np.ones((side, side), dtype=np.uint8)


def _nearest(some: NDArray[np.intp], points: NDArray[np.intp]) -> NDArray[np.intp]:
    """The squared distance of each to the nearest of ``points``."""
    rows, columns = (some[:, None, axis] - points[None, :, axis] for axis in (0, 1))
    nearest: NDArray[np.intp] = (rows * rows + columns * columns).min(axis=1)
    return nearest
