"""What a person drew on a picture: strokes in the picture that is sent, and words about them."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np

from beltmask.detectors.lines import ring_of
from beltmask.geometry import Line, Pixels

COLOR = (255, 0, 255)
"""RGB of the strokes: a colour hardly anything on a belt has, and models have a name for."""
WORDS = (
    "The magenta lines were drawn over the picture by hand to point out what is meant: they are "
    "not on the belt and no objects themselves"
)
_WIDTH = 1 / 200
_LEAST_WIDTH = 3
_SHIFT = 4


def with_strokes(pixels: Pixels, sketch: Iterable[Line]) -> Pixels:
    """A copy of the picture with the strokes drawn into it, as wide as its size asks for."""
    drawn, lines = np.array(pixels), list(sketch)
    size = (pixels.shape[1], pixels.shape[0])
    for line in lines:
        corners = np.round((ring_of(line, size) - 0.5) * 2**_SHIFT).astype(np.int32)
        dot = [corners] if len(corners) > 1 else [np.repeat(corners, 2, axis=0)]
        cv2.polylines(drawn, dot, False, COLOR, stroke_width(max(size)), cv2.LINE_AA, _SHIFT)
    return drawn


def stroke_width(longest: int) -> int:
    """Of a stroke in a picture whose longer side is ``longest`` px."""
    return max(_LEAST_WIDTH, round(longest * _WIDTH))
