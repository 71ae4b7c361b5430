"""The first page of a TIFF, segment by segment, its values as they are.

Tifffile reads the structure and undoes the packing; what samples mean is decided here. What
cannot be read exactly is refused as a kind, never shown as something else.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime
from functools import partial
from io import BytesIO

import numpy as np
from tifffile import TiffFile, TiffPage

from beltmask.decoding import tiff_colours
from beltmask.decoding.jpeg import samples_of_part
from beltmask.decoding.pillow import Admit, Opened, camera_notes
from beltmask.decoding.tiff_directories import (
    directories,
    is_camera_raw,
    main_page,
    page_count,
)
from beltmask.exif import moment
from beltmask.messages import Message
from beltmask.samples import Samples, Stored, UnsupportedKindError

__all__ = ["CameraRawError", "open_tiff"]

logging.getLogger("tifffile").setLevel(logging.CRITICAL)  # odd tags are no news to anybody

_JPEG = 7
_ORIENTATION, _EXIF = 274, 34665
_COMPRESSIONS = {
    1: "none",
    2: "CCITT RLE",
    3: "CCITT fax 3",
    4: "CCITT fax 4",
    5: "LZW",
    _JPEG: "JPEG",
    8: "deflate",
    32946: "deflate",
    32773: "PackBits",
    34925: "LZMA",
    50000: "Zstandard",
}
_PREDICTORS = {1, 2, 3}
_MOST_SEGMENTS = 1_000_000
_TYPES = "?BHIbhiefd"
"""Numpy's letters of the numbers that are read: 64-bit integers and complex ones are not."""


class CameraRawError(Exception):
    """What a sensor saw, with a small copy in front of it."""


def open_tiff(data: bytes, admit: Admit) -> Opened:
    """Read the head.

    Raises:
        CameraRawError: It is a camera's raw file.
        UnsupportedKindError: It is sound, and cannot be read exactly.
    """
    found = directories(data)
    if is_camera_raw(found):
        raise CameraRawError
    with TiffFile(BytesIO(data)) as file:
        page = file.pages[main_page(found)]
        if not isinstance(page, TiffPage):
            raise TypeError("no page of its own")
        admit((page.imagewidth, page.imagelength))
        _check(page)
        colours, tables = tiff_colours.colours_of(page), page.jpegtables
        turn, taken = _notes(data, page)
    shape = _shape(page)
    return Opened(
        size=(page.imagewidth, page.imagelength),
        sample_bytes=shape[0] * shape[1] * shape[2] * tiff_colours.sample_type(page).itemsize,
        read=partial(_stored, data, page, tables, colours),
        orientation=turn,
        captured_at=taken,
        first_of_many=page_count(found) > 1,
    )


def _notes(data: bytes, page: TiffPage) -> tuple[int, datetime | None]:
    """Orientation and capture time; Pillow reads no EXIF in files of 64-bit offsets."""
    turn = page.tags.valueof(_ORIENTATION)
    turn = turn if isinstance(turn, int) and 1 <= turn <= 8 else 1
    if not page.parent.is_bigtiff:
        return turn, camera_notes(data)[1]
    block = page.tags.valueof(_EXIF)
    block = block if isinstance(block, dict) else {}
    with suppress(ValueError, OverflowError):
        clock = block.get("DateTimeOriginal") or block.get("DateTimeDigitized")
        return turn, moment(clock, block.get("OffsetTimeOriginal"))
    return turn, None


def _check(page: TiffPage) -> None:
    """Kinds that are not read, before anything of their size is made."""
    compression = int(page.compression)
    if compression not in _COMPRESSIONS:
        name = getattr(page.compression, "name", compression)
        raise UnsupportedKindError(Message("images.tiff_compression", name=str(name)))
    if int(page.predictor) not in _PREDICTORS and compression != _JPEG:
        raise UnsupportedKindError(Message("images.tiff_predictor", number=int(page.predictor)))
    if page.imagedepth > 1:
        raise UnsupportedKindError(Message("images.tiff_volume"))
    if page.dtype is None or page.dtype.char not in _TYPES:
        bits, layout = str(page.bitspersample), int(page.sampleformat)
        raise UnsupportedKindError(Message("images.tiff_samples", bits=bits, format=layout))
    _check_segments(page)


def _check_segments(page: TiffPage) -> None:
    if len(page.dataoffsets) > _MOST_SEGMENTS:
        raise UnsupportedKindError(Message("images.tiff_parts", count=len(page.dataoffsets)))
    area = page.imagewidth * page.imagelength
    if page.is_tiled and page.tilewidth * page.tilelength > max(4 * area, 1 << 20):
        raise UnsupportedKindError(Message("images.tiff_tiles"))


def _shape(page: TiffPage) -> tuple[int, int, int]:
    return (page.imagelength, page.imagewidth, page.samplesperpixel)


def _stored(
    data: bytes, page: TiffPage, tables: bytes | None, colours: tiff_colours.Colours
) -> Stored:
    places = list(zip(page.dataoffsets, page.databytecounts, strict=False))
    if len(places) != _part_count(page):
        raise ValueError("truncated: parts are missing")
    if len(places) == 1 and not page.is_tiled:
        part, _ = _part(_encoded(data, *places[0]), 0, page, tables)
        return colours.stored(part.astype(tiff_colours.sample_type(page), copy=False))
    values = np.empty(_shape(page), tiff_colours.sample_type(page))
    for number, place in enumerate(places):
        part, (plane, _, top, left, _) = _part(_encoded(data, *place), number, page, tables)
        target = values[top : top + part.shape[0], left : left + part.shape[1]]
        if page.planarconfig == 2:
            target[..., plane] = part[..., 0]
        else:
            target[...] = part
    return colours.stored(values)


def _part_count(page: TiffPage) -> int:
    high = page.tilelength if page.is_tiled else page.rowsperstrip
    across = -(-page.imagewidth // page.tilewidth) if page.is_tiled else 1
    planes = page.samplesperpixel if page.planarconfig == 2 else 1
    return -(-page.imagelength // high) * across * planes


def _encoded(data: bytes, offset: int, count: int) -> memoryview:
    if not count:
        raise UnsupportedKindError(Message("images.tiff_unwritten"))
    if offset + count > len(data):
        raise ValueError("truncated: a part lies beyond the end")
    return memoryview(data)[offset : offset + count]


def _part(
    encoded: memoryview, number: int, page: TiffPage, tables: bytes | None
) -> tuple[Samples, tuple[int, ...]]:
    """A strip or tile without what hangs over the picture's edge, and where it belongs."""
    _, place, shape = page.decode(None, number)
    rows = min(shape[1], page.imagelength - place[2])
    columns = min(shape[2], page.imagewidth - place[3])
    if int(page.compression) == _JPEG:
        ycbcr = int(page.photometric) == 6
        part = samples_of_part(encoded, tables, ycbcr=ycbcr, largest=(shape[2], shape[1]))
    else:
        unpacked = page.decode(encoded, number)[0]
        if unpacked is None:
            raise ValueError("an empty part")
        part = unpacked[0]
    part = part[:rows, :columns].reshape(rows, columns, shape[3])
    return part, place
