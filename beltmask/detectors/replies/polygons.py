"""Outlines in every form models write them -> masks.

Google's documentation says [x, y], its models were measured to write [y, x]: each object's own
box decides, and what was asked for when it cannot.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from beltmask.detectors.replies.boxes import GridBox
from beltmask.detectors.replies.decode_limits import DecodeLimits
from beltmask.detectors.replies.loose_json import ListNode, ObjectNode, Value
from beltmask.detectors.replies.numerals import is_numbers, number_in, numbers_in
from beltmask.detectors.replies.units import GRID, PARTS, Units
from beltmask.errors import UnusableValueError
from beltmask.masks import Ring, mask_from_rings
from beltmask.messages import Message
from beltmask.model import Mask, Size

MAX_CORNERS = 5_000
MAX_TRAVEL = 1_000_000
"""Pixel rows an outline may cross up and down; a real one crosses each row a few times."""
_CLEAR_LEAD = 0.2
Points = NDArray[np.float64]
"""Corners in the order written, shape (n, 2)."""


def looks_like_polygon(value: Value) -> bool:
    """Whether the first thing at the bottom of a list is a number, or a string is all numbers."""
    if isinstance(value, str):
        return is_numbers(value)
    while isinstance(value, ListNode | ObjectNode) and value:
        value = value[0] if isinstance(value, ListNode) else value.get("x", value.get("y"))
        if number_in(value) is not None or (isinstance(value, str) and is_numbers(value)):
            return True
    return False


def rings_in(value: Value) -> list[Points]:
    """The closed outlines in ``value``: pairs, flat runs, runs of runs, strings of numbers.

    Raises:
        ValueError: There is something else in it, no outline, or too many corners.
    """
    runs = list(_runs(value))
    if sum(len(run) for run in runs) > MAX_CORNERS:
        raise UnusableValueError(Message("replies.outline_too_long", most=MAX_CORNERS))
    rings = [run for run in _joined(runs) if len(run) >= 3]
    if not rings:
        raise UnusableValueError(Message("replies.outline_too_short"))
    return rings


def rings_apart(value: Value) -> list[Points]:
    """Like ``rings_in``, but a list of runs is a list of outlines, never chunks of one."""
    if not isinstance(value, ListNode) or number_in(next(iter(value), None)):
        return rings_in(value)
    if _pairs(value) is not None:
        return rings_in(value)
    return list(chain.from_iterable(rings_in(ring) for ring in value if ring))


def names_its_axes(value: Value) -> bool:
    """Whether corners are objects with an x and a y, which ``rings_in`` gives as [y, x]."""
    while isinstance(value, ListNode) and value:
        value = value[0]
    return isinstance(value, ObjectNode) and "x" in value and "y" in value


def y_comes_first(rings: Sequence[Points], grid: GridBox | None, *, usually: bool = True) -> bool:
    """Whether corners are [y, x]: the order that puts more of them into the object's box."""
    if grid is None:
        return usually
    points = np.concatenate(list(rings))
    lead = _inside(points, grid) - _inside(points[:, ::-1], grid)
    if abs(lead) > _CLEAR_LEAD:
        return lead > 0
    better = _misfit(points[:, ::-1], grid) - _misfit(points, grid)
    return usually if better == 0 else better > 0


def extent_of(value: Value) -> Points | None:
    """The least and the largest numbers of an outline in the order written, shape (2, 2)."""
    try:
        points = np.concatenate(rings_in(value))
    except ValueError:
        return None
    return np.stack([points.min(axis=0), points.max(axis=0)])


def units_for(rings: Sequence[Points], grid: GridBox | None, *, usual: Units = GRID) -> Units:
    """The box's units, unless the outline is written in parts of one beside a larger box."""
    units = usual if grid is None else grid.units
    low, high = min(ring.min() for ring in rings), max(ring.max() for ring in rings)
    parts = low >= 0 and high <= 1 and (grid is None or max(grid.corners) > 1)
    return PARTS if parts and any((ring % 1).any() for ring in rings) else units


def mask_of_rings(
    rings: Sequence[Points], size: Size, *, y_first: bool, units: Units, limits: DecodeLimits
) -> Mask | None:
    """The pixels whose centre the rings enclose, by the even-odd rule, inside the image.

    Raises:
        ValueError: The outline goes up and down too often to be one.
        OverLimitError: The reply's outlines are too much together.
    """
    drawn = [_pixels(ring, size, units, y_first=y_first) for ring in rings]
    travel = sum(float(np.abs(np.diff(ring[:, 1])).sum()) for ring in drawn)
    if travel > MAX_TRAVEL:
        raise UnusableValueError(Message("replies.outline_tangled"))
    limits.spend("corners", sum(map(len, drawn)))
    limits.spend("crossed rows", int(travel))
    limits.spend("drawn pixels", _extent(drawn, size))
    return mask_from_rings(drawn, size)


def _extent(rings: Sequence[Ring], size: Size) -> int:
    """How many pixels of the picture lie in the upright rectangle around the rings."""
    corners = np.clip(np.concatenate(list(rings)), 0, size)
    return int(np.prod(np.ceil(np.ptp(corners, axis=0) + 1)))


def _pixels(ring: Points, size: Size, units: Units, *, y_first: bool) -> Ring:
    whole = np.array([units.width, units.height])
    ordered = np.clip(ring[:, ::-1] if y_first else ring, -whole, 2 * whole)
    return np.ascontiguousarray(ordered * (np.array(size) / whole))


def _inside(points: Points, grid: GridBox) -> float:
    low = np.array([grid.y0, grid.x0]) - grid.units.slack
    high = np.array([grid.y1, grid.x1]) + grid.units.slack
    return float(((points >= low) & (points <= high)).all(axis=1).mean())


def _misfit(points: Points, grid: GridBox) -> float:
    extents = np.concatenate([points.min(axis=0), points.max(axis=0)])
    return float(np.abs(extents - np.array(grid.corners)).sum())


def _runs(value: Value) -> Iterator[Points]:
    """Stretches of corners as they are nested in ``value``."""
    if isinstance(value, str):
        yield _flat(numbers_in(value, most=2 * MAX_CORNERS))
    elif not isinstance(value, ListNode):
        yield _flat(None)
    elif (pairs := _pairs(value)) is not None:
        yield pairs
    elif value and all(number_in(item) is not None for item in value):
        yield _flat([number for item in value if (number := number_in(item)) is not None])
    else:
        for item in value:
            yield from _runs(item)


def _pairs(value: ListNode) -> Points | None:
    """The corners of a list that holds nothing else; None when it holds anything else."""
    lists = [item for item in value if isinstance(item, ListNode) and len(item) == 2]
    if lists and len(lists) == len(value) and _only_numbers(chain.from_iterable(lists)):
        points = np.fromiter(chain.from_iterable(lists), np.float64).reshape(-1, 2)
        return points if np.isfinite(points).all() else None
    pairs = [_pair(item) for item in value]
    return np.array(pairs) if pairs and None not in pairs else None


def _only_numbers(values: Iterable[Value]) -> bool:
    """Whether they are numbers as JSON writes them, none of them in a string."""
    return set(map(type, values)) <= {int, float}


def _pair(item: Value) -> tuple[float, float] | None:
    if isinstance(item, ObjectNode):
        item = ListNode([item.get("y"), item.get("x")])
    if not isinstance(item, ListNode | str) or len(item) < 2:
        return None
    numbers = numbers_in(item, most=2) if len(item) == 2 or isinstance(item, str) else None
    return (numbers[0], numbers[1]) if numbers is not None and len(numbers) == 2 else None


def _flat(numbers: list[float] | None) -> Points:
    if not numbers:
        raise UnusableValueError(Message("replies.outline_no_number"))
    if len(numbers) % 2:
        raise UnusableValueError(Message("replies.outline_odd"))
    return np.array(numbers).reshape(-1, 2)


def _joined(runs: list[Points]) -> list[Points]:
    """Chunks of one outline put together; the parts of an object in several parts left alone.

    Chunks follow each other closely and end far from where they began.
    """
    if len(runs) < 2:
        return runs
    onward = sum(math.dist(run[-1], after[0]) for run, after in _neighbours(runs))
    closing = sum(math.dist(run[-1], run[0]) for run in runs)
    chunked = onward < closing or min(map(len, runs)) < 3
    return [np.concatenate(runs)] if chunked else runs


def _neighbours(runs: list[Points]) -> Iterator[tuple[Points, Points]]:
    return zip(runs, [*runs[1:], runs[0]], strict=True)
