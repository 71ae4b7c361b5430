"""Seams: pieces of one object, seen from overlapping tiles, become one finding again.

Two tiles see the same pixels where they overlap, so pieces of one object agree there: by IoU, and
each with one piece of the other tile only, or what lies on another thing would be swallowed by
it. A tile that sees the legs of a U tells of two objects; only for such parts, cut by the seam, is
it enough that they lie in the other's piece. What overlaps in one tile stays apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product

from beltmask.geometry import Box, Mask
from beltmask.masks import intersection_area, mask_from_box, part_in, union
from beltmask.model import Finding
from beltmask.names import folded

SAME_OBJECT = 0.5
"""IoU within what both tiles saw; or the share of a part cut by the seam that lies in another."""
NEAR = 64
"""A piece ends at a seam when it comes nearer than one part in this many of the tile's side."""


@dataclass(frozen=True, slots=True, eq=False)
class TilePiece:
    """A finding in the whole picture's pixels, and the tile that was looked at."""

    finding: Finding
    tile: Box

    @property
    def pixels(self) -> Mask:
        finding = self.finding
        return mask_from_box(finding.box) if finding.mask is None else finding.mask


@dataclass(frozen=True, slots=True)
class _Agreement:
    """How far a piece and another of a second tile agree, by their places in the list.

    ``share`` is how much of what both tiles saw of the first lies in the second.
    """

    first: int
    second: int
    iou: float
    share: float


class _JoinedObjects:
    """Pieces that are put together step by step, by their places in the list."""

    def __init__(self, pieces: Sequence[TilePiece]) -> None:
        self._pieces = pieces
        self._objects = [[place] for place in range(len(pieces))]
        self._met: set[tuple[int, Box]] = set()

    def join(self, one: int, other: int, *, as_part: bool = False) -> None:
        """Two pieces of an object, unless one has met its like in the other's tile.

        ``as_part``: the other one may have several parts.
        """
        meetings = [(one, self._pieces[other].tile), (other, self._pieces[one].tile)]
        known = meetings[:1] if as_part else meetings
        first, second = self._objects[one], self._objects[other]
        if self._met.intersection(known) or self._told_apart(first, second):
            return
        self._met.update(meetings)
        if first is not second:
            first.extend(second)
            for place in second:
                self._objects[place] = first

    def __iter__(self) -> Iterator[list[TilePiece]]:
        """The pieces of every object, in the order of the first ones."""
        seen = {id(places): places for places in self._objects}
        for places in seen.values():
            yield [self._pieces[place] for place in sorted(places)]

    def _told_apart(self, first: Sequence[int], second: Sequence[int]) -> bool:
        """Whether one tile saw a piece of each, and they overlap."""
        if first is second:
            return False
        pairs = product((self._pieces[n] for n in first), (self._pieces[n] for n in second))
        return any(
            one.tile == other.tile and intersection_area(one.pixels, other.pixels) > 0
            for one, other in pairs
        )


def joined(pieces: Sequence[TilePiece]) -> list[Finding]:
    """Pieces of one object, seen from several tiles, put together; others as they are."""
    objects = _JoinedObjects(pieces)
    agreements = sorted(_agreements(pieces), key=lambda each: -each.iou)
    for each in agreements:
        if each.iou >= SAME_OBJECT:
            objects.join(each.first, each.second)
    for each in agreements:
        part, whole = pieces[each.first], pieces[each.second]
        if each.share >= SAME_OBJECT and _reaches(part.finding.box, part.tile, [whole.tile]):
            objects.join(each.first, each.second, as_part=True)
    return [_together(each) for each in objects]


def _agreements(pieces: Sequence[TilePiece]) -> Iterator[_Agreement]:
    """Of pieces with one label that overlap in what two tiles saw, in both directions."""
    by_tile: dict[Box, list[int]] = defaultdict(list)
    for place, piece in enumerate(pieces):
        by_tile[piece.tile].append(place)
    for tile, other in combinations(by_tile, 2):
        both_saw = tile.overlap(other)
        if both_saw is not None:
            for one, two in product(by_tile[tile], by_tile[other]):
                yield from _agreement(pieces, one, two, both_saw)


def _agreement(
    pieces: Sequence[TilePiece], one: int, two: int, both_saw: Box
) -> Iterator[_Agreement]:
    first, second = pieces[one].finding, pieces[two].finding
    if first.box.overlap(second.box) is None or folded(first.label) != folded(second.label):
        return
    seen = part_in(pieces[one].pixels, both_saw), part_in(pieces[two].pixels, both_saw)
    if seen[0] is None or seen[1] is None:
        return
    shared, areas = intersection_area(seen[0], seen[1]), (seen[0].area, seen[1].area)
    if shared:
        iou = shared / (sum(areas) - shared)
        yield _Agreement(one, two, iou, shared / areas[0])
        yield _Agreement(two, one, iou, shared / areas[1])


def _reaches(box: Box, tile: Box, others: Iterable[Box]) -> bool:
    """Whether a box in a tile comes to an end of it where one of the others goes on."""
    near_x, near_y = tile.width // NEAR, tile.height // NEAR
    return any(
        (other.x0 < tile.x0 and box.x0 <= tile.x0 + near_x)
        or (other.y0 < tile.y0 and box.y0 <= tile.y0 + near_y)
        or (other.x1 > tile.x1 and box.x1 >= tile.x1 - near_x)
        or (other.y1 > tile.y1 and box.y1 >= tile.y1 - near_y)
        for other in others
    )


def _together(pieces: Sequence[TilePiece]) -> Finding:
    """One finding: as the surest tile that saw all of it has it, or everybody's pixels."""
    tiles = [piece.tile for piece in pieces]
    box = pieces[0].finding.box
    for piece in pieces:
        box = box.hull(piece.finding.box)
    whole = [each for each in pieces if not _reaches(box, each.tile, tiles)]
    surest = max((each.finding for each in whole or pieces), key=_sureness)
    if whole:
        return surest
    mask, masks = surest.mask, [piece.finding.mask for piece in pieces]
    for each in masks:
        mask = union(mask, each)
    some_missing = any(each is None for each in masks)
    return replace(surest, box=box if mask is None or some_missing else mask.box, mask=mask)


def _sureness(finding: Finding) -> tuple[float, int]:
    return (finding.score or 0.0, finding.box.area)
