"""What becomes of a mask when a person changes the outline it is shown with: a second
implementation, which the canvas's own must equal bit for bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from beltmask.masks import (
    Ring,
    bits_in,
    difference,
    mask_from_crop,
    rings_of,
    union,
)
from beltmask.model import BoolArray, Box, Mask, Size

CRUMB = 16
"""Pieces of fewer pixels are nothing a person cuts off."""

Corner = tuple[float, float]
Corners = list[Corner]
Edge = tuple[Corner, Corner]
Labels = NDArray[np.int32]


@dataclass(frozen=True)
class _OutlineStretch:
    """From a corner that both outlines have up to the next one, which belongs to the next stretch.

    ``shown`` is that corner, and those a person put in after it.
    """

    exact: Corners
    shown: Corners


@dataclass(frozen=True)
class _OutlineChange:
    """An outline as it is, as it was shown, and as it is wanted, exact where nobody touched it."""

    exact: Corners
    before: Corners
    after: Corners
    sense: int
    is_hole: bool


def reshaped(mask: Mask, shown: Ring, changed: Ring, size: Size) -> Mask | None:
    """The mask after a person turned ``shown``, a simplified outline of it, into ``changed``.

    What lies between the two is added or taken away, and with it what the true edge left
    between itself and an edge that was moved: no hole and no speck stays behind. The rest of
    the mask (its fine edge, holes, other parts) is as it was. None when no pixel is left.
    """
    change = _change_of(mask, corners_of(shown), corners_of(changed))
    after = _filled(change.after, change.sense, size)
    turned = _with_pixels(mask, change, after, size)
    if turned is not None:
        return turned
    # An outline that was pulled inside out altogether lies the other way round.
    return _with_pixels(mask, change, _filled(change.after, -change.sense, size), size)


def corners_of(ring: Ring) -> Corners:
    """The corners of a ring as pairs of numbers."""
    return [(float(x), float(y)) for x, y in ring]


def _with_pixels(mask: Mask, change: _OutlineChange, after: Mask | None, size: Size) -> Mask | None:
    now_exact = _filled(change.exact, change.sense, size)
    was = _filled(change.before, change.sense, size)
    grown, shrunk = difference(after, was), difference(was, after)
    bays = _shared(difference(was, now_exact), after)
    bumps = difference(difference(now_exact, was), after)
    gained, lost = _reaching(bays, grown), _reaching(bumps, shrunk)
    if change.is_hole:
        now = union(difference(mask, gained), lost)
    else:
        now = difference(union(mask, gained), lost)
    return None if now is None else _without_crumbs(mask, now)


def _filled(ring: Corners, sense: int, size: Size) -> Mask | None:
    """Pixels of an image that a ring goes round in one sense (1 is clockwise on screen).

    What a ring that crosses itself goes round twice is inside as well.
    """
    turns = np.zeros((size[1], size[0] + 1), dtype=np.int32)
    for (xa, ya), (xb, yb) in zip(ring, ring[1:] + ring[:1], strict=True):
        for row in range(size[1]):
            if (ya > row + 0.5) != (yb > row + 0.5):
                at = xa + (row + 0.5 - ya) * (xb - xa) / (yb - ya)
                column = min(max(int(np.ceil(at - 0.5)), 0), size[0])
                turns[row, column] += 1 if yb < ya else -1
    return mask_from_crop(np.cumsum(turns, axis=1)[:, :-1] * sense > 0, 0, 0)


def _shared(first: Mask | None, second: Mask | None) -> Mask | None:
    return difference(first, difference(first, second))


def _reaching(beside: Mask | None, moved: Mask | None) -> Mask | None:
    """What was moved, with the pieces beside it that touch it."""
    both = union(beside, moved)
    if both is None or moved is None:
        return moved
    labels = _labels(both.bits, diagonal=True)
    touching = np.unique(labels[bits_in(moved, both.box)])
    return mask_from_crop(np.isin(labels, touching), both.x, both.y)


def _change_of(mask: Mask, shown: Corners, changed: Corners) -> _OutlineChange:
    found = _stretches_of([corners_of(ring) for ring in rings_of(mask)], shown)
    stretches = found or [_OutlineStretch([corner], [corner]) for corner in shown]
    wanted = _edges_of(changed)
    ends = [each.shown[0] for each in [*stretches[1:], *stretches[:1]]]
    kept = {
        (each.shown[0], end): each.exact
        for each, end in zip(stretches, ends, strict=True)
        if len(each.shown) == 1 and (each.shown[0], end) in wanted
    }
    pairs = zip(stretches, ends, strict=True)
    exact = [corner for each in stretches for corner in each.exact]
    return _OutlineChange(
        exact,
        [c for each, end in pairs for c in kept.get((each.shown[0], end), each.shown)],
        [corner for edge in wanted for corner in kept.get(edge, edge[:1])],
        sense=_sense_of(exact),
        is_hole=bool(found) and not _covers(mask, *min(exact, key=lambda corner: corner[::-1])),
    )


def _stretches_of(rings: Sequence[Corners], shown: Corners) -> list[_OutlineStretch]:
    """The ring that has most corners of ``shown`` in their order; none when no ring has half."""
    found: list[_OutlineStretch] = []
    for ring in rings:
        for way in _either_way(ring, shown):
            stretches = _cut(way, shown)
            if len(stretches) > max(len(found), 1) and len(stretches) * 2 >= len(shown):
                found = stretches
    return found


def _either_way(ring: Corners, shown: Corners) -> tuple[Corners, Corners]:
    """First as the corners that were shown seem to run."""
    back = ring[::-1]
    return (ring, back) if _sense_of(ring) == _sense_of(shown) else (back, ring)


def _cut(ring: Corners, shown: Corners) -> list[_OutlineStretch]:
    first = _start_of(ring, shown)
    if first is None:
        return []
    start = ring.index(shown[first])
    turned = ring[start:] + ring[:start]
    places: list[int] = []
    groups: list[Corners] = []
    for corner in shown[first:] + shown[:first]:
        place = _place_of(turned, corner, places[-1] + 1 if places else 0)
        if place is None:
            groups[-1].append(corner)
        else:
            places.append(place)
            groups.append([corner])
    ends = [*places[1:], len(turned)]
    return [
        _OutlineStretch(turned[start:end], group)
        for start, end, group in zip(places, ends, groups, strict=True)
    ]


def _start_of(ring: Corners, shown: Corners) -> int | None:
    """A corner that the ring has once, for it may touch itself."""
    return next((i for i, corner in enumerate(shown) if ring.count(corner) == 1), None)


def _place_of(ring: Corners, corner: Corner, start: int) -> int | None:
    try:
        return ring.index(corner, start)
    except ValueError:
        return None


def _edges_of(ring: Corners) -> list[Edge]:
    return list(zip(ring, ring[1:] + ring[:1], strict=True))


def _sense_of(ring: Corners) -> int:
    """1 where a ring runs clockwise on screen, -1 where it runs the other way."""
    area = sum(xa * yb - xb * ya for (xa, ya), (xb, yb) in _edges_of(ring))
    return -1 if area < 0 else 1


def _covers(mask: Mask, x: float, y: float) -> bool:
    here = Box(int(x), int(y), int(x) + 1, int(y) + 1)
    return bool(bits_in(mask, here).any())


def _without_crumbs(before: Mask, after: Mask) -> Mask | None:
    """Without specks and holes that were not there: what is small, or of new pixels alone.

    Of each part and hole that was there the largest piece stays.
    """
    window = _around(before.box, after.box)
    was, now = bits_in(before, window), bits_in(after, window)
    clean = now & ~_crumbs(was, now, diagonal=True)
    filled = clean | _crumbs(~was, ~clean, diagonal=False)
    if filled.any():
        return mask_from_crop(filled, window.x0, window.y0)
    labels = _labels(after.bits, diagonal=True)
    sizes, firsts = _measured(labels)
    largest = min(range(1, len(sizes)), key=lambda piece: (-sizes[piece], firsts[piece]))
    return mask_from_crop(labels == largest, after.x, after.y)


def _around(one: Box, other: Box) -> Box:
    """Both boxes and a pixel more on each side."""
    low = min(one.x0, other.x0) - 1, min(one.y0, other.y0) - 1
    return Box(*low, max(one.x1, other.x1) + 1, max(one.y1, other.y1) + 1)


def _crumbs(was: BoolArray, now: BoolArray, *, diagonal: bool) -> BoolArray:
    old, labels = _labels(was, diagonal=diagonal), _labels(now, diagonal=diagonal)
    sizes, firsts = _measured(labels)
    sizes[labels[0, 0]] = now.size * (not diagonal)  # around it all there is no end of pixels
    heirs: dict[int, int] = {}
    for part, piece in np.unique(np.stack([old[was & now], labels[was & now]], axis=1), axis=0):
        best = heirs.setdefault(int(part), int(piece))
        if (-sizes[piece], firsts[piece]) < (-sizes[best], firsts[best]):
            heirs[int(part)] = int(piece)
    large = [piece for piece in np.unique(labels[was & now]) if sizes[piece] >= CRUMB]
    crumbs: BoolArray = ~np.isin(labels, [0, *heirs.values(), *large])
    return crumbs


def _measured(labels: Labels) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """For each label its number of pixels, and where its first one lies."""
    sizes = np.bincount(labels.ravel())
    firsts = np.zeros(len(sizes), dtype=np.intp)
    known, places = np.unique(labels, return_index=True)
    firsts[known] = places
    return sizes, firsts


def _labels(bits: BoolArray, *, diagonal: bool) -> Labels:
    connectivity = 8 if diagonal else 4
    _, labels = cv2.connectedComponents(bits.astype(np.uint8), connectivity=connectivity)
    return np.asarray(labels, dtype=np.int32)
