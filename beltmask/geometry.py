"""Places in a picture: boxes, and masks as a crop of bits with an offset.

One space holds everywhere: pixels of the upright image, boxes half-open
``[x0, x1) x [y0, y1)``, arrays ordered (rows, columns).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BoolArray = NDArray[np.bool_]
Pixels = NDArray[np.uint8]
Size = tuple[int, int]
"""(width, height) in pixels."""
Line = tuple[tuple[float, float], ...]
"""Points x, y in fractions of a picture's width and height."""


@dataclass(frozen=True, slots=True)
class Box:
    """Half-open pixel box ``[x0, x1) x [y0, y1)``."""

    x0: int
    y0: int
    x1: int
    y1: int

    def __post_init__(self) -> None:
        if self.x1 <= self.x0 or self.y1 <= self.y0:
            raise ValueError(f"box has no area: {self}")

    @property
    def width(self) -> int:
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        return self.y1 - self.y0

    @property
    def area(self) -> int:
        return self.width * self.height

    @property
    def corners(self) -> tuple[int, int, int, int]:
        return (self.x0, self.y0, self.x1, self.y1)

    def overlap(self, other: Box) -> Box | None:
        """What both boxes cover; None when they lie apart."""
        x0, y0 = max(self.x0, other.x0), max(self.y0, other.y0)
        x1, y1 = min(self.x1, other.x1), min(self.y1, other.y1)
        return Box(x0, y0, x1, y1) if x1 > x0 and y1 > y0 else None

    def hull(self, other: Box) -> Box:
        """The smallest box that covers both."""
        x0, y0 = min(self.x0, other.x0), min(self.y0, other.y0)
        return Box(x0, y0, max(self.x1, other.x1), max(self.y1, other.y1))

    def moved(self, x: int, y: int) -> Box:
        return Box(self.x0 + x, self.y0 + y, self.x1 + x, self.y1 + y)

    def clipped(self, size: Size) -> Box | None:
        """The part of the box inside an image of ``size``; None when nothing is left."""
        return self.overlap(Box(0, 0, *size))


@dataclass(frozen=True, slots=True, eq=False)
class Mask:
    """The pixels of one object: a tight crop of bits and where it lies in the image.

    Made by ``masks.mask_from_crop`` and its kin, which keep the crop tight. ``bits`` has
    shape (rows, columns); ``bits[r, c]`` is image pixel (x + c, y + r).
    """

    x: int
    y: int
    bits: BoolArray

    def __post_init__(self) -> None:
        self.bits.setflags(write=False)

    @property
    def box(self) -> Box:
        rows, columns = self.bits.shape
        return Box(self.x, self.y, self.x + columns, self.y + rows)

    @property
    def area(self) -> int:
        """Number of pixels."""
        return int(np.count_nonzero(self.bits))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Mask):
            return NotImplemented
        same_place = (self.x, self.y) == (other.x, other.y)
        return same_place and np.array_equal(self.bits, other.bits)

    __hash__ = None  # type: ignore[assignment]  # holds an array


@dataclass(frozen=True, slots=True)
class BeltRegion:
    """Where objects count in the pictures of a fixed camera, as closed outlines.

    Without ``belt`` that is everywhere but in the ``ignored`` zones.
    """

    belt: tuple[Line, ...] = ()
    ignored: tuple[Line, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.belt or self.ignored)
