"""How much two objects share: of their masks, or of their boxes where one has no mask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from beltmask import masks
from beltmask.model import Box, Mask


@dataclass(frozen=True, slots=True, eq=False)
class ScoredObject:
    """An object as scoring sees it: where it is and which class it belongs to.

    ``label`` is compared as it is; None takes part in the overall figures only.
    ``ignored`` marks truth that is neither a miss when not found nor a false object when
    found (COCO's ``iscrowd=1``). On a prediction it means nothing.
    ``score`` (0..1) orders predictions for average precision, where it is known.
    ``empty`` marks a prediction whose mask came without a pixel: it is compared by its box.
    """

    box: Box
    mask: Mask | None = None
    label: str | None = None
    ignored: bool = False
    score: float | None = None
    empty: bool = False


def iou_matrix(
    rows: Sequence[ScoredObject], columns: Sequence[ScoredObject]
) -> NDArray[np.float64]:
    """IoU of every pair, shape (len(rows), len(columns))."""
    boxes = _box_overlaps(rows, columns)
    matrix = np.zeros(boxes.shape)
    row_areas, column_areas = [_areas(r) for r in rows], [_areas(c) for c in columns]
    first, second = np.nonzero(boxes)
    for i, j in zip(first.tolist(), second.tolist(), strict=True):
        one, other = rows[i].mask, columns[j].mask
        if one is None or other is None:
            shared, both = int(boxes[i, j]), False
        else:
            shared, both = _shared_pixels(one, other), True
        matrix[i, j] = shared / (row_areas[i][both] + column_areas[j][both] - shared)
    return matrix


def _shared_pixels(one: Mask, other: Mask) -> int:
    """Pixels in both masks, whose boxes overlap."""
    a, b = one.bits, other.bits
    x, y = max(one.x, other.x), max(one.y, other.y)
    right = min(one.x + a.shape[1], other.x + b.shape[1])
    bottom = min(one.y + a.shape[0], other.y + b.shape[0])
    first = a[y - one.y : bottom - one.y, x - one.x : right - one.x]
    second = b[y - other.y : bottom - other.y, x - other.x : right - other.x]
    return int(np.count_nonzero(first & second))


def _areas(region: ScoredObject) -> tuple[int, int]:
    """Area of the box and of the mask, in pixels."""
    if region.mask is None:
        return region.box.area, region.box.area
    bits = region.mask.bits
    return bits.size, int(np.count_nonzero(bits))


def box_of(region: ScoredObject) -> Box:
    """Its mask's box, where it has a mask."""
    return region.box if region.mask is None else region.mask.box


def shared_area(one: ScoredObject, other: ScoredObject) -> int:
    """Pixels in both masks, or in both boxes when either has no mask."""
    if one.mask is not None and other.mask is not None:
        return masks.intersection_area(one.mask, other.mask)
    return int(_box_overlaps([one], [other])[0, 0])


def _box_overlaps(
    rows: Sequence[ScoredObject], columns: Sequence[ScoredObject]
) -> NDArray[np.int64]:
    """Pixels that two boxes share, for every pair."""
    one = np.array([box_of(r).corners for r in rows], dtype=np.int64).reshape(-1, 1, 4)
    other = np.array([box_of(c).corners for c in columns], dtype=np.int64).reshape(1, -1, 4)
    sides = np.minimum(one, other)[..., 2:] - np.maximum(one, other)[..., :2]
    shared: NDArray[np.int64] = np.maximum(sides, 0).prod(axis=2)
    return shared


def area_beside(prediction: ScoredObject, other: ScoredObject) -> int:
    """The prediction's area in the terms in which it is compared with ``other``."""
    both = prediction.mask is not None and other.mask is not None
    return _areas(prediction)[both]


def place_of(region: ScoredObject) -> tuple[object, ...]:
    """What tells an object from others of its picture, in an order: place, pixels, label."""
    bits = b"" if region.mask is None else region.mask.bits.tobytes()
    return (*box_of(region).corners, bits, region.label or "")


def shapes_of(regions: Sequence[ScoredObject]) -> list[Mask]:
    """Their masks, or the boxes of all where one has no mask."""
    pixels = [region.mask for region in regions if region.mask is not None]
    if len(pixels) == len(regions):
        return pixels
    return [masks.mask_from_box(box_of(region)) for region in regions]
