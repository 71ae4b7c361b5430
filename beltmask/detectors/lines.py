"""Lines a person drew, in fractions of a picture, laid over its pixels or over a part of it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from beltmask.geometry import Box, Line, Mask, Size
from beltmask.masks import Ring, mask_from_rings, union


def ring_of(line: Line, size: Size) -> Ring:
    """A line's corners in the pixels of a picture of ``size``, on pixel edges, shape (n, 2)."""
    return np.asarray(line, dtype=np.float64).reshape(-1, 2) * size


def lines_in(lines: Iterable[Line], size: Size, part: Box) -> tuple[Line, ...]:
    """The lines that touch ``part`` of a picture of ``size``, in fractions of that part.

    They are not cut: what lies outside the part lies outside 0..1.
    """
    within = Box(0, 0, *size) == part
    return tuple(
        line if within else _relative(line, size, part)
        for line in lines
        if within or _touches(ring_of(line, size), part)
    )


def area_of(lines: Iterable[Line], size: Size) -> Mask | None:
    """The pixels inside any of the closed lines; None when there are none."""
    area = None
    for line in lines:
        area = union(area, mask_from_rings([ring_of(line, size)], size))
    return area


def _relative(line: Line, size: Size, part: Box) -> Line:
    moved = (ring_of(line, size) - (part.x0, part.y0)) / (part.width, part.height)
    return tuple((float(x), float(y)) for x, y in moved)


def _touches(ring: Ring, part: Box) -> bool:
    """Whether the line runs through the part; each of its stretches may."""
    low, high = np.array([part.x0, part.y0]), np.array([part.x1, part.y1])
    starts, ends = ring[:-1] if len(ring) > 1 else ring, ring[1:] if len(ring) > 1 else ring
    return any(_crosses(a, b, low, high) for a, b in zip(starts, ends, strict=True))


def _crosses(start: Ring, end: Ring, low: Ring, high: Ring) -> bool:
    """Liang and Barsky: whether a stretch has a point in the box from ``low`` to ``high``."""
    first, last = 0.0, 1.0
    for axis in (0, 1):
        step = end[axis] - start[axis]
        if step == 0:
            if not low[axis] <= start[axis] <= high[axis]:
                return False
            continue
        enters, leaves = sorted(
            ((low[axis] - start[axis]) / step, (high[axis] - start[axis]) / step)
        )
        first, last = max(first, enters), min(last, leaves)
    return first <= last
