"""Strokes as Fabric keeps them: straight pieces and quadratic curves, as points and as a box."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""x, y in rows, shape (n, 2)."""
Command = Sequence[float]
"""x, y where a straight piece ends, or x, y of a curve's handle and then of its end."""

_STEPS = np.array([0.25, 0.5, 0.75, 1.0])


def flattened(commands: Sequence[Command]) -> Points:
    """Points along the line, every curve in four steps."""
    points = [np.array(commands[0][-2:])]
    for command in commands[1:]:
        end = np.array(command[-2:])
        if len(command) == 2:
            points.append(end)
            continue
        points += list(_along(points[-1], np.array(command[:2]), end, _STEPS))
    return np.array(points)


def extent_of(commands: Sequence[Command]) -> Points:
    """The lower and the upper corner of the box the line fills exactly, shape (2, 2)."""
    start = np.array(commands[0][-2:])
    seen = [start]
    for command in commands[1:]:
        end = np.array(command[-2:])
        if len(command) == 4:
            seen += _turning_points(start, np.array(command[:2]), end)
        seen.append(end)
        start = end
    points = np.array(seen)
    return np.array([points.min(axis=0), points.max(axis=0)])


def _along(start: Points, handle: Points, end: Points, at: Points) -> Points:
    t = at[:, None]
    return np.asarray((1 - t) ** 2 * start + 2 * t * (1 - t) * handle + t**2 * end)


def _turning_points(start: Points, handle: Points, end: Points) -> list[Points]:
    """Where a curve turns back, along x or along y."""
    bend = start - 2 * handle + end
    flat = np.abs(bend) < 1e-9
    turns = np.where(flat, 0.0, (start - handle) / np.where(flat, 1.0, bend))
    return list(_along(start, handle, end, np.clip(turns, 0.0, 1.0)))
