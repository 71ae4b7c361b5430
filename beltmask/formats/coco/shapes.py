"""A COCO segmentation or box, as found in somebody's file -> a mask or a box."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from pycocotools import mask as coco_mask

from beltmask import masks
from beltmask.errors import UnusableValueError
from beltmask.messages import Message
from beltmask.model import Box, Mask, Size

_REACH = 2
"""How far a corner may lie outside, in image sides: rasterising costs time by the length."""


def read_segmentation(found: Any, size: Size) -> Mask | None:
    """The mask of a ``segmentation`` entry; None when it has no pixels or says nothing.

    Reads polygons (a union of parts, rasterised by COCO's own code), run lengths as numbers
    and compressed run lengths.

    Raises:
        ValueError: It is none of these, or does not fit an image of ``size``.
    """
    if found is None or found == []:
        return None
    if isinstance(found, dict):
        return masks.from_coco_rle(_counts(found, size), size)
    if not isinstance(found, list):
        raise UnusableValueError(Message("formats.segmentation_unknown"))
    polygons = [_polygon(polygon, size) for polygon in found]
    merged = coco_mask.merge(coco_mask.frPyObjects(polygons, size[1], size[0]))
    return masks.from_coco_rle(merged["counts"], size)


def read_bbox(found: Any, size: Size) -> Box | None:
    """``[x, y, width, height]`` to whole pixels, clipped to the image; None when left out.

    Raises:
        ValueError: It is no box, or none of it lies in the image.
    """
    if found is None or found == []:
        return None
    x, y, width, height = _numbers(found, count=4)
    if width <= 0 or height <= 0:
        raise UnusableValueError(Message("formats.bbox_empty", found=str(found)))
    x0, y0 = round(x), round(y)
    box = Box(x0, y0, max(round(x + width), x0 + 1), max(round(y + height), y0 + 1))
    inside = box.clipped(size)
    if inside is None:
        raise UnusableValueError(Message("formats.bbox_outside", found=str(found)))
    return inside


def _counts(found: dict[str, Any], size: Size) -> bytes:
    """Compressed run lengths of either kind of RLE."""
    if found.get("size") != [size[1], size[0]]:
        raise UnusableValueError(Message("formats.runs_of_other_size", size=str(found.get("size"))))
    counts = found.get("counts")
    if isinstance(counts, str):
        return counts.encode("ascii")
    if not isinstance(counts, list) or not all(_is_run(run) for run in counts):
        raise UnusableValueError(Message("formats.counts_unknown"))
    if sum(counts) != size[0] * size[1]:
        raise UnusableValueError(Message("formats.runs_do_not_add_up"))
    rle = {"size": found["size"], "counts": counts}
    compressed: bytes = coco_mask.frPyObjects(rle, size[1], size[0])["counts"]
    return compressed


def _is_run(found: Any) -> bool:
    return isinstance(found, int) and not isinstance(found, bool) and found >= 0


def _polygon(found: Any, size: Size) -> list[float]:
    numbers = _numbers(found)
    if len(numbers) < 6 or len(numbers) % 2:
        raise UnusableValueError(Message("formats.no_corners", count=len(numbers)))
    reach = _REACH * max(size)
    if not all(-reach <= number <= reach for number in numbers):
        raise UnusableValueError(Message("formats.polygon_leaves"))
    return numbers


def _numbers(found: Any, *, count: int | None = None) -> list[float]:
    if not isinstance(found, Sequence) or isinstance(found, str):
        raise UnusableValueError(Message("formats.no_list_of_numbers", found=str(found)[:40]))
    if count is not None and len(found) != count:
        raise UnusableValueError(
            Message("formats.other_count", wanted=count, found=str(found)[:40])
        )
    return [finite(value) for value in found]


def finite(found: Any) -> float:
    """``found`` when it is a finite number, and no truth value posing as one.

    Raises:
        ValueError: It is not.
    """
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise UnusableValueError(Message("formats.no_number", found=str(found)[:40]))
    if abs(found) > 1e9 or not math.isfinite(found):
        raise UnusableValueError(Message("formats.no_usable_number", found=str(found)[:40]))
    return float(found)
