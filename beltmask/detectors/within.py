"""What stands out inside an area a person marked: its mask, however faint it is."""

from __future__ import annotations

import cv2
import numpy as np

from beltmask.detectors.refine import grabbed, padded, scaled
from beltmask.masks import bits_in, mask_from_crop
from beltmask.model import BoolArray, Mask, Pixels

_LONGEST = 320
_LEAST_FILL = 0.01
_MOST_FILL = 0.95
_PART = 0.2


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
