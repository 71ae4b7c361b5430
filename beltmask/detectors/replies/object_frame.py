"""Where an object lies, and masks that are drawn relative to that."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from beltmask.detectors.replies import mask_grids
from beltmask.detectors.replies.boxes import GridBox
from beltmask.detectors.replies.decode_limits import DecodeLimits
from beltmask.detectors.replies.units import GRID, Units
from beltmask.errors import UnusableValueError
from beltmask.masks import bits_in
from beltmask.messages import Message
from beltmask.model import Box, Mask, Pixels, Size


@dataclass(frozen=True, slots=True)
class ObjectFrame:
    """Where an object lies: the picture's size and, when there is one, its box.

    ``box`` is inside the picture; ``whole`` is what it was before clipping. ``units`` and
    ``x_first`` hold where the box does not tell. ``limits`` is what the reply may still cost.
    """

    size: Size
    grid: GridBox | None = None
    whole: Box | None = None
    box: Box | None = None
    units: Units = GRID
    x_first: bool = False
    limits: DecodeLimits = field(default_factory=DecodeLimits)

    @property
    def frame(self) -> Box:
        return Box(0, 0, *self.size)

    @property
    def extent(self) -> Size | None:
        """(width, height) of the whole box."""
        return None if self.whole is None else (self.whole.width, self.whole.height)


def over_the_box(grey: Pixels, place: ObjectFrame) -> Mask | None:
    """Grey levels 0..255 that cover the object's box.

    Raises:
        ValueError: There is no box.
        OverLimitError: The reply's masks are too much together.
    """
    if place.box is None or place.whole is None:
        raise UnusableValueError(Message("replies.mask_without_box"))
    place.limits.spend("drawn pixels", min(place.whole.area, 4 * place.box.area))
    return mask_grids.mask_laid_over(grey, whole=place.whole, box=place.box)


def rescaled(mask: Mask, size: Size, place: ObjectFrame) -> Mask | None:
    """A mask drawn in a picture of ``size``: the picture, a smaller copy of it, or the box."""
    if size == place.size:
        return mask
    place.limits.spend("drawn pixels", size[0] * size[1])
    bits = bits_in(mask, Box(0, 0, *size))
    if place.box is None or place.whole is None or _alike(size, place.size):
        return mask_grids.mask_sampled(bits, frame=place.frame, box=place.box or place.frame)
    return over_the_box(bits.astype(np.uint8) * np.uint8(255), place)


def _alike(first: Size, second: Size) -> bool:
    return math.isclose(first[0] / first[1], second[0] / second[1], rel_tol=0.06)
