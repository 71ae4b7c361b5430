"""A box and the picture -> the object's mask, where a model gave only the box."""

from __future__ import annotations

import cv2
import numpy as np

from beltmask.masks import mask_from_crop
from beltmask.model import BoolArray, Box, Mask, Pixels, Size

_LONGEST = 160
_PADDING = 0.25
_LEAST_PADDING = 4
_ROUNDS = 3
_LEAST_FILL = 0.08
_MOST_FILL = 0.98
_CLEAR_CONTRAST = 2.0
_LEAST_CONTRAST = 8.0
_LEAST_SIDE = 4
_LARGEST_PART = 0.6


def mask_from_box_in(picture_pixels: Pixels, box: Box) -> Mask | None:
    """The object inside ``box`` by GrabCut, the box's surroundings taken as background.

    Args:
        picture_pixels: The upright picture, RGB, shape (rows, columns, 3).
        box: In its pixels; the mask stays inside it.

    Returns:
        None when what it finds is not plausible for a box drawn around an object: next to
        nothing, nearly the whole box, or crumbs.
    """
    size = (picture_pixels.shape[1], picture_pixels.shape[0])
    inside = box.clipped(size)
    if inside is None or min(inside.width, inside.height) < _LEAST_SIDE:
        return None
    around = padded(inside, size)
    if around == inside:
        return None
    crop = picture_pixels[around.y0 : around.y1, around.x0 : around.x1]
    window = relative(inside, around)
    bits = _cut_out(crop, window)
    if not _plausible(bits) or (bits.mean() > _MOST_FILL and not _stands_out(crop, window)):
        return None
    return mask_from_crop(bits, inside.x0, inside.y0)


def padded(box: Box, size: Size) -> Box:
    """The box with some of what surrounds it, inside a picture of ``size``."""
    dx = max(_LEAST_PADDING, round(box.width * _PADDING))
    dy = max(_LEAST_PADDING, round(box.height * _PADDING))
    x0, y0 = max(0, box.x0 - dx), max(0, box.y0 - dy)
    return Box(x0, y0, min(size[0], box.x1 + dx), min(size[1], box.y1 + dy))


def relative(box: Box, origin: Box) -> Box:
    """The box as seen from the top left of another."""
    dx, dy = origin.x0, origin.y0
    return Box(box.x0 - dx, box.y0 - dy, box.x1 - dx, box.y1 - dy)


def _cut_out(crop: Pixels, box: Box) -> BoolArray:
    """The object's bits in ``box``, worked out on a copy of the crop that is small enough."""
    scale = min(1.0, _LONGEST / max(crop.shape[:2]))
    small = scaled(crop, scale)
    labels = np.full(small.shape[:2], cv2.GC_BGD, dtype=np.uint8)
    window = window_in(box, scale)
    labels[window] = cv2.GC_PR_FGD
    found = grabbed(small, labels)[window]
    sized = cv2.resize(found, (box.width, box.height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(sized > 127)


def scaled(crop: Pixels, scale: float) -> Pixels:
    """A smaller copy, averaged."""
    if scale == 1.0:
        return np.ascontiguousarray(crop)
    resized = cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return resized.astype(np.uint8)


def window_in(box: Box, scale: float) -> tuple[slice, slice]:
    """``box`` in the small copy, at least a pixel each way."""
    x0, y0 = int(box.x0 * scale), int(box.y0 * scale)
    x1, y1 = max(x0 + 1, round(box.x1 * scale)), max(y0 + 1, round(box.y1 * scale))
    return slice(y0, y1), slice(x0, x1)


def grabbed(pixels: Pixels, labels: Pixels, *, rounds: int = _ROUNDS) -> Pixels:
    """0 or 255 per pixel, GrabCut having begun with ``labels``.

    Nothing where GrabCut finds no two kinds of pixels to tell apart.
    """
    if (pixels == pixels[0, 0]).all():
        return np.zeros_like(labels)  # GrabCut takes seconds to find nothing
    cv2.setRNGSeed(0)  # the same box always gives the same mask
    models = np.zeros((1, 65)), np.zeros((1, 65))
    try:
        cv2.grabCut(pixels, labels, (0, 0, 0, 0), *models, rounds, cv2.GC_INIT_WITH_MASK)
    except cv2.error:
        return np.zeros_like(labels)
    found = (labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD)
    return np.where(found, np.uint8(255), np.uint8(0))


def _stands_out(crop: Pixels, box: Box) -> bool:
    """Whether all of the box differs from what surrounds it: an object as square as its box.

    Otherwise a full box only says that GrabCut saw no difference at all.
    """
    around = np.ones(crop.shape[:2], dtype=np.bool_)
    around[box.y0 : box.y1, box.x0 : box.x1] = False
    inner = crop[box.y0 : box.y1, box.x0 : box.x1].reshape(-1, 3).mean(axis=0)
    outer = crop[around]
    apart = np.abs(inner - outer.mean(axis=0))
    return bool((apart > _CLEAR_CONTRAST * outer.std(axis=0) + _LEAST_CONTRAST).any())


def _plausible(bits: BoolArray) -> bool:
    if bits.mean() < _LEAST_FILL:
        return False
    _, _, stats, _ = cv2.connectedComponentsWithStats(bits.astype(np.uint8))
    largest = int(stats[1:, cv2.CC_STAT_AREA].max())
    return bool(largest >= _LARGEST_PART * np.count_nonzero(bits))
