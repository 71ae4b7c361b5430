"""From a patch of the working picture to an exact mask of the full one."""

from __future__ import annotations

import cv2
import numpy as np

from beltmask.detectors.patches import Patch
from beltmask.masks import mask_from_crop
from beltmask.model import Mask, Pixels


def full_size_mask(patch: Patch, *, work: Pixels, rgb: Pixels) -> Mask | None:
    """The patch's mask in ``rgb``; None when nothing is left of it."""
    if work.shape == rgb.shape:
        return mask_from_crop(patch.bits, patch.x, patch.y)
    (rows, columns), (height, width) = patch.bits.shape, rgb.shape[:2]
    across, down = width / work.shape[1], height / work.shape[0]
    x0, x1 = (min(width, round(x * across)) for x in (patch.x, patch.x + columns))
    y0, y1 = (min(height, round(y * down)) for y in (patch.y, patch.y + rows))
    soft = cv2.resize(patch.bits.astype(np.float32), (x1 - x0, y1 - y0))
    return mask_from_crop(np.asarray(soft) > 0.5, x0, y0)
