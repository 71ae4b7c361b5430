"""The directories of a TIFF: which pages it has, and whether it is a camera's raw file.

Raw files of most makers are TIFFs whose first page is a small copy, ready to be shown; the
picture itself is what a sensor saw, below that page or after it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

MOST = 1_000
"""Directories that are looked at."""

_NEW_KIND, _OLD_KIND, _COMPRESSION, _PHOTOMETRIC = 254, 255, 259, 262
_SUB_DIRECTORIES, _DNG_VERSION = 330, 50706
_FEW, _MOST_TAGS, _DEEPEST = 64, 4_096, 3
_FORMATS = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}
_SENSOR = {32803, 34892}
"""Photometric interpretations of what a sensor saw: through coloured filters, or linear."""
_OF_CAMERAS = {32767, 34713, 65535, 32770, 32772}
"""Compressions of Sony, Nikon, Pentax and Samsung."""

Tags = Mapping[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Directory:
    """The whole numbers of a directory; ``below`` another one, or one of the pages in a row."""

    tags: Tags
    below: bool

    @property
    def is_small_copy(self) -> bool:
        """Or a mask: no page of its own."""
        kind = self.tags.get(_NEW_KIND, (0,))[0]
        return bool(kind & 0b101) or self.tags.get(_OLD_KIND, (0,))[0] == 2

    @property
    def is_raw(self) -> bool:
        return (
            _DNG_VERSION in self.tags
            or self.tags.get(_PHOTOMETRIC, (0,))[0] in _SENSOR
            or self.tags.get(_COMPRESSION, (0,))[0] in _OF_CAMERAS
        )


def directories(data: bytes) -> list[Directory]:
    """Pages in their order, each followed by what lies below it; at most a thousand.

    What cannot be read is left out: whether a page is sound is for its decoder to say.
    """
    return list(_Walk(data).pages())


def is_camera_raw(found: list[Directory]) -> bool:
    """Also of makers nobody named: small copies in front, and the picture below them."""
    pages = [each for each in found if not each.below]
    hidden = any(each.below and not each.is_small_copy for each in found)
    return any(each.is_raw for each in found) or (
        hidden and bool(pages) and all(page.is_small_copy for page in pages)
    )


def main_page(found: list[Directory]) -> int:
    """Which of the pages in a row is the first that is no small copy of another."""
    pages = [each for each in found if not each.below]
    return next((at for at, page in enumerate(pages) if not page.is_small_copy), 0)


def page_count(found: list[Directory]) -> int:
    """Pages of their own."""
    return sum(not each.below and not each.is_small_copy for each in found)


class _Walk:
    """Through the directories of a file, each of them once."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._order = "<" if data[:1] == b"I" else ">"
        self._big = data[2:4] in (b"+\0", b"\0+")
        self._seen: set[int] = set()

    def pages(self) -> Iterator[Directory]:
        at = self._number("Q", 8) if self._big else self._number("I", 4)
        yield from self._row(at, depth=0)

    def _row(self, at: int, *, depth: int) -> Iterator[Directory]:
        while at and at not in self._seen and len(self._seen) < MOST:
            self._seen.add(at)
            try:
                tags, following = self._directory(at)
            except struct.error:
                return
            yield Directory(tags, below=depth > 0)
            for sub in tags.get(_SUB_DIRECTORIES, ()) if depth < _DEEPEST else ():
                yield from self._row(sub, depth=depth + 1)
            at = following

    def _directory(self, at: int) -> tuple[Tags, int]:
        count = self._number("Q" if self._big else "H", at)
        if count > _MOST_TAGS:
            raise struct.error("too many tags")
        first, size = at + (8 if self._big else 2), 20 if self._big else 12
        tags: dict[int, tuple[int, ...]] = {}
        for entry in range(first, first + count * size, size):
            (tag,) = struct.unpack_from(f"{self._order}H", self._data, entry)
            tags.setdefault(tag, self._values(entry))
        return tags, self._number("Q" if self._big else "I", first + count * size)

    def _values(self, entry: int) -> tuple[int, ...]:
        """The first few; none of an entry that holds no whole numbers."""
        kind = _FORMATS.get(self._number("H", entry + 2))
        count = min(self._number("Q" if self._big else "I", entry + 4), _FEW)
        if kind is None:
            return ()
        layout = f"{self._order}{count}{kind}"
        inline = entry + (12 if self._big else 8)
        fits = struct.calcsize(layout) <= (8 if self._big else 4)
        at = inline if fits else self._number("Q" if self._big else "I", inline)
        try:
            return struct.unpack_from(layout, self._data, at)
        except struct.error:
            return ()

    def _number(self, kind: str, at: int) -> int:
        (number,) = struct.unpack_from(f"{self._order}{kind}", self._data, at)
        return int(number)
