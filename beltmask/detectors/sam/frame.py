"""How a picture lies in the square that a SAM network sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from beltmask.model import BoolArray, Pixels, Size

Logits = NDArray[np.float32]
"""More than 0 where the object is, shape (rows, columns) of the whole square, padding too."""


@dataclass(frozen=True, slots=True)
class SamFrame:
    """A picture of size ``picture`` at the top left of a square, ``inner`` pixels of it large."""

    picture: Size
    inner: Size
    side: int

    @classmethod
    def fitted(cls, picture: Size, side: int) -> Self:
        """The longest side fills the square; SAM's own rounding."""
        scale = side / max(picture)
        width, height = (max(1, int(length * scale + 0.5)) for length in picture)
        return cls(picture, (width, height), side)

    @classmethod
    def stretched(cls, picture: Size, side: int) -> Self:
        """The picture fills the square, whatever its shape; so SAM 2 has it."""
        return cls(picture, (side, side), side)

    def shown(self, pixels: Pixels) -> Pixels:
        """The picture as large as it lies in the square."""
        smaller = max(self.inner) < max(self.picture)
        how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
        return np.asarray(cv2.resize(pixels, self.inner, interpolation=how), dtype=np.uint8)

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Where a place of the picture lies in the square. Both count from the top left edge."""
        return (x * self.inner[0] / self.picture[0], y * self.inner[1] / self.picture[1])

    def cut(self, logits: Logits) -> BoolArray:
        """The object's pixels in the picture, shape (rows, columns)."""
        whole = (self.side, self.side)
        square = cv2.resize(logits, whole, interpolation=cv2.INTER_LINEAR)
        inside = square[: self.inner[1], : self.inner[0]]
        return np.asarray(cv2.resize(inside, self.picture, interpolation=cv2.INTER_LINEAR) > 0)
