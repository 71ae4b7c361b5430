"""Parts and holes of a mask, and what becomes of pixels that are moved as a whole."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from beltmask.masks import Ring, bits_in, intersection_area, mask_from_crop, mask_from_rings
from beltmask.model import BoolArray, Box, Mask, Size

Affine = NDArray[np.float64]
"""(2, 3): image pixel coordinates before -> after."""

PARTS_TOUCH_AT = 8
HOLES_TOUCH_AT = 4


def part_in(mask: Mask, ring: Ring, size: Size) -> Mask | None:
    """The connected part of ``mask`` that lies most in ``ring``, its holes left out."""
    return _most_in(_pieces(mask.bits, mask.x, mask.y, PARTS_TOUCH_AT), ring, size)


def hole_in(mask: Mask, ring: Ring, size: Size) -> Mask | None:
    """The pixels of the hole of ``mask`` that lies most in ``ring``."""
    around = np.pad(~mask.bits, 1, constant_values=True)
    pieces = _pieces(around, mask.x - 1, mask.y - 1, HOLES_TOUCH_AT)
    return _most_in([piece for piece in pieces if piece.x >= mask.x], ring, size)


def moved(piece: Mask, by: Affine, size: Size) -> Mask | None:
    """The piece after ``by``; a pure translation moves whole pixels, the rest is nearest neighbour.

    None when nothing is left inside an image of ``size``.
    """
    window = _reach(piece, by).clipped(size)
    if window is None:
        return None
    if is_translation(by):
        x, y = (int(v) for v in np.rint(by[:, 2]))
        shifted = Mask(piece.x + x, piece.y + y, piece.bits)
        return mask_from_crop(bits_in(shifted, window), window.x0, window.y0)
    return mask_from_crop(_sampled(piece, by, window), window.x0, window.y0)


def is_translation(by: Affine) -> bool:
    return bool(np.abs(by[:, :2] - np.eye(2)).max() < 1e-3)


def stays(by: Affine) -> bool:
    """Less than half a pixel: nothing a mask can follow."""
    return is_translation(by) and not np.rint(by[:, 2]).any()


def _pieces(bits: BoolArray, x: int, y: int, touching: int) -> list[Mask]:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        bits.astype(np.uint8), connectivity=touching
    )
    found = []
    for label in range(1, count):
        left, top, width, height, _ = (int(v) for v in stats[label])
        crop = labels[top : top + height, left : left + width] == label
        found.append(Mask(x + left, y + top, crop))
    return found


def _most_in(pieces: list[Mask], ring: Ring, size: Size) -> Mask | None:
    if not pieces:
        return None
    inside = mask_from_rings([ring], size)
    shared = [0 if inside is None else intersection_area(p, inside) for p in pieces]
    best = int(np.argmax(shared))
    return pieces[best] if shared[best] else None


def _reach(piece: Mask, by: Affine) -> Box:
    x0, y0, x1, y1 = piece.box.corners
    corners = np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)]) @ by[:, :2].T + by[:, 2]
    low, high = np.floor(corners.min(axis=0)) - 1, np.ceil(corners.max(axis=0)) + 1
    return Box(int(low[0]), int(low[1]), int(high[0]), int(high[1]))


def _sampled(piece: Mask, by: Affine, window: Box) -> BoolArray:
    """Each pixel takes what lies where its centre came from, shape (rows, columns)."""
    rows, columns = np.mgrid[window.y0 : window.y1, window.x0 : window.x1]
    centres = np.stack([columns + 0.5, rows + 0.5], axis=-1)
    sources = np.floor((centres - by[:, 2]) @ np.linalg.inv(by[:, :2]).T) - (piece.x, piece.y)
    beyond = (piece.bits.shape[1], piece.bits.shape[0])
    inside = np.all((sources >= 0) & (sources < beyond), axis=-1)
    x, y = np.where(inside[:, :, np.newaxis], sources, 0).astype(np.intp).transpose(2, 0, 1)
    return np.asarray(inside & piece.bits[y, x], dtype=np.bool_)
