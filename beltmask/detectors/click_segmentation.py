"""A spot and the picture -> the mask of the object that lies there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from beltmask.detectors.refine import (
    grabbed,
    mask_from_box_in,
    padded,
    relative,
    scaled,
    window_in,
)
from beltmask.masks import iou, mask_from_crop
from beltmask.model import BoolArray, Box, Mask, Pixels, Size

_SMALLEST = 1 / 24
_STEP = 1.5
_LEAST_SIDE = 24
_LONGEST = 120
_ROUNDS = 2
_LEAST_FILL, _MOST_FILL = 0.03, 0.8
_MOST_CUT = 0.02
_LEAST_CONTRAST = 5.0
_NEAR = 7
_ROOM = 0.06
_SAME_OBJECT = 0.6
_SEED = 0.03


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    """What one neighbourhood shows: bits of ``box``, and how much its outline stands out."""

    box: Box
    bits: BoolArray
    contrast: float

    def mask(self) -> Mask | None:
        size = (self.box.width, self.box.height)
        shown = self.bits.astype(np.uint8) * 255
        sized = cv2.resize(shown, size, interpolation=cv2.INTER_LINEAR)
        return mask_from_crop(np.asarray(sized > 127), self.box.x0, self.box.y0)


def mask_at(picture_pixels: Pixels, spot: tuple[int, int]) -> Mask | None:
    """The object a person pointed at, by GrabCut in ever larger neighbourhoods.

    Args:
        picture_pixels: The upright picture, RGB, shape (rows, columns, 3).
        spot: (x, y), one of its pixels, on the object.

    Returns:
        None when nothing with an outline of its own lies there: the belt itself, say.
    """
    size = (picture_pixels.shape[1], picture_pixels.shape[0])
    looked = (_look(picture_pixels, box, spot) for box in _neighbourhoods(spot, size))
    found = [each for each in looked if each is not None and each.contrast >= _LEAST_CONTRAST]
    best = max(found, key=lambda each: each.contrast, default=None)
    mask = None if best is None else best.mask()
    return None if mask is None else _refined(picture_pixels, mask, size)


def _neighbourhoods(spot: tuple[int, int], size: Size) -> Iterator[Box]:
    x, y = spot
    side = max(float(_LEAST_SIDE), max(size) * _SMALLEST)
    while side < max(size):
        half = round(side / 2)
        box = Box(x - half, y - half, x + half + 1, y + half + 1).clipped(size)
        if box is not None:
            yield box
        side *= _STEP


def _look(pixels: Pixels, box: Box, spot: tuple[int, int]) -> _Candidate | None:
    """The part around the spot that differs from what surrounds ``box``."""
    size = (pixels.shape[1], pixels.shape[0])
    around = padded(box, size)
    crop = pixels[around.y0 : around.y1, around.x0 : around.x1]
    scale = min(1.0, _LONGEST / max(crop.shape[:2]))
    small = scaled(crop, scale)
    window = window_in(relative(box, around), scale)
    rows, columns = small.shape[:2]
    x = min(columns - 1, int((spot[0] - around.x0) * scale))
    y = min(rows - 1, int((spot[1] - around.y0) * scale))
    labels = np.full((rows, columns), cv2.GC_BGD, dtype=np.uint8)
    labels[window] = cv2.GC_PR_FGD
    cv2.circle(labels, (x, y), max(1, int(min(rows, columns) * _SEED)), cv2.GC_FGD, cv2.FILLED)
    whole = _part_at(grabbed(small, labels, rounds=_ROUNDS), (x, y))
    if whole is None or not _fits(whole[window], box, size):
        return None
    return _Candidate(box, whole[window], _contrast(small, whole))


def _part_at(found: Pixels, spot: tuple[int, int]) -> BoolArray | None:
    """The connected part that covers the spot, its holes filled."""
    _, numbers = cv2.connectedComponents(found)
    number = numbers[spot[1], spot[0]]
    if number == 0:
        return None
    part = (numbers == number).astype(np.uint8)
    outlines, _ = cv2.findContours(part, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(part, outlines, -1, 1, cv2.FILLED)
    return np.asarray(part > 0)


def _fits(bits: BoolArray, box: Box, size: Size) -> bool:
    """Whether the neighbourhood holds all of the object, and not only it."""
    sides = (
        (bits[0], box.y0 > 0),
        (bits[-1], box.y1 < size[1]),
        (bits[:, 0], box.x0 > 0),
        (bits[:, -1], box.x1 < size[0]),
    )
    cut = sum(int(np.count_nonzero(side)) for side, inside in sides if inside)
    whole = cut <= _MOST_CUT * 2 * sum(bits.shape)
    return whole and _LEAST_FILL < bits.mean() < _MOST_FILL


def _contrast(pixels: Pixels, bits: BoolArray) -> float:
    """How much the colours beside the outline differ, where they differ little."""
    lab = cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB).astype(np.float32)
    inner = bits.astype(np.float32)
    apart = _mean_nearby(lab, inner) - _mean_nearby(lab, 1 - inner)
    edge = bits & (cv2.erode(bits.astype(np.uint8), np.ones((3, 3), np.uint8)) == 0)
    return float(np.percentile(np.linalg.norm(apart[edge], axis=1), 25))


def _mean_nearby(lab: NDArray[np.float32], weight: NDArray[np.float32]) -> NDArray[np.float32]:
    near = (_NEAR, _NEAR)
    total = cv2.blur(lab * weight[..., None], near)
    share = np.maximum(cv2.blur(weight, near), 1e-3)
    return np.asarray(total / share[..., None], dtype=np.float32)


def _refined(pixels: Pixels, mask: Mask, size: Size) -> Mask:
    """The same object, looked at in a box of its own."""
    room = max(2, round(_ROOM * max(mask.box.width, mask.box.height)))
    x0, y0, x1, y1 = mask.box.corners
    close = Box(x0 - room, y0 - room, x1 + room, y1 + room).clipped(size)
    finer = None if close is None else mask_from_box_in(pixels, close)
    return finer if finer is not None and iou(finer, mask) > _SAME_OBJECT else mask
