"""Masks written out as truth values, flat or in rows -> grey levels."""

from __future__ import annotations

import math
from itertools import chain

import numpy as np

from beltmask.detectors.replies.loose_json import ListNode
from beltmask.detectors.replies.object_frame import ObjectFrame
from beltmask.errors import UnusableValueError
from beltmask.messages import Message
from beltmask.model import Pixels

MAX_CELLS = 4_000_000


def looks_like_table(value: ListNode) -> bool:
    """Truth values, flat or in rows; or rows of 0 and 1 that are longer than a pair."""
    first = value[0] if value else None
    row = first if isinstance(first, ListNode) else ListNode()
    if isinstance(first, bool) or (row and isinstance(row[0], bool)):
        return True
    return len(row) > 2 and all(item in (0, 1) for item in row)


def read_table(value: ListNode, place: ObjectFrame) -> Pixels:
    """0 or 255 per cell, shape (rows, columns).

    Raises:
        ValueError: The rows are uneven, or nothing tells how long a row is.
    """
    rows = [row for row in value if isinstance(row, ListNode)]
    cells = list(chain.from_iterable(rows)) if rows else list(value)
    width = len(rows[0]) if rows else _row_length(len(cells), place)
    even = all(len(row) == width for row in rows) and len(rows) in {0, len(value)}
    if not even or len(cells) > MAX_CELLS or any(cell not in (0, 1) for cell in cells):
        raise UnusableValueError(Message("replies.uneven_rows"))
    return np.array(cells, dtype=np.uint8).reshape(-1, width) * np.uint8(255)


def _row_length(count: int, place: ObjectFrame) -> int:
    """Of a flat list: the box's width, or a square's side."""
    width, height = place.extent or (0, 0)
    if width * height == count:
        return width
    if math.isqrt(count) ** 2 == count:
        return math.isqrt(count)
    raise UnusableValueError(Message("replies.no_table", count=count))
