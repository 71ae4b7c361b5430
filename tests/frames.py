"""A mask as others know it: bits of the whole picture."""

from __future__ import annotations

from beltmask.masks import bits_in
from beltmask.model import BoolArray, Box, Mask, Size


def frame_of(mask: Mask, size: Size) -> BoolArray:
    """The bits of a picture of ``size``, shape (height, width)."""
    return bits_in(mask, Box(0, 0, *size))
