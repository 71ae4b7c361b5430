"""A COCO segmentation or box, as found in somebody's file -> a mask or a box."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from pycocotools import mask as coco_mask

from beltmask import masks
from beltmask.model import Box, Mask, Size

_REACH = 2
"""How far a corner may lie outside, in image sides: rasterising costs time by the length."""


def read_segmentation(found: Any, size: Size) -> Mask | None:
    """The mask of a ``segmentation`` entry; None when it has no pixels or says nothing.

    Reads polygons (a union of parts, rasterised by COCO's own code), run lengths as numbers
    and compressed run lengths.

    Raises:
        TypeError, ValueError: It is none of these, or does not fit an image of ``size``.
    """
    if found is None or found == []:
        return None
    if isinstance(found, dict):
        return masks.from_coco_rle(_counts(found, size), size)
    if not isinstance(found, list):
        raise TypeError("segmentation is neither polygons nor run lengths")
    polygons = [_polygon(polygon, size) for polygon in found]
    merged = coco_mask.merge(coco_mask.frPyObjects(polygons, size[1], size[0]))
    return masks.from_coco_rle(merged["counts"], size)


def read_bbox(found: Any, size: Size) -> Box | None:
    """``[x, y, width, height]`` to whole pixels, clipped to the image; None when left out.

    Raises:
        TypeError, ValueError: It is no box, or none of it lies in the image.
    """
    if found is None or found == []:
        return None
    x, y, width, height = _numbers(found, count=4)
    if width <= 0 or height <= 0:
        raise ValueError(f"bbox has no area: {found}")
    x0, y0 = round(x), round(y)
    box = Box(x0, y0, max(round(x + width), x0 + 1), max(round(y + height), y0 + 1))
    inside = box.clipped(size)
    if inside is None:
        raise ValueError(f"bbox lies outside its image: {found}")
    return inside


def _counts(found: dict[str, Any], size: Size) -> bytes:
    """Compressed run lengths of either kind of RLE."""
    if found.get("size") != [size[1], size[0]]:
        raise ValueError(f"run lengths are for another size: {found.get('size')}")
    counts = found.get("counts")
    if isinstance(counts, str):
        return counts.encode("ascii")
    if not isinstance(counts, list) or not all(_is_run(run) for run in counts):
        raise ValueError("counts are neither text nor whole numbers")
    if sum(counts) != size[0] * size[1]:
        raise ValueError("run lengths do not add up to the size of the image")
    rle = {"size": found["size"], "counts": counts}
    compressed: bytes = coco_mask.frPyObjects(rle, size[1], size[0])["counts"]
    return compressed


def _is_run(found: Any) -> bool:
    return isinstance(found, int) and not isinstance(found, bool) and found >= 0


def _polygon(found: Any, size: Size) -> list[float]:
    numbers = _numbers(found)
    if len(numbers) < 6 or len(numbers) % 2:
        raise ValueError(f"a polygon of {len(numbers)} numbers is no list of corners")
    reach = _REACH * max(size)
    if not all(-reach <= number <= reach for number in numbers):
        raise ValueError("a polygon leaves its image by far")
    return numbers


def _numbers(found: Any, *, count: int | None = None) -> list[float]:
    if not isinstance(found, Sequence) or isinstance(found, str):
        raise TypeError(f"not a list of numbers: {str(found)[:40]}")
    if count is not None and len(found) != count:
        raise ValueError(f"not {count} numbers: {str(found)[:40]}")
    return [finite(value) for value in found]


def finite(found: Any) -> float:
    """``found`` when it is a finite number, and no truth value posing as one.

    Raises:
        TypeError, ValueError: It is not.
    """
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise TypeError(f"not a number: {str(found)[:40]}")
    if abs(found) > 1e9 or not math.isfinite(found):
        raise ValueError(f"not a usable number: {str(found)[:40]}")
    return float(found)
