"""Small name plates for objects, legible on any background."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from beltmask.model import Box, Pixels, Size

Color = tuple[int, int, int]
_BLACK, _WHITE = (0, 0, 0), (255, 255, 255)


def draw_chip(picture: Pixels, box: Box, text: str, color: Color) -> None:
    """Put a plate on top of ``box``, or into it where there is no room above.

    Its height follows the picture's longest side, its place stays inside the picture.

    Args:
        picture: RGB, shape (rows, columns, 3); changed in place.
        color: The plate's; the writing is black or white, whichever contrasts more.
    """
    plate = _plate(text, color, _height_for(max(picture.shape[:2])))
    rows, columns = plate.shape[:2]
    x, y = _place(box, (columns, rows), (picture.shape[1], picture.shape[0]))
    target = picture[y : y + rows, x : x + columns]
    target[:] = plate[: target.shape[0], : target.shape[1]]


def _height_for(longest_side: int) -> int:
    return max(13, min(96, round(longest_side / 48)))


def _place(box: Box, plate: Size, picture: Size) -> tuple[int, int]:
    x, y = box.x0, box.y0 - plate[1]
    if y < 0:
        y = box.y0
    return max(0, min(x, picture[0] - plate[0])), max(0, min(y, picture[1] - plate[1]))


@lru_cache(maxsize=1024)
def _plate(text: str, color: Color, height: int) -> Pixels:
    ink = _ink_on(color)
    font = ImageFont.load_default(size=height * 0.72)
    width = max(height, round(font.getlength(text) + height * 0.5))
    image = Image.new("RGB", (width, height), color)
    draw = ImageDraw.Draw(image)
    draw.text((width / 2, height / 2), text, fill=ink, font=font, anchor="mm")
    # A rim in the ink's colour keeps the plate apart from a belt of its own colour.
    draw.rectangle((0, 0, width - 1, height - 1), outline=ink)
    plate = np.array(image)
    plate.setflags(write=False)
    return plate


def _ink_on(color: Color) -> Color:
    """Black or white by WCAG 2.2 relative luminance."""
    linear = [(c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4) for c in color]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return _BLACK if luminance > 0.179 else _WHITE
