"""What a camera wrote beside the pixels: which way is up, and when.

Orientation follows EXIF 2.32, tag 0x0112, values 1 to 8. Only EXIF counts, because that is
what browsers and OpenCV obey; an orientation in XMP alone is ignored.
"""

from __future__ import annotations

import re
import struct
from datetime import UTC, datetime, timedelta
from typing import Any

from numpy.typing import NDArray
from PIL import Image

_ORIENTATION, _EXIF_BLOCK = 0x0112, 0x8769
_TAKEN, _DIGITIZED, _TAKEN_ZONE = 0x9003, 0x9004, 0x9011
_UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    OverflowError,
    struct.error,
)


def exif_in(data: bytes) -> Image.Exif:
    """An EXIF block, or a whole TIFF, whose first page it describes; empty when damaged."""
    exif = Image.Exif()
    try:
        exif.load(data)
    except _UNREADABLE:
        return Image.Exif()
    return exif


def orientation_of(exif: Image.Exif) -> int:
    """1 to 8; 1 (upright) when the tag is missing or makes no sense."""
    value = exif.get(_ORIENTATION)
    return int(value) if isinstance(value, int) and 1 <= value <= 8 else 1


def captured_at(exif: Image.Exif) -> datetime | None:
    """When the picture was taken.

    Cameras write the clock on their wall. With a time zone beside it the result is that
    moment in UTC; without one the wall clock is kept as it stands and called UTC, so that
    pictures of one line stay in order and read as the line's own clock.
    """
    try:
        block = exif.get_ifd(_EXIF_BLOCK)
        return moment(block.get(_TAKEN) or block.get(_DIGITIZED), block.get(_TAKEN_ZONE))
    except _UNREADABLE:
        return None


def moment(clock: object, zone: object) -> datetime | None:
    """``"2026:03:04 05:06:07"`` and ``"+02:00"`` as EXIF writes them; None when they make no sense.

    Raises:
        ValueError: There is no such day or hour.
        OverflowError: The zone leads out of the calendar.
    """
    taken = _wall_clock(clock)
    return None if taken is None else taken - _zone(zone)


def upright_shape(shape: tuple[int, ...], orientation: int) -> tuple[int, ...]:
    """Rows and columns as stored -> as everybody sees them."""
    rows, columns = shape
    return (columns, rows) if orientation in {5, 6, 7, 8} else (rows, columns)


def as_stored(upright: NDArray[Any], orientation: int) -> NDArray[Any]:
    """The same array, indexed as it was stored: what is written there lands upright."""
    if orientation in {2, 3, 6, 7}:
        upright = upright[:, ::-1]
    if orientation in {3, 4, 7, 8}:
        upright = upright[::-1]
    return upright.swapaxes(0, 1) if orientation in {5, 6, 7, 8} else upright


def _wall_clock(text: object) -> datetime | None:
    found = re.match(r"(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)", str(text))
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part) for part in found.groups())
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def _zone(text: object) -> timedelta:
    found = re.match(r"([+-])(\d\d):(\d\d)", str(text))
    if found is None:
        return timedelta(0)
    sign = -1 if found[1] == "-" else 1
    return sign * timedelta(hours=int(found[2]), minutes=int(found[3]))
