"""BMP: Pillow reads its many headers and palettes; plain pixels are seen where they lie."""

from __future__ import annotations

from functools import partial
from io import BytesIO

import numpy as np
from PIL import Image
from PIL.BmpImagePlugin import BmpImageFile

from beltmask.decoding.pillow import Admit, Opened
from beltmask.messages import Message, as_said
from beltmask.model import Size
from beltmask.samples import Samples, Stored, UnsupportedKindError

Layout = tuple[str, int, int]

_UNSUPPORTED = "Unsupported BMP "
_LONGEST_RUNS = 30_000_000
"""Bytes of run lengths, which Pillow reads one by one."""


def open_bmp(data: bytes, admit: Admit) -> Opened:
    """Read the head.

    Raises:
        UnsupportedKindError: It is of a kind few programs write.
    """
    try:
        picture = BmpImageFile(BytesIO(data))
    except OSError as error:
        text = str(error)
        if not text.startswith(_UNSUPPORTED):
            raise
        raise UnsupportedKindError(as_said(text.removeprefix(_UNSUPPORTED))) from error
    admit(picture.size)
    decoder, offset, layout = _layout(picture)
    if decoder != "raw" and len(data) > _LONGEST_RUNS:
        raise UnsupportedKindError(Message("images.long_runs"))
    width, height = picture.size
    if decoder == "raw" and set(layout[0]) <= set("RGBAX"):
        read = partial(_plain_pixels, data, picture.size, offset, layout)
    else:
        read = partial(_by_pillow, picture)
    grey = picture.mode in {"1", "L"}
    return Opened(picture.size, width * height * (1 if grey else 3), read)


def _layout(picture: BmpImageFile) -> tuple[str, int, Layout]:
    """How Pillow would decode it, from where, and (letters, bytes a row, direction)."""
    tile = picture.tile[0]
    layout = tile.args if isinstance(tile.args, tuple) else ("", 0, 1)
    return tile.codec_name, tile.offset, (layout[0], layout[1], layout[2])


def _plain_pixels(data: bytes, size: Size, offset: int, layout: Layout) -> Stored:
    """Whole bytes for red, green, blue and perhaps alpha: nothing is copied."""
    letters, stride, direction = layout
    width, height = size
    if offset + stride * height > len(data):
        raise ValueError("truncated: rows are missing")
    rows = np.frombuffer(data, np.uint8, stride * height, offset).reshape(height, stride)
    values = rows[::direction, : width * len(letters)].reshape(height, width, len(letters))
    alpha = letters.index("A") if "A" in letters else None
    return Stored(values, tuple(letters.index(each) for each in "RGB"), alpha=alpha)


def _by_pillow(picture: BmpImageFile) -> Stored:
    picture.load()
    palette = picture.getpalette("RGB") if picture.mode == "P" else None
    if palette is None:
        return Stored(_array(picture))
    table = np.zeros((256, 3), np.uint8)
    table[: len(palette) // 3] = np.asarray(palette, np.uint8).reshape(-1, 3)
    return Stored(_array(picture), colours=lambda indices: table[indices])


def _array(picture: Image.Image) -> Samples:
    grey = picture.convert("L") if picture.mode == "1" else picture
    return np.asarray(grey)
