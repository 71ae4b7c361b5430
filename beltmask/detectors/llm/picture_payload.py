"""A picture as a model is sent it: a JPEG, made smaller where it is too large."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from beltmask.detectors.sketch import with_strokes
from beltmask.model import Line, Pixels, Size

_JPEG_QUALITY = 92


def sent_size(size: Size, *, longest: int) -> Size:
    """(width, height) of a picture whose longer side may have ``longest`` pixels as sent."""
    scale = min(1.0, longest / max(size))
    return (max(1, round(size[0] * scale)), max(1, round(size[1] * scale)))


def encoded_image(pixels: Pixels, *, size: Size, sketch: Sequence[Line] = ()) -> bytes:
    """RGB pixels, with the strokes of ``sketch``, as a JPEG of ``size``, which is no larger."""
    if size != (pixels.shape[1], pixels.shape[0]):
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.uint8)
    pixels = with_strokes(pixels, sketch) if sketch else pixels
    bgr = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    _, jpeg = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    return jpeg.tobytes()
