"""A small picture of an object -> its mask in the image.

Gemini's native masks cover exactly the object's box, whatever their own size; brighter means
surer. They are stretched bilinearly to the box and cut above 127, as Google's documentation
did and every recorded mask bears out.
"""

from __future__ import annotations

import cv2
import numpy as np

from beltmask.masks import mask_from_crop
from beltmask.model import BoolArray, Box, Mask, Pixels

MASK_THRESHOLD = 127
_MOST_OVERSHOOT = 4


def mask_laid_over(grey: Pixels, *, whole: Box, box: Box) -> Mask | None:
    """A mask drawn for ``whole``, of which ``box`` lies in the image; None when nothing is set.

    ``grey`` has shape (rows, columns) of any size, 0..255.
    """
    if whole.area > _MOST_OVERSHOOT * box.area:
        whole = box
    stretched = cv2.resize(grey, (whole.width, whole.height), interpolation=cv2.INTER_LINEAR)
    top, left = box.y0 - whole.y0, box.x0 - whole.x0
    inside = stretched[top : top + box.height, left : left + box.width]
    return mask_from_crop(inside > MASK_THRESHOLD, box.x0, box.y0)


def mask_sampled(bits: BoolArray, *, frame: Box, box: Box) -> Mask | None:
    """A mask of all of ``frame`` at another resolution, read within ``box`` only (nearest)."""
    rows = _sources(box.y0 - frame.y0, box.height, frame.height, bits.shape[0])
    columns = _sources(box.x0 - frame.x0, box.width, frame.width, bits.shape[1])
    return mask_from_crop(bits[np.ix_(rows, columns)], box.x0, box.y0)


def _sources(
    first: int, count: int, length: int, source_length: int
) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    centres = (np.arange(first, first + count) + 0.5) * source_length / length
    return np.clip(centres, 0, source_length - 1).astype(np.intp)
