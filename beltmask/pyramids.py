"""A large picture at full size, half, a quarter and so on, cut into squares: for zooming.

Pixel (x, y) of level n is the mean of the pixels ``[x, x+1) * 2**n`` by ``[y, y+1) * 2**n``, so
that every level lies exactly on the picture.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

import cv2
import numpy as np

from beltmask.errors import NotFoundError
from beltmask.messages import Message
from beltmask.model import Size
from beltmask.samples import Samples, by_planes

SQUARE_SIDE = 512
_PLACES = struct.Struct("<QQ")
_PLACE = _PLACES.size // 2


@dataclass(frozen=True, slots=True)
class Pyramid:
    """Which squares there are. Level 0 has the full ``size`` (width, height)."""

    size: Size
    levels: int

    def level_size(self, level: int) -> Size:
        """Each side halved ``level`` times, rounded up."""
        width, height = self.size
        return (_parts(width, 2**level), _parts(height, 2**level))

    def grid(self, level: int) -> Size:
        """(columns, rows) of squares of a level; those of the last may be smaller."""
        width, height = self.level_size(level)
        return (_parts(width, SQUARE_SIDE), _parts(height, SQUARE_SIDE))

    @property
    def count(self) -> int:
        """Squares of all levels."""
        return sum(columns * rows for columns, rows in map(self.grid, range(self.levels)))

    def number(self, level: int, column: int, row: int) -> int:
        """Where a square stands among all: level by level, row by row.

        Raises:
            NotFoundError: There is no such square.
        """
        if not 0 <= level < self.levels:
            raise NotFoundError(Message("images.no_level", level=level))
        columns, rows = self.grid(level)
        if not (0 <= column < columns and 0 <= row < rows):
            raise NotFoundError(Message("images.no_square", level=level, column=column, row=row))
        before = Pyramid(self.size, level).count
        return before + row * columns + column


def pyramid_of(size: Size, *, longest: int) -> Pyramid:
    """The levels of a picture whose longest side is above ``longest`` px, which may be none."""
    levels = 0
    while max(Pyramid(size, levels).level_size(levels)) > longest:
        levels += 1
    return Pyramid(size, levels)


def levels_of(samples: Samples, count: int) -> Iterator[Samples]:
    """The picture at full size and ever smaller, the next made when it is asked for."""
    for level in range(count):
        samples = by_planes(_halved, samples) if level else samples
        yield samples


def squares_of(samples: Samples) -> Iterator[Samples]:
    """One level in squares, in the order of their numbers."""
    for row in range(0, samples.shape[0], SQUARE_SIDE):
        for column in range(0, samples.shape[1], SQUARE_SIDE):
            yield samples[row : row + SQUARE_SIDE, column : column + SQUARE_SIDE]


def packed(parts: Iterable[bytes]) -> bytes:
    """Parts as one file, from which each can be read without the others."""
    written = list(parts)
    first = (len(written) + 1) * _PLACE
    ends = accumulate(map(len, written), initial=first)
    return b"".join([*(end.to_bytes(_PLACE, "little") for end in ends), *written])


def span_of_places(number: int) -> tuple[int, int]:
    """The bytes of a packed file, [start, end), that tell where part ``number`` is."""
    return (number * _PLACE, number * _PLACE + _PLACES.size)


def span_of_part(places: bytes) -> tuple[int, int]:
    """The bytes, [start, end), of the part itself."""
    start, end = _PLACES.unpack(places)
    return (start, end)


def part_of(data: bytes, number: int) -> bytes:
    """Part ``number`` of a packed file."""
    start, end = span_of_part(data[slice(*span_of_places(number))])
    return data[start:end]


def _halved(samples: Samples) -> Samples:
    """Means of two by two; an odd last row or column stands for two."""
    rows, columns = samples.shape[:2]
    if rows % 2 or columns % 2:
        edge = cv2.BORDER_REPLICATE
        samples = cv2.copyMakeBorder(samples, 0, rows % 2, 0, columns % 2, edge)
    size = (_parts(columns, 2), _parts(rows, 2))
    return np.asarray(cv2.resize(samples, size, interpolation=cv2.INTER_AREA))


def _parts(length: int, size: int) -> int:
    return -(-length // size)
