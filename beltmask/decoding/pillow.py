"""What the head of a file says before anything is decoded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from beltmask import exif
from beltmask.model import Size
from beltmask.samples import Stored

Admit = Callable[[Size], None]
"""Is told (width, height) as soon as they are known, and raises where they are too large."""


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A picture whose head was read.

    ``size`` (width, height) is as stored; ``sample_bytes`` are what its samples take once
    read, ``working_bytes`` what its decoder takes besides; ``orientation`` 1 to 8 is still to be
    applied. ``read`` decodes it.
    """

    size: Size
    sample_bytes: int
    read: Callable[[], Stored]
    orientation: int = 1
    captured_at: datetime | None = None
    first_of_many: bool = False
    working_bytes: int = 0


def camera_notes(block: bytes) -> tuple[int, datetime | None]:
    """Orientation and capture time in an EXIF block, or a whole TIFF."""
    tags = exif.exif_in(block)
    return exif.orientation_of(tags), exif.captured_at(tags)
